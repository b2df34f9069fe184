//! Why a record cannot be converted.

use std::fmt;

/// The kinds of rejects, by their names in `--rejects` and `--summary`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// Not JSON.
    InvalidJson,
    /// Not UTF-8.
    InvalidUtf8,
    /// UTF-32.
    UnsupportedEncoding,
    /// JSON, but nothing that can hold a payload.
    NotAnObject,
    /// No Olark payload in it.
    NoPayload,
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
    /// In `--format batch`, what makes RudderStack's gateway refuse the whole body or its processor fail.
    Unsendable,
    /// The input ends inside a record, or a compressed source is cut off.
    Truncated,
}

impl Code {
    /// All codes, in the order of the documentation.
    pub const ALL: [Code; 13] = [
        Code::InvalidJson,
        Code::InvalidUtf8,
        Code::UnsupportedEncoding,
        Code::NotAnObject,
        Code::NoPayload,
        Code::MissingVisitorId,
        Code::WrongType,
        Code::InvalidForm,
        Code::TooLarge,
        Code::TooDeep,
        Code::EventTooLarge,
        Code::Unsendable,
        Code::Truncated,
    ];

    /// The code as it is written.
    pub fn name(self) -> &'static str {
        match self {
            Code::InvalidJson => "invalid_json",
            Code::InvalidUtf8 => "invalid_utf8",
            Code::UnsupportedEncoding => "unsupported_encoding",
            Code::NotAnObject => "not_an_object",
            Code::NoPayload => "no_payload",
            Code::MissingVisitorId => "missing_visitor_id",
            Code::WrongType => "wrong_type",
            Code::InvalidForm => "invalid_form",
            Code::TooLarge => "too_large",
            Code::TooDeep => "too_deep",
            Code::EventTooLarge => "event_too_large",
            Code::Unsendable => "unsendable",
            Code::Truncated => "truncated",
        }
    }

    /// When it is given, in a line.
    pub fn meaning(self) -> &'static str {
        match self {
            Code::InvalidJson => "not JSON",
            Code::InvalidUtf8 => "not UTF-8",
            Code::UnsupportedEncoding => "UTF-32",
            Code::NotAnObject => "JSON, but nothing that can hold a payload",
            Code::NoPayload => "no Olark payload in it",
            Code::MissingVisitorId => "no visitor.id, or one that identifies nobody",
            Code::WrongType => "a field has a type that it cannot have",
            Code::InvalidForm => "a form body without data, or badly encoded",
            Code::TooLarge => "over --max-record",
            Code::TooDeep => "nested deeper than 512 levels",
            Code::EventTooLarge => "an event too long for a batch, or too many for their payload",
            Code::Unsendable => "in --format batch: RudderStack would refuse the whole body",
            Code::Truncated => "the input ends inside a record, or is cut off",
        }
    }

    /// The code's index in [`Code::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why one record cannot be converted: a value, not an error that ends the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The kind.
    pub code: Code,
    /// In words that quote nothing of the record.
    pub message: String,
    /// The index in the record's text where it is wrong, if there is one.
    pub at: Option<usize>,
}

impl Reason {
    /// A reason that concerns the record as a whole.
    pub fn new(code: Code, message: impl Into<String>) -> Reason {
        Reason { code, message: message.into(), at: None }
    }

    /// A reason at a byte of the record's text.
    pub fn at(code: Code, message: impl Into<String>, at: usize) -> Reason {
        Reason { code, message: message.into(), at: Some(at) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_is_listed_in_its_place() {
        for (index, code) in Code::ALL.iter().enumerate() {
            assert_eq!(code.index(), index);
        }
    }
}
