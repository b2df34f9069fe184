//! One output: written as it comes, or under a temporary name and put in place when it is complete.

use std::fmt;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::sys::pipe;
use crate::term::sanitize::describe;

/// The mode of a new file, of which the umask takes away.
pub const SHARED: u32 = 0o666;
/// The mode of a file that holds payloads nobody asked to share.
pub const PRIVATE: u32 = 0o600;

/// An output that failed, so that it is not complete.
#[derive(Debug)]
pub struct OutputError {
    name: String,
    error: io::Error,
}

impl OutputError {
    /// An output that failed before it was begun.
    pub fn new(path: &Path, error: io::Error) -> OutputError {
        OutputError { name: path.to_string_lossy().into_owned(), error }
    }

    /// Whether nobody reads the output any more.
    pub fn is_closed_pipe(&self) -> bool {
        self.error.kind() == io::ErrorKind::BrokenPipe
    }
}

impl fmt::Display for OutputError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(
            f,
            "{}: cannot be written: {}",
            crate::term::sanitize::visible(&self.name),
            describe(&self.error)
        )
    }
}

impl std::error::Error for OutputError {}

/// Where bytes go.
#[derive(Debug)]
pub struct OutputFile {
    name: String,
    to: To,
}

#[derive(Debug)]
enum To {
    /// Standard output, a FIFO or a device.
    Direct(File),
    /// A file that gets its name when it is complete.
    Staged { file: NamedTempFile, path: PathBuf },
}

impl OutputFile {
    /// Standard output.
    ///
    /// # Errors
    /// When it is closed.
    pub fn stdout() -> Result<OutputFile, OutputError> {
        let name = "standard output".to_owned();
        match rustix::io::dup(rustix::stdio::stdout()) {
            Ok(stdout) => {
                pipe::enlarge(&stdout);
                Ok(OutputFile { name, to: To::Direct(File::from(stdout)) })
            }
            Err(error) => Err(OutputError { name, error: error.into() }),
        }
    }

    /// The file at a path; made with `mode` when there is none, else its mode is kept, unless this is to be
    /// [`PRIVATE`]. What is there already and no regular file is written directly.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn file(path: &Path, mode: u32) -> Result<OutputFile, OutputError> {
        let name = path.to_string_lossy().into_owned();
        match Self::open(path, mode) {
            Ok(to) => Ok(OutputFile { name, to }),
            Err(error) => Err(OutputError { name, error }),
        }
    }

    /// A file that grows line by line and is there from the beginning, for what must be kept even when
    /// the run is killed; `keep` says to go on behind what is in it. Readable for its owner only.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn log(path: &Path, keep: bool) -> Result<OutputFile, OutputError> {
        let name = path.to_string_lossy().into_owned();
        match Self::open_log(path, keep) {
            Ok(file) => Ok(OutputFile { name, to: To::Direct(file) }),
            Err(error) => Err(OutputError { name, error }),
        }
    }

    fn open_log(path: &Path, keep: bool) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.create(true).mode(PRIVATE);
        let options = if keep { options.read(true).append(true) } else { options.write(true).truncate(true) };
        let mut file = options.open(path)?;
        if file.metadata()?.is_file() {
            file.set_permissions(Permissions::from_mode(PRIVATE))?;
        }
        if !keep {
            return Ok(file);
        }
        // A line that was cut off by a kill must not take the next one along.
        let mut last = [b'\n'];
        if file.metadata()?.is_file() && file.seek(SeekFrom::End(-1)).is_ok() {
            file.read_exact(&mut last)?;
        }
        if last != [b'\n'] {
            file.write_all(b"\n")?;
        }
        Ok(file)
    }

    fn open(path: &Path, mode: u32) -> io::Result<To> {
        let existing = match fs::metadata(path) {
            Ok(metadata) if metadata.is_file() || metadata.is_dir() => Some(metadata),
            Ok(_) => return Ok(To::Direct(OpenOptions::new().write(true).open(path)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        if existing.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        // The file behind a link is replaced, not the link.
        let path = if existing.is_some() { fs::canonicalize(path)? } else { path.to_owned() };
        let directory =
            path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // What is wrong with the directory is told in the system's own words.
        fs::metadata(directory)?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(".olark2rudder-").suffix(".tmp").permissions(Permissions::from_mode(mode));
        let file = builder.tempfile_in(directory).map_err(|error| io::Error::from(error.kind()))?;
        if let Some(existing) = existing.filter(|_| mode != PRIVATE) {
            file.as_file().set_permissions(existing.permissions())?;
        }
        Ok(To::Staged { file, path })
    }

    /// Writes all of it.
    ///
    /// # Errors
    /// When not all of it could be written.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), OutputError> {
        let result = match &mut self.to {
            To::Direct(file) => file.write_all(bytes),
            To::Staged { file, .. } => file.as_file_mut().write_all(bytes),
        };
        result.map_err(|error| self.failed(error))
    }

    /// Puts the output in place; without this a file is as if it had never been begun.
    ///
    /// # Errors
    /// When the system could not keep it or give it its name.
    pub fn finish(self) -> Result<(), OutputError> {
        let OutputFile { name, to } = self;
        let result = match to {
            To::Direct(_) => Ok(()),
            To::Staged { file, path } => file
                .as_file()
                .sync_all()
                .and_then(|()| file.persist(&path).map(drop).map_err(|failed| failed.error)),
        };
        result.map_err(|error| OutputError { name, error })
    }

    fn failed(&self, error: io::Error) -> OutputError {
        OutputError { name: self.name.clone(), error }
    }
}
