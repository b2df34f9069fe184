//! The one place that records what became of a payload: counts, diagnostics, and where it is in its source.

use std::cmp::Ordering;
use std::ops::Range;

use crate::convert::converted::Converted;
use crate::convert::reason::{Code, Reason};
use crate::records::block::Block;
use crate::records::record::{Completeness, Place, Record};
use crate::report::SHOWN;
use crate::report::diagnostic::{Diagnostic, DiagnosticKind, Inside, Reject, RejectedText};
use crate::report::hint::{Hint, Reader};
use crate::run::block_output::{BlockOutput, PART_BYTES};

/// Records what becomes of the payloads in one record.
pub struct Recorder<'a> {
    /// The block that the record is in.
    pub block: &'a Block,
    /// The record.
    pub record: &'a Record,
    /// The index of the block's part that it belongs to.
    pub part: usize,
    /// Where all of it goes.
    pub output: &'a mut BlockOutput,
    /// Writes what came of the block so far.
    write: &'a mut WritePart<'a>,
    /// An index into the block and its place. The next payload's place is counted from here, not from the start.
    known: (usize, Place),
    /// The same of the value that is searched: what is decoded from it stands there, wherever the last payload stood.
    value: (usize, Place),
}

/// Writes what came of a block so far, when its turn has come, and makes room for the rest.
pub type WritePart<'w> = dyn FnMut(&Block, &mut BlockOutput) + 'w;

/// The text of a payload.
#[derive(Clone, Debug)]
pub enum PayloadText<'t> {
    /// It is here in the block.
    Block(Range<usize>),
    /// It was decoded from the text at this index.
    Decoded(usize, &'t [u8]),
}

impl<'t> PayloadText<'t> {
    /// Its index in the block, or that of the text it was decoded from.
    pub fn at(&self) -> usize {
        match self {
            PayloadText::Block(range) => range.start,
            PayloadText::Decoded(at, _) => *at,
        }
    }

    /// The text itself.
    pub fn of<'b>(&self, block: &'b Block) -> &'b [u8]
    where
        't: 'b,
    {
        match self {
            PayloadText::Block(range) => &block.text()[range.clone()],
            PayloadText::Decoded(_, text) => text,
        }
    }
}

impl<'a> Recorder<'a> {
    /// For a record of a block.
    pub fn new(
        block: &'a Block,
        part: usize,
        record: &'a Record,
        output: &'a mut BlockOutput,
        write: &'a mut WritePart<'a>,
    ) -> Recorder<'a> {
        let start = (record.start, record.place);
        Recorder { block, record, part, output, write, known: start, value: start }
    }

    /// Writes what came of the block so far, if that is a lot.
    pub fn write_if_large(&mut self) {
        if self.output.events.len() >= PART_BYTES {
            (self.write)(self.block, self.output);
        }
    }

    /// Notes that the value at an index is searched from here on.
    pub fn enter(&mut self, at: usize) {
        self.value = (at, self.start_of_payload(at));
    }

    /// The place of an index into the block. Counted from the last place that was asked for; from the record's
    /// start if the index is before that.
    pub fn start_of_payload(&mut self, at: usize) -> Place {
        if at == self.value.0 {
            return self.value.1;
        }
        let (known, place) = match at < self.known.0 {
            true => (self.record.start, self.record.place),
            false => self.known,
        };
        self.known = (at, place.after(&self.block.text()[known..at]));
        self.known.1
    }

    /// Counts a payload that was converted and starts at an index, and records its warnings.
    pub fn converted(&mut self, at: usize, inside: Option<&Inside>, converted: &Converted) {
        let counts = &mut self.output.counts;
        counts.converted += 1;
        counts.add_events(&converted.events);
        let warnings = &converted.warnings;
        if warnings.kept().is_empty() {
            return;
        }
        counts.add_warnings(warnings);
        let line = self.start_of_payload(at).line;
        let more = Some(warnings.not_kept()).filter(|more| *more > 0).map(DiagnosticKind::MoreWarnings);
        let kinds = warnings.kept().iter().map(|warning| DiagnosticKind::Warning(*warning)).chain(more);
        let part = self.part;
        let diagnostic = |kind| Diagnostic { part, line, inside: inside.cloned(), kind };
        self.output.diagnostics.extend(kinds.map(diagnostic));
    }

    /// Records a reject, and returns the line and column where it is wrong. The reason's index is one of the
    /// text.
    #[cold]
    pub fn rejected(
        &mut self,
        text: &PayloadText,
        inside: Option<&Inside>,
        reason: Reason,
        hint: Option<Hint>,
    ) -> (u64, Option<u64>) {
        match text {
            PayloadText::Block(range) => {
                let start = self.start_of_payload(range.start);
                let place = start.after(&self.block.text()[range.start..][..reason.at.unwrap_or(0)]);
                let column = reason.at.map(|_| place.column);
                let text = RejectedText::Kept(range.clone());
                self.push(place.line, inside, Reject { reason, hint, column, offset: start.offset, text })
            }
            PayloadText::Decoded(at, text) => {
                let start = self.start_of_payload(*at);
                let text = RejectedText::Decoded(text.to_vec());
                let reject = Reject { reason, hint, column: None, offset: start.offset, text };
                self.push(start.line, inside, reject)
            }
        }
    }

    /// Records a reject that has no text, only a length.
    pub fn rejected_without_text(&mut self, bytes: u64, reason: Reason) -> (u64, Option<u64>) {
        let Place { offset, line, .. } = self.record.place;
        let text = RejectedText::NotKept(bytes);
        self.push(line, None, Reject { reason, hint: None, column: None, offset, text })
    }

    fn push(&mut self, line: u64, inside: Option<&Inside>, reject: Reject) -> (u64, Option<u64>) {
        let column = reject.column;
        self.output.counts.rejects[reject.reason.code.index()] += 1;
        let (inside, kind) = (inside.cloned(), DiagnosticKind::Reject(reject));
        self.output.diagnostics.push(Diagnostic { part: self.part, line, inside, kind });
        (line, column)
    }

    /// Whether a reject of this code will be shown, unless one of another block comes before it.
    pub fn is_shown(&self, code: Code) -> bool {
        self.output.counts.rejects[code.index()] < SHOWN
    }

    /// Whether the source is a terminal.
    pub fn reader(&self) -> Reader {
        match self.block.parts[self.part].source.is_terminal() {
            true => Reader::Terminal,
            false => Reader::Stream,
        }
    }

    /// Whether the record is before, at or after a line.
    pub fn meets(&self, line: u64) -> Ordering {
        let first = self.record.place.line;
        let text = || self.block.text()[self.record.start..self.record.end].trim_ascii_end();
        match first > line {
            true => Ordering::Greater,
            false if first + memchr::memchr_iter(b'\n', text()).count() as u64 >= line => Ordering::Equal,
            false => Ordering::Less,
        }
    }

    /// The reason for a reject at the end of the record, whose text has this length. If the only error is that
    /// it ends too early, the reason says so; if the source ends there too, the record is truncated, not broken.
    pub fn truncated(&self, reason: Reason, len: usize) -> Reason {
        if reason.code != Code::InvalidJson || reason.at != Some(len) {
            return reason;
        }
        let (code, what) = match self.record.completeness {
            Completeness::Complete => (Code::InvalidJson, "the record ends too early"),
            Completeness::MayBeCutOff => (Code::Truncated, "the input ends inside a record"),
        };
        Reason { code, message: format!("{what}: {}", reason.message), ..reason }
    }

    /// The record's source and a place in it; which payload it is, and where it was found.
    pub fn name(&self, line: u64, column: Option<u64>, inside: Option<&Inside>) -> String {
        let column = column.map(|column| format!(":{column}")).unwrap_or_default();
        let name = format!("{}:{line}{column}", self.block.parts[self.part].source.name());
        match inside {
            None => name,
            Some(Inside { number, path }) => format!("{name} (payload {number}, found at {path})"),
        }
    }
}
