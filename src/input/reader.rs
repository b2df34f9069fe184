//! Reading sources into numbered blocks of whole records, which can then be converted side by side.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::input::decode::Stream;
use crate::input::record::{Kind, Record};
use crate::input::source::Source;
use crate::input::split::{Layout, Splitter};
use crate::sys::signals::Signals;

/// How much is read at a time.
const READ_BYTES: usize = 256 << 10;

/// Above this a buffer is given back once the record that needed it is done.
const KEPT_BYTES: usize = 1 << 20;

/// Small sources are read into one block until this much is in it.
const SHARED_BYTES: usize = 64 << 10;

/// Whole records, of one source or several small ones.
#[derive(Debug, Default)]
pub struct Block {
    /// Its place in the order of blocks, from 0.
    pub number: u64,
    /// The text of the records, and room for more.
    bytes: Vec<u8>,
    /// How much of it was read.
    pub len: usize,
    /// The records, in their order.
    pub records: Vec<Record>,
    /// Which records are of which source.
    pub parts: Vec<Part>,
}

/// The records of one source in a block.
#[derive(Debug)]
pub struct Part {
    /// The source.
    pub source: Arc<Source>,
    /// One past its last record in the block.
    pub end: usize,
    /// Whether the source was read to its end, or as far as it goes.
    pub finished: bool,
    /// Why it cannot be read, or not further.
    pub error: Option<io::Error>,
}

impl Block {
    /// The text that was read.
    pub fn text(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    fn clear(&mut self) {
        if self.bytes.len() > KEPT_BYTES {
            self.bytes = Vec::new();
        }
        self.len = 0;
        self.records.clear();
        self.parts.clear();
    }

    fn append(&mut self, text: &[u8], max_record: usize) {
        while self.room(max_record).len() < text.len() {
            self.bytes.resize(self.bytes.len() + text.len(), 0);
        }
        self.bytes[self.len..self.len + text.len()].copy_from_slice(text);
        self.len += text.len();
    }

    /// Cuts records off what was read from an index on, and gives how much they take.
    fn split(&mut self, from: usize, end: bool, splitter: &mut Splitter) -> usize {
        let known = self.records.len();
        let taken = splitter.split(&self.bytes[from..self.len], end, &mut self.records);
        for record in &mut self.records[known..] {
            (record.start, record.end) = (record.start + from, record.end + from);
        }
        taken
    }

    /// The same when nothing can be read behind it: what came of the next record is kept with the reject
    /// that says so.
    fn split_damaged(&mut self, mut from: usize, was_read: bool, splitter: &mut Splitter) {
        loop {
            let taken = self.split(from, false, splitter);
            from += taken;
            if taken == 0 {
                break;
            }
        }
        // Of an input that cannot be read nothing is rejected but what was read.
        if was_read || from < self.len {
            self.records.push(splitter.record(Kind::Damaged, from, self.len, true));
        }
    }

    /// Room for at least one more byte, growing to what the largest record needs and little beyond.
    fn room(&mut self, max_record: usize) -> &mut [u8] {
        if self.bytes.is_empty() {
            // Pages that the system zeroes when they are used, and only then.
            self.bytes = vec![0; READ_BYTES];
        }
        if self.len == self.bytes.len() {
            let enough = max_record.saturating_add(2 * READ_BYTES);
            let size = (2 * self.len).min(enough).max(self.len + READ_BYTES);
            self.bytes.reserve_exact(size - self.len);
            self.bytes.resize(size, 0);
        }
        &mut self.bytes[self.len..]
    }
}

/// How sources are read.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// What they hold.
    pub layout: Layout,
    /// The most bytes that a record may have.
    pub max_record: usize,
    /// Whether a block holds records of one source only.
    pub apart: bool,
}

/// Reads sources one after the other.
pub struct Reader {
    settings: Settings,
    sources: std::vec::IntoIter<Source>,
    interrupt: Arc<Signals>,
    read: Arc<AtomicU64>,
    open: Option<Open>,
    /// What was read of a record that is not complete.
    carry: Vec<u8>,
    blocks: u64,
}

struct Open {
    source: Arc<Source>,
    stream: Stream,
    splitter: Splitter,
}

impl Reader {
    /// A reader of these sources; `read` counts the bytes read of them.
    pub fn new(
        sources: Vec<Source>,
        settings: Settings,
        interrupt: Arc<Signals>,
        read: Arc<AtomicU64>,
    ) -> Reader {
        let sources = sources.into_iter();
        Reader { settings, sources, interrupt, read, open: None, carry: Vec::new(), blocks: 0 }
    }

    /// Fills a block with the next records; `false` when there are none.
    ///
    /// A block is handed out as soon as there is a record in it and reading on might mean waiting.
    pub fn fill(&mut self, block: &mut Block) -> bool {
        block.clear();
        while block.len < SHARED_BYTES && (self.open.is_some() || self.open_next(block)) {
            let Some(open) = &self.open else { continue };
            // What is complete does not wait for what may keep us waiting.
            if !block.parts.is_empty() && (self.settings.apart || open.stream.may_wait()) {
                break;
            }
            self.read(block);
            if self.open.is_some() {
                break;
            }
        }
        block.number = self.blocks;
        self.blocks += 1;
        !block.parts.is_empty()
    }

    /// Whether nothing is left to be read, as far as that is known without reading.
    pub fn is_done(&self) -> bool {
        self.open.is_none() && self.sources.len() == 0
    }

    /// Opens the next source; one that cannot be opened becomes an empty part.
    fn open_next(&mut self, block: &mut Block) -> bool {
        let Some(source) = self.sources.next() else { return false };
        let source = Arc::new(source);
        let stream = source.open().and_then(|file| Stream::new(file, &self.interrupt, &self.read));
        match stream {
            Ok(stream) => {
                let splitter = Splitter::new(self.settings.layout, self.settings.max_record);
                self.open = Some(Open { source, stream, splitter });
            }
            Err(error) => {
                block.parts.push(Part {
                    source,
                    end: block.records.len(),
                    finished: true,
                    error: Some(error),
                });
            }
        }
        true
    }

    /// Reads the open source until there are records or it ends.
    fn read(&mut self, block: &mut Block) {
        let Some(Open { source, stream, splitter }) = &mut self.open else { return };
        let max_record = self.settings.max_record;
        let first = block.records.len();
        let mut from = block.len;
        block.append(&self.carry, max_record);
        self.carry.clear();
        let (finished, error) = loop {
            match stream.read(block.room(max_record)) {
                Ok(len) => {
                    block.len += len;
                    from += block.split(from, len == 0, splitter);
                    if len == 0 && from == block.len {
                        break (true, None);
                    }
                }
                Err(error) => {
                    // A damaged archive was read; one that the system fails on was not.
                    let was_read = stream.is_compressed() && error.raw_os_error().is_none();
                    block.split_damaged(from, was_read, splitter);
                    break (true, Some(error).filter(|_| !was_read));
                }
            }
            if block.records.len() > first {
                break (false, None);
            }
            if from == block.len && first == 0 {
                // All of it belonged to a record that is too large.
                (block.len, from) = (0, 0);
            }
        };
        if !finished {
            self.carry.extend_from_slice(&block.bytes[from..block.len]);
        }
        block.parts.push(Part { source: Arc::clone(source), end: block.records.len(), finished, error });
        if finished {
            self.open = None;
        }
    }
}
