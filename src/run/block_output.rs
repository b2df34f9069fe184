//! What came of a block of records.

use crate::report::counts::Counts;
use crate::report::diagnostic::Diagnostic;

/// What came of a block of records.
#[derive(Debug, Default)]
pub struct BlockOutput {
    /// The event lines.
    pub events: Vec<u8>,
    /// Where the events of each part end.
    pub ends: Vec<usize>,
    /// What is to be said, in the order of the records.
    pub diagnostics: Vec<Diagnostic>,
    /// What happened, in numbers.
    pub counts: Counts,
}

/// Above this a buffer is given back once the block that needed it is done.
const KEPT_BYTES: usize = 4 << 20;

impl BlockOutput {
    /// Makes it empty for another block.
    pub fn clear(&mut self) {
        self.events.clear();
        self.events.shrink_to(KEPT_BYTES);
        self.ends.clear();
        self.diagnostics.clear();
        self.counts.clear();
    }
}
