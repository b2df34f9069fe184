//! An object or array that ends with its last bracket, and what may follow it on its line.

use crate::json::boundary::{Boundary, BoundarySearch, LikeLines};
use crate::json::extract;
use crate::json::scan::is_blank;
use crate::payloads::{after_record, form};
use crate::records::oversize::{Document, IfBroken, RecordEnd, Within};
use crate::records::source_text::{LOOK_AHEAD, Text};

/// The search for the end of a document that a record holds. It goes on where it stopped when more text has come.
#[derive(Debug)]
pub struct DocumentSearch {
    search: BoundarySearch,
    /// The document's start in its record.
    start: usize,
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

    /// The end of the record over the limit in which the document is.
    pub fn record_end(self, text: Text, is_line: bool, indent: usize, within: Within) -> RecordEnd {
        let DocumentSearch { search, start } = self;
        let of_line =
            |is_line: bool| if is_line { RecordEnd::LineFeed } else { RecordEnd::RecordLine(indent) };
        match search.found() {
            Some(Boundary::Broken(_)) if within == Within::Source => return of_line(is_line),
            // The text after it has no end.
            Some(Boundary::Whole(close)) if start + close <= text.max_record && text.bytes[0] == b'{' => {
                return of_line(memchr::memchr(b'\n', &text.bytes[..close]).is_none());
            }
            _ => {}
        }
        let is_line = is_line && within == Within::Source;
        let if_broken = if is_line { IfBroken::LineFeed } else { IfBroken::RecordLine(indent) };
        RecordEnd::Bracket(Box::new(Document { search, start, if_broken, within }))
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

/// Whether an object that spans lines, the first of which is indented to this column, is really one. If not, an extra
/// bracket may have closed it, or it is a series of broken lines.
pub fn is_sound(object: &[u8], column: u64, is_line: bool) -> bool {
    let last_line = memchr::memrchr(b'\n', object).map_or(object, |at| &object[at + 1..]);
    let is_alone = is_blank(&last_line[..last_line.len() - 1]);
    !is_line && is_alone && last_line.len() as u64 == column || extract::check(object).is_ok()
}
