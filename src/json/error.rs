//! What can be wrong with a JSON text, in words that quote nothing of it.

use crate::json::extract::MAX_DEPTH;

/// What is wrong with a record's JSON, and at which byte of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The byte's index in the text that was looked through; where that ends, when it ends too early.
    pub at: usize,
    /// What is wrong there.
    pub problem: Problem,
}

/// What can be wrong with a JSON text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
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
    /// Nesting deeper than [`MAX_DEPTH`].
    TooDeep,
}

impl Problem {
    /// What is wrong, without a word of the payload.
    pub fn reason(self) -> String {
        match self {
            Problem::NoValue => "expected a value".into(),
            Problem::NoKey => "expected a key in double quotes".into(),
            Problem::NoColon => "expected a colon".into(),
            Problem::OpenObject => "expected a comma or }".into(),
            Problem::OpenArray => "expected a comma or ]".into(),
            Problem::BadNumber => "expected a number without leading zeros or missing digits".into(),
            Problem::OpenString => "expected a closing quote".into(),
            Problem::ControlCharacter => "a control character or line break inside a string".into(),
            Problem::BadEscape => "a backslash that begins no valid escape".into(),
            Problem::TooDeep => format!("nested deeper than {MAX_DEPTH} levels"),
        }
    }
}

/// What comes of a step of reading JSON.
pub type Scanned<T = ()> = Result<T, Broken>;
