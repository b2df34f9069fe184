//! Restores the input's order of blocks that several threads converted.

use std::collections::BTreeMap;

use crate::records::block::Block;
use crate::run::block_output::BlockOutput;

/// A block's place in the order of the output; both numbers start at 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub lane: u64,
    pub block: u64,
}

/// A block and its result, which may refer to the block's text.
#[derive(Debug, Default)]
pub struct Finished {
    pub block: Block,
    pub output: BlockOutput,
}

impl Finished {
    fn bytes(&self) -> usize {
        self.block.text().len() + self.output.events.len()
    }
}

/// Finished blocks whose turn has not come.
#[derive(Debug, Default)]
pub struct Ordered {
    next: Position,
    finished: BTreeMap<Position, Finished>,
    /// The number of blocks of each lane that was read to its end.
    ended: BTreeMap<u64, u64>,
    bytes: usize,
    /// Written blocks, for reuse.
    spare: Vec<Finished>,
}

/// About as many as are waiting while two threads read files side by side.
const MAX_SPARE: usize = 64;

impl Ordered {
    pub fn add(&mut self, position: Position, finished: Finished) {
        self.bytes += finished.bytes();
        self.finished.insert(position, finished);
    }

    /// Ends a lane; the position is the one after its last block.
    pub fn end_lane(&mut self, end: Position) {
        self.ended.insert(end.lane, end.block);
    }

    /// Removes the next block in order if it is finished.
    pub fn next(&mut self) -> Option<Finished> {
        self.pass_ended_lanes();
        let finished = self.finished.remove(&self.next)?;
        self.next.block += 1;
        self.bytes -= finished.bytes();
        Some(finished)
    }

    pub fn is_next(&mut self, position: Position) -> bool {
        self.pass_ended_lanes();
        self.next == position
    }

    fn pass_ended_lanes(&mut self) {
        while self.ended.get(&self.next.lane) == Some(&self.next.block) {
            self.ended.remove(&self.next.lane);
            self.next = Position { lane: self.next.lane + 1, block: 0 };
        }
    }

    /// The memory that finished blocks take.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub fn recycle(&mut self, finished: Finished) {
        if self.spare.len() < MAX_SPARE {
            self.spare.push(finished);
        }
    }

    /// Room for another block.
    pub fn spare(&mut self) -> Finished {
        self.spare.pop().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_come_out_in_the_order_of_the_input() {
        let named = |name: &str| {
            let output = BlockOutput { events: name.into(), ..BlockOutput::default() };
            Finished { output, ..Finished::default() }
        };
        let mut ordered = Ordered::default();
        let mut seen = Vec::new();
        for (lane, block, name) in [(1, 0, "c"), (0, 1, "b"), (3, 0, "e"), (0, 0, "a"), (1, 1, "d")] {
            ordered.add(Position { lane, block }, named(name));
            while let Some(finished) = ordered.next() {
                seen.extend(finished.output.events);
            }
        }
        assert_eq!((seen.as_slice(), ordered.bytes()), (&b"ab"[..], 3));
        // The third lane has no block at all.
        for (lane, block) in [(2, 0), (0, 2), (3, 1), (1, 2)] {
            ordered.end_lane(Position { lane, block });
            while let Some(finished) = ordered.next() {
                seen.extend(finished.output.events);
            }
        }
        assert_eq!((seen.as_slice(), ordered.bytes()), (&b"abcde"[..], 0));
    }
}
