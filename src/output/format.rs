//! How events are put together: one a line, one array, or request bodies.

use crate::output::file::{OutputError, OutputFile};
use crate::output::pretty::Style;

/// What `--format` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One event a line.
    Ndjson,
    /// One array.
    Json,
    /// Bodies for `/v1/batch`, one a line, each at most this many bytes long.
    Batch(usize),
}

const BATCH_OPEN: &[u8] = b"{\"batch\":[";
const BATCH_CLOSE: &[u8] = b"]}";

impl Format {
    /// The longest event that there is room for, if there is such a limit.
    pub fn max_event(self) -> Option<usize> {
        match self {
            Format::Batch(bytes) => Some(bytes.saturating_sub(BATCH_OPEN.len() + BATCH_CLOSE.len())),
            _ => None,
        }
    }
}

/// Writes event lines in a format.
#[derive(Debug)]
pub struct Writer {
    format: Format,
    target: OutputFile,
    style: Option<Style>,
    /// Whether an event was written, or is in the buffer.
    any: bool,
    buffer: Vec<u8>,
    bytes: u64,
}

impl Writer {
    /// A writer of a format, for people where there is a style.
    pub fn new(format: Format, target: OutputFile, style: Option<Style>) -> Writer {
        Writer { format, target, style, any: false, buffer: Vec::new(), bytes: 0 }
    }

    /// How many bytes were written.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Writes events, each of which ends in a line feed.
    ///
    /// # Errors
    /// When the target fails.
    pub fn write(&mut self, lines: &[u8]) -> Result<(), OutputError> {
        if lines.is_empty() {
            return Ok(());
        }
        if self.format == Format::Ndjson && self.style.is_none() {
            self.bytes += lines.len() as u64;
            return self.target.write(lines);
        }
        let mut rest = lines;
        while let Some(len) = memchr::memchr(b'\n', rest) {
            self.event(&rest[..len])?;
            rest = &rest[len + 1..];
        }
        match self.format {
            Format::Batch(_) => Ok(()),
            _ => self.flush(),
        }
    }

    fn event(&mut self, event: &[u8]) -> Result<(), OutputError> {
        match self.format {
            Format::Ndjson => {}
            Format::Json => self.buffer.extend_from_slice(if self.any { b",\n" } else { b"[\n" }),
            Format::Batch(limit) => {
                // With a comma before the event and what closes the body behind it.
                if self.any && self.buffer.len() + 1 + event.len() + BATCH_CLOSE.len() > limit {
                    self.close_body()?;
                }
                self.buffer.extend_from_slice(if self.any { b"," } else { BATCH_OPEN });
            }
        }
        self.any = true;
        match self.style {
            Some(style) => style.render(event, &mut self.buffer),
            None => self.buffer.extend_from_slice(event),
        }
        if self.format == Format::Ndjson {
            self.buffer.push(b'\n');
        }
        Ok(())
    }

    fn close_body(&mut self) -> Result<(), OutputError> {
        self.any = false;
        self.buffer.extend_from_slice(BATCH_CLOSE);
        self.buffer.push(b'\n');
        self.flush()
    }

    fn flush(&mut self) -> Result<(), OutputError> {
        self.bytes += self.buffer.len() as u64;
        self.target.write(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }

    /// Writes what closes the output, and puts it in place. Gives how many bytes it has.
    ///
    /// # Errors
    /// When the target fails.
    pub fn finish(mut self) -> Result<u64, OutputError> {
        match (self.format, self.any) {
            (Format::Ndjson, _) | (Format::Batch(_), false) => {}
            (Format::Json, any) => self.buffer.extend_from_slice(if any { b"\n]\n" } else { b"[]\n" }),
            (Format::Batch(_), true) => self.close_body()?,
        }
        self.flush()?;
        self.target.finish()?;
        Ok(self.bytes)
    }
}
