//! From event lines to files and streams: one file for each format.

pub mod batch;
pub mod destination;
pub mod json;
pub mod log;
pub mod ndjson;
pub mod pretty;
pub mod sink;
pub mod writer;

use crate::output::pretty::Style;

/// How events are put together.
pub trait Format: std::fmt::Debug + Send {
    /// What to write for events, one per line. It may use the buffer, which is empty.
    fn events<'a>(&mut self, lines: &'a [u8], buffer: &'a mut Vec<u8>) -> &'a [u8];

    /// Appends what ends the output.
    fn end(&mut self, buffer: &mut Vec<u8>);
}

/// What `--format` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormatName {
    /// One event a line.
    Ndjson,
    /// One array.
    Json,
    /// Bodies for `/v1/batch`, one a line, each at most this many bytes long.
    Batch(usize),
}

impl FormatName {
    /// The format, for people where there is a style.
    pub fn format(self, style: Option<Style>) -> Box<dyn Format> {
        match self {
            FormatName::Ndjson => Box::new(ndjson::Ndjson::new(style)),
            FormatName::Json => Box::new(json::Json::new(style)),
            FormatName::Batch(max_bytes) => Box::new(batch::Batch::new(max_bytes)),
        }
    }
}

/// The events in lines.
fn each_line(lines: &[u8]) -> impl Iterator<Item = &[u8]> {
    lines.split_inclusive(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\n").unwrap_or(line))
}
