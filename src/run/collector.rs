//! Passes the results of blocks, one at a time, to output and report.

use crate::error::OutputError;
use crate::options::OnReject;
use crate::output::sink::Sink;
use crate::records::block::{Block, Next};
use crate::report::Report;
use crate::run::block_output::{BlockOutput, PartOutput, SourceCounts};

/// Passes results to output and report.
pub struct Collector {
    pub sink: Sink,
    pub report: Report,
    /// The failure that ends the run.
    pub error: Option<OutputError>,
    on_reject: OnReject,
    is_done: bool,
    /// The counts so far of the source that is being read.
    source: SourceCounts,
}

impl Collector {
    pub fn new(sink: Sink, report: Report, on_reject: OnReject) -> Collector {
        let source = SourceCounts::default();
        Collector { sink, report, error: None, on_reject, is_done: false, source }
    }

    /// Whether nothing more is to be written.
    pub fn is_over(&self) -> bool {
        self.is_done || self.error.is_some() || self.is_stopped()
    }

    /// Whether a reject ended the run.
    pub fn is_stopped(&self) -> bool {
        self.on_reject == OnReject::Stop && self.report.counts.rejected() > 0
    }

    /// Takes the result of a block.
    pub fn take(&mut self, block: &Block, output: &BlockOutput) {
        let result = self.write(block, output).and_then(|()| self.end_sources(block, output));
        self.keep_error(result);
        self.is_done |= output.is_done;
    }

    /// Takes the result of a block's beginning.
    pub fn take_part(&mut self, block: &Block, output: &BlockOutput) {
        let result = self.write(block, output);
        self.keep_error(result);
    }

    /// Commits complete files.
    pub fn commit(&mut self) {
        let result = self.sink.commit();
        self.keep_error(result);
    }

    fn keep_error(&mut self, result: Result<(), OutputError>) {
        self.error = self.error.take().or(result.err());
    }

    fn write(&mut self, block: &Block, output: &BlockOutput) -> Result<(), OutputError> {
        let mut start = 0;
        let ends = output.parts.iter().map(|part| part.end).chain([output.events.len()]);
        for (part, end) in block.parts.iter().zip(ends) {
            if end > start {
                self.sink.write(|| part.source.output(), &output.events[start..end])?;
            }
            start = end;
        }
        self.report.add(block, &output.messages, &output.counts)
    }

    fn end_sources(&mut self, block: &Block, output: &BlockOutput) -> Result<(), OutputError> {
        // If the run stops, the source with the reject is not complete, even if little of it was left.
        let complete = output.parts.len() - usize::from(self.is_stopped());
        for (part, PartOutput { counts, .. }) in block.parts.iter().zip(&output.parts).take(complete) {
            self.source.kept += counts.kept;
            self.source.passed += counts.passed;
            if matches!(part.next, Next::More) {
                continue;
            }
            let SourceCounts { kept, passed } = std::mem::take(&mut self.source);
            if kept == 0 && passed > 0 {
                self.report.nothing_found(&part.source.name())?;
            }
            match &part.next {
                Next::More => {}
                Next::Damaged => self.sink.abandon_source(),
                Next::Refused(conflict) => {
                    return Err(OutputError::refused(&conflict.output, &conflict.reason));
                }
                Next::Unreadable(error) => {
                    self.sink.abandon_source();
                    self.report.unread(&part.source.name(), error);
                }
                next @ (Next::Eof | Next::Empty) => {
                    if matches!(next, Next::Empty) {
                        self.report.empty(&part.source.name());
                    }
                    self.sink.end_source(|| part.source.output())?;
                    self.report.files += 1;
                }
            }
        }
        Ok(())
    }
}
