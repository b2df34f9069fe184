//! Where the events of a run go: one output for all, one for each source, or nowhere.

use std::path::{Path, PathBuf};

use crate::input::source::Source;
use crate::output::file::{OutputError, OutputFile, SHARED};
use crate::output::format::{Format, Writer};

/// Where events go.
#[derive(Debug)]
pub enum Sink {
    /// One output for all sources.
    One(Writer),
    /// One file for each source, beneath a directory.
    PerSource(PerSource),
    /// Nowhere: the run only checks.
    Nowhere,
}

/// Files beneath a directory, one for each source.
#[derive(Debug)]
pub struct PerSource {
    directory: PathBuf,
    format: Format,
    open: Option<Writer>,
    bytes: u64,
}

impl PerSource {
    /// Files beneath this directory.
    pub fn new(directory: PathBuf, format: Format) -> PerSource {
        PerSource { directory, format, open: None, bytes: 0 }
    }

    fn writer(&mut self, source: &Source) -> Result<&mut Writer, OutputError> {
        let writer = match self.open.take() {
            Some(writer) => writer,
            None => {
                let path = self.directory.join(source.output());
                let parent = path.parent().unwrap_or(Path::new(""));
                std::fs::create_dir_all(parent).map_err(|error| OutputError::new(parent, error))?;
                Writer::new(self.format, OutputFile::file(&path, SHARED)?, None)
            }
        };
        Ok(self.open.insert(writer))
    }
}

impl Sink {
    /// Writes events of a source.
    ///
    /// # Errors
    /// When the output fails.
    pub fn write(&mut self, source: &Source, lines: &[u8]) -> Result<(), OutputError> {
        match self {
            Sink::One(writer) => writer.write(lines),
            Sink::PerSource(each) => each.writer(source)?.write(lines),
            Sink::Nowhere => Ok(()),
        }
    }

    /// A source was read to its end: what has its own output is put in place.
    ///
    /// # Errors
    /// When the output fails.
    pub fn end(&mut self, source: &Source) -> Result<(), OutputError> {
        if let Sink::PerSource(each) = self {
            each.writer(source)?;
            if let Some(writer) = each.open.take() {
                each.bytes += writer.finish()?;
            }
        }
        Ok(())
    }

    /// A source cannot be read to its end: what has its own output is not put in place.
    pub fn abandon(&mut self) {
        if let Sink::PerSource(each) = self {
            each.open = None;
        }
    }

    /// Puts the output in place, and gives how many bytes were written.
    ///
    /// # Errors
    /// When the output fails.
    pub fn finish(self) -> Result<u64, OutputError> {
        match self {
            Sink::One(writer) => writer.finish(),
            Sink::PerSource(each) => Ok(each.bytes),
            Sink::Nowhere => Ok(0),
        }
    }

    /// How many bytes were written so far.
    pub fn bytes(&self) -> u64 {
        match self {
            Sink::One(writer) => writer.bytes(),
            Sink::PerSource(each) => each.bytes,
            Sink::Nowhere => 0,
        }
    }
}
