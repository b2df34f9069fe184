//! Records over the limit: their end is found without keeping their text.

use crate::input::encoding::Encoding;
use crate::json::boundary::{Boundary, BoundarySearch};
use crate::json::scan::{leading_space_on_line, trim_end};
use crate::payloads::form;
use crate::records::lines::{UNDECIDED, record_line};
use crate::records::literal_end::LiteralEnd;
use crate::records::record::{Kind, Place, Record};
use crate::records::row_end::RowEnd;
use crate::records::source_text::{Extent, Text};

/// The end of a record.
#[derive(Debug)]
pub enum RecordEnd {
    /// Its line feed.
    LineFeed,
    /// The next line that starts as a record does, indented by this much at most.
    RecordLine(usize),
    /// Its last bracket and the rest of that line, unless another record follows there.
    Bracket(Box<Document>),
    /// After its last bracket: the white space there, or else its line feed. In an array, a comma or bracket too.
    RestOfLine(Within),
    /// The end of its row.
    Row(RowEnd),
    /// The apostrophe that closes it.
    Literal(LiteralEnd),
    /// The end of its source, which has this encoding.
    Source(Encoding),
}

/// A record that ends with its last bracket.
#[derive(Debug)]
pub struct Document {
    /// The search so far.
    pub search: BoundarySearch,
    /// The start of the search in the record.
    pub start: usize,
    /// Its end if its brackets do not match.
    pub if_broken: IfBroken,
    pub within: Within,
}

/// The end of a record whose brackets do not match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfBroken {
    /// The end of the line on which that shows.
    LineFeed,
    /// The next line that starts as a record does, indented by this much at most.
    RecordLine(usize),
}

/// The surroundings of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    Source,
    Array,
}

/// A record of which only the length is kept.
#[derive(Debug)]
pub struct Oversize {
    start: Place,
    /// The number of bytes that were passed.
    passed: usize,
    /// The same up to the last byte that is not white space.
    own: usize,
    end: RecordEnd,
}

impl Oversize {
    /// A record that starts here.
    pub fn new(start: Place, end: RecordEnd) -> Oversize {
        Oversize { start, passed: 0, own: 0, end }
    }

    /// The record to report once it has ended. It has no text.
    pub fn record(&self) -> Record {
        let bytes = self.own as u64;
        let kind = match self.end {
            RecordEnd::Source(encoding) => Kind::Encoding(encoding, bytes),
            _ => Kind::TooLarge(bytes),
        };
        Record::without_text(kind, 0, self.start)
    }

    /// Passes the part of a text that belongs to the record.
    pub fn pass(&mut self, text: Text) -> Extent {
        let extent = match extent(&mut self.end, self.passed, text) {
            Extent::GoesOn(len) if len == text.bytes.len() && text.is_last() => Extent::Ends(len),
            extent => extent,
        };
        let (Extent::Ends(len) | Extent::GoesOn(len)) = extent;
        let own = match self.end {
            // In UTF-32, white space may be a part of a character.
            RecordEnd::Source(_) => len,
            _ => trim_end(&text.bytes[..len]).len(),
        };
        if own > 0 {
            self.own = self.passed + own;
        }
        self.passed += len;
        extent
    }
}

/// The part of a text that belongs to a record, `passed` bytes after its start.
fn extent(end: &mut RecordEnd, passed: usize, text: Text) -> Extent {
    let bytes = text.bytes;
    match end {
        RecordEnd::Source(_) => Extent::GoesOn(bytes.len()),
        RecordEnd::Row(row) => row.pass(bytes, text.is_last()),
        RecordEnd::Literal(literal) => literal.pass(bytes, text.is_last()),
        RecordEnd::LineFeed => memchr::memchr(b'\n', bytes).map_or(Extent::GoesOn(bytes.len()), Extent::Ends),
        RecordEnd::RecordLine(indent) => match record_line(bytes, *indent) {
            Some(len) => Extent::Ends(len),
            None if text.is_last() => Extent::GoesOn(bytes.len()),
            // A line that has only just started may turn out to start a record.
            None => {
                let start = memchr::memrchr(b'\n', bytes).filter(|at| bytes.len() - at < *indent + UNDECIDED);
                Extent::GoesOn(start.unwrap_or(bytes.len()))
            }
        },
        RecordEnd::RestOfLine(within) => {
            let blank = leading_space_on_line(bytes);
            match bytes.get(blank) {
                None => Extent::GoesOn(blank),
                Some(b'\n' | b'{') => Extent::Ends(blank),
                Some(b',' | b']') if *within == Within::Array => Extent::Ends(blank),
                Some(_) => then(end, RecordEnd::LineFeed, 0, text),
            }
        }
        RecordEnd::Bracket(document) => {
            let from = document.start + document.search.consumed() - passed;
            let end_of = |at: usize| document.start + at - passed;
            match document.search.run(&bytes[from..]) {
                Boundary::More if text.is_last() => Extent::GoesOn(bytes.len()),
                Boundary::More => Extent::GoesOn(document.start + document.search.consumed() - passed),
                Boundary::Whole(close) => {
                    let (close, within) = (end_of(close), document.within);
                    then(end, RecordEnd::RestOfLine(within), close, text)
                }
                Boundary::Broken(at) => {
                    let at = end_of(at);
                    // The line that it broke at may be the next record's first.
                    let line = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |at| at + 1);
                    if bytes[at] == b'{' || form::begins(&bytes[at..]) && line == at {
                        return Extent::Ends(line);
                    }
                    match document.if_broken {
                        IfBroken::LineFeed => then(end, RecordEnd::LineFeed, at, text),
                        IfBroken::RecordLine(indent) => then(end, RecordEnd::RecordLine(indent), line, text),
                    }
                }
            }
        }
    }
}

/// Goes on from an index of the text with another end.
fn then(end: &mut RecordEnd, next: RecordEnd, from: usize, text: Text) -> Extent {
    *end = next;
    extent(end, 0, Text { bytes: &text.bytes[from..], ..text }).plus(from)
}
