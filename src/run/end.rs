//! The end of the pipeline: the result of one block at a time goes to output and report.

use crate::options::OnReject;
use crate::output::destination::OutputError;
use crate::output::sink::Sink;
use crate::records::block::{Block, Next};
use crate::report::Report;
use crate::run::block_output::BlockOutput;
use crate::run::in_order::InOrder;

/// Where results go.
pub struct End {
    /// Those whose turn has not come.
    pub in_order: InOrder,
    /// Where events go.
    pub sink: Sink,
    /// What is counted.
    pub report: Report,
    /// The output that failed, if one did.
    pub error: Option<OutputError>,
    on_reject: OnReject,
}

impl End {
    /// Before the first block.
    pub fn new(sink: Sink, report: Report, on_reject: OnReject) -> End {
        End { in_order: InOrder::default(), sink, report, error: None, on_reject }
    }

    /// Whether a reject has ended the run.
    pub fn is_stopped(&self) -> bool {
        self.on_reject == OnReject::Stop && self.report.has_rejects()
    }

    /// Writes events and report of a block, or of its beginning.
    pub fn take_part(&mut self, block: &Block, output: &BlockOutput) -> Result<(), OutputError> {
        let mut start = 0;
        let last = output.events.len();
        for (part, end) in block.parts.iter().zip(output.ends.iter().copied().chain([last])) {
            if end > start {
                self.sink.write(|| part.source.output(), &output.events[start..end])?;
            }
            start = end;
        }
        self.report.add(block, &output.diagnostics, &output.counts)
    }

    /// The same for a whole block, and ends the sources that end with it.
    pub fn take(&mut self, block: &Block, output: &BlockOutput) -> Result<(), OutputError> {
        self.take_part(block, output)?;
        // If the run stops, the source with the reject is not complete, even if little of it was left.
        let complete = output.ends.len() - usize::from(self.is_stopped());
        for part in &block.parts[..complete] {
            match &part.next {
                Next::More => {}
                Next::Damaged => self.sink.abandon_source(),
                Next::Refused(refusal) => {
                    return Err(OutputError::refused(&refusal.output, &refusal.reason));
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
                    self.report.read_to_the_end(&part.source.name());
                }
            }
        }
        Ok(())
    }
}
