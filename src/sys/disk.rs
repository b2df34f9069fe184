//! Making sure that files are on disk.

use std::fs::File;
use std::io;
use std::path::Path;

/// Waits until all that was written to the file system of a directory is on disk.
///
/// # Errors
/// When some of it could not be written.
pub fn sync_all_in(directory: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(directory)?)?)
}
