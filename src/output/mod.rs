//! From event lines to files and streams: one file for each format.

pub mod batch;
pub mod destination;
pub mod directory;
pub mod json;
pub mod log;
pub mod ndjson;
pub mod pretty;
pub mod sink;
pub mod target;
pub mod writer;

use crate::output::pretty::Style;

/// A format of events.
pub trait Format: std::fmt::Debug + Send {
    /// The text to write for events, one per line. It may use the buffer, which is empty.
    fn events<'a>(&mut self, lines: &'a [u8], buffer: &'a mut Vec<u8>) -> &'a [u8];

    /// Appends what ends the output.
    fn end(&mut self, buffer: &mut Vec<u8>);
}

/// The values of `--format`; their comments are its help.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum FormatName {
    /// One event per line
    #[default]
    #[value(alias = "jsonl")]
    Ndjson,
    /// One array of events
    Json,
    /// One request body per line, for RudderStack's /v1/batch
    Batch,
}

/// A format and what it depends on.
#[derive(Clone, Copy, Debug, Default)]
pub struct FormatOptions {
    pub name: FormatName,
    /// For events that people read.
    pub style: Option<Style>,
    /// The length of a request body.
    pub max_body: usize,
}

impl FormatOptions {
    pub fn format(self) -> Box<dyn Format> {
        match self.name {
            FormatName::Ndjson => Box::new(ndjson::Ndjson::new(self.style)),
            FormatName::Json => Box::new(json::Json::new(self.style)),
            FormatName::Batch => Box::new(batch::Batch::new(self.max_body)),
        }
    }
}

/// The events in lines.
fn each_line(lines: &[u8]) -> impl Iterator<Item = &[u8]> {
    lines.split_inclusive(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\n").unwrap_or(line))
}
