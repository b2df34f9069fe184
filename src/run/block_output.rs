//! The result of a block of records.

use crate::report::counts::Counts;
use crate::report::diagnostic::Diagnostic;

/// The result of a block of records.
#[derive(Debug, Default)]
pub struct BlockOutput {
    /// The event lines.
    pub events: Vec<u8>,
    /// Where the events of each part end.
    pub ends: Vec<usize>,
    /// Messages, in the order of the records.
    pub diagnostics: Vec<Diagnostic>,
    /// What happened, in numbers.
    pub counts: Counts,
    /// Whether what is to be converted ends before the block does.
    pub is_done: bool,
}

/// Events of a record with many payloads in it are written before the block is done once they have this many
/// bytes.
pub const PART_BYTES: usize = 8 << 20;

/// A buffer larger than this is freed once the block that needed it is done.
const KEPT_BYTES: usize = 4 << 20;

impl BlockOutput {
    /// Empties it for another block.
    pub fn clear(&mut self) {
        self.clear_written();
        self.events.shrink_to(KEPT_BYTES);
        self.ends.clear();
        self.is_done = false;
    }

    /// Makes it empty in the middle of a block, when what came of that so far was written.
    pub fn clear_written(&mut self) {
        self.events.clear();
        self.ends.fill(0);
        self.diagnostics.clear();
        self.counts.clear();
    }
}
