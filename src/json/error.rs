//! What can be wrong with a JSON text, in words that quote nothing of it.

use crate::json::extract::MAX_DEPTH;

/// What is wrong with a record's JSON, and at which byte of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    /// The byte's index in the text that was looked through; where that ends, when it ends too early.
    pub at: usize,
    /// What is wrong there.
    pub kind: ErrorKind,
}

/// What can be wrong with a JSON text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// No value stands where one must.
    NoValue,
    /// No key stands where one must.
    NoKey,
    /// No colon stands behind a key.
    NoColon,
    /// Neither a comma nor a closing bracket stands behind a member.
    OpenObject,
    /// Neither a comma nor a closing bracket stands behind an element.
    OpenArray,
    /// A number that is not written as JSON writes numbers.
    BadNumber,
    /// The text ends inside a string.
    OpenString,
    /// A byte below U+0020 inside a string.
    ControlCharacter,
    /// A backslash with something behind it that is no escape.
    BadEscape,
    /// Brackets deeper than [`MAX_DEPTH`].
    TooDeep,
}

impl ErrorKind {
    /// What is wrong, without a word of the payload.
    pub fn reason(self) -> String {
        match self {
            ErrorKind::NoValue => "expected a value".into(),
            ErrorKind::NoKey => "expected a key in double quotes".into(),
            ErrorKind::NoColon => "expected a colon".into(),
            ErrorKind::OpenObject => "expected a comma or }".into(),
            ErrorKind::OpenArray => "expected a comma or ]".into(),
            ErrorKind::BadNumber => "expected a number without leading zeros or missing digits".into(),
            ErrorKind::OpenString => "expected a closing quote".into(),
            ErrorKind::ControlCharacter => "a control character or line break inside a string".into(),
            ErrorKind::BadEscape => "a backslash that begins no valid escape".into(),
            ErrorKind::TooDeep => format!("nested deeper than {MAX_DEPTH} levels"),
        }
    }
}

/// What comes of a step of reading JSON.
pub type Result<T = ()> = std::result::Result<T, Error>;
