//! All that tests, benchmarks and fuzzing use of the library: no other file of theirs names its modules.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, LazyLock};

pub use olark2rudder::convert::converter::Converter;
pub use olark2rudder::convert::mapping::{Mapping, ROWS, Via, rows};
pub use olark2rudder::convert::options::MappingOptions;
pub use olark2rudder::convert::plan::Plan;
pub use olark2rudder::convert::reason::Code;
pub use olark2rudder::input::reader::{Block, Reader};
pub use olark2rudder::input::record::Kind;
pub use olark2rudder::input::split::Layout;
pub use olark2rudder::report::outcome::Counts;

use olark2rudder::convert::reason::Warning;
use olark2rudder::input::reader::Settings;
use olark2rudder::input::record::Record;
use olark2rudder::input::source::Source;
use olark2rudder::input::split::Splitter;
use olark2rudder::report::outcome::{BlockOutput, Diagnostic as Told, What};
use olark2rudder::run::worker::Worker;
use olark2rudder::sys::signals::Signals;

/// A payload that was converted.
#[derive(Debug, PartialEq)]
pub struct Converted {
    /// How much of the text it was.
    pub len: usize,
    pub groups: usize,
    pub warnings: Vec<&'static str>,
}

/// A payload that was not.
#[derive(Clone, Debug, PartialEq)]
pub struct Rejected {
    pub code: &'static str,
    pub reason: String,
    /// The byte where it is wrong.
    pub at: Option<usize>,
}

/// What is wrong with a record, and where.
pub enum Diagnostic<'b> {
    Warning {
        line: u64,
        name: &'static str,
    },
    Reject {
        line: u64,
        column: Option<u64>,
        offset: usize,
        len: usize,
        code: Code,
        reason: &'b str,
        text: &'b [u8],
    },
}

static INTERRUPT: LazyLock<Arc<Signals>> = LazyLock::new(|| Arc::new(Signals::watch().unwrap()));

/// MappingOptions that are the defaults, but for the mapping.
pub fn by(mapping: Mapping) -> MappingOptions {
    MappingOptions { mapping, ..MappingOptions::default() }
}

/// A mapping, and what else may change an event; extras are `SOURCE=TARGET`.
pub fn options(mapping: Mapping, timestamp: bool, extras: &[&str]) -> MappingOptions {
    let extras = extras.iter().map(|extra| extra.parse().unwrap()).collect();
    MappingOptions { timestamp, extras, ..by(mapping) }
}

/// Converts one payload; its events are appended.
pub fn convert(
    converter: &mut Converter,
    payload: &[u8],
    events: &mut Vec<u8>,
) -> Result<Converted, Rejected> {
    match converter.convert(payload, false, events) {
        Ok(done) => {
            let warnings = done.warnings.iter().map(name).collect();
            Ok(Converted { len: done.end, groups: done.groups, warnings })
        }
        Err(reject) => Err(Rejected { code: reject.code.name(), reason: reject.reason, at: reject.at }),
    }
}

fn name(warning: &Warning) -> &'static str {
    Warning::NAMES[warning.index()]
}

/// A record that a source was cut into.
#[derive(Clone, Debug, PartialEq)]
pub struct Cut {
    pub kind: Kind,
    pub offset: usize,
    pub line: u64,
    pub column: u64,
    /// Whether the source ends with it, and not as a line does.
    pub ends_source: bool,
    pub text: Vec<u8>,
}

impl Cut {
    fn new(record: &Record, text: &[u8]) -> Cut {
        Cut {
            kind: record.kind,
            offset: record.offset as usize,
            line: record.line,
            column: record.column,
            ends_source: record.cut,
            text: text[record.start..record.end].to_vec(),
        }
    }

    /// How many bytes of its source it is.
    pub fn len(&self) -> usize {
        match self.kind {
            Kind::TooLarge(bytes) | Kind::Encoding(_, bytes) => bytes as usize,
            _ => self.text.len(),
        }
    }

    /// Whether it is objects, one or more on their line.
    pub fn is_objects(&self) -> bool {
        matches!(self.kind, Kind::Json)
    }
}

/// Cuts a source that arrives in pieces. Its end is known only when there is nothing more to read, as it is for
/// a reader.
pub fn cut(pieces: &[&[u8]], layout: Layout, max_record: usize) -> Vec<Cut> {
    let mut splitter = Splitter::new(layout, max_record);
    let (mut cuts, mut at_hand) = (Vec::new(), Vec::new());
    for piece in pieces.iter().map(Some).chain([None]) {
        at_hand.extend_from_slice(piece.copied().unwrap_or_default());
        let mut records = Vec::new();
        let taken = splitter.split(&at_hand, piece.is_none(), &mut records);
        cuts.extend(records.iter().map(|record| Cut::new(record, &at_hand)));
        at_hand.drain(..taken);
    }
    assert_eq!(at_hand, b"", "something is left over");
    cuts
}

/// Where the records of a whole source stand in it.
pub fn cut_whole(text: &[u8], max_record: usize) -> impl Iterator<Item = Range<usize>> {
    let mut records = Vec::new();
    Splitter::new(Layout::Auto, max_record).split(text, true, &mut records);
    records.into_iter().map(|record| record.start..record.end)
}

/// Reads a file as a run does.
pub fn reader(path: PathBuf, layout: Layout, max_record: usize) -> Reader {
    let source = Source { path: Some(path), relative: "source".into() };
    let settings = Settings { layout, max_record, apart: false };
    Reader::new(vec![source], settings, Arc::clone(&INTERRUPT), Arc::new(AtomicU64::new(0)))
}

/// Reads the next block; `false` at the end.
pub fn read(reader: &mut Reader, block: &mut Block) -> bool {
    reader.fill(block)
}

/// The records of a block.
pub fn records(block: &Block) -> impl Iterator<Item = Cut> {
    block.records.iter().map(|record| Cut::new(record, block.text()))
}

/// Converts blocks as a thread of a run does, and holds what became of the last one.
pub struct BlockConverter<'p> {
    worker: Worker<'p>,
    output: BlockOutput,
}

impl<'p> BlockConverter<'p> {
    pub fn new(plan: &'p Plan) -> Self {
        BlockConverter { worker: Worker::new(plan, false, None), output: BlockOutput::default() }
    }

    pub fn convert(&mut self, block: &Block) {
        self.worker.convert(block, &mut self.output);
    }

    pub fn events(&self) -> &[u8] {
        &self.output.events
    }

    pub fn counts(&self) -> &Counts {
        &self.output.tally
    }

    pub fn diagnostics<'b>(&'b self, block: &'b Block) -> impl Iterator<Item = Diagnostic<'b>> {
        self.output.notices.iter().map(|Told { line, what, .. }| match what {
            What::Warning(warning) => Diagnostic::Warning { line: *line, name: name(warning) },
            What::Reject(reject) => Diagnostic::Reject {
                line: *line,
                column: reject.column,
                offset: reject.offset as usize,
                len: reject.bytes.map_or(reject.text.len(), |bytes| bytes as usize),
                code: reject.code,
                reason: &reject.reason,
                text: &block.text()[reject.text.clone()],
            },
        })
    }
}
