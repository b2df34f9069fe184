//! Where the events of a run go: one output for all, one for each source, or nowhere.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::output::FormatOptions;
use crate::output::destination::{Complete, Destination, OutputError, Target};
use crate::output::writer::{Completeness, Writer};
use crate::sys::access::Access;
use crate::sys::disk;
use crate::sys::file::Identity;
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
    format: FormatOptions,
    files: TemporaryFiles,
    open: Option<Writer>,
    bytes: u64,
    /// Files that are synced and put in place together: on most disks that takes as long as a single one.
    complete: Vec<Complete>,
    complete_since: Instant,
    /// The files that were put in place.
    in_place: HashSet<Identity>,
    /// The directory that was made last.
    made: Option<PathBuf>,
}

/// The most files that wait to be put in place.
const MOST_COMPLETE: usize = 1024;

/// The longest that they wait while others are being written.
const PATIENCE: Duration = Duration::from_secs(1);

impl PerSource {
    /// Files in this directory.
    pub fn new(directory: PathBuf, format: FormatOptions, files: TemporaryFiles) -> PerSource {
        let (complete, complete_since, in_place) = (Vec::new(), Instant::now(), HashSet::new());
        PerSource {
            directory,
            format,
            files,
            open: None,
            bytes: 0,
            complete,
            complete_since,
            in_place,
            made: None,
        }
    }

    /// Ends the current output.
    fn end(&mut self, output: &Path) -> Result<(), OutputError> {
        let (bytes, complete) = self.writer(output)?.complete()?;
        self.bytes += bytes;
        if self.complete.is_empty() {
            self.complete_since = Instant::now();
        }
        self.complete.extend(complete);
        if self.complete.len() >= MOST_COMPLETE || self.complete_since.elapsed() > PATIENCE {
            self.commit()?;
        }
        Ok(())
    }

    /// Puts all complete files in place, once they are on disk.
    fn commit(&mut self) -> Result<(), OutputError> {
        if self.complete.is_empty() {
            return Ok(());
        }
        // A directory among them may be a link to another disk, or a disk itself.
        let parents = self.complete.iter().map(Complete::parent);
        for directory in disk::one_on_each(parents) {
            disk::sync_all_in(directory).map_err(|error| OutputError::new(directory, error))?;
        }
        for complete in self.complete.drain(..) {
            // Some disks take two names for one: `A` and `a`, or an `é` of one character and one of two.
            if Identity::of(complete.path()).is_some_and(|there| self.in_place.contains(&there)) {
                return Err(OutputError::refused(complete.path(), "another output is this file"));
            }
            self.in_place.extend(complete.identity());
            complete.commit()?;
        }
        Ok(())
    }

    /// Takes the writer of the current output, which is begun if it is not open.
    fn writer(&mut self, output: &Path) -> Result<Writer, OutputError> {
        if let Some(writer) = self.open.take() {
            return Ok(writer);
        }
        let path = self.directory.join(output);
        let parent = path.parent().unwrap_or(Path::new(""));
        if self.made.as_deref() != Some(parent) {
            std::fs::create_dir_all(parent).map_err(|error| OutputError::new(parent, error))?;
            self.made = Some(parent.to_owned());
        }
        let destination = Destination::open(&Target::Path(path), Access::Shared, &self.files)?;
        Ok(Writer::new(self.format.format(), destination))
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
            Sink::PerSource(per_source) => {
                let writer = per_source.writer(&output())?;
                per_source.open.insert(writer).write(lines)
            }
            Sink::Nowhere => Ok(()),
        }
    }

    /// A source was read to its end: if it has an output of its own, that is put in place.
    ///
    /// # Errors
    /// When the output fails.
    pub fn end_source(&mut self, output: impl Fn() -> PathBuf) -> Result<(), OutputError> {
        match self {
            Sink::PerSource(per_source) => per_source.end(&output()),
            Sink::One(_) | Sink::Nowhere => Ok(()),
        }
    }

    /// A source cannot be read to its end: if it has an output of its own, that is not put in place.
    pub fn abandon_source(&mut self) {
        if let Sink::PerSource(per_source) = self {
            per_source.open = None;
        }
    }

    /// Whether complete files wait to be committed.
    pub fn has_complete(&self) -> bool {
        matches!(self, Sink::PerSource(per_source) if !per_source.complete.is_empty())
    }

    /// Commits complete files.
    ///
    /// # Errors
    /// When the output fails.
    pub fn commit(&mut self) -> Result<(), OutputError> {
        match self {
            Sink::PerSource(per_source) => per_source.commit(),
            Sink::One(_) | Sink::Nowhere => Ok(()),
        }
    }

    /// Ends the output, and gives how many bytes were written.
    ///
    /// # Errors
    /// When the output fails.
    pub fn finish(self, completeness: Completeness) -> Result<u64, OutputError> {
        match self {
            Sink::One(writer) => writer.finish(completeness),
            Sink::PerSource(mut per_source) => {
                per_source.commit()?;
                Ok(per_source.bytes)
            }
            Sink::Nowhere => Ok(0),
        }
    }
}
