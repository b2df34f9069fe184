//! Events written to one destination in one format.

use crate::output::Format;
use crate::output::destination::{Complete, Destination, OutputError};

/// A buffer larger than this is freed once it is written.
const KEPT_BYTES: usize = 1 << 20;

/// Writes event lines in a format.
#[derive(Debug)]
pub struct Writer {
    format: Box<dyn Format>,
    destination: Destination,
    buffer: Vec<u8>,
    bytes: u64,
}

/// Whether everything was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// It was.
    Whole,
    /// The run stopped before.
    Partial,
}

impl Writer {
    /// A writer of a format.
    pub fn new(format: Box<dyn Format>, destination: Destination) -> Writer {
        Writer { format, destination, buffer: Vec::new(), bytes: 0 }
    }

    /// Writes events, each of which ends in a line feed.
    ///
    /// # Errors
    /// When the destination fails.
    pub fn write(&mut self, lines: &[u8]) -> Result<(), OutputError> {
        self.buffer.clear();
        let text = self.format.events(lines, &mut self.buffer);
        self.bytes += text.len() as u64;
        self.destination.write(text)?;
        self.buffer.shrink_to(KEPT_BYTES);
        Ok(())
    }

    /// Writes what ends the output, and gives how many bytes it has. A file is put in place only if it is whole;
    /// a stream is ended in any case, so that what reads it finds no half array.
    ///
    /// # Errors
    /// When the destination fails.
    pub fn finish(mut self, completeness: Completeness) -> Result<u64, OutputError> {
        if completeness == Completeness::Partial && !self.destination.is_direct() {
            return Ok(0);
        }
        self.end()?;
        self.destination.finish()?;
        Ok(self.bytes)
    }

    /// Writes what ends the output, and gives how many bytes it has, and the file that is still to be put in place.
    ///
    /// # Errors
    /// When the destination fails.
    pub fn complete(mut self) -> Result<(u64, Option<Complete>), OutputError> {
        self.end()?;
        Ok((self.bytes, self.destination.complete()?))
    }

    fn end(&mut self) -> Result<(), OutputError> {
        self.buffer.clear();
        self.format.end(&mut self.buffer);
        self.bytes += self.buffer.len() as u64;
        self.destination.write(&self.buffer)
    }
}
