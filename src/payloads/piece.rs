//! A piece of a record's text, and where it is.

use std::ops::Range;

use serde::de::IgnoredAny;

use crate::json::boundary::{Boundary, BoundarySearch};
use crate::json::scan::trim;

/// The shortest JSON text with a payload in it: `{"visitor":{}}`.
pub const SHORTEST: usize = 14;

/// A text in a record, or decoded from one.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'p> {
    pub text: &'p [u8],
    /// The record's index in its block.
    record: usize,
    /// The text's index in the block, if it is there as it is.
    pub offset: Option<usize>,
}

impl<'p> Piece<'p> {
    /// The text at an index of a block, as a record of its own.
    pub fn at(at: usize, text: &'p [u8]) -> Self {
        Piece { text, record: at, offset: Some(at) }
    }

    /// A text that was decoded from a part of this one.
    pub fn decoded<'t>(self, text: &'t [u8]) -> Piece<'t> {
        Piece { text, record: self.record, offset: None }
    }

    /// The same text as if it was decoded, so that a reject of it names no column.
    pub fn without_offset(self) -> Self {
        Piece { offset: None, ..self }
    }

    pub fn part(self, range: Range<usize>) -> Self {
        let offset = self.offset.map(|offset| offset + range.start);
        Piece { text: self.text.get(range).unwrap_or_default(), offset, ..self }
    }

    /// A text that is a part of this one.
    pub fn within(self, part: &'p [u8]) -> Self {
        let start = part.as_ptr().addr() - self.text.as_ptr().addr();
        self.part(start..start + part.len())
    }

    pub fn trimmed(self) -> Self {
        self.within(trim(self.text))
    }

    /// The same text as a record of its own, unless it was decoded.
    pub fn as_record(self) -> Self {
        Piece { record: self.place(), ..self }
    }

    /// Its index in the block; if it was decoded, that of its record.
    pub fn place(self) -> usize {
        self.offset.unwrap_or(self.record)
    }
}

/// Whether a text is JSON that something can be in: an object, an array or a string.
pub fn is_json(text: &[u8]) -> bool {
    // Reads over the values without recursion, however deep they are.
    matches!(text.first(), Some(b'{' | b'[' | b'"')) && serde_json::from_slice::<IgnoredAny>(text).is_ok()
}

/// The length of the object that a text starts with, as its brackets show it.
pub fn object_len(text: &[u8]) -> Option<usize> {
    match BoundarySearch::new(|_| Some(false)).run(text) {
        Boundary::Whole(len) => Some(len),
        Boundary::Broken(_) | Boundary::More => None,
    }
}
