//! Reasons why a record cannot be converted.

/// The kinds of rejects, in the order of the documentation, each with its meaning. Their names are those in `--rejects`
/// and `--summary`.
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
    #[strum(message = "not JSON")]
    InvalidJson,
    #[strum(message = "not UTF-8")]
    InvalidUtf8,
    #[strum(message = "UTF-32")]
    UnsupportedEncoding,
    #[strum(message = "JSON, but nothing that can hold a payload")]
    NotAnObject,
    #[strum(message = "no Olark payload in it")]
    NoPayload,
    #[strum(message = "no visitor.id, or one that identifies nobody")]
    MissingVisitorId,
    #[strum(message = "a field has a type that it cannot have")]
    WrongType,
    #[strum(message = "a form body without data, or badly encoded")]
    InvalidForm,
    #[strum(message = "over --max-record")]
    TooLarge,
    #[strum(message = "nested deeper than 512 levels")]
    TooDeep,
    #[strum(message = "an event too long for a batch, or too many for their payload")]
    EventTooLarge,
    #[strum(message = "in --format batch: RudderStack would refuse the whole body")]
    Unsendable,
    #[strum(message = "the input ends inside a record, or is cut off")]
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
    /// A reason that concerns the record as a whole.
    pub fn new(code: Code, message: impl Into<String>) -> Reason {
        Reason { code, message: message.into(), at: None }
    }

    /// A reason at a byte of the record's text.
    pub fn at(code: Code, message: impl Into<String>, at: usize) -> Reason {
        Reason { code, message: message.into(), at: Some(at) }
    }
}
