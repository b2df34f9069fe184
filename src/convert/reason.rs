//! Reasons why a record cannot be converted.

use std::fmt;

/// Defines the kinds of rejects: each with its name in `--rejects` and `--summary`, and its meaning in a line.
macro_rules! codes {
    ($($code:ident, $name:literal, $meaning:literal;)+) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($code),+
        }

        impl Code {
            /// All codes, in the order of the documentation and of their indices.
            pub const ALL: [Code; [$($name),+].len()] = [$(Code::$code),+];

            /// The code as it is written.
            pub fn name(self) -> &'static str {
                match self {
                    $(Code::$code => $name),+
                }
            }

            pub fn meaning(self) -> &'static str {
                match self {
                    $(Code::$code => $meaning),+
                }
            }

            /// The index in [`Code::ALL`].
            pub fn index(self) -> usize {
                self as usize
            }
        }
    };
}

codes! {
    InvalidJson, "invalid_json", "not JSON";
    InvalidUtf8, "invalid_utf8", "not UTF-8";
    UnsupportedEncoding, "unsupported_encoding", "UTF-32";
    NotAnObject, "not_an_object", "JSON that cannot hold a payload, such as a number";
    NoPayload, "no_payload", "no Olark payload in it";
    MissingVisitorId, "missing_visitor_id", "visitor.id is missing, blank, or neither string nor number";
    WrongType, "wrong_type", "a field has the wrong type";
    InvalidForm, "invalid_form", "a form body without a payload, or badly encoded";
    TooLarge, "too_large", "over --max-record";
    TooDeep, "too_deep", "nested deeper than 512 levels";
    EventTooLarge, "event_too_large", "an event too large for a batch, or a payload with too many";
    Unsendable, "unsendable", "in a batch: RudderStack would refuse all of it";
    Truncated, "truncated", "the input ends inside a record, or is cut off";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The reason why one record cannot be converted: a value, not an error that ends the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub code: Code,
    /// Words that quote nothing of the record.
    pub message: String,
    /// The index of the wrong byte in the record's text, if there is one.
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
