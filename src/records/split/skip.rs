//! Getting past a record that is too large to be kept.

use crate::input::encoding::Encoding;
use crate::json::boundary::{Boundary, BoundarySearch};
use crate::json::scan;
use crate::payloads::form;
use crate::records::csv::rows::Rows;
use crate::records::record::{Completeness, Kind, Place, Record};
use crate::records::split::Eof;
use crate::records::split::lines::{UNDECIDED, record_line};

/// A record of which only the length is kept.
#[derive(Debug)]
pub struct Skip {
    from: Place,
    /// The offset after its last byte that is not white space, as far as is known.
    end: u64,
    until: Until,
    /// Whether it is an element of an array, which a comma or the array's bracket may follow.
    in_array: bool,
    what: Skipped,
}

/// Where such a record ends.
#[derive(Debug)]
pub enum Until {
    /// With its line.
    LineFeed,
    /// Before the next line that starts as a record does, indented by this much at most.
    RecordLine(usize),
    /// After its last bracket and the rest of that line, unless another record follows there; if its brackets do not
    /// match, see [`IfBroken`].
    LastBracket(Box<BoundarySearch>, IfBroken),
    /// After its last bracket: with the white space there, or else with its line.
    RestOfLine,
    /// With its row.
    Row(Rows),
    /// With its source.
    Eof,
}

/// Where a record ends whose brackets do not match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfBroken {
    /// With the line on which that shows.
    LineFeed,
    /// Before the next line that starts as a record does, indented by this much at most.
    RecordLine(usize),
}

/// Why it is not kept.
#[derive(Clone, Copy, Debug)]
pub enum Skipped {
    /// It is over the limit.
    TooLarge,
    /// It is over the limit, and not even UTF-8.
    Encoding(Encoding),
}

/// How far a step got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// This much belongs to the record, and then it ends.
    Over(usize),
    /// This much belongs to it, and more text is needed.
    More(usize),
}

impl Skip {
    /// Starts at a place.
    pub fn new(from: Place, until: Until, in_array: bool, what: Skipped) -> Skip {
        Skip { from, end: from.offset, until, in_array, what }
    }

    /// What to report in place of the record once it has ended. It has no text.
    pub fn record(&self) -> Record {
        let bytes = self.end - self.from.offset;
        let kind = match self.what {
            Skipped::TooLarge => Kind::TooLarge(bytes),
            Skipped::Encoding(encoding) => Kind::Encoding(encoding, bytes),
        };
        Record { kind, start: 0, end: 0, place: self.from, completeness: Completeness::Complete }
    }

    /// Takes the text at a place, and returns how much of it belongs to the record.
    pub fn advance(&mut self, text: &[u8], place: Place, eof: Eof) -> Step {
        let step = match self.step(text, eof) {
            Step::More(len) if len == text.len() && eof == Eof::Reached => Step::Over(len),
            step => step,
        };
        let (Step::Over(len) | Step::More(len)) = step;
        let own = match self.what {
            Skipped::TooLarge => scan::trim_end(&text[..len]).len(),
            // What looks like white space may be half a character.
            Skipped::Encoding(_) => len,
        };
        if own > 0 {
            self.end = place.offset + own as u64;
        }
        step
    }

    fn step(&mut self, text: &[u8], eof: Eof) -> Step {
        match &mut self.until {
            Until::Eof => Step::More(text.len()),
            Until::Row(rows) => match rows.skip(text, eof == Eof::Reached) {
                (len, true) => Step::Over(len),
                (len, false) => Step::More(len),
            },
            Until::LineFeed => memchr::memchr(b'\n', text).map_or(Step::More(text.len()), Step::Over),
            Until::RecordLine(indent) => match record_line(text, *indent) {
                Some(len) => Step::Over(len),
                None if eof == Eof::Reached => Step::More(text.len()),
                // A line that has only just started may turn out to start a record.
                None => {
                    let start =
                        memchr::memrchr(b'\n', text).filter(|at| text.len() - at < *indent + UNDECIDED);
                    Step::More(start.unwrap_or(text.len()))
                }
            },
            Until::RestOfLine => {
                let blank = scan::leading_space_on_line(text);
                match text.get(blank) {
                    None => Step::More(blank),
                    Some(b'\n' | b'{') => Step::Over(blank),
                    Some(b',' | b']') if self.in_array => Step::Over(blank),
                    Some(_) => {
                        self.until = Until::LineFeed;
                        self.step(text, eof)
                    }
                }
            }
            Until::LastBracket(search, if_broken) => match search.run(text) {
                Boundary::More if eof == Eof::Reached => Step::More(text.len()),
                Boundary::More => Step::More(search.forget(text)),
                Boundary::Whole(len) => {
                    self.until = Until::RestOfLine;
                    match self.step(&text[len..], eof) {
                        Step::Over(rest) => Step::Over(len + rest),
                        Step::More(rest) => Step::More(len + rest),
                    }
                }
                Boundary::Broken(at) => {
                    // The line that it broke at may be the next record's first.
                    let line = memchr::memrchr(b'\n', &text[..at]).map_or(0, |at| at + 1);
                    if text[at] == b'{' || form::begins(&text[at..]) && line == at {
                        return Step::Over(line);
                    }
                    let (from, until) = match *if_broken {
                        IfBroken::LineFeed => (at, Until::LineFeed),
                        IfBroken::RecordLine(indent) => (line, Until::RecordLine(indent)),
                    };
                    self.until = until;
                    match self.step(&text[from..], eof) {
                        Step::Over(rest) => Step::Over(from + rest),
                        Step::More(rest) => Step::More(from + rest),
                    }
                }
            },
        }
    }
}
