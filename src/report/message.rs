//! Messages about single records.

use std::borrow::Cow;
use std::ops::Range;

use crate::convert::reason::Reason;
use crate::convert::warning::Warning;
use crate::report::hint::Hint;

/// A message about a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The index of the record's source among the block's parts.
    pub part: usize,
    pub location: Location,
    pub kind: MessageKind,
}

/// The place of a payload in its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    pub line: u64,
    /// In characters, from 1.
    pub column: Option<u64>,
    /// The payload in the record, if it is not the record itself.
    pub inside: Option<Inside>,
}

/// A payload in a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inside {
    /// Its number among the payloads in the record, from 1.
    pub number: usize,
    /// Its path, which contains text of the record.
    pub path: String,
}

/// Whether the keys of a path are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    Shown,
    /// As in all messages, since they are text of the record.
    Hidden,
}

impl Location {
    /// The location in a source, as `SOURCE:LINE:COLUMN (payload N)`.
    pub fn of(&self, source: &str, keys: Keys) -> String {
        let column = self.column.map_or(String::new(), |column| format!(":{column}"));
        let inside = match &self.inside {
            Some(Inside { number, path }) if keys == Keys::Shown => {
                format!(" (payload {number}, found at {path})")
            }
            Some(Inside { number, .. }) => format!(" (payload {number})"),
            None => String::new(),
        };
        format!("{source}:{}{column}{inside}", self.line)
    }
}

/// The content of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageKind {
    Reject(Reject),
    Warning(Warning),
    /// The number of further warnings of the record, which are not shown one by one.
    MoreWarnings(u64),
}

/// A record that was not converted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    pub reason: Reason,
    /// The likely cause, if it was looked for.
    pub hint: Option<Hint>,
    /// The bytes before the record's text in the source.
    pub offset: u64,
    pub text: RejectText,
}

impl Reject {
    /// The reason and the hint, on one line.
    pub fn message(&self) -> Cow<'_, str> {
        match &self.hint {
            Some(hint) => hint.with(&self.reason.message).into(),
            None => self.reason.message.as_str().into(),
        }
    }
}

/// The text of a record that was not converted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RejectText {
    /// A range of the block's text.
    Block(Range<usize>),
    /// Decoded from text in the block.
    Decoded(Vec<u8>),
    /// Too large to be kept: its length in bytes.
    Dropped(u64),
}
