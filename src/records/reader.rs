//! Reads sources into blocks of whole records, which can be converted in parallel.

use std::io::{self, Read};
use std::sync::Arc;

use crate::input::damage::Damage;
use crate::input::file::Waiting;
use crate::input::members::{NotOpened, OpenedSources};
use crate::input::source::Source;
use crate::input::stream::Stream;
use crate::records::block::{Block, Next, Part};
use crate::records::layout::{InputFormat, Rest};
use crate::records::splitter::Splitter;

/// Small sources are read into one block until this much is in it.
const SHARED_BYTES: usize = 64 << 10;

/// But no more sources than this, since some are empty.
const SHARED_SOURCES: usize = 1 << 10;

#[derive(Clone, Copy, Debug)]
pub struct Settings {
    pub format: InputFormat,
    pub max_record: usize,
    /// Whether a block may hold records of several sources.
    pub shares_blocks: bool,
}

pub struct Reader {
    settings: Settings,
    sources: OpenedSources,
    open: Option<Open>,
    /// The start of a record that is not complete yet.
    carry: Vec<u8>,
}

struct Open {
    source: Arc<Source>,
    stream: Stream,
    splitter: Splitter,
    has_records: bool,
}

impl Reader {
    /// A reader of these sources, each of which is opened when its turn comes.
    pub fn new(sources: OpenedSources, settings: Settings) -> Reader {
        Reader { settings, sources, open: None, carry: Vec::new() }
    }

    /// Fills a block with the next records; `false` when there are none.
    ///
    /// A block is handed out as soon as there is a record in it and reading on might mean waiting.
    pub fn fill(&mut self, block: &mut Block) -> bool {
        block.clear();
        while block.text().len() < SHARED_BYTES && block.parts.len() < SHARED_SOURCES {
            // Complete records do not wait for the next member of a piped archive.
            let may_wait = |part: &Part| part.source.waiting() == Waiting::Possible;
            if self.open.is_none() && (block.parts.last().is_some_and(may_wait) || !self.open_next(block)) {
                break;
            }
            let Some(open) = &self.open else { continue };
            let apart = !self.settings.shares_blocks || open.stream.waiting == Waiting::Possible;
            if !block.parts.is_empty() && apart {
                break;
            }
            self.read(block);
            if self.open.is_some() {
                break;
            }
        }
        !block.parts.is_empty()
    }

    /// Whether nothing is left to read, if that is known without reading.
    pub fn is_done(&self) -> bool {
        self.open.is_none() && self.sources.size_hint().1 == Some(0)
    }

    /// Opens the next source; one that cannot be opened becomes a part by itself.
    fn open_next(&mut self, block: &mut Block) -> bool {
        let Some((source, stream)) = self.sources.next() else { return false };
        let splitter = Splitter::new(self.settings.format, self.settings.max_record);
        match stream {
            Ok(stream) => self.open = Some(Open { source, stream, splitter, has_records: false }),
            Err(error) => {
                let next = match error {
                    NotOpened::Refused(conflict) => Next::Refused(conflict),
                    NotOpened::Unread(error) => match damage(&error) {
                        None => Next::Unreadable(error),
                        Some(damage) => {
                            let at = block.text().len();
                            block.records.push(splitter.damaged(Some(damage), at, at));
                            Next::Damaged
                        }
                    },
                };
                block.parts.push(Part { source, end: block.records.len(), is_whole: false, next });
            }
        }
        true
    }

    /// Reads the open source until there are records or it ends.
    fn read(&mut self, block: &mut Block) {
        let Some(Open { source, stream, splitter, has_records }) = &mut self.open else { return };
        let max_record = self.settings.max_record;
        let first = block.records.len();
        let is_first = !*has_records;
        let start = block.text().len();
        let mut from = start;
        block.append(&self.carry, max_record);
        self.carry.clear();
        let next = loop {
            match stream.read(block.room(max_record)) {
                Ok(len) => {
                    block.filled(len);
                    let rest = if stream.has_ended() { Rest::Nothing } else { Rest::Unread };
                    from += block.split(from, rest, splitter);
                    *has_records |= block.records.len() > first;
                    if rest == Rest::Nothing && from == block.text().len() {
                        break if *has_records { Next::Eof } else { Next::Empty };
                    }
                }
                Err(error) => {
                    let damage = damage(&error);
                    end_unreadable(block, from, damage, splitter);
                    break if damage.is_some() { Next::Eof } else { Next::Unreadable(error) };
                }
            }
            if block.records.len() > first {
                break Next::More;
            }
            // What was taken and is in no record is not needed: a part of one that is too large.
            block.remove(start..from);
            from = start;
        };
        let finished = !matches!(next, Next::More);
        if !finished {
            self.carry.extend_from_slice(&block.text()[from..]);
        }
        let is_whole = finished && is_first;
        block.parts.push(Part { source: Arc::clone(source), end: block.records.len(), is_whole, next });
        if finished {
            self.open = None;
        }
    }
}

/// The damage that makes a reject of the rest. An encrypted member, an unsupported method or a failing system does not.
fn damage(error: &io::Error) -> Option<Damage> {
    Damage::of(error).filter(|damage| !matches!(damage, Damage::Encrypted | Damage::Method(_)))
}

/// Splits off complete records. The rest is kept in the reject that says that no more can be read.
fn end_unreadable(block: &mut Block, mut from: usize, damage: Option<Damage>, splitter: &mut Splitter) {
    splitter.look_again();
    while let taken @ 1.. = block.split(from, Rest::Unread, splitter) {
        from += taken;
    }
    let end = block.text().len();
    if damage.is_some() || from < end {
        block.records.push(splitter.damaged(damage, from, end));
    }
}
