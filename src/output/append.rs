//! A file that grows row by row and is there from the start, for what must be kept even when the run is killed.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use crate::error::OutputError;
use crate::output::destination::{Destination, Target};
use crate::sys::file::{Access, FileKind};
use crate::sys::temporary::TempFiles;

/// The rows that are written at a time.
const BUFFERED: usize = 64 << 10;

/// Opens a file to append rows to, readable for its owner only. Of the rows of earlier runs, those that are stale or were cut
/// off are removed first.
pub fn open(
    target: &Target,
    is_stale: impl Fn(&[u8]) -> bool,
    files: &TempFiles,
) -> Result<Destination, OutputError> {
    match target {
        // Opened for reading too, a FIFO would never tell that its reader is gone.
        Target::Path(path) if !matches!(FileKind::of(path), Ok(FileKind::Other)) => {
            remove_stale(path, is_stale, files)?;
            Destination::append(path, Access::Private)
        }
        _ => Destination::open(target, Access::Private, files),
    }
}

fn remove_stale(path: &Path, is_stale: impl Fn(&[u8]) -> bool, files: &TempFiles) -> Result<(), OutputError> {
    let failed = |error| OutputError::at(path, error);
    let old = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        opened => opened.map_err(failed)?,
    };
    let mut old = BufReader::with_capacity(BUFFERED, old);
    let mut new = Destination::open(&Target::Path(path.to_owned()), Access::Private, files)?;
    let mut is_changed = false;
    // The rows that stay, and from `start` on the current one.
    let mut kept = Vec::new();
    let mut start = 0;
    while old.read_until(b'\n', &mut kept).map_err(failed)? > 0 {
        if !kept.ends_with(b"\n") || is_stale(&kept[start..]) {
            kept.truncate(start);
            is_changed = true;
        }
        if kept.len() > BUFFERED {
            new.write(&kept)?;
            kept.clear();
        }
        start = kept.len();
    }
    new.write(&kept)?;
    // Windows replaces no file that is open.
    drop(old);
    if is_changed { new.finish() } else { Ok(()) }
}
