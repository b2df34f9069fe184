//! The result of a block of records.

use crate::options::OnReject;
use crate::report::counts::Counts;
use crate::report::message::Message;

/// The result of a block of records.
#[derive(Debug, Default)]
pub struct BlockOutput {
    /// The event lines.
    pub events: Vec<u8>,
    /// The results of each part that was converted.
    pub parts: Vec<PartOutput>,
    /// In the order of the records.
    pub messages: Vec<Message>,
    pub counts: Counts,
    /// The counts of the current part.
    pub source: SourceCounts,
    /// Whether the text to convert ends before the block does.
    pub is_done: bool,
}

/// The results of a record with many payloads are written before the block is done once their events have this many
/// bytes, or there are this many messages.
const MAX_EVENT_BYTES: usize = 8 << 20;
const MAX_MESSAGES: usize = 1 << 14;

/// A buffer larger than this is freed once the block that needed it is done.
const KEPT_BYTES: usize = 4 << 20;

/// The result of the records of one source.
#[derive(Debug)]
pub struct PartOutput {
    /// The end of its events.
    pub end: usize,
    pub counts: SourceCounts,
}

/// Counts of the records of one source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SourceCounts {
    /// Records with a payload, or with a reject.
    pub kept: u64,
    /// Records that were passed over.
    pub passed: u64,
}

impl BlockOutput {
    /// Clears it for another block.
    pub fn clear(&mut self) {
        self.clear_written();
        self.events.shrink_to(KEPT_BYTES);
        self.parts.clear();
        self.source = SourceCounts::default();
        self.is_done = false;
    }

    /// Clears it in the middle of a block, once the results so far were written.
    pub fn clear_written(&mut self) {
        self.events.clear();
        self.parts.iter_mut().for_each(|part| part.end = 0);
        self.messages.clear();
        self.counts.clear();
    }

    /// Ends a part of the block.
    pub fn end_part(&mut self) {
        let counts = std::mem::take(&mut self.source);
        self.parts.push(PartOutput { end: self.events.len(), counts });
    }

    /// Whether it should be written before the block is done.
    pub fn is_large(&self) -> bool {
        self.events.len() >= MAX_EVENT_BYTES || self.messages.len() >= MAX_MESSAGES
    }

    /// Whether nothing more is to be converted.
    pub fn is_over(&self, on_reject: OnReject) -> bool {
        self.is_done || on_reject == OnReject::Stop && self.counts.rejected() > 0
    }
}
