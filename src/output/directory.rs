//! Files in a directory, one for each source.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::error::OutputError;
use crate::output::destination::{Destination, Existing, Target};
use crate::output::format::FormatOptions;
use crate::output::writer::Writer;
use crate::sys::file::{Access, Identity, Synced};
use crate::sys::temporary::TempFiles;

/// The longest that complete files wait to be synced while others are being written.
const SYNC_DELAY: Duration = Duration::from_secs(1);

/// Writes a file for each source.
#[derive(Debug)]
pub struct DirectoryWriter {
    directory: PathBuf,
    existing: Existing,
    format: FormatOptions,
    files: TempFiles,
    /// The output of the source that is being read.
    pub(super) open: Option<Writer>,
    bytes: u64,
    /// Files that are synced together: on most disks that takes as long as a single one.
    pub(super) complete: Vec<Destination>,
    max_complete: usize,
    complete_since: Instant,
    committed: HashSet<Identity>,
    /// The directory of the last output, and whether it is new, so that nothing else can be in it.
    current: PathBuf,
    is_new: bool,
}

impl DirectoryWriter {
    pub fn new(
        directory: PathBuf,
        existing: Existing,
        format: FormatOptions,
        files: TempFiles,
    ) -> DirectoryWriter {
        DirectoryWriter {
            directory,
            existing,
            format,
            files,
            open: None,
            bytes: 0,
            complete: Vec::new(),
            max_complete: Synced::max_files(),
            complete_since: Instant::now(),
            committed: HashSet::new(),
            current: PathBuf::new(),
            is_new: false,
        }
    }

    /// Writes events of the source with this output.
    pub fn write(&mut self, output: &Path, lines: &[u8]) -> Result<(), OutputError> {
        let writer = self.writer(output)?;
        self.open.insert(writer).write(lines)
    }

    /// Completes the output of a source.
    pub fn end(&mut self, output: &Path) -> Result<(), OutputError> {
        let (bytes, destination) = self.writer(output)?.end()?;
        self.bytes += bytes;
        if !destination.is_direct() {
            if self.complete.is_empty() {
                self.complete_since = Instant::now();
            }
            self.complete.push(destination);
        }
        if self.complete.len() >= self.max_complete || self.complete_since.elapsed() > SYNC_DELAY {
            self.commit()?;
        }
        Ok(())
    }

    /// Renames complete files, once they are on disk.
    pub fn commit(&mut self) -> Result<(), OutputError> {
        // A directory among them may be a link to another disk, or a disk itself.
        let mut synced = Synced::default();
        for file in &self.complete {
            file.sync_after(&mut synced)?;
        }
        for file in self.complete.drain(..) {
            let path = file.staged_path().map(Path::to_owned).unwrap_or_default();
            // Some disks take two names for one: `A` and `a`, or an `é` of one character and one of two. Where nothing
            // is replaced, the second is refused in any case.
            let there = || (self.existing != Existing::Refuse).then(|| Identity::of(&path)).flatten();
            if there().is_some_and(|there| self.committed.contains(&there)) {
                return Err(OutputError::refused(&path, "another output is this file"));
            }
            file.commit(self.existing)?;
            self.committed.extend(there());
        }
        Ok(())
    }

    /// Commits complete files, and returns how many bytes were written.
    pub fn finish(mut self) -> Result<u64, OutputError> {
        self.commit()?;
        Ok(self.bytes)
    }

    /// Takes the writer of the current output, which is opened if necessary.
    fn writer(&mut self, output: &Path) -> Result<Writer, OutputError> {
        if let Some(writer) = self.open.take() {
            return Ok(writer);
        }
        let path = self.directory.join(output);
        let parent = path.parent().unwrap_or(Path::new(""));
        if self.current != parent {
            self.is_new = !parent.exists();
            fs::create_dir_all(parent).map_err(|error| OutputError::at(parent, error))?;
            self.current = parent.to_owned();
        }
        let destination = if self.is_new {
            Destination::create(path, &self.files)?
        } else {
            Destination::open(&Target::Path(path), Access::Shared, &self.files)?
        };
        Ok(Writer::new(FormatOptions { style: None, ..self.format }, destination))
    }
}
