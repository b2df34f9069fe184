//! Reading sources into numbered blocks of whole records, which can then be converted side by side.

use std::io;
use std::sync::Arc;

use crate::input::block::{Block, Next, Part};
use crate::input::source::Source;
use crate::input::split::{Eof, Layout, Splitter};
use crate::input::stream::{Compression, Stream, Waiting};

/// Small sources are read into one block until this much is in it.
const SHARED_BYTES: usize = 64 << 10;

/// Whether a block may hold records of several sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// Small sources share one.
    Shared,
    /// Each source has its own.
    Apart,
}

/// How sources are read.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// What they hold.
    pub layout: Layout,
    /// The most bytes that a record may have.
    pub max_record: usize,
    /// Whether small sources share a block.
    pub sharing: Sharing,
}

/// A source and its bytes.
pub type Opened = (Arc<Source>, io::Result<Stream>);

/// Reads sources one after the other.
pub struct Reader {
    settings: Settings,
    sources: Box<dyn Iterator<Item = Opened> + Send>,
    open: Option<Open>,
    /// What was read of a record that is not complete.
    carry: Vec<u8>,
}

struct Open {
    source: Arc<Source>,
    stream: Stream,
    splitter: Splitter,
    /// Whether there was a record in it.
    has_records: bool,
}

impl Reader {
    /// A reader of these sources, each of which is opened when its turn comes.
    pub fn new(sources: impl Iterator<Item = Opened> + Send + 'static, settings: Settings) -> Reader {
        Reader { settings, sources: Box::new(sources), open: None, carry: Vec::new() }
    }

    /// Fills a block with the next records; `false` when there are none.
    ///
    /// A block is handed out as soon as there is a record in it and reading on might mean waiting.
    pub fn fill(&mut self, block: &mut Block) -> bool {
        block.clear();
        while block.text().len() < SHARED_BYTES && (self.open.is_some() || self.open_next(block)) {
            let Some(open) = &self.open else { continue };
            // What is complete does not wait for what may keep us waiting.
            let apart = self.settings.sharing == Sharing::Apart || open.stream.waiting() == Waiting::Possible;
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

    /// Whether nothing is left to be read, as far as that is known without reading.
    pub fn is_done(&self) -> bool {
        self.open.is_none() && self.sources.size_hint().1 == Some(0)
    }

    /// Opens the next source; one that cannot be opened becomes an empty part.
    fn open_next(&mut self, block: &mut Block) -> bool {
        let Some((source, stream)) = self.sources.next() else { return false };
        match stream {
            Ok(stream) => {
                let splitter = Splitter::new(self.settings.layout, self.settings.max_record);
                self.open = Some(Open { source, stream, splitter, has_records: false });
            }
            Err(error) => {
                let (end, next) = (block.records.len(), Next::Unreadable(error));
                block.parts.push(Part { source, end, next });
            }
        }
        true
    }

    /// Reads the open source until there are records or it ends.
    fn read(&mut self, block: &mut Block) {
        let Some(Open { source, stream, splitter, has_records }) = &mut self.open else { return };
        let max_record = self.settings.max_record;
        let first = block.records.len();
        let mut from = block.text().len();
        block.append(&self.carry, max_record);
        self.carry.clear();
        let next = loop {
            match stream.read(block.room(max_record)) {
                Ok(len) => {
                    block.filled(len);
                    let eof = if len == 0 { Eof::Reached } else { Eof::NotYet };
                    from += block.split(from, eof, splitter);
                    *has_records |= block.records.len() > first;
                    if len == 0 && from == block.text().len() {
                        break if *has_records { Next::Eof } else { Next::Empty };
                    }
                }
                Err(error) => {
                    let unreadable = error_of(&error, stream.compression());
                    end_damaged(block, from, unreadable, splitter);
                    break match unreadable {
                        Unreadable::Damaged => Next::Eof,
                        Unreadable::System => Next::Unreadable(error),
                    };
                }
            }
            if block.records.len() > first {
                break Next::More;
            }
            if from == block.text().len() && first == 0 {
                // All of it belonged to a record that is too large.
                block.truncate(0);
                from = 0;
            }
        };
        let finished = !matches!(next, Next::More);
        if !finished {
            self.carry.extend_from_slice(&block.text()[from..]);
        }
        block.parts.push(Part { source: Arc::clone(source), end: block.records.len(), next });
        if finished {
            self.open = None;
        }
    }
}

/// Why a source cannot be read further.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unreadable {
    /// It is compressed, and damaged or cut off: a reject, since it was read.
    Damaged,
    /// The system fails.
    System,
}

fn error_of(error: &io::Error, compression: Compression) -> Unreadable {
    match compression == Compression::Some && error.raw_os_error().is_none() {
        true => Unreadable::Damaged,
        false => Unreadable::System,
    }
}

/// Splits off what is complete. What came of the next record is kept with the reject that says that no more can be
/// read.
fn end_damaged(block: &mut Block, mut from: usize, unreadable: Unreadable, splitter: &mut Splitter) {
    loop {
        let taken = block.split(from, Eof::NotYet, splitter);
        from += taken;
        if taken == 0 {
            break;
        }
    }
    let end = block.text().len();
    if unreadable == Unreadable::Damaged || from < end {
        block.records.push(splitter.damaged(from, end));
    }
}
