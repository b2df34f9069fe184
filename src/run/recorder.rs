//! The one place that records what became of a payload: counts, diagnostics, and where in its source it stands.

use std::ops::Range;

use crate::convert::converter::Converted;
use crate::convert::reason::{Code, Reason};
use crate::input::block::Block;
use crate::input::record::{Completeness, Place, Record};
use crate::report::diagnostic::{Diagnostic, DiagnosticKind, Reject, RejectedText};
use crate::run::block_output::BlockOutput;

/// Records what becomes of the payloads in one record.
pub struct Recorder<'a> {
    /// The block that the record is in.
    pub block: &'a Block,
    /// The record.
    pub record: &'a Record,
    /// Which of the block's parts it is of.
    pub part: usize,
    /// Where all of it goes.
    pub output: &'a mut BlockOutput,
    /// An index into the block up to which places were worked out, and its place: payloads come one behind the
    /// other, and what is before them is not looked through for each.
    known: (usize, Place),
}

impl<'a> Recorder<'a> {
    /// For a record of a block.
    pub fn new(
        block: &'a Block,
        part: usize,
        record: &'a Record,
        output: &'a mut BlockOutput,
    ) -> Recorder<'a> {
        Recorder { block, record, part, output, known: (record.start, record.place) }
    }

    /// The place of an index into the block where a payload starts; not before that of the last one.
    pub fn start_of_payload(&mut self, at: usize) -> Place {
        let (known, place) = self.known;
        self.known = (at, place.after(&self.block.text()[known..at]));
        self.known.1
    }

    /// Counts a payload that was converted and stands at an index, and notes its warnings.
    pub fn converted(&mut self, at: usize, converted: &Converted) {
        let counts = &mut self.output.counts;
        counts.converted += 1;
        counts.track += 1;
        counts.group += converted.groups as u64;
        let warnings = &converted.warnings;
        if warnings.kept().is_empty() {
            return;
        }
        counts.add_warnings(warnings);
        let line = self.start_of_payload(at).line;
        let more = Some(warnings.not_kept()).filter(|more| *more > 0).map(DiagnosticKind::MoreWarnings);
        let kinds = warnings.kept().iter().map(|warning| DiagnosticKind::Warning(*warning)).chain(more);
        let part = self.part;
        self.output.diagnostics.extend(kinds.map(|kind| Diagnostic { part, line, kind }));
    }

    /// Records a reject with its text in the block, and gives the line where it is wrong.
    pub fn rejected(&mut self, text: Range<usize>, reason: Reason) -> u64 {
        self.reject(text.clone(), RejectedText::Kept(text), reason)
    }

    /// Records a reject that has no text, only a length.
    pub fn rejected_without_text(&mut self, bytes: u64, reason: Reason) -> u64 {
        self.reject(self.record.start..self.record.start, RejectedText::NotKept(bytes), reason)
    }

    #[cold]
    fn reject(&mut self, text: Range<usize>, kept: RejectedText, reason: Reason) -> u64 {
        let start = self.start_of_payload(text.start);
        let place = start.after(&self.block.text()[text.start..][..reason.at.unwrap_or(0)]);
        let has_column = matches!(reason.code, Code::InvalidJson | Code::TooDeep | Code::Truncated);
        let column = reason.at.filter(|_| has_column).map(|_| place.column);
        self.output.counts.rejects[reason.code.index()] += 1;
        let reject = Reject { reason, column, offset: start.offset, text: kept };
        let kind = DiagnosticKind::Reject(reject);
        self.output.diagnostics.push(Diagnostic { part: self.part, line: place.line, kind });
        place.line
    }

    /// The reason for a reject at the end of the record, of whose text this much is its own: if it is wrong only in
    /// that the source ends too early, it is not broken but truncated.
    pub fn truncated(&self, reason: Reason, len: usize) -> Reason {
        let ends_early = reason.code == Code::InvalidJson && reason.at == Some(len);
        if !ends_early || self.record.completeness == Completeness::Complete {
            return reason;
        }
        Reason {
            code: Code::Truncated,
            message: format!("the input ends inside a record: {}", reason.message),
            ..reason
        }
    }

    /// The record's source and a line of it.
    pub fn name(&self, line: u64) -> String {
        format!("{}:{line}", self.block.parts[self.part].source.name())
    }
}
