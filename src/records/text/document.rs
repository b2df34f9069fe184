//! An object or array that ends with its last bracket, and what may follow it on its line.

use crate::json::boundary::{Boundary, BoundarySearch, LikeLines};
use crate::json::extract;
use crate::json::scan::is_blank;
use crate::payloads::form;
use crate::records::layout::{LOOK_AHEAD, Text};

/// The search for the end of a document that a record holds. It goes on where it stopped when more text has come.
#[derive(Debug)]
pub struct DocumentSearch {
    search: BoundarySearch,
    /// The document's start in its record.
    start: usize,
}

impl DocumentSearch {
    pub fn new(start: usize, indent: usize, like_lines: LikeLines) -> DocumentSearch {
        DocumentSearch { search: BoundarySearch::new(indent, like_lines, form::starts_line), start }
    }

    /// Searches a text on, and says where the document ends in it.
    pub fn run(&mut self, text: Text) -> Boundary {
        self.search.run(&text.bytes[self.looked_at(text)..]);
        self.found(text)
    }

    /// The boundary in a text, if it was found.
    pub fn found(&self, text: Text) -> Boundary {
        let place = |at| self.start + at - text.passed;
        match self.search.found() {
            Boundary::Whole(end) => Boundary::Whole(place(end)),
            Boundary::Broken(at) => Boundary::Broken(place(at)),
            Boundary::More => Boundary::More,
        }
    }

    /// The number of bytes of a text that need not be looked at again.
    pub fn looked_at(&self, text: Text) -> usize {
        self.start + self.search.consumed() - text.passed
    }
}

/// The text after a document, up to the end of its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trailing {
    /// Nothing but this many ignored bytes, then the line or the source ends.
    Ignored(usize),
    /// White space, then another object.
    Object,
    Other,
    Unknown,
}

pub fn trailing(text: Text, end: usize) -> Trailing {
    let looked = &text.bytes[end..text.bytes.len().min(end + LOOK_AHEAD)];
    let ignored = form::ignored_len(looked);
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
