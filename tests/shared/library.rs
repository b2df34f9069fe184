//! All that tests, benchmarks and fuzzing use of the library: no other file of theirs names its modules.

use std::path::PathBuf;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, LazyLock};

pub use olark2rudder::convert::converter::Converter;
pub use olark2rudder::convert::mapping::{Mapping, ROWS, Via, rows};
pub use olark2rudder::convert::options::MappingOptions;
pub use olark2rudder::convert::plan::Plan;
pub use olark2rudder::convert::reason::Code;
pub use olark2rudder::input::reader::{Block, Reader};
pub use olark2rudder::input::record::{Kind, Record};
pub use olark2rudder::input::split::{Layout, Splitter};
pub use olark2rudder::report::outcome::{BlockOutput, Counts};
pub use olark2rudder::run::worker::Worker;

use olark2rudder::convert::reason::Warning;
use olark2rudder::input::reader::Settings;
use olark2rudder::input::source::Source;
use olark2rudder::report::outcome::{Diagnostic as Told, What};
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

/// The mapping's choices, and what else may change an event; extras are `SOURCE=TARGET`.
pub fn choices(mapping: Mapping, timestamp: bool, extras: &[&str]) -> MappingOptions {
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

/// How many bytes of its source a record is, its text being these.
pub fn record_len(kind: Kind, text: &[u8]) -> usize {
    match kind {
        Kind::TooLarge(bytes) | Kind::Encoding(_, bytes) => bytes as usize,
        _ => text.len(),
    }
}

/// Reads a file as a run does.
pub fn reader(path: PathBuf, layout: Layout, max_record: usize) -> Reader {
    let source = Source { path: Some(path), relative: "source".into() };
    let settings = Settings { layout, max_record, apart: false };
    Reader::new(vec![source], settings, Arc::clone(&INTERRUPT), Arc::new(AtomicU64::new(0)))
}

/// What a thread of a run converts blocks with.
pub fn worker(plan: &Plan) -> Worker<'_> {
    Worker::new(plan, false, None)
}

/// What there is to be told of a block.
pub fn diagnostics<'b>(block: &'b Block, outcome: &'b BlockOutput) -> impl Iterator<Item = Diagnostic<'b>> {
    outcome.notices.iter().map(|Told { line, what, .. }| match what {
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
