//! Lanes: sources that can be read side by side.
//!
//! A lane is one source, or several small ones in a row, and has a reader of its own. Workers prefer the first lane
//! that is not finished, since the output waits for it. While another worker is reading there, as when it decompresses,
//! they go ahead to later lanes, until too much is waiting for its turn. So many files are read side by side, and one
//! large file is read by one worker at a time and converted by all.

use std::collections::VecDeque;

use crate::input::file::Waiting;
use crate::records::block::Block;
use crate::records::reader::Reader;
use crate::run::ordered::Position;

/// All lanes of a run.
pub struct Lanes {
    unopened: Box<dyn Iterator<Item = (Reader, Waiting)> + Send>,
    open: VecDeque<Lane>,
    /// The number of the next lane that is opened.
    next: u64,
    max_open: usize,
}

struct Lane {
    /// The position of the block that is read next.
    next: Position,
    /// `None` while a worker uses it.
    reader: Option<Reader>,
    waiting: Waiting,
}

/// Whether workers may go ahead of the first lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ahead {
    Allowed,
    /// Too much is waiting for its turn.
    Full,
}

/// A lane that a worker reads from.
pub struct Turn {
    pub position: Position,
    pub waiting: Waiting,
    reader: Reader,
}

/// A choice of what to read.
pub enum Choice {
    Read(Box<Turn>),
    /// Wait until another worker has read.
    Wait,
    /// All is read.
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
    /// A lane for each reader.
    pub fn new(readers: impl Iterator<Item = (Reader, Waiting)> + Send + 'static, max_open: usize) -> Lanes {
        Lanes { unopened: Box::new(readers), open: VecDeque::new(), next: 0, max_open }
    }

    /// Whether only the last lane is left, as far as that is known.
    pub fn is_last(&self) -> bool {
        self.unopened.size_hint().1 == Some(0) && self.open.len() <= 1
    }

    /// Chooses a lane to read.
    pub fn choose(&mut self, ahead: Ahead) -> Choice {
        let max_open = if ahead == Ahead::Allowed { self.max_open } else { 1 };
        if let Some(lane) = self.open.iter_mut().take(max_open).find(|lane| lane.reader.is_some()) {
            return lane.read();
        }
        if self.open.len() < max_open
            && let Some((reader, waiting)) = self.unopened.next()
        {
            let next = Position { lane: self.next, block: 0 };
            self.next += 1;
            let mut lane = Lane { next, reader: Some(reader), waiting };
            let choice = lane.read();
            self.open.push_back(lane);
            return choice;
        }
        if self.open.is_empty() { Choice::Nothing } else { Choice::Wait }
    }

    /// Takes a reader back that filled a block.
    pub fn put_back(&mut self, turn: Turn) {
        if let Some(lane) = self.open.iter_mut().find(|lane| lane.next == turn.position) {
            lane.next.block += 1;
            lane.reader = Some(turn.reader);
        }
    }

    /// Ends the lane that a worker read from.
    pub fn end(&mut self, turn: &Turn) {
        self.open.retain(|lane| lane.next != turn.position);
    }
}

impl Lane {
    fn read(&mut self) -> Choice {
        match self.reader.take() {
            Some(reader) => {
                Choice::Read(Box::new(Turn { position: self.next, waiting: self.waiting, reader }))
            }
            None => Choice::Wait,
        }
    }
}
