//! A file that grows line by line and is there from the start, for what must be kept even when the run is killed.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::error::OutputError;
use crate::output::destination::Destination;
use crate::output::target::Target;
use crate::sys::access::Access;
use crate::sys::file::FileKind;
use crate::sys::temporary::TempFiles;
use crate::term::sanitize::path_text;

/// How much is written at a time.
const BUFFERED: usize = 64 << 10;

/// A log, readable for its owner only.
#[derive(Debug)]
pub struct Log {
    destination: Destination,
    /// Where the lines of earlier runs end in the file, if there are any.
    old: Option<(PathBuf, u64)>,
}

impl Log {
    /// Opens a log, to append to what is in it.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn open(target: &Target, files: &TempFiles) -> Result<Log, OutputError> {
        match target {
            // Opened for reading too, a FIFO would never tell that nobody else reads it.
            Target::Path(path) if !matches!(FileKind::of(path), Ok(FileKind::Other)) => {
                let (file, bytes) = open(path).map_err(|error| OutputError::at(path, error))?;
                let old = (bytes > 0).then(|| (path.clone(), bytes));
                Ok(Log { destination: Destination::Direct { name: path_text(path), file }, old })
            }
            _ => {
                let destination = Destination::open(target, Access::Private, files)?;
                Ok(Log { destination, old: None })
            }
        }
    }

    /// Writes all of it.
    ///
    /// # Errors
    /// When not all of it could be written.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), OutputError> {
        self.destination.write(bytes)
    }

    /// Ends the log. Lines of earlier runs stay, except those about what was done again.
    ///
    /// # Errors
    /// When the old lines cannot be taken out.
    pub fn finish(self, is_done_again: impl Fn(&[u8]) -> bool, files: &TempFiles) -> Result<(), OutputError> {
        let Some((path, old_bytes)) = self.old else { return self.destination.finish() };
        let failed = |error| OutputError::at(&path, error);
        let mut new = Destination::open(&Target::Path(path.clone()), Access::Private, files)?;
        let mut log = BufReader::with_capacity(BUFFERED, File::open(&path).map_err(failed)?);
        // The lines that stay; from `start` on, the current line.
        let (mut kept, mut start, mut at) = (Vec::new(), 0, 0);
        loop {
            let len = log.read_until(b'\n', &mut kept).map_err(failed)?;
            let stays = at >= old_bytes || !is_done_again(&kept[start..]);
            if !stays {
                kept.truncate(start);
            }
            if len == 0 || kept.len() > BUFFERED {
                new.write(&kept)?;
                kept.clear();
            }
            (start, at) = (kept.len(), at + len as u64);
            if len == 0 {
                break;
            }
        }
        // Windows replaces no file that is open.
        drop((log, self.destination));
        new.finish()
    }
}

/// Opens a log, and gives how long it is.
fn open(path: &Path) -> io::Result<(File, u64)> {
    let mut file = Access::Private.append_to(path)?;
    // A line that was cut off by a kill must not run into the next one.
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
