//! Getting past a record that is too large to be kept.

use crate::input::record::{Kind, Place, Record};
use crate::input::split::boundary::{Boundary, BoundarySearch, is_blank, record_line};

/// A record on its way out, of which nothing is kept but its length.
#[derive(Debug)]
pub struct Skip {
    from: Place,
    until: Until,
    kind: fn(u64) -> Kind,
}

/// Where such a record ends.
#[derive(Debug)]
pub enum Until {
    /// With its line.
    LineFeed,
    /// With the next line that begins as a record does, this far in at most.
    RecordLine(usize),
    /// With its last bracket.
    Close(Box<BoundarySearch>),
    /// With its source.
    End,
}

impl Skip {
    /// Begins at a place; `kind` makes of the record's length what stands for it.
    pub fn new(from: Place, until: Until, kind: fn(u64) -> Kind) -> Skip {
        Skip { from, until, kind }
    }

    /// What stands for the record when it ended before a place.
    pub fn record(self, to: Place) -> Record {
        let Place { offset, line, column } = self.from;
        let kind = (self.kind)(to.offset - offset);
        Record { kind, start: 0, end: 0, offset, line, column, cut: false, by_lines: false }
    }

    /// How much of the text at hand belongs to the record, and whether that is all of it. Lines like its
    /// own are indented by `indent` at most.
    pub fn advance(&mut self, text: &[u8], end: bool, indent: usize) -> (usize, bool) {
        let over = match &mut self.until {
            Until::LineFeed => memchr::memchr(b'\n', text),
            Until::End => None,
            Until::RecordLine(indent) => record_line(text, *indent),
            Until::Close(search) => match search.run(text) {
                Boundary::Whole(len) => Some(len),
                Boundary::More => None,
                Boundary::Broken(at) => {
                    self.until = Until::RecordLine(indent);
                    // The line that it broke at may be the first at hand.
                    let line = memchr::memrchr(b'\n', &text[..at]).map_or(0, |at| at + 1);
                    let here = is_blank(&text[line..at]) && text[at] == b'{';
                    if here { Some(line) } else { record_line(text, indent) }
                }
            },
        };
        let len = match (over, &mut self.until) {
            (Some(len), _) => len,
            // A line that has only just begun may be one that begins a record.
            (None, Until::RecordLine(indent)) if !end => {
                let undecided = *indent + b"\ndata=".len();
                memchr::memrchr(b'\n', text).filter(|at| text.len() - at < undecided).unwrap_or(text.len())
            }
            (None, Until::Close(search)) if !end => search.forget(text),
            (None, _) => text.len(),
        };
        (len, over.is_some() || end)
    }
}
