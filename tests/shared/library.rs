//! All that tests, benchmarks and fuzzing use of the library: no other file of theirs names its modules.

use std::collections::VecDeque;
use std::io::Read;
use std::ops::Range;
use std::sync::Arc;

pub use olark2rudder::convert::chat_events::{CHAT_EVENTS, ChatEvent};
pub use olark2rudder::convert::converter::Converter;
pub use olark2rudder::convert::mapping::{CHAT_ROWS, Mapping, ROWS, Row, Via};
pub use olark2rudder::convert::options::MappingOptions;
pub use olark2rudder::convert::plan::Plan;
pub use olark2rudder::convert::reason::Code;
pub use olark2rudder::explain::inputs::INPUTS;
pub use olark2rudder::input::archive::tar::{Tar, is_tar, may_be_tar};
pub use olark2rudder::input::archive::{Member, MemberKind};
pub use olark2rudder::input::compression::{Decoder, Head, recognize};
pub use olark2rudder::input::damage::{Damage, Format};
pub use olark2rudder::records::block::Block;
pub use olark2rudder::records::layout::InputFormat as Layout;
pub use olark2rudder::records::reader::Reader;
pub use olark2rudder::records::record::Kind;
pub use olark2rudder::records::table::cells::{CellQuoting, Dialect};
pub use olark2rudder::report::counts::Counts;

use olark2rudder::convert::mapping::EVENT_SETS;
use olark2rudder::convert::options::Timestamp;
use olark2rudder::convert::warning::{Warning, WarningCode};
use olark2rudder::input::file::Waiting;
use olark2rudder::input::source::Source;
use olark2rudder::input::stream::Stream;
use olark2rudder::options::{Hints, OnReject, WorkerOptions};
use olark2rudder::records::layout::Rest;
use olark2rudder::records::reader::Settings;
use olark2rudder::records::record::Record;
use olark2rudder::records::splitter::Splitter;
use olark2rudder::report::message::{MessageKind, RejectText};
use olark2rudder::run::block_output::BlockOutput;
use olark2rudder::run::worker::Worker;
use strum::VariantArray;

/// A payload that was converted.
#[derive(Debug, PartialEq)]
pub struct Converted {
    /// How much of the text it was.
    pub len: usize,
    pub events: usize,
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
        /// Where in its record it was found, if it is not the record itself.
        inside: Option<&'b str>,
        line: u64,
        column: Option<u64>,
        offset: usize,
        len: usize,
        code: Code,
        reason: &'b str,
        text: &'b [u8],
    },
}

pub const MAPPINGS: [Mapping; 3] = [Mapping::Standard, Mapping::Full, Mapping::Live];

/// The default options, except for the mapping.
pub fn by(mapping: Mapping) -> MappingOptions {
    MappingOptions { mapping, ..MappingOptions::default() }
}

/// A mapping, and what else may change an event; extras are `SOURCE=TARGET`.
pub fn options(mapping: Mapping, timestamp: bool, extras: &[&str]) -> MappingOptions {
    let extra_rows = extras.iter().map(|extra| extra.parse().unwrap()).collect();
    let timestamp = if timestamp { Timestamp::LatestItem } else { Timestamp::None };
    MappingOptions { timestamp, extra_rows, ..by(mapping) }
}

/// The same, for the events that `--events` calls by this name.
pub fn of(name: &str, options: &MappingOptions) -> MappingOptions {
    let set = EVENT_SETS.iter().find(|set| set.name == name).unwrap();
    MappingOptions { events: set.events.to_vec(), ..options.clone() }
}

/// The same, for a user that one of these fields names.
pub fn by_user(paths: &str, options: MappingOptions) -> MappingOptions {
    let paths = paths.split(',').map(|path| path.into()).collect();
    MappingOptions { user_ids: paths, ..options }
}

/// Converts one payload; its events are appended.
pub fn convert(
    converter: &mut Converter,
    payload: &[u8],
    events: &mut Vec<u8>,
) -> Result<Converted, Rejected> {
    match converter.convert(payload, events) {
        Ok(done) => {
            let warnings = done.warnings.kept().iter().map(name).collect();
            Ok(Converted { len: done.len, events: done.events.iter().sum::<u64>() as usize, warnings })
        }
        Err(reason) => Err(Rejected { code: reason.code.name(), reason: reason.message, at: reason.at }),
    }
}

/// The names of all kinds of rejects and warnings.
pub fn code_names() -> impl Iterator<Item = &'static str> {
    let warnings = WarningCode::VARIANTS.iter().map(|code| code.into());
    Code::VARIANTS.iter().map(|code| code.name()).chain(warnings)
}

fn name(warning: &Warning) -> &'static str {
    warning.code().into()
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
            offset: record.place.offset as usize,
            line: record.place.line,
            column: record.place.column,
            ends_source: record.may_be_cut_off,
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
        matches!(self.kind, Kind::Objects)
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
        let rest = if piece.is_none() { Rest::Nothing } else { Rest::Unread };
        let taken = splitter.split(&at_hand, rest, &mut records);
        cuts.extend(records.iter().map(|record| Cut::new(record, &at_hand)));
        at_hand.drain(..taken);
    }
    assert_eq!(at_hand, b"", "something is left over");
    cuts
}

/// Where the records of a whole source stand in it.
pub fn cut_whole(text: &[u8], max_record: usize) -> impl Iterator<Item = Range<usize>> {
    let mut records = Vec::new();
    Splitter::new(Layout::Auto, max_record).split(text, Rest::Nothing, &mut records);
    records.into_iter().map(|record| record.start..record.end)
}

/// Reads anything as a run does.
pub fn reader(read: impl Read + Send + 'static, layout: Layout, max_record: usize) -> Reader {
    let settings = Settings { format: layout, max_record, shares_blocks: true };
    let stream = Stream::new(read, Waiting::Never);
    let sources = std::iter::once((Arc::new(Source::stdin()), Ok(stream)));
    Reader::new(Box::new(sources), settings)
}

/// A source that arrives in pieces, each of them in one read if there is room for it.
pub struct Pieces(VecDeque<Vec<u8>>);

impl Pieces {
    pub fn of(pieces: &[&[u8]]) -> Pieces {
        Pieces(pieces.iter().filter(|piece| !piece.is_empty()).map(|piece| piece.to_vec()).collect())
    }
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let Some(piece) = self.0.front_mut() else { return Ok(0) };
        let len = piece.len().min(buffer.len());
        buffer[..len].copy_from_slice(&piece[..len]);
        piece.drain(..len);
        if piece.is_empty() {
            self.0.pop_front();
        }
        Ok(len)
    }
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
        static OPTIONS: WorkerOptions = WorkerOptions {
            on_reject: OnReject::GoOn,
            explain: None,
            at: None,
            hints: Hints::Shown,
            line: None,
        };
        BlockConverter { worker: Worker::new(plan, &OPTIONS), output: BlockOutput::default() }
    }

    pub fn convert(&mut self, block: &Block) {
        // Its blocks are small: nothing is written before they are done.
        self.worker.convert(block, &mut self.output, &mut |_, _| ());
    }

    pub fn events(&self) -> &[u8] {
        &self.output.events
    }

    pub fn counts(&self) -> &Counts {
        &self.output.counts
    }

    pub fn diagnostics<'b>(&'b self, block: &'b Block) -> impl Iterator<Item = Diagnostic<'b>> {
        self.output.messages.iter().filter_map(|message| {
            let location = &message.location;
            let line = location.line;
            Some(match &message.kind {
                MessageKind::MoreWarnings(_) => return None,
                MessageKind::Warning(warning) => Diagnostic::Warning { line, name: name(warning) },
                MessageKind::Reject(reject) => {
                    let (len, text) = match &reject.text {
                        RejectText::Block(range) => (range.len(), &block.text()[range.clone()]),
                        RejectText::Decoded(text) => (text.len(), text.as_slice()),
                        RejectText::Dropped(bytes) => (*bytes as usize, &[] as &[u8]),
                    };
                    Diagnostic::Reject {
                        inside: location.inside.as_ref().map(|inside| &*inside.path),
                        line,
                        column: location.column,
                        offset: reject.offset as usize,
                        len,
                        code: reject.reason.code,
                        reason: &reject.reason.message,
                        text,
                    }
                }
            })
        })
    }
}
