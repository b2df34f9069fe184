//! Writes events to one destination in one format.

use crate::error::OutputError;
use crate::output::destination::Destination;
use crate::output::format::{FormatOptions, Formatter};

/// A buffer larger than this is freed once it is written.
const MAX_KEPT: usize = 1 << 20;

/// Writes event lines in a format.
#[derive(Debug)]
pub struct Writer {
    formatter: Formatter,
    destination: Destination,
    buffer: Vec<u8>,
    bytes: u64,
}

/// Whether all events were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Whole,
    Partial,
}

impl Writer {
    pub fn new(format: FormatOptions, destination: Destination) -> Writer {
        Writer { formatter: Formatter::new(format), destination, buffer: Vec::new(), bytes: 0 }
    }

    /// Writes events, each of which ends in a line feed.
    pub fn write(&mut self, lines: &[u8]) -> Result<(), OutputError> {
        self.buffer.clear();
        let text = self.formatter.events(lines, &mut self.buffer);
        self.bytes += text.len() as u64;
        self.destination.write(text)?;
        self.buffer.shrink_to(MAX_KEPT);
        Ok(())
    }

    /// The name of a file with something in it that would be replaced by one without events.
    pub fn emptied_file(&self) -> Option<&str> {
        let old = self.destination.staged_path()?.metadata().ok()?;
        (self.bytes == 0 && old.len() > 0).then_some(&self.destination.name)
    }

    /// Ends the output, and returns how many bytes it has. A file is committed only if it is whole; a stream is
    /// ended in any case, so that its reader finds no half array.
    pub fn finish(self, ending: Ending) -> Result<u64, OutputError> {
        if ending == Ending::Partial && !self.destination.is_direct() {
            return Ok(0);
        }
        let (bytes, destination) = self.end()?;
        destination.finish()?;
        Ok(bytes)
    }

    /// Ends the format, and returns how many bytes were written, and the destination.
    pub fn end(mut self) -> Result<(u64, Destination), OutputError> {
        self.buffer.clear();
        self.formatter.end(&mut self.buffer);
        self.destination.write(&self.buffer)?;
        Ok((self.bytes + self.buffer.len() as u64, self.destination))
    }
}
