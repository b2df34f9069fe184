//! `--format`: event lines become NDJSON, an array, or request bodies for RudderStack's `/v1/batch`.

use crate::output::pretty::Style;

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

/// The most bytes that the gateway accepts in one body.
pub const MAX_BODY: usize = 4_096_000;

const OPEN: &[u8] = b"{\"batch\":[";
const CLOSE: &[u8] = b"]}";

/// The longest event that a body of this many bytes has room for.
pub fn max_event(max_body: usize) -> usize {
    max_body.saturating_sub(OPEN.len() + CLOSE.len())
}

/// Formats the events of one output.
#[derive(Debug)]
pub struct Formatter {
    options: FormatOptions,
    /// Whether no event came yet.
    is_empty: bool,
    /// The request body that has room left; empty when there is none.
    body: Vec<u8>,
}

impl Formatter {
    pub fn new(options: FormatOptions) -> Formatter {
        Formatter { options, is_empty: true, body: Vec::new() }
    }

    /// The text to write for events, one per line. It may use the buffer, which is empty.
    pub fn events<'a>(&mut self, lines: &'a [u8], buffer: &'a mut Vec<u8>) -> &'a [u8] {
        let FormatOptions { name, style, max_body } = self.options;
        if name == FormatName::Ndjson && style.is_none() {
            return lines;
        }
        let render = |event: &[u8], buffer: &mut Vec<u8>| match style {
            Some(style) => style.render(event, buffer),
            None => buffer.extend_from_slice(event),
        };
        for line in lines.split_inclusive(|byte| *byte == b'\n') {
            let event = line.strip_suffix(b"\n").unwrap_or(line);
            match name {
                FormatName::Ndjson => {
                    render(event, buffer);
                    buffer.push(b'\n');
                }
                FormatName::Json => {
                    buffer.extend_from_slice(if self.is_empty { b"[\n" } else { b",\n" });
                    render(event, buffer);
                }
                FormatName::Batch => {
                    // With a comma before the event, and what closes the body after it.
                    if self.body.len() + 1 + event.len() + CLOSE.len() > max_body {
                        self.close_body(buffer);
                    }
                    self.body.extend_from_slice(if self.body.is_empty() { OPEN } else { b"," });
                    self.body.extend_from_slice(event);
                }
            }
            self.is_empty = false;
        }
        buffer
    }

    /// Appends what ends the output.
    pub fn end(&mut self, buffer: &mut Vec<u8>) {
        match self.options.name {
            FormatName::Ndjson => {}
            FormatName::Json => buffer.extend_from_slice(if self.is_empty { b"[]\n" } else { b"\n]\n" }),
            FormatName::Batch => self.close_body(buffer),
        }
    }

    fn close_body(&mut self, buffer: &mut Vec<u8>) {
        if !self.body.is_empty() {
            buffer.append(&mut self.body);
            buffer.extend_from_slice(CLOSE);
            buffer.push(b'\n');
        }
    }
}
