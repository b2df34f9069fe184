//! Waits until files are on disk.
//!
//! Linux syncs a whole file system in one call, which takes as long for a thousand small files as for one. The
//! others can only sync each file.

use std::fs::File;
use std::io;
use std::path::Path;

/// Waits until a file is on disk.
///
/// # Errors
/// When some of it could not be written.
pub fn sync(file: &File) -> io::Result<()> {
    let synced = file.sync_all();
    // On macOS that empties the disk's own cache too, which network disks do not offer.
    #[cfg(target_os = "macos")]
    let synced = synced.or_else(|_| Ok(rustix::fs::fsync(file)?));
    synced
}

/// The file systems that were synced since the files on them were written.
#[derive(Debug, Default)]
pub struct Synced {
    #[cfg(target_os = "linux")]
    devices: std::collections::HashSet<u64>,
    #[cfg(target_os = "linux")]
    directory: std::path::PathBuf,
}

impl Synced {
    /// Waits until a file in a directory is on disk.
    ///
    /// # Errors
    /// When some of it could not be written.
    #[cfg(target_os = "linux")]
    pub fn sync(&mut self, file: &File, directory: &Path) -> io::Result<()> {
        use std::os::unix::fs::MetadataExt;
        if self.directory != directory {
            self.directory = directory.to_owned();
            if self.devices.insert(file.metadata()?.dev()) {
                rustix::fs::syncfs(file)?;
            }
        }
        Ok(())
    }

    /// Waits until a file is on disk.
    ///
    /// # Errors
    /// When some of it could not be written.
    #[cfg(not(target_os = "linux"))]
    pub fn sync(&mut self, file: &File, _: &Path) -> io::Result<()> {
        sync(file)
    }
}

/// The most files that wait, open, to be synced together.
#[cfg(target_os = "linux")]
pub fn max_together() -> usize {
    use rustix::process::{Resource, getrlimit, setrlimit};
    const WANTED: u64 = 1024;
    let mut limit = getrlimit(Resource::Nofile);
    // The usual limit is low for the sake of programs that call select.
    let raised = |current: u64| current.max(2 * WANTED).min(limit.maximum.unwrap_or(u64::MAX));
    limit.current = limit.current.map(raised);
    let _ = setrlimit(Resource::Nofile, limit);
    (getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX) / 2).clamp(1, WANTED) as usize
}

/// The most files that wait, open, to be synced: little, since each is synced by itself.
#[cfg(not(target_os = "linux"))]
pub fn max_together() -> usize {
    16
}
