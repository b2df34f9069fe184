//! An object or array that ends with its last bracket, and what may follow it on its line.

use crate::json::boundary::{Boundary, BoundarySearch};
use crate::json::extract;
use crate::json::scan::is_blank;
use crate::payloads::form;
use crate::records::layout::{LOOK_AHEAD, Text};

/// Searches a text on for the end of its record's document. Indices count from the record's start.
pub fn search_on(document: &mut BoundarySearch, text: Text) -> Boundary {
    document.run(&text.bytes[document.consumed() - text.passed..])
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
    !is_line && is_alone && last_line.len() as u64 == column || extract::is_value(object)
}
