//! Destinations of bytes: a stream, or a file that gets its name when it is complete.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::error::OutputError;
use crate::output::target::{Target, resolve_symlinks};
use crate::sys::access::Access;
use crate::sys::disk::{self, Synced};
use crate::sys::file::FileKind;
use crate::sys::signals::wait_writable;
use crate::sys::stream;
use crate::sys::temporary::{TempFile, TempFiles};
use crate::term::sanitize::{escape_in_json, path_text};

/// A destination of bytes.
#[derive(Debug)]
pub struct Destination {
    /// The name that messages give it.
    pub name: String,
    to: To,
}

#[derive(Debug)]
enum To {
    /// A stream, a FIFO or a device.
    Direct(File),
    /// A file that is written in place.
    Appended(File),
    /// A file that has a temporary name until it is complete.
    Staged(TempFile, PathBuf),
}

impl Destination {
    /// Opens a target. A new file has a temporary name until it is complete; an existing path that is not a
    /// regular file is written directly.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn open(target: &Target, access: Access, files: &TempFiles) -> Result<Destination, OutputError> {
        let name = target.name();
        let opened = match target {
            Target::Stream(number) => number.open().map(|stream| {
                stream::enlarge_pipe(&stream);
                To::Direct(stream)
            }),
            Target::Path(path) => To::open(path, access, files),
        };
        match opened {
            Ok(to) => Ok(Destination { name, to }),
            Err(error) => Err(OutputError::new(name, error)),
        }
    }

    /// Opens a file to append to.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn append(path: &Path, access: Access) -> Result<Destination, OutputError> {
        let file = access.append_to(path).map_err(|error| OutputError::at(path, error))?;
        Ok(Destination { name: path_text(path), to: To::Appended(file) })
    }

    /// Whether it is a stream, a FIFO or a device, whose reader sees at once what is written.
    pub fn is_direct(&self) -> bool {
        matches!(self.to, To::Direct(_))
    }

    /// The path of a file that is complete only at the end.
    pub fn staged_path(&self) -> Option<&Path> {
        match &self.to {
            To::Staged(_, path) => Some(path),
            To::Direct(_) | To::Appended(_) => None,
        }
    }

    /// Writes all of it.
    ///
    /// # Errors
    /// When not all of it could be written.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), OutputError> {
        let result = match &mut self.to {
            To::Direct(file) => write_all(file, bytes),
            To::Appended(file) => file.write_all(bytes),
            To::Staged(file, _) => file.as_file().write_all(bytes),
        };
        result.map_err(|error| self.error(error))
    }

    /// Appends a line of JSON that is to be written. In a stream, characters that control a terminal are escapes.
    pub fn append_json(&self, value: &impl Serialize, lines: &mut Vec<u8>) {
        let json = serde_json::to_string(value).unwrap_or_default();
        if self.is_direct() {
            escape_in_json(&json, lines);
        } else {
            lines.extend_from_slice(json.as_bytes());
        }
        lines.push(b'\n');
    }

    /// Waits until it is on disk, and commits it; without this, a staged file stays as it was before the run.
    ///
    /// # Errors
    /// When the system cannot keep it or rename it.
    pub fn finish(self) -> Result<(), OutputError> {
        let synced = match &self.to {
            To::Direct(_) => Ok(()),
            To::Appended(file) => disk::sync(file),
            To::Staged(file, _) => disk::sync(file.as_file()),
        };
        synced.map_err(|error| self.error(error))?;
        self.commit()
    }

    /// Waits until a staged file is on disk.
    ///
    /// # Errors
    /// When some of it could not be written.
    pub fn sync_after(&self, synced: &mut Synced) -> Result<(), OutputError> {
        let To::Staged(file, path) = &self.to else { return Ok(()) };
        synced.sync(file.as_file(), parent(path)).map_err(|error| self.error(error))
    }

    /// Renames a staged file. It must be on disk.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn commit(self) -> Result<(), OutputError> {
        let To::Staged(file, path) = self.to else { return Ok(()) };
        file.rename(&path).map_err(|error| OutputError::new(self.name, error))
    }

    fn error(&self, error: io::Error) -> OutputError {
        OutputError::new(self.name.clone(), error)
    }
}

impl To {
    fn open(path: &Path, access: Access, files: &TempFiles) -> io::Result<To> {
        let path = resolve_symlinks(path)?;
        let exists = match FileKind::of(&path) {
            Ok(FileKind::Directory) => return Err(io::ErrorKind::IsADirectory.into()),
            Ok(FileKind::Other) => return Ok(To::Direct(OpenOptions::new().write(true).open(path)?)),
            Ok(FileKind::Regular) => true,
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) => return Err(error),
        };
        let file = files.create_in(parent(&path), access)?;
        if exists {
            access.replace(&path, file.as_file())?;
        }
        Ok(To::Staged(file, path))
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
