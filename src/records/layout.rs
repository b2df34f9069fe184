//! The interface of a layout: one way in which a source can be laid out.

use std::fmt::Debug;

use crate::records::record::{Context, Kind, Place};

/// The values of `--input-format`; their comments are its help.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum InputFormat {
    /// The content decides
    #[default]
    Auto,
    /// Objects, or arrays of objects, however they are broken into lines
    Json,
    /// One object per line
    #[value(alias = "jsonl")]
    Ndjson,
    /// Form bodies, as Olark posts them
    Form,
    /// Rows, with commas or semicolons between cells
    Csv,
    /// Rows, with tabs between cells
    Tsv,
    /// Lines, some with payloads in them; the others are skipped and counted
    Log,
    /// An SQL dump
    Sql,
    /// One column of PostgreSQL's COPY or MySQL's batch output, with doubled backslashes
    Copy,
}

/// The text that is looked at beyond the largest record, to see what follows it.
pub const LOOK_AHEAD: usize = 64 << 10;

/// The text of a record and of what follows it, as far as it was read.
#[derive(Clone, Copy, Debug)]
pub struct Text<'t> {
    pub bytes: &'t [u8],
    pub rest: Rest,
    /// The start of the record in the source.
    pub place: Place,
    /// The bytes of the record before this text: none, unless it is over the limit.
    pub passed: usize,
    pub max_record: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    Nothing,
    /// More text, as soon as it is read.
    Unread,
    /// More text that is not looked at: this is enough to decide.
    Ignored,
}

impl Text<'_> {
    pub fn is_last(&self) -> bool {
        self.rest == Rest::Nothing
    }

    /// The length of the line that it starts with, if all of that is in it.
    pub fn line(&self) -> Option<usize> {
        memchr::memchr(b'\n', self.bytes).or(self.is_last().then_some(self.bytes.len()))
    }
}

/// The next part of a text.
#[derive(Debug)]
pub enum Part {
    Record(RecordPart),
    /// Text between records, of this length.
    Separator(usize),
    /// Nothing yet: more text is needed to tell. The search goes on where it stopped.
    Continues,
    /// The same, but the search starts over, so it waits for a line or for much more text.
    StartsOver,
    Oversize,
}

#[derive(Debug)]
pub struct RecordPart {
    /// Its length, with what belongs to no record after it but without its line feed.
    pub len: usize,
    pub kind: Kind,
    /// Whether it is one line, its own: with its line feed after it, it cannot have been cut off.
    pub is_line: bool,
    pub context: Context,
}

impl RecordPart {
    pub fn new(kind: Kind, len: usize) -> RecordPart {
        RecordPart { len, kind, is_line: false, context: Context::default() }
    }
}

/// The end of a record, as far as a text shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// After this many bytes.
    At(usize),
    /// Further on than this many bytes; never if the source ends with the text.
    Beyond(usize),
}

impl End {
    /// Further on than a part of a text, but within its source.
    pub fn beyond(len: usize, text: Text) -> End {
        if text.is_last() { End::At(text.bytes.len()) } else { End::Beyond(len) }
    }

    /// The end of the line that a text starts with.
    pub fn of_line(text: Text) -> End {
        text.line().map_or(End::Beyond(text.bytes.len()), End::At)
    }
}

/// Splits sources of one layout.
pub trait Layout: Debug + Send {
    /// The next part of a text, which is not empty unless it is the last.
    fn next(&mut self, text: Text) -> Part;

    /// The end of a record over the limit. After [`End::Beyond`] so many bytes, the text that follows them is passed.
    fn oversize_end(&mut self, text: Text) -> End;

    /// The kind of a record over the limit, which has this many bytes.
    fn oversize_kind(&self, bytes: u64) -> Kind {
        Kind::TooLarge(bytes)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recognized<L = Box<dyn Layout>> {
    Layout(L),
    Other,
    /// More text is needed to tell.
    Unknown,
}
