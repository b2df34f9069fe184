//! One record of a block at work: where what comes of it is noted, and where in its source it stands.

use std::ops::Range;

use crate::convert::converter::Converted;
use crate::convert::reason::{Code, Reason};
use crate::explain::Explainer;
use crate::input::reader::Block;
use crate::input::record::{Place, Record};
use crate::json::string_index::IndexedText;
use crate::report::outcome::{BlockOutput, Diagnostic, Reject, What};

/// The record at hand, and where to put what comes of it.
pub struct Task<'a> {
    /// The block it is in.
    pub block: &'a Block,
    /// The block's text, looked through.
    pub marked: IndexedText<'a>,
    /// The record.
    pub record: &'a Record,
    /// Which of the block's parts it is of.
    pub part: usize,
    /// Whether all of the block is UTF-8.
    pub valid: bool,
    /// Whether it is explained.
    pub explain: Option<Explainer>,
    /// What comes of the block.
    pub outcome: &'a mut BlockOutput,
}

impl Task<'_> {
    /// Counts a payload that was converted, which begins at an index, and notes its warnings.
    pub fn converted(&mut self, start: usize, converted: &Converted) {
        let tally = &mut self.outcome.tally;
        tally.converted += 1;
        tally.track += 1;
        tally.group += converted.groups as u64;
        if converted.warnings.is_empty() {
            return;
        }
        let line = self.place(start).line;
        for &warning in &converted.warnings {
            self.outcome.tally.warnings[warning.index()] += 1;
            self.outcome.notices.push(Diagnostic { part: self.part, line, what: What::Warning(warning) });
        }
    }

    /// Notes a reject: its text in the block, or else its length, and what is wrong at an index into that.
    #[cold]
    pub fn reject(&mut self, text: Range<usize>, bytes: Option<u64>, refusal: Reason) {
        let place = self.place(text.start + refusal.at.unwrap_or(0));
        if let Some(explainer) = self.explain {
            let (line, at) = self.line(&text, refusal.at);
            let explained = explainer.reject(&self.name(place.line), &refusal.reason, line, at);
            self.outcome.events.extend(explained.into_bytes());
        }
        let broken = matches!(refusal.code, Code::InvalidJson | Code::TooDeep | Code::Truncated);
        let reject = Reject {
            code: refusal.code,
            reason: refusal.reason,
            column: refusal.at.filter(|_| broken).map(|_| place.column),
            offset: self.record.offset + (text.start - self.record.start) as u64,
            text,
            bytes,
        };
        let index = Code::ALL.iter().position(|code| *code == reject.code).unwrap_or_default();
        self.outcome.tally.rejects[index] += 1;
        self.outcome.notices.push(Diagnostic {
            part: self.part,
            line: place.line,
            what: What::Reject(reject),
        });
    }

    /// A record that is wrong only in that the source ends too early is not broken but truncated.
    pub fn truncated(&self, refusal: Reason, len: usize, to_the_end: bool) -> Reason {
        let ends_early = refusal.code == Code::InvalidJson && refusal.at == Some(len);
        if !(ends_early && to_the_end && self.record.cut) {
            return refusal;
        }
        let reason = format!("the input ends inside a record: {}", refusal.reason);
        Reason { code: Code::Truncated, reason, ..refusal }
    }

    /// The line of a record that is wrong at an index into its text, and the index into that line.
    fn line(&self, text: &Range<usize>, at: Option<usize>) -> (&[u8], Option<usize>) {
        let own = &self.block.text()[text.clone()];
        let Some(at) = at.filter(|at| *at <= own.len()) else { return (own, None) };
        let start = memchr::memrchr(b'\n', &own[..at]).map_or(0, |at| at + 1);
        let end = memchr::memchr(b'\n', &own[at..]).map_or(own.len(), |len| at + len);
        (&own[start..end], Some(at - start))
    }

    /// The source and a line of it.
    pub fn name(&self, line: u64) -> String {
        format!("{}:{line}", self.block.parts[self.part].source.name())
    }

    /// The place in the source of an index into the block.
    pub fn place(&self, at: usize) -> Place {
        let Record { offset, line, column, start, .. } = *self.record;
        Place { offset, line, column }.after(&self.block.text()[start..at])
    }
}
