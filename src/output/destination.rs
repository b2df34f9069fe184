//! Destinations of bytes: a stream, or a file that gets its name when it is complete.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::iter;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::error::OutputError;
use crate::sys::file::{self, Access, FileKind, Synced};
use crate::sys::signals::wait_writable;
use crate::sys::stream::{self, StreamNumber};
use crate::sys::temporary::{TempFile, TempFiles};
use crate::term::sanitize::{escape_in_json, path_text};

/// The target of an output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Stream(StreamNumber),
    Path(PathBuf),
}

impl Target {
    pub const STDOUT: Target = Target::Stream(StreamNumber::STDOUT);

    /// The target that a path stands for: `-`, `/dev/stdout` and the like are streams, and so are links to them.
    pub fn of(path: &Path) -> Target {
        let stream = links(path).take(MAX_LINKS).find_map(|path| StreamNumber::of(&path));
        stream.map_or_else(|| Target::Path(path.to_owned()), Target::Stream)
    }

    /// The name that messages give it.
    pub fn name(&self) -> String {
        match self {
            Target::Stream(StreamNumber::STDOUT) => "standard output".into(),
            Target::Stream(number) => number.to_string(),
            Target::Path(path) => path_text(path),
        }
    }
}

/// As many links as Linux follows.
const MAX_LINKS: usize = 40;

/// The path that a link leads to, even if nothing is there yet: the target is written, not the link.
pub fn resolve_symlinks(path: &Path) -> io::Result<PathBuf> {
    let mut paths = links(path);
    let last = paths.by_ref().take(MAX_LINKS).last();
    match (last, paths.next()) {
        (Some(path), None) => Ok(path),
        _ => Err(io::Error::other("too many levels of symbolic links")),
    }
}

/// A path, and the paths that it leads to through links.
fn links(path: &Path) -> impl Iterator<Item = PathBuf> {
    iter::successors(Some(path.to_owned()), |path| {
        let link = path.read_link().ok()?;
        Some(path.parent().unwrap_or(Path::new("")).join(link))
    })
}

/// The treatment of outputs in a directory that exist already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Existing {
    #[default]
    Refuse,
    Overwrite,
    /// Keeps those that are at least as new as their input, and skips the input.
    SkipIfNewer,
}

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
    /// A file that is written directly.
    Appended(File),
    /// A file that has a temporary name until it is complete.
    Staged(TempFile, PathBuf),
}

impl Destination {
    /// Opens a target. A new file has a temporary name until it is complete; an existing path that is not a
    /// regular file is written directly.
    pub fn open(target: &Target, access: Access, files: &TempFiles) -> Result<Destination, OutputError> {
        let to = match target {
            Target::Stream(number) => number.open().map(|stream| {
                stream::enlarge_pipe(&stream);
                To::Direct(stream)
            }),
            Target::Path(path) => To::open(path, access, files),
        };
        Destination::new(target.name(), to)
    }

    /// Opens a file that is new.
    pub fn create(path: PathBuf, files: &TempFiles) -> Result<Destination, OutputError> {
        Destination::new(path_text(&path), To::create(path, Access::Shared, files))
    }

    /// Opens a file to append to.
    pub fn append(path: &Path, access: Access) -> Result<Destination, OutputError> {
        Destination::new(path_text(path), access.append_to(path).map(To::Appended))
    }

    fn new(name: String, to: io::Result<To>) -> Result<Destination, OutputError> {
        match to {
            Ok(to) => Ok(Destination { name, to }),
            Err(error) => Err(OutputError::new(name, error)),
        }
    }

    /// Whether it is a stream, a FIFO or a device, whose reader sees at once what is written.
    pub fn is_direct(&self) -> bool {
        matches!(self.to, To::Direct(_))
    }

    /// The path of a file that is complete only at the end.
    pub fn staged_path(&self) -> Option<&Path> {
        if let To::Staged(_, path) = &self.to { Some(path) } else { None }
    }

    pub fn write(&mut self, bytes: &[u8]) -> Result<(), OutputError> {
        let result = match &mut self.to {
            To::Direct(file) => write_all(file, bytes),
            To::Appended(file) => file.write_all(bytes),
            To::Staged(file, _) => file.as_file().write_all(bytes),
        };
        self.named(result)
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
    pub fn finish(self) -> Result<(), OutputError> {
        let synced = match &self.to {
            To::Direct(_) => Ok(()),
            To::Appended(file) => file::sync(file),
            To::Staged(file, _) => file::sync(file.as_file()),
        };
        self.named(synced)?;
        self.commit(Existing::Overwrite)
    }

    /// Waits until a staged file is on disk.
    pub fn sync_after(&self, synced: &mut Synced) -> Result<(), OutputError> {
        let To::Staged(file, path) = &self.to else { return Ok(()) };
        self.named(synced.sync(file.as_file(), parent(path)))
    }

    /// Renames a staged file. It must be on disk.
    pub fn commit(self, existing: Existing) -> Result<(), OutputError> {
        let To::Staged(file, path) = self.to else { return Ok(()) };
        let renamed = match existing {
            Existing::Refuse => file.rename_new(&path),
            Existing::Overwrite | Existing::SkipIfNewer => file.rename(&path),
        };
        renamed.map_err(|error| OutputError::new(self.name, error))
    }

    fn named(&self, result: io::Result<()>) -> Result<(), OutputError> {
        result.map_err(|error| OutputError::new(self.name.clone(), error))
    }
}

impl To {
    fn open(path: &Path, access: Access, files: &TempFiles) -> io::Result<To> {
        let path = resolve_symlinks(path)?;
        match FileKind::of(&path) {
            Ok(FileKind::Directory) => Err(io::ErrorKind::IsADirectory.into()),
            Ok(FileKind::Other) => Ok(To::Direct(OpenOptions::new().write(true).open(path)?)),
            Ok(FileKind::Regular(_)) => {
                let file = files.create_in(parent(&path), access)?;
                access.replace(&path, file.as_file())?;
                Ok(To::Staged(file, path))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => To::create(path, access, files),
            Err(error) => Err(error),
        }
    }

    fn create(path: PathBuf, access: Access, files: &TempFiles) -> io::Result<To> {
        Ok(To::Staged(files.create_in(parent(&path), access)?, path))
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
