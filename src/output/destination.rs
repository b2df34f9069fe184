//! Destinations of bytes: a stream, or a file that gets its name when it is complete.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::OutputError;
use crate::output::target::{Target, resolve_symlinks};
use crate::sys::access::Access;
use crate::sys::disk::{self, Synced};
use crate::sys::file::{FileKind, Identity};
use crate::sys::signals::wait_writable;
use crate::sys::stream;
use crate::sys::temporary::{TempFile, TempFiles};
use crate::term::sanitize::path_text;

/// A destination of bytes.
#[derive(Debug)]
pub enum Destination {
    /// A stream, a FIFO or a device.
    Direct {
        name: String,
        file: File,
    },
    Staged(StagedFile),
}

/// A file that has a temporary name until it is complete.
#[derive(Debug)]
pub struct StagedFile {
    name: String,
    file: TempFile,
    path: PathBuf,
}

impl Destination {
    /// Opens a target. A new file has a temporary name until it is complete; an existing path that is not a
    /// regular file is written directly.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn open(target: &Target, access: Access, files: &TempFiles) -> Result<Destination, OutputError> {
        let opened = match target {
            Target::Stream(number) => number.open().map(|file| {
                stream::enlarge_pipe(&file);
                Destination::Direct { name: target.name(), file }
            }),
            Target::Path(path) => Destination::open_path(path, access, files),
        };
        opened.map_err(|error| OutputError::new(target.name(), error))
    }

    fn open_path(path: &Path, access: Access, files: &TempFiles) -> io::Result<Destination> {
        let name = path_text(path);
        let path = resolve_symlinks(path)?;
        let exists = match FileKind::of(&path) {
            Ok(FileKind::Directory) => return Err(io::ErrorKind::IsADirectory.into()),
            Ok(FileKind::Other) => {
                let file = OpenOptions::new().write(true).open(path)?;
                return Ok(Destination::Direct { name, file });
            }
            Ok(FileKind::Regular) => true,
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(error),
        };
        let file = files.create_in(parent(&path), access)?;
        if exists {
            access.replace(&path, file.as_file())?;
        }
        Ok(Destination::Staged(StagedFile { name, file, path }))
    }

    /// Whether readers see at once what is written.
    pub fn is_direct(&self) -> bool {
        matches!(self, Destination::Direct { .. })
    }

    /// Writes all of it.
    ///
    /// # Errors
    /// When not all of it could be written.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), OutputError> {
        let result = match self {
            Destination::Direct { file, .. } => write_all(file, bytes),
            Destination::Staged(staged) => staged.file.as_file().write_all(bytes),
        };
        result.map_err(|error| OutputError::new(self.name().into(), error))
    }

    /// Commits the output; without this, a file stays as it was before the run.
    ///
    /// # Errors
    /// When the system cannot keep it or rename it.
    pub fn finish(self) -> Result<(), OutputError> {
        let Destination::Staged(staged) = self else { return Ok(()) };
        staged.check(disk::sync(staged.file.as_file()))?;
        staged.commit()
    }

    fn name(&self) -> &str {
        match self {
            Destination::Direct { name, .. } | Destination::Staged(StagedFile { name, .. }) => name,
        }
    }
}

impl StagedFile {
    /// The name that messages give it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The path that it will have.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The identity that it has now, and keeps when it is renamed.
    pub fn identity(&self) -> Option<Identity> {
        Identity::of_open(self.file.as_file())
    }

    /// Waits until it is on disk.
    ///
    /// # Errors
    /// When some of it could not be written.
    pub fn sync_after(&self, synced: &mut Synced) -> Result<(), OutputError> {
        self.check(synced.sync(self.file.as_file(), parent(&self.path)))
    }

    /// Renames it. It must be on disk.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn commit(self) -> Result<(), OutputError> {
        let StagedFile { name, file, path } = self;
        file.rename(&path).map_err(|error| OutputError::new(name, error))
    }

    fn check(&self, result: io::Result<()>) -> Result<(), OutputError> {
        result.map_err(|error| OutputError::new(self.name.clone(), error))
    }
}

/// The directory that a path is in.
fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Writes all bytes. Another process that shares the stream may have made it non-blocking.
fn write_all(file: &mut File, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match stream::write(file, bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(len) => bytes = &bytes[len..],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => wait_writable(file)?,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
