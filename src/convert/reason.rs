//! Why a record cannot be converted, and what is odd about one that can.

use std::fmt;

/// The kinds of rejects, by their names in `--rejects` and `--summary`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// Not JSON.
    InvalidJson,
    /// Not UTF-8.
    InvalidUtf8,
    /// UTF-16 or UTF-32.
    UnsupportedEncoding,
    /// JSON, but no object.
    NotAnObject,
    /// No `visitor.id`, or one that identifies nobody.
    MissingVisitorId,
    /// A field has a type that it cannot have.
    WrongType,
    /// A form body without `data`, or badly encoded.
    InvalidForm,
    /// Over `--max-record`.
    TooLarge,
    /// Nested too deep.
    TooDeep,
    /// An event that no `/v1/batch` request can hold, or events out of all proportion to their payload.
    EventTooLarge,
    /// The input ends inside a record, or a compressed source is cut off.
    Truncated,
}

impl Code {
    /// All codes, in the order of the documentation.
    pub const ALL: [Code; 11] = [
        Code::InvalidJson,
        Code::InvalidUtf8,
        Code::UnsupportedEncoding,
        Code::NotAnObject,
        Code::MissingVisitorId,
        Code::WrongType,
        Code::InvalidForm,
        Code::TooLarge,
        Code::TooDeep,
        Code::EventTooLarge,
        Code::Truncated,
    ];

    /// The code as it is written.
    pub fn name(self) -> &'static str {
        match self {
            Code::InvalidJson => "invalid_json",
            Code::InvalidUtf8 => "invalid_utf8",
            Code::UnsupportedEncoding => "unsupported_encoding",
            Code::NotAnObject => "not_an_object",
            Code::MissingVisitorId => "missing_visitor_id",
            Code::WrongType => "wrong_type",
            Code::InvalidForm => "invalid_form",
            Code::TooLarge => "too_large",
            Code::TooDeep => "too_deep",
            Code::EventTooLarge => "event_too_large",
            Code::Truncated => "truncated",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why one payload cannot be converted: a value, not an error that ends the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The kind.
    pub code: Code,
    /// What is wrong, in words, without a word of the payload.
    pub reason: String,
    /// The byte of the payload's text where it is wrong, when there is such a place.
    pub at: Option<usize>,
}

impl Reason {
    /// A refusal of a payload as a whole.
    pub fn new(code: Code, reason: impl Into<String>) -> Reason {
        Reason { code, reason: reason.into(), at: None }
    }
}

/// Something odd about a payload that was converted all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Warning {
    /// The group with this index has no id, and so no event.
    GroupWithoutId(usize),
    /// `--timestamp` found no time.
    NoTime,
    /// The event with this number has this many bytes, more than RudderStack documents as its limit.
    LargeEvent(usize, usize),
}

impl Warning {
    /// The names of all warnings in `--summary`.
    pub const NAMES: [&'static str; 3] = ["group_without_id", "no_time", "large_event"];

    /// The warning's place in [`Warning::NAMES`].
    pub fn index(self) -> usize {
        match self {
            Warning::GroupWithoutId(_) => 0,
            Warning::NoTime => 1,
            Warning::LargeEvent(..) => 2,
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Warning::GroupWithoutId(index) => write!(f, "groups[{index}] has no id, so it gives no event"),
            Warning::NoTime => f.write_str("no item has a readable time, so the events have no timestamp"),
            Warning::LargeEvent(number, bytes) => {
                write!(
                    f,
                    "event {number} has {bytes} bytes, over the 32 KB that RudderStack documents as its limit"
                )
            }
        }
    }
}
