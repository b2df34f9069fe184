//! Which worker reads what: sources in lanes, several of which can be read side by side.
//!
//! A lane is one source, or several small ones in a row, and has a reader of its own. Workers prefer the first lane
//! that is not finished, since the output waits for it. While another worker is reading there, as when it decompresses,
//! they go ahead to later lanes, until too much is waiting for its turn. So many files are read side by side, and one
//! large file is read by one worker at a time and converted by all.

use std::collections::VecDeque;

use crate::input::file::Waiting;
use crate::records::block::Block;
use crate::records::reader::Reader;

/// Where a block is in the order of the output: its lane, and its number in that lane.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The lane's number, from 0.
    pub lane: u64,
    /// The block's number in its lane, from 0.
    pub block: u64,
}

/// All lanes of a run.
pub struct Lanes {
    /// Those that nobody reads from yet.
    waiting: Box<dyn Iterator<Item = (Reader, Waiting)> + Send>,
    /// Those that are being read, in their order.
    open: VecDeque<Lane>,
    /// The number of the next lane that is opened.
    next: u64,
    most_open: usize,
}

struct Lane {
    number: u64,
    /// How many blocks were read from it.
    blocks: u64,
    /// Its reader, unless a worker is using it.
    reader: Option<Reader>,
    /// Whether reading may have to wait for somebody to write.
    waiting: Waiting,
}

/// Whether workers may go ahead of the first lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ahead {
    /// They may.
    Allowed,
    /// Too much is waiting for its turn.
    Full,
}

/// A lane that a worker is to read from.
pub struct Turn {
    /// The position of the block that is read next.
    pub position: Position,
    /// Whether reading may have to wait for somebody to write.
    pub waiting: Waiting,
    reader: Reader,
}

/// What there is to read.
pub enum Choice {
    /// This.
    Read(Box<Turn>),
    /// Nothing, until another worker has read.
    Wait,
    /// Nothing any more.
    Nothing,
}

impl Turn {
    /// Fills a block; `false` when the lane has no more.
    pub fn fill(&mut self, block: &mut Block) -> bool {
        self.reader.fill(block)
    }

    /// Whether the lane has no more, as far as that is known without reading.
    pub fn is_done(&self) -> bool {
        self.reader.is_done()
    }
}

impl Lanes {
    /// One lane for each reader; at most this many are read side by side.
    pub fn new(readers: impl Iterator<Item = (Reader, Waiting)> + Send + 'static, most_open: usize) -> Lanes {
        Lanes { waiting: Box::new(readers), open: VecDeque::new(), next: 0, most_open }
    }

    /// Whether only the last lane is left, as far as that is known.
    pub fn is_last(&self) -> bool {
        self.waiting.size_hint().1 == Some(0) && self.open.len() <= 1
    }

    /// Chooses where to read.
    pub fn choose(&mut self, ahead: Ahead) -> Choice {
        let allowed = if ahead == Ahead::Allowed { self.open.len() } else { self.open.len().min(1) };
        if let Some(lane) = self.open.iter_mut().take(allowed).find(|lane| lane.reader.is_some()) {
            return read(lane);
        }
        let may_open = self.open.is_empty() || ahead == Ahead::Allowed && self.open.len() < self.most_open;
        if may_open && let Some((reader, waiting)) = self.waiting.next() {
            self.open.push_back(Lane { number: self.next, blocks: 0, reader: Some(reader), waiting });
            self.next += 1;
            return self.open.back_mut().map_or(Choice::Nothing, read);
        }
        if self.open.is_empty() { Choice::Nothing } else { Choice::Wait }
    }

    /// Takes a reader back that filled a block.
    pub fn put_back(&mut self, turn: Turn) {
        if let Some(lane) = self.open.iter_mut().find(|lane| lane.number == turn.position.lane) {
            lane.blocks += 1;
            lane.reader = Some(turn.reader);
        }
    }

    /// Ends the lane that a worker read from.
    pub fn end(&mut self, turn: &Turn) {
        self.open.retain(|lane| lane.number != turn.position.lane);
    }
}

fn read(lane: &mut Lane) -> Choice {
    let position = Position { lane: lane.number, block: lane.blocks };
    match lane.reader.take() {
        Some(reader) => Choice::Read(Box::new(Turn { position, waiting: lane.waiting, reader })),
        None => Choice::Wait,
    }
}
