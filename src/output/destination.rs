//! Where bytes go: straight into a stream, or into a file that gets its name when it is complete.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

use crate::sys::access::Access;
use crate::sys::file::{FileKind, Identity};
use crate::sys::signals::wait_writable;
use crate::sys::stream::StreamNumber;
use crate::sys::stream::is_closed_pipe;
use crate::sys::temporary::{Listed, TemporaryFiles};
use crate::sys::{disk, stream};
use crate::term::sanitize::{describe, path_text, sanitize};

/// An output that failed, so that it is not complete.
#[derive(Debug)]
pub struct OutputError {
    name: String,
    error: io::Error,
}

impl OutputError {
    /// The failure of the output at a path.
    pub fn new(path: &Path, error: io::Error) -> OutputError {
        OutputError { name: path_text(path), error }
    }

    /// An output that must not be written, found out after the run had begun.
    pub fn refused(path: &Path, reason: &str) -> OutputError {
        OutputError::new(path, io::Error::other(reason))
    }

    /// Whether nobody reads the output any more.
    pub fn is_closed_pipe(&self) -> bool {
        is_closed_pipe(&self.error)
    }
}

impl fmt::Display for OutputError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}: cannot be written: {}", sanitize(&self.name), describe(&self.error))
    }
}

impl std::error::Error for OutputError {}

/// What an output's path stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A stream that is open already.
    Stream(StreamNumber),
    /// A path in the file system.
    Path(PathBuf),
}

impl Target {
    /// Standard output.
    pub const STDOUT: Target = Target::Stream(StreamNumber::STDOUT);

    /// What a path stands for: `-`, `/dev/stdout` and the like are streams, and so are links to them.
    pub fn of(path: &Path) -> Target {
        let stream = links(path).take(MOST_LINKS).find_map(|path| StreamNumber::of(&path));
        stream.map_or_else(|| Target::Path(path.to_owned()), Target::Stream)
    }

    /// Whether it is a stream that is open already.
    pub fn is_stream(&self) -> bool {
        matches!(self, Target::Stream(_))
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

/// Where bytes go.
#[derive(Debug)]
pub struct Destination {
    name: String,
    to: To,
}

#[derive(Debug)]
enum To {
    /// A stream, a FIFO or a device.
    Direct(File),
    /// A file that gets its name when it is complete.
    Staged { file: NamedTempFile, path: PathBuf, listed: Listed },
}

impl Destination {
    /// Opens a target. A new file has a temporary name until it is complete; an existing path that is not a
    /// regular file is written directly.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn open(target: &Target, access: Access, files: &TemporaryFiles) -> Result<Destination, OutputError> {
        let to = match target {
            Target::Stream(number) => number.open().map(|stream| {
                stream::enlarge_pipe(&stream);
                To::Direct(stream)
            }),
            Target::Path(path) => open_path(path, access, files),
        };
        let name = target.name();
        match to {
            Ok(to) => Ok(Destination { name, to }),
            Err(error) => Err(OutputError { name, error }),
        }
    }

    /// A file that is written where it is.
    pub(super) fn direct(path: &Path, file: File) -> Destination {
        Destination { name: path_text(path), to: To::Direct(file) }
    }

    /// Whether what is written is visible at once, not only when it is complete.
    pub fn is_direct(&self) -> bool {
        matches!(self.to, To::Direct(_))
    }

    /// Writes all of it.
    ///
    /// # Errors
    /// When not all of it could be written.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), OutputError> {
        let result = match &mut self.to {
            To::Direct(file) => write_all(file, bytes),
            To::Staged { file, .. } => file.as_file_mut().write_all(bytes),
        };
        result.map_err(|error| OutputError { name: self.name.clone(), error })
    }

    /// Puts the output in place; without this, a file is left as it was before the run.
    ///
    /// # Errors
    /// When the system could not keep it or give it its name.
    pub fn finish(self) -> Result<(), OutputError> {
        if let To::Staged { file, .. } = &self.to {
            let synced = disk::sync(file.as_file());
            synced.map_err(|error| OutputError { name: self.name.clone(), error })?;
        }
        self.close().map_or(Ok(()), Complete::commit)
    }

    /// Ends a file without putting it in place yet, so that many can be synced at once. `None` for what is not staged.
    ///
    /// # Errors
    /// When the system could not keep it.
    pub fn complete(self) -> Result<Option<Complete>, OutputError> {
        if let To::Staged { file, .. } = &self.to {
            let synced = disk::sync_one_of_many(file.as_file());
            synced.map_err(|error| OutputError { name: self.name.clone(), error })?;
        }
        Ok(self.close())
    }

    fn close(self) -> Option<Complete> {
        let Destination { name, to } = self;
        match to {
            To::Direct(_) => None,
            // Close the file: thousands of these may be waiting.
            To::Staged { file, path, listed } => {
                Some(Complete { name, file: file.into_temp_path(), path, _listed: listed })
            }
        }
    }
}

/// A file that is complete, but does not have its name yet, and may not be on disk yet.
#[derive(Debug)]
pub struct Complete {
    name: String,
    file: TempPath,
    path: PathBuf,
    _listed: Listed,
}

impl Complete {
    /// Where it will be.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The directory that it is in.
    pub fn parent(&self) -> &Path {
        parent(&self.path)
    }

    /// Which file it is, now and when it is in place.
    pub fn identity(&self) -> Option<Identity> {
        Identity::of(&self.file)
    }

    /// Gives it its name. It must be on disk.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn commit(self) -> Result<(), OutputError> {
        let Complete { name, file, path, .. } = self;
        file.persist(&path).map_err(|failed| OutputError { name, error: failed.error })
    }
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

fn open_path(path: &Path, access: Access, files: &TemporaryFiles) -> io::Result<To> {
    let path = behind_links(path)?;
    let is_there = match FileKind::of(&path) {
        Ok(FileKind::Directory) => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(FileKind::Regular) => true,
        Ok(FileKind::Other) => return Ok(To::Direct(OpenOptions::new().write(true).open(path)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => return Err(error),
    };
    let file = access.temporary_file().prefix(".olark2rudder-").suffix(".tmp").tempfile_in(parent(&path))?;
    let listed = files.list(file.path().to_owned());
    if is_there {
        access.replace(&path, file.as_file())?;
    }
    Ok(To::Staged { file, path, listed })
}

/// The directory that a path is in.
fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The path that a link leads to, even if nothing is there yet: the target is written, not the link.
///
/// # Errors
/// When there are too many links.
pub fn behind_links(path: &Path) -> io::Result<PathBuf> {
    let mut paths = links(path);
    let last = paths.by_ref().take(MOST_LINKS).last();
    match (last, paths.next()) {
        (Some(path), None) => Ok(path),
        _ => Err(io::Error::other("too many levels of symbolic links")),
    }
}

/// As many links as Linux follows.
const MOST_LINKS: usize = 40;

/// A path, and the paths that it leads to through links.
fn links(path: &Path) -> impl Iterator<Item = PathBuf> {
    std::iter::successors(Some(path.to_owned()), |path| {
        let link = fs::read_link(path).ok()?;
        Some(path.parent().unwrap_or(Path::new("")).join(link))
    })
}
