//! The interface of a layout: one way in which a source can be laid out.

use std::fmt::Debug;

use crate::records::oversize::RecordEnd;
use crate::records::record::{Context, Kind};
use crate::records::source_text::Text;

/// The next part of a text.
#[derive(Debug)]
pub enum Part {
    /// A record.
    Record(RecordPart),
    /// Text between records, of this length.
    Separator(usize),
    /// Nothing yet: more text is needed to tell.
    Incomplete(Pending),
    /// A record over the limit.
    Oversize,
}

/// The text that an incomplete record waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pending {
    /// Any text: the search for its end goes on from there.
    Text,
    /// A line feed.
    Line,
    /// More lines, or a lot of text: all of it is looked at again.
    Lines,
}

/// A record at the start of a text.
#[derive(Debug)]
pub struct RecordPart {
    /// Its length, with what belongs to no record after it but without its line feed.
    pub len: usize,
    pub kind: Kind,
    /// The number of line feeds in it, if that is known.
    pub line_feeds: Option<u64>,
    /// Whether a record with its line feed after it cannot have been cut off.
    pub line_completes: bool,
    pub context: Context,
}

impl RecordPart {
    /// A record whose lines are not counted yet.
    pub fn new(kind: Kind, len: usize) -> RecordPart {
        RecordPart { len, kind, line_feeds: None, line_completes: false, context: Context::default() }
    }
}

/// Splits sources of one layout.
pub trait Layout: Debug + Send {
    /// The next part of a text, which is not empty unless it is the last.
    fn next(&mut self, text: Text) -> Part;

    /// The end of the record over the limit that a text starts with.
    fn oversize_end(&mut self, text: Text) -> RecordEnd;
}

/// The answer of one layout.
pub enum Recognized {
    /// It is laid out so.
    Layout(Box<dyn Layout>),
    /// It is not.
    Other,
    /// More text is needed to tell.
    Unknown,
}
