//! A record: the text of a payload or of something else in its place, and where it came from.

use crate::input::damage::Damage;
use crate::payloads::quoting::Quoting;
use crate::records::table::cells::Dialect;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// JSON objects, one or more on a line.
    Objects,
    /// One JSON value: a line, or an element of an array.
    Value,
    Form,
    /// A line that does not start with a record, but may contain one.
    LogLine,
    /// A line of `COPY`'s text with one column.
    Copy,
    Row(Dialect),
    Literal(Literal),
    /// No text: too large to be kept. Its length in bytes.
    TooLarge(u64),
    /// A whole source in an encoding that is not read, by its name, with its length in bytes; no text when that is too large.
    Encoding(&'static str, u64),
    /// No text: the source ends before the array that it holds does.
    UnclosedArray,
    /// The rest of a source that could not be read further: because it is damaged, or because the system
    /// failed.
    Damaged(Option<Damage>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Literal {
    /// `'…'`, in which only apostrophes are doubled.
    Plain,
    /// The same with backslashes: MySQL's, or `E'…'`.
    Escaped,
    /// `X'…'` or `0x…`.
    Hex,
}

/// The layout's knowledge of a record.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Context {
    /// Whether a record without a payload is passed over, unless it may be a part of one; a line is counted. Otherwise
    /// it is a reject.
    pub pass_over_if_empty: bool,
    /// The way in which the source quotes payloads, if it shows one.
    pub quoting: Option<&'static Quoting>,
    pub doubt: Doubt,
}

/// Whether doubled backslashes may be another program's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Doubt {
    #[default]
    None,
    DoubledBackslashes,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub kind: Kind,
    /// The range of its text in the block.
    pub start: usize,
    pub end: usize,
    /// Its start in the source.
    pub place: Place,
    /// Whether the source ends with it, and it is not a line with its line feed.
    pub may_be_cut_off: bool,
    pub context: Context,
}

impl Record {
    pub fn without_text(kind: Kind, at: usize, place: Place) -> Record {
        Record { kind, start: at, end: at, place, may_be_cut_off: false, context: Context::default() }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub offset: u64,
    pub line: u64,
    /// Its column in characters, counted from 1.
    pub column: u64,
}

impl Place {
    pub const START: Place = Place { offset: 0, line: 1, column: 1 };

    /// The place after a text that starts here.
    pub fn after(self, text: &[u8]) -> Place {
        let offset = self.offset + text.len() as u64;
        match memchr::memrchr(b'\n', text) {
            None => Place { offset, column: self.column + characters(text), ..self },
            Some(last) => {
                let lines = memchr::memchr_iter(b'\n', text).count() as u64;
                Place { offset, line: self.line + lines, column: 1 + characters(&text[last + 1..]) }
            }
        }
    }

    /// The same for one line of this many bytes with its line feed: none of them has to be looked at.
    pub fn after_line(self, len: usize) -> Place {
        Place { offset: self.offset + len as u64, line: self.line + 1, column: 1 }
    }
}

/// The number of characters of a text: of bytes that do not continue one.
fn characters(text: &[u8]) -> u64 {
    // A sum of bytes, in pieces that it cannot overflow in: that is several times as fast as a sum of large numbers.
    let in_piece = |piece: &[u8]| piece.iter().map(|byte| u8::from(byte & 0xc0 != 0x80)).sum::<u8>();
    text.chunks(240).map(|piece| u64::from(in_piece(piece))).sum()
}
