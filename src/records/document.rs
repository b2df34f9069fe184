//! An object or array that ends with its last bracket, and what may follow it on its line.

use crate::json::boundary::{Boundary, BoundarySearch, LikeLines};
use crate::json::scan::is_blank;
use crate::payloads::{after_record, form};
use crate::records::source_text::{LOOK_AHEAD, Text};

/// The search for the end of a document that a record holds. It goes on where it stopped when more text has come.
#[derive(Debug)]
pub struct DocumentSearch {
    pub search: BoundarySearch,
    /// Where the document starts in its record.
    pub start: usize,
}

impl DocumentSearch {
    /// A search from an index of a record on.
    pub fn new(start: usize, indent: usize, like_lines: LikeLines) -> DocumentSearch {
        DocumentSearch { search: BoundarySearch::new(indent, like_lines, form::starts_line), start }
    }

    /// The boundary in the record's text.
    pub fn run(&mut self, text: &[u8]) -> Boundary {
        match self.search.run(&text[self.start + self.search.consumed()..]) {
            Boundary::Whole(len) => Boundary::Whole(self.start + len),
            Boundary::Broken(at) => Boundary::Broken(self.start + at),
            Boundary::More => Boundary::More,
        }
    }
}

/// The text after a document, up to the end of its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trailing {
    /// Nothing but this many ignored bytes, then the line or the source ends.
    Ignored(usize),
    /// White space, then another object.
    Object,
    /// Something else.
    Other,
    /// More text is needed to tell.
    Unknown,
}

/// The text after a document that ends at an index.
pub fn trailing(text: Text, end: usize) -> Trailing {
    let looked = &text.bytes[end..text.bytes.len().min(end + LOOK_AHEAD)];
    let ignored = after_record::leading_on_line(looked);
    match looked.get(ignored) {
        None if !text.is_last() && looked.len() < LOOK_AHEAD => Trailing::Unknown,
        None | Some(b'\n') => Trailing::Ignored(ignored),
        Some(b'{') if is_blank(&looked[..ignored]) => Trailing::Object,
        Some(_) => Trailing::Other,
    }
}

/// Whether the last bracket of an object that spans lines is alone on its line, and indented like its first, which is at
/// this column.
pub fn ends_like_a_document(object: &[u8], column: u64) -> bool {
    let last_line = memchr::memrchr(b'\n', object).map_or(object, |at| &object[at + 1..]);
    is_blank(&last_line[..last_line.len() - 1]) && last_line.len() as u64 == column
}
