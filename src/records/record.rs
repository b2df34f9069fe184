//! A record: the text of a payload or of something else in its place, and where it came from.

use crate::input::damage::Damage;
use crate::input::encoding::Encoding;
use crate::records::dialect::Dialect;

/// What a record's text is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// JSON objects, one or more on a line.
    Objects,
    /// One JSON value: a line, or an element of an array.
    Value,
    /// A form body.
    Form,
    /// A line that does not start with a record, but may contain one.
    LogLine,
    /// A row of a table.
    Row(Dialect),
    /// No text: too large to be kept. Its length in bytes.
    TooLarge(u64),
    /// A whole source in an encoding that is not read, with its length in bytes; no text when that is too large.
    Encoding(Encoding, u64),
    /// No text: the source ends before the array that it holds does.
    UnclosedArray,
    /// What was left when the source could not be read further: because it is damaged, or because the system
    /// failed.
    Damaged(Option<Damage>),
}

/// Whether a record may be incomplete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// Something follows it.
    Complete,
    /// The source ends with it, and it is not a line with its line feed.
    MayBeCutOff,
}

/// One record of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// What it is.
    pub kind: Kind,
    /// Where its text starts in the block.
    pub start: usize,
    /// Where its text ends in the block.
    pub end: usize,
    /// Where it starts in its source.
    pub place: Place,
    /// Whether it may be incomplete.
    pub completeness: Completeness,
}

/// A place in a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Bytes before it.
    pub offset: u64,
    /// Its line, counted from 1.
    pub line: u64,
    /// Its column in characters, counted from 1.
    pub column: u64,
}

impl Place {
    /// Where a source starts.
    pub const START: Place = Place { offset: 0, line: 1, column: 1 };

    /// The place after a text that starts here.
    pub fn after(self, text: &[u8]) -> Place {
        let mut place = Place { offset: self.offset + text.len() as u64, ..self };
        let last = match memchr::memrchr(b'\n', text) {
            Some(last) => {
                place.line += memchr::memchr_iter(b'\n', text).count() as u64;
                place.column = 1;
                &text[last + 1..]
            }
            None => text,
        };
        place.column += characters(last);
        place
    }
}

/// How many characters a text has: as many as bytes that do not continue one.
fn characters(text: &[u8]) -> u64 {
    // A sum of bytes, in pieces that it cannot overflow in: that is several times as fast as a sum of large numbers.
    let in_piece = |piece: &[u8]| piece.iter().map(|byte| u8::from(byte & 0xc0 != 0x80)).sum::<u8>();
    text.chunks(240).map(|piece| u64::from(in_piece(piece))).sum()
}
