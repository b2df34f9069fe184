//! The results of blocks, put back into the order of the input.

use std::collections::BTreeMap;

use crate::records::block::Block;
use crate::run::block_output::BlockOutput;
use crate::run::lanes::Position;

/// The result of a block, with the block itself, whose text rejects refer to.
#[derive(Debug, Default)]
pub struct Finished {
    /// The block.
    pub block: Block,
    /// The block's result.
    pub output: BlockOutput,
}

impl Finished {
    /// About how much memory it takes.
    fn bytes(&self) -> usize {
        self.block.text().len() + self.output.events.len()
    }
}

/// Finished blocks whose turn has not come.
#[derive(Debug, Default)]
pub struct InOrder {
    next: Position,
    waiting: BTreeMap<Position, Finished>,
    /// How many blocks each lane has that was read to its end.
    ended: BTreeMap<u64, u64>,
    bytes: usize,
    /// Blocks that were written, to be used again.
    spare: Vec<Finished>,
}

/// How many are kept to be used again: about as many as wait while two threads read files side by side.
const MOST_SPARE: usize = 64;

impl InOrder {
    /// Adds the result of a block.
    pub fn add(&mut self, position: Position, finished: Finished) {
        self.bytes += finished.bytes();
        self.waiting.insert(position, finished);
    }

    /// Notes that a lane has this many blocks.
    pub fn end_lane(&mut self, lane: u64, blocks: u64) {
        self.ended.insert(lane, blocks);
    }

    /// What comes next in the order of the input, if it is finished.
    pub fn next(&mut self) -> Option<Finished> {
        self.pass_ended_lanes();
        let finished = self.waiting.remove(&self.next)?;
        self.next.block += 1;
        self.bytes -= finished.bytes();
        Some(finished)
    }

    fn pass_ended_lanes(&mut self) {
        while self.ended.get(&self.next.lane) == Some(&self.next.block) {
            self.ended.remove(&self.next.lane);
            self.next = Position { lane: self.next.lane + 1, block: 0 };
        }
    }

    /// Whether it is a block's turn.
    pub fn is_next(&mut self, position: Position) -> bool {
        self.pass_ended_lanes();
        self.next == position
    }

    /// How many bytes wait for their turn.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Gives back what is used up.
    pub fn give_back(&mut self, finished: Finished) {
        if self.spare.len() < MOST_SPARE {
            self.spare.push(finished);
        }
    }

    /// Room for another block.
    pub fn room(&mut self) -> Finished {
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
        let mut in_order = InOrder::default();
        let mut seen = Vec::new();
        for (lane, block, name) in [(1, 0, "c"), (0, 1, "b"), (3, 0, "e"), (0, 0, "a"), (1, 1, "d")] {
            in_order.add(Position { lane, block }, named(name));
            while let Some(finished) = in_order.next() {
                seen.extend(finished.output.events);
            }
        }
        assert_eq!((seen.as_slice(), in_order.bytes()), (&b"ab"[..], 3));
        // The third lane has no block at all.
        for (lane, blocks) in [(2, 0), (0, 2), (3, 1), (1, 2)] {
            in_order.end_lane(lane, blocks);
            while let Some(finished) = in_order.next() {
                seen.extend(finished.output.events);
            }
        }
        assert_eq!((seen.as_slice(), in_order.bytes()), (&b"abcde"[..], 0));
    }
}
