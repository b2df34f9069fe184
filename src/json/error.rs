//! Errors in a JSON text, with messages that quote nothing of it.

/// The deepest nesting that is read; the outermost object or array is the first level.
pub const MAX_DEPTH: usize = 512;

/// An error in a JSON text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    /// The byte's index in the text; the text's length when it ends too early.
    pub at: usize,
    pub kind: ErrorKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    ExpectedValue,
    ExpectedKey,
    ExpectedColon,
    ExpectedCommaOrBrace,
    ExpectedCommaOrBracket,
    /// A number that is not written as JSON writes numbers.
    InvalidNumber,
    UnclosedString,
    /// A byte below U+0020 inside a string.
    ControlCharacter,
    /// A backslash that begins no escape.
    InvalidEscape,
    TrailingText,
    TooDeep,
}

impl ErrorKind {
    /// The error in words.
    pub fn reason(self) -> String {
        match self {
            ErrorKind::ExpectedValue => "expected a value".into(),
            ErrorKind::ExpectedKey => "expected a key in double quotes".into(),
            ErrorKind::ExpectedColon => "expected a colon".into(),
            ErrorKind::ExpectedCommaOrBrace => "expected a comma or }".into(),
            ErrorKind::ExpectedCommaOrBracket => "expected a comma or ]".into(),
            ErrorKind::InvalidNumber => "a number with a leading zero or a missing digit".into(),
            ErrorKind::UnclosedString => "expected a closing quote".into(),
            ErrorKind::ControlCharacter => "a control character or line break inside a string".into(),
            ErrorKind::InvalidEscape => "an invalid escape after a backslash".into(),
            ErrorKind::TrailingText => "unexpected text after the value".into(),
            ErrorKind::TooDeep => format!("nested deeper than {MAX_DEPTH} levels"),
        }
    }
}

pub type Result<T = ()> = std::result::Result<T, Error>;
