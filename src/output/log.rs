//! A file that grows line by line and is there from the start, for what must be kept even when the run is killed.

use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::output::destination::{Access, Destination, OutputError, Target};
use crate::sys::temporary::TemporaryFiles;

/// What becomes of the lines that were in a log before, once the run is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OldLines {
    /// They stay: what they tell of is not done again.
    Stay,
    /// They go: all of it was done again.
    Go,
}

/// A log, readable for its owner only.
#[derive(Debug)]
pub struct Log {
    destination: Destination,
    /// Where the lines of before end in the file, if they are to go.
    old: Option<(PathBuf, u64)>,
}

impl Log {
    /// Opens a log, to write behind what is in it.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn open(target: &Target, old_lines: OldLines, files: &TemporaryFiles) -> Result<Log, OutputError> {
        let Target::Path(path) = target else {
            let destination = Destination::open(target, Access::Private, files)?;
            return Ok(Log { destination, old: None });
        };
        let (file, bytes) = open(path).map_err(|error| OutputError::new(path, error))?;
        let old = (old_lines == OldLines::Go && bytes > 0).then(|| (path.clone(), bytes));
        Ok(Log { destination: Destination::direct(path, file), old })
    }

    /// Writes all of it.
    ///
    /// # Errors
    /// When not all of it could be written.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), OutputError> {
        self.destination.write(bytes)
    }

    /// Ends the log.
    ///
    /// # Errors
    /// When the old lines cannot be taken out.
    pub fn finish(self, files: &TemporaryFiles) -> Result<(), OutputError> {
        let Some((path, old_bytes)) = self.old else { return self.destination.finish() };
        let failed = |error| OutputError::new(&path, error);
        let mut new = Destination::open(&Target::Path(path.clone()), Access::Private, files)?;
        let mut log = File::open(&path).map_err(failed)?;
        log.seek(SeekFrom::Start(old_bytes)).map_err(failed)?;
        let mut buffer = vec![0; 64 << 10];
        loop {
            match log.read(&mut buffer) {
                Ok(0) => return new.finish(),
                Ok(len) => new.write(&buffer[..len])?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(failed(error)),
            }
        }
    }
}

/// Opens a log, and gives how long it is.
fn open(path: &Path) -> io::Result<(File, u64)> {
    let mode = Access::Private.mode();
    let mut file = OpenOptions::new().create(true).mode(mode).read(true).append(true).open(path)?;
    if !file.metadata()?.is_file() {
        return Ok((file, 0));
    }
    file.set_permissions(Permissions::from_mode(mode))?;
    // A line that was cut off by a kill must not take the next one along.
    let mut last = [b'\n'];
    if file.seek(SeekFrom::End(-1)).is_ok() {
        file.read_exact(&mut last)?;
    }
    if last != [b'\n'] {
        file.write_all(b"\n")?;
    }
    let bytes = file.metadata()?.len();
    Ok((file, bytes))
}
