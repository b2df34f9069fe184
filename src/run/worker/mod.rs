//! Converts one block: records in, events and messages out.

mod payloads;
mod records;
mod repeats;
pub mod results;

use std::cmp::Ordering;

use crate::convert::plan::Plan;
use crate::convert::reason::Reason;
use crate::json::string_index::IndexedText;
use crate::options::WorkerOptions;
use crate::payloads::piece::Piece;
use crate::records::block::Block;
use crate::records::record::Record;
use crate::run::block_output::BlockOutput;
use records::RecordConverter;
use results::{BlockText, Results, Within, WritePart};

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
        let indexed = IndexedText::new(block.text(), &mut self.string_index);
        let text = BlockText { block, indexed, is_utf8 };
        let mut first = 0;
        for part in &block.parts {
            let records = &block.records[first..part.end];
            for record in records {
                let mut results = Results::new(text, record, output, self.options, write);
                match self.options.line.map(|line| cmp_line(record, block, line)) {
                    None | Some(Ordering::Equal) => self.records.convert(&mut results),
                    Some(Ordering::Less) => {}
                    Some(Ordering::Greater) => results.output.is_done = true,
                }
                if results.is_over() {
                    return output.end_part();
                }
            }
            let is_empty = output.source.kept == 0 && output.source.passed > 0;
            if part.is_whole && is_empty && self.options.line.is_none() {
                // All of it was passed over.
                let (start, end) = (records[0].start, records[records.len() - 1].end);
                let whole = Record { end, ..records[0].clone() };
                Results::new(text, &whole, output, self.options, write).reject(
                    Piece::at(start, &block.text()[start..end]),
                    Reason::no_payload(),
                    Within::Record(None),
                );
            }
            output.end_part();
            first = part.end;
        }
    }
}

/// Whether a record is before, at or after a line.
fn cmp_line(record: &Record, block: &Block, line: u64) -> Ordering {
    let first = record.place.line;
    let text = || block.text()[record.start..record.end].trim_ascii_end();
    if first > line {
        Ordering::Greater
    } else if first + memchr::memchr_iter(b'\n', text()).count() as u64 >= line {
        Ordering::Equal
    } else {
        Ordering::Less
    }
}
