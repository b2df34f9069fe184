//! Messages about single records.

use std::borrow::Cow;
use std::ops::Range;

use crate::convert::reason::Reason;
use crate::convert::warning::Warning;
use crate::report::hint::Hint;

/// A message about a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The index of the record's source among the block's parts.
    pub part: usize,
    /// The line that it is about.
    pub line: u64,
    /// Which payload in the record it is about, if that is not the record itself.
    pub inside: Option<Inside>,
    /// What.
    pub kind: DiagnosticKind,
}

/// A payload in a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inside {
    /// Which of the payloads in the record it is, from 1.
    pub number: usize,
    /// Where it was found. This contains text of the record.
    pub path: String,
}

/// What is said of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiagnosticKind {
    /// It was not converted.
    Reject(Reject),
    /// It was, but something is odd.
    Warning(Warning),
    /// It has this many more warnings, which are not shown one by one.
    MoreWarnings(u64),
}

/// A record that was not converted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Why.
    pub reason: Reason,
    /// The likely cause, if there is a sign of one and it was looked for.
    pub hint: Option<Hint>,
    /// The column where it is wrong, in characters, counted from 1.
    pub column: Option<u64>,
    /// Where the record's text starts in the source, in bytes.
    pub offset: u64,
    /// The record's text.
    pub text: RejectedText,
}

impl Reject {
    /// Why, and what to do about it, on one line.
    pub fn message(&self) -> Cow<'_, str> {
        match &self.hint {
            Some(hint) => hint.with(&self.reason.message).into(),
            None => self.reason.message.as_str().into(),
        }
    }
}

/// The text of a record that was not converted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RejectedText {
    /// It is here in the block.
    Kept(Range<usize>),
    /// It was decoded from text in the block.
    Decoded(Vec<u8>),
    /// It was not kept, being too large; its length in bytes.
    NotKept(u64),
}
