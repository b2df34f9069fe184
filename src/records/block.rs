//! A block: text that was read, and the records in it.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use crate::input::members::OutputConflict;
use crate::input::source::Source;
use crate::records::layout::Rest;
use crate::records::record::Record;
use crate::records::splitter::Splitter;

/// The bytes that are read at a time.
pub const READ_BYTES: usize = 256 << 10;

/// A buffer larger than this is freed once the record that needed it is done.
const KEPT_BYTES: usize = 1 << 20;

/// Whole records, of one source or several small ones.
#[derive(Debug, Default)]
pub struct Block {
    /// The text of the records, and room for more.
    bytes: Vec<u8>,
    /// The length that was read.
    len: usize,
    pub records: Vec<Record>,
    pub parts: Vec<Part>,
}

/// The records of one source in a block.
#[derive(Debug)]
pub struct Part {
    pub source: Arc<Source>,
    /// One past its last record in the block.
    pub end: usize,
    /// Whether it holds all records of its source.
    pub is_whole: bool,
    pub next: Next,
}

/// The state of a source after the records of a part.
#[derive(Debug)]
pub enum Next {
    /// More of the same source, in another block.
    More,
    /// Nothing: the source was read to its end.
    Eof,
    /// Nothing: the source was read to its end, and had no record at all.
    Empty,
    /// Damaged before anything could be read, or a damaged archive: it has no output. A source that is damaged further
    /// on ends with `Eof`.
    Damaged,
    /// Nothing, and the run ends: the output must not be written.
    Refused(OutputConflict),
    /// Nothing more, because the source cannot be read further.
    Unreadable(io::Error),
}

impl Block {
    pub fn text(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    /// Empties it for other records.
    pub(super) fn clear(&mut self) {
        if self.bytes.len() > KEPT_BYTES {
            self.bytes = Vec::new();
        }
        self.len = 0;
        self.records.clear();
        self.parts.clear();
    }

    pub(super) fn append(&mut self, text: &[u8], max_record: usize) {
        while self.room(max_record).len() < text.len() {
            self.bytes.resize(self.bytes.len() + text.len(), 0);
        }
        self.bytes[self.len..self.len + text.len()].copy_from_slice(text);
        self.len += text.len();
    }

    /// Room for at least one more byte, growing to little more than the largest record needs.
    pub(super) fn room(&mut self, max_record: usize) -> &mut [u8] {
        if self.bytes.is_empty() {
            // The system zeroes these pages only when they are used.
            self.bytes = vec![0; READ_BYTES];
        }
        if self.len == self.bytes.len() {
            let enough = max_record.saturating_add(2 * READ_BYTES);
            let size = (2 * self.len).min(enough).max(self.len + READ_BYTES);
            self.bytes.reserve_exact(size - self.len);
            self.bytes.resize(size, 0);
        }
        &mut self.bytes[self.len..]
    }

    pub(super) fn filled(&mut self, len: usize) {
        self.len += len;
    }

    /// Drops text that no record is in; what follows moves up.
    pub(super) fn remove(&mut self, range: Range<usize>) {
        self.bytes.copy_within(range.end..self.len, range.start);
        self.len -= range.len();
    }

    /// Splits records off the text from an index on, and returns how many bytes they take.
    pub(super) fn split(&mut self, from: usize, rest: Rest, splitter: &mut Splitter) -> usize {
        let known = self.records.len();
        let taken = splitter.split(&self.bytes[from..self.len], rest, &mut self.records);
        for record in &mut self.records[known..] {
            (record.start, record.end) = (record.start + from, record.end + from);
        }
        taken
    }
}
