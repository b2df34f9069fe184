//! Reasons why a record cannot be converted.

/// The kinds of rejects, in the order of the help, which has the variants' comments. Their names are those in
/// `--rejects` and `--summary`.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    strum::Display,
    strum::EnumMessage,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum Code {
    /// not JSON
    InvalidJson,
    /// not UTF-8
    InvalidUtf8,
    /// UTF-32
    UnsupportedEncoding,
    /// JSON that cannot hold a payload, such as a number
    NotAnObject,
    /// no Olark payload in it
    NoPayload,
    /// visitor.id is missing, blank, or neither string nor number
    MissingVisitorId,
    /// a field has the wrong type
    WrongType,
    /// a form body without a payload, or badly encoded
    InvalidForm,
    /// over --max-record
    TooLarge,
    /// nested deeper than 512 levels
    TooDeep,
    /// an event too large for a batch, or a payload with too many events
    EventTooLarge,
    /// with --format batch: RudderStack would refuse the whole batch
    Unsendable,
    /// the input ends inside a record, or is cut off
    Truncated,
}

impl Code {
    pub fn name(self) -> &'static str {
        self.into()
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
    pub fn new(code: Code, message: impl Into<String>) -> Reason {
        Reason { code, message: message.into(), at: None }
    }

    /// The reason for a text that is not a payload itself, but may have payloads inside.
    pub fn no_payload() -> Reason {
        Reason::new(Code::NoPayload, "no Olark payload in it")
    }

    pub fn at(code: Code, message: impl Into<String>, at: usize) -> Reason {
        Reason { code, message: message.into(), at: Some(at) }
    }
}
