//! The output of events: one for all sources, one for each, or none.

use std::path::PathBuf;

use crate::error::OutputError;
use crate::output::directory::DirectoryWriter;
use crate::output::writer::{Ending, Writer};

/// The output of events.
#[derive(Debug)]
pub enum Sink {
    One(Writer),
    PerSource(DirectoryWriter),
    Nowhere,
}

impl Sink {
    /// Writes events of a source, whose own output has this path in the directory.
    pub fn write(&mut self, output: impl FnOnce() -> PathBuf, lines: &[u8]) -> Result<(), OutputError> {
        match self {
            Sink::One(writer) => writer.write(lines),
            Sink::PerSource(directory) => directory.write(&output(), lines),
            Sink::Nowhere => Ok(()),
        }
    }

    /// Completes the output of a source, if it has its own.
    pub fn end_source(&mut self, output: impl FnOnce() -> PathBuf) -> Result<(), OutputError> {
        let Sink::PerSource(directory) = self else { return Ok(()) };
        directory.end(&output())
    }

    /// Drops the output of a source that cannot be read to its end, if it has its own.
    pub fn abandon_source(&mut self) {
        if let Sink::PerSource(directory) = self {
            directory.open = None;
        }
    }

    /// The name of a file with something in it that would be replaced by one without events.
    pub fn emptied_file(&self) -> Option<&str> {
        let Sink::One(writer) = self else { return None };
        writer.emptied_file()
    }

    /// Whether complete files wait to be committed.
    pub fn has_complete(&self) -> bool {
        matches!(self, Sink::PerSource(directory) if !directory.complete.is_empty())
    }

    /// Commits complete files.
    pub fn commit(&mut self) -> Result<(), OutputError> {
        let Sink::PerSource(directory) = self else { return Ok(()) };
        directory.commit()
    }

    /// Ends the output, and returns how many bytes were written.
    pub fn finish(self, ending: Ending) -> Result<u64, OutputError> {
        match self {
            Sink::One(writer) => writer.finish(ending),
            Sink::PerSource(directory) => directory.finish(),
            Sink::Nowhere => Ok(0),
        }
    }
}
