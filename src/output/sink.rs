//! Where the events of a run go: one output for all, one for each source, or nowhere.

use std::path::{Path, PathBuf};

use crate::output::FormatName;
use crate::output::destination::{Access, Destination, OutputError, Target};
use crate::output::writer::{Completeness, Writer};
use crate::sys::temporary::TemporaryFiles;

/// Where events go.
#[derive(Debug)]
pub enum Sink {
    /// One output for all sources.
    One(Writer),
    /// One file for each source, in a directory.
    PerSource(PerSource),
    /// Nowhere: the run only checks.
    Nowhere,
}

/// Files in a directory, one for each source.
#[derive(Debug)]
pub struct PerSource {
    directory: PathBuf,
    format: FormatName,
    files: TemporaryFiles,
    open: Option<Writer>,
    bytes: u64,
}

impl PerSource {
    /// Files in this directory.
    pub fn new(directory: PathBuf, format: FormatName, files: TemporaryFiles) -> PerSource {
        PerSource { directory, format, files, open: None, bytes: 0 }
    }

    fn writer(&mut self, output: &Path) -> Result<&mut Writer, OutputError> {
        let writer = match self.open.take() {
            Some(writer) => writer,
            None => {
                let path = self.directory.join(output);
                let parent = path.parent().unwrap_or(Path::new(""));
                std::fs::create_dir_all(parent).map_err(|error| OutputError::new(parent, error))?;
                let destination = Destination::open(&Target::Path(path), Access::Shared, &self.files)?;
                Writer::new(self.format.format(None), destination)
            }
        };
        Ok(self.open.insert(writer))
    }
}

impl Sink {
    /// Writes events of a source, whose own output has this path in the directory.
    ///
    /// # Errors
    /// When the output fails.
    pub fn write(&mut self, output: impl Fn() -> PathBuf, lines: &[u8]) -> Result<(), OutputError> {
        match self {
            Sink::One(writer) => writer.write(lines),
            Sink::PerSource(per_source) => per_source.writer(&output())?.write(lines),
            Sink::Nowhere => Ok(()),
        }
    }

    /// A source was read to its end: what has its own output is put in place.
    ///
    /// # Errors
    /// When the output fails.
    pub fn end_source(&mut self, output: impl Fn() -> PathBuf) -> Result<(), OutputError> {
        if let Sink::PerSource(per_source) = self {
            per_source.writer(&output())?;
            if let Some(writer) = per_source.open.take() {
                per_source.bytes += writer.finish(Completeness::Whole)?;
            }
        }
        Ok(())
    }

    /// A source cannot be read to its end: what has its own output is not put in place.
    pub fn abandon_source(&mut self) {
        if let Sink::PerSource(per_source) = self {
            per_source.open = None;
        }
    }

    /// Ends the output, and gives how many bytes were written.
    ///
    /// # Errors
    /// When the output fails.
    pub fn finish(self, completeness: Completeness) -> Result<u64, OutputError> {
        match self {
            Sink::One(writer) => writer.finish(completeness),
            Sink::PerSource(per_source) => Ok(per_source.bytes),
            Sink::Nowhere => Ok(0),
        }
    }
}
