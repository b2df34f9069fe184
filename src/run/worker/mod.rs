//! Converts one block: records in, events and messages out.

mod block_text;
mod records;
mod repeats;
pub mod results;
mod search;

use std::cmp::Ordering;

use crate::convert::plan::Plan;
use crate::convert::reason::{Code, Reason};
use crate::json::string_index::IndexedText;
use crate::records::block::{Block, Extent};
use crate::records::record::Record;
use crate::run::block_output::BlockOutput;
use block_text::{BlockText, Utf8};
use records::RecordConverter;
use results::{PayloadText, Rejection, Results, WorkerOptions, WritePart};

/// Converts blocks, reusing its buffers.
pub struct Worker<'p> {
    records: RecordConverter<'p>,
    options: &'p WorkerOptions,
    string_index: Vec<u64>,
}

impl<'p> Worker<'p> {
    /// A worker that converts by a plan.
    pub fn new(plan: &'p Plan, options: &'p WorkerOptions) -> Self {
        Worker { records: RecordConverter::new(plan, options), options, string_index: Vec::new() }
    }

    /// Converts the records of a block. `write` is called when their results are so large that they must be
    /// written before the block is done.
    pub fn convert(&mut self, block: &Block, output: &mut BlockOutput, write: &mut WritePart) {
        output.clear();
        let is_utf8 = simdutf8::basic::from_utf8(block.text()).is_ok();
        let utf8 = if is_utf8 { Utf8::Valid } else { Utf8::Unknown };
        let text = BlockText { indexed: IndexedText::new(block.text(), &mut self.string_index), utf8 };
        let mut first = 0;
        for (part, of_part) in block.parts.iter().enumerate() {
            for record in &block.records[first..of_part.end] {
                let mut write = |block: &Block, output: &mut BlockOutput| write(block, output);
                let mut results = Results::new(block, part, record, output, self.options, &mut write);
                match self.options.line.map(|line| results.cmp_line(line)) {
                    None | Some(Ordering::Equal) => self.records.convert(text, &mut results),
                    Some(Ordering::Less) => {}
                    Some(Ordering::Greater) => results.output.is_done = true,
                }
                if output.is_over(self.options.on_reject) {
                    return output.end_part();
                }
            }
            let is_empty = output.source.kept == 0 && output.source.passed > 0;
            if of_part.extent == Extent::Whole && is_empty && self.options.line.is_none() {
                // All of it was passed over.
                let last = &block.records[of_part.end - 1];
                let record = Record { end: last.end, ..block.records[first].clone() };
                let reason = Reason::new(Code::NoPayload, "no Olark payload in it");
                let text = PayloadText::Block(record.start..record.end);
                let mut write = |block: &Block, output: &mut BlockOutput| write(block, output);
                Results::new(block, part, &record, output, self.options, &mut write)
                    .reject(Rejection::new(reason, text));
            }
            output.end_part();
            first = of_part.end;
        }
    }
}
