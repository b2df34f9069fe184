//! Lanes: sources that can be read side by side, and whose results are written in the order of the input.
//!
//! A lane is one source, or several small ones in a row, and has a reader of its own. Workers prefer the first lane
//! that is not finished, since the output waits for it. While another worker is reading that one, they go on to later
//! lanes, until too much waits for its turn. As a result, many files are read side by side, while one large file is read
//! by one worker at a time and converted by all.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::input::file::Waiting;
use crate::input::members::Opener;
use crate::input::source::Source;
use crate::records::block::Block;
use crate::records::reader::{Reader, Settings};
use crate::run::block_output::BlockOutput;

/// Small sources share a lane until they have this many bytes.
const SHARED_BYTES: u64 = 256 << 10;

/// The most sources that share a lane.
const MAX_SHARED: usize = 256;

/// The most written blocks that are kept for reuse: as many as are waiting while two threads read files side by side.
const MAX_SPARE: usize = 64;

/// A block's place in the order of the output; both numbers start at 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    lane: usize,
    block: usize,
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

/// The reader of a lane, while a worker uses it.
pub struct BorrowedReader {
    pub position: Position,
    pub reader: Reader,
    pub waiting: Waiting,
}

/// All lanes of a run.
pub struct Lanes {
    unopened: Box<dyn Iterator<Item = (Reader, Waiting)> + Send>,
    /// Lanes that still have something to read or write.
    open: VecDeque<Lane>,
    /// The number of lanes before these.
    done: usize,
    /// The memory of finished blocks that wait for their turn.
    pub bytes: usize,
    spare: Vec<Finished>,
}

struct Lane {
    /// `None` while a worker uses it.
    reader: Option<Reader>,
    waiting: Waiting,
    is_read: bool,
    written: usize,
    /// The blocks after the written ones, `None` while they are converted.
    blocks: VecDeque<Option<Finished>>,
}

impl Lanes {
    /// The lanes of these sources, each of which is opened when its turn comes.
    pub fn new(sources: Vec<Arc<Source>>, settings: Settings, opener: Opener) -> Lanes {
        let readers = groups(sources).into_iter().map(move |group| {
            let waiting = group[0].waiting();
            let opener = opener.clone();
            let sources = group.into_iter().flat_map(move |source| opener.open(source));
            (Reader::new(Box::new(sources), settings), waiting)
        });
        Lanes { unopened: Box::new(readers), open: VecDeque::new(), done: 0, bytes: 0, spare: Vec::new() }
    }

    /// The number of lanes that are being read.
    pub fn being_read(&self) -> usize {
        self.open.iter().filter(|lane| !lane.is_read).count()
    }

    /// Whether nothing is left to read, if that is known without reading.
    pub fn is_done(&self) -> bool {
        let is_done = |lane: &Lane| lane.is_read || lane.reader.as_ref().is_some_and(Reader::is_done);
        self.unopened.size_hint().1 == Some(0) && self.open.iter().all(is_done)
    }

    /// Chooses among this many lanes one that can be read.
    pub fn choose(&mut self, max_lanes: usize) -> Option<BorrowedReader> {
        let being_read = self.open.iter_mut().enumerate().filter(|(_, lane)| !lane.is_read).take(max_lanes);
        for (index, lane) in being_read {
            if let Some(reader) = lane.reader.take() {
                let position = Position { lane: self.done + index, block: lane.written + lane.blocks.len() };
                return Some(BorrowedReader { position, reader, waiting: lane.waiting });
            }
        }
        if self.being_read() >= max_lanes {
            return None;
        }
        let (reader, waiting) = self.unopened.next()?;
        let position = Position { lane: self.done + self.open.len(), block: 0 };
        let blocks = VecDeque::new();
        self.open.push_back(Lane { reader: None, waiting, is_read: false, written: 0, blocks });
        Some(BorrowedReader { position, reader, waiting })
    }

    /// Takes back a reader that has filled a block.
    pub fn put_back(&mut self, borrowed: BorrowedReader) {
        let lane = self.lane(borrowed.position);
        lane.blocks.push_back(None);
        lane.reader = Some(borrowed.reader);
    }

    /// Ends the lane that a worker read from.
    pub fn end(&mut self, borrowed: &BorrowedReader) {
        self.lane(borrowed.position).is_read = true;
    }

    /// Adds a block that was converted.
    pub fn add(&mut self, position: Position, finished: Finished) {
        self.bytes += finished.bytes();
        let lane = self.lane(position);
        let index = position.block - lane.written;
        lane.blocks[index] = Some(finished);
    }

    /// Removes the next block to write, if it is finished.
    pub fn next(&mut self) -> Option<Finished> {
        self.drop_written();
        let lane = self.open.front_mut()?;
        let finished = lane.blocks.front_mut()?.take()?;
        lane.blocks.pop_front();
        lane.written += 1;
        self.bytes -= finished.bytes();
        Some(finished)
    }

    /// Whether this block is the next to write.
    pub fn is_next(&mut self, position: Position) -> bool {
        self.drop_written();
        position.lane == self.done && self.lane(position).written == position.block
    }

    fn drop_written(&mut self) {
        while self.open.front().is_some_and(|lane| lane.is_read && lane.blocks.is_empty()) {
            self.open.pop_front();
            self.done += 1;
        }
    }

    fn lane(&mut self, position: Position) -> &mut Lane {
        &mut self.open[position.lane - self.done]
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

/// Groups of sources that share a lane. One that may block has its own.
fn groups(sources: Vec<Arc<Source>>) -> Vec<Vec<Arc<Source>>> {
    let mut groups: Vec<Vec<Arc<Source>>> = Vec::new();
    let mut left = 0;
    for source in sources {
        match (source.bytes, groups.last_mut()) {
            (Some(bytes), Some(group)) if bytes <= left && group.len() < MAX_SHARED => {
                group.push(source);
                left -= bytes;
            }
            (bytes, _) => {
                groups.push(vec![source]);
                left = bytes.map_or(0, |bytes| SHARED_BYTES.saturating_sub(bytes));
            }
        }
    }
    groups
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
        // The third lane has no block at all.
        let open = [2, 2, 0, 1].map(|blocks| Lane {
            reader: None,
            waiting: Waiting::Never,
            is_read: false,
            written: 0,
            blocks: (0..blocks).map(|_| None).collect(),
        });
        let (unopened, spare) = (Box::new(std::iter::empty()), Vec::new());
        let mut lanes = Lanes { unopened, open: open.into(), done: 0, bytes: 0, spare };
        let mut seen = Vec::new();
        for (lane, block, name) in [(1, 0, "c"), (0, 1, "b"), (3, 0, "e"), (0, 0, "a"), (1, 1, "d")] {
            lanes.add(Position { lane, block }, named(name));
            while let Some(finished) = lanes.next() {
                seen.extend(finished.output.events);
            }
        }
        assert_eq!((seen.as_slice(), lanes.bytes), (&b"ab"[..], 3));
        for lane in [2, 0, 3, 1] {
            lanes.lane(Position { lane, block: 0 }).is_read = true;
            while let Some(finished) = lanes.next() {
                seen.extend(finished.output.events);
            }
        }
        assert_eq!((seen.as_slice(), lanes.bytes), (&b"abcde"[..], 0));
    }
}
