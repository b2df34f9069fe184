//! Where the events of a run go: one output for all, one for each source, or nowhere.

use std::path::{Path, PathBuf};

use crate::input::source::Source;
use crate::output::file::{Failed, SHARED, Target};
use crate::output::format::{Format, Writer};

/// Where events go.
#[derive(Debug)]
pub enum Sink {
    /// One output for all sources.
    One(Writer),
    /// One file for each source, beneath a directory.
    Each(Each),
    /// Nowhere: the run only checks.
    Nowhere,
}

/// Files beneath a directory, one for each source.
#[derive(Debug)]
pub struct Each {
    directory: PathBuf,
    format: Format,
    open: Option<Writer>,
    bytes: u64,
}

impl Each {
    /// Files beneath this directory.
    pub fn new(directory: PathBuf, format: Format) -> Each {
        Each { directory, format, open: None, bytes: 0 }
    }

    fn writer(&mut self, source: &Source) -> Result<&mut Writer, Failed> {
        let writer = match self.open.take() {
            Some(writer) => writer,
            None => {
                let path = self.directory.join(source.output());
                let parent = path.parent().unwrap_or(Path::new(""));
                std::fs::create_dir_all(parent).map_err(|error| Failed::new(parent, error))?;
                Writer::new(self.format, Target::file(&path, SHARED)?, None)
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
    pub fn write(&mut self, source: &Source, lines: &[u8]) -> Result<(), Failed> {
        match self {
            Sink::One(writer) => writer.write(lines),
            Sink::Each(each) => each.writer(source)?.write(lines),
            Sink::Nowhere => Ok(()),
        }
    }

    /// A source was read to its end: what has its own output is put in place.
    ///
    /// # Errors
    /// When the output fails.
    pub fn end(&mut self, source: &Source) -> Result<(), Failed> {
        if let Sink::Each(each) = self {
            each.writer(source)?;
            if let Some(writer) = each.open.take() {
                each.bytes += writer.finish()?;
            }
        }
        Ok(())
    }

    /// A source cannot be read to its end: what has its own output is not put in place.
    pub fn abandon(&mut self) {
        if let Sink::Each(each) = self {
            each.open = None;
        }
    }

    /// Puts the output in place, and gives how many bytes were written.
    ///
    /// # Errors
    /// When the output fails.
    pub fn finish(self) -> Result<u64, Failed> {
        match self {
            Sink::One(writer) => writer.finish(),
            Sink::Each(each) => Ok(each.bytes),
            Sink::Nowhere => Ok(0),
        }
    }

    /// How many bytes were written so far.
    pub fn bytes(&self) -> u64 {
        match self {
            Sink::One(writer) => writer.bytes(),
            Sink::Each(each) => each.bytes,
            Sink::Nowhere => 0,
        }
    }
}
