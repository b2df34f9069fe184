//! Lanes: sources that can be read side by side.
//!
//! A lane is one source, or several small ones in a row, and has a reader of its own. Workers prefer the first lane
//! that is not finished, since the output waits for it. While another worker is reading there, as when it decompresses,
//! they go ahead to later lanes, until too much is waiting for its turn. So many files are read side by side, and one
//! large file is read by one worker at a time and converted by all.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::input::file::Waiting;
use crate::input::members::Opener;
use crate::input::source::Source;
use crate::records::reader::{Reader, Settings};
use crate::run::ordered::Position;

/// Small sources share a lane until they have this many bytes.
const SHARED_BYTES: u64 = 256 << 10;

/// The most sources that share a lane.
const MAX_SHARED: usize = 256;

/// All lanes of a run.
pub struct Lanes {
    unopened: Box<dyn Iterator<Item = (Reader, Waiting)> + Send>,
    open: VecDeque<Lane>,
    /// The number of lanes that were opened.
    opened: u64,
}

struct Lane {
    /// The position of the block that is read next.
    next: Position,
    /// `None` while a worker uses it.
    reader: Option<Reader>,
    waiting: Waiting,
}

/// A lane that a worker reads from.
pub struct Turn {
    pub position: Position,
    pub reader: Reader,
    pub waiting: Waiting,
}

impl Lanes {
    /// The lanes of these sources, each of which is opened when its turn comes.
    pub fn new(sources: Vec<Arc<Source>>, settings: Settings, opener: Opener) -> Lanes {
        let readers = groups(sources).into_iter().map(move |(group, waiting)| {
            let opener = opener.clone();
            let sources = group.into_iter().flat_map(move |source| opener.open(source));
            (Reader::new(Box::new(sources), settings), waiting)
        });
        Lanes { unopened: Box::new(readers), open: VecDeque::new(), opened: 0 }
    }

    /// Whether no lane is being read.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Whether only the last lane is left, as far as that is known.
    pub fn is_last(&self) -> bool {
        self.unopened.size_hint().1 == Some(0) && self.open.len() <= 1
    }

    /// Chooses among this many lanes one that can be read.
    pub fn choose(&mut self, max_open: usize) -> Option<Turn> {
        if let Some(turn) = self.open.iter_mut().take(max_open).find_map(Lane::turn) {
            return Some(turn);
        }
        if self.open.len() >= max_open {
            return None;
        }
        let (reader, waiting) = self.unopened.next()?;
        let mut lane = Lane { next: Position { lane: self.opened, block: 0 }, reader: Some(reader), waiting };
        let turn = lane.turn();
        self.open.push_back(lane);
        self.opened += 1;
        turn
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
    fn turn(&mut self) -> Option<Turn> {
        let reader = self.reader.take()?;
        Some(Turn { position: self.next, reader, waiting: self.waiting })
    }
}

/// Groups of sources that share a lane. One that may block has its own.
fn groups(sources: Vec<Arc<Source>>) -> Vec<(Vec<Arc<Source>>, Waiting)> {
    let mut groups: Vec<(Vec<Arc<Source>>, Waiting)> = Vec::new();
    let mut left = 0;
    for source in sources {
        match (source.bytes, groups.last_mut()) {
            (Some(bytes), Some((group, _))) if bytes <= left && group.len() < MAX_SHARED => {
                group.push(source);
                left -= bytes;
            }
            (Some(bytes), _) => {
                groups.push((vec![source], Waiting::Never));
                left = SHARED_BYTES.saturating_sub(bytes);
            }
            (None, _) => {
                groups.push((vec![source], Waiting::Possible));
                left = 0;
            }
        }
    }
    groups
}
