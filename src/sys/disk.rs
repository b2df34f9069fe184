//! Making sure that files are on disk.
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

/// Waits until a file is on disk, where that cannot be done later for many at once.
///
/// # Errors
/// When some of it could not be written.
pub fn sync_one_of_many(file: &File) -> io::Result<()> {
    if cfg!(target_os = "linux") { Ok(()) } else { sync(file) }
}

/// How many files may wait, open, to be synced at once.
#[cfg(target_os = "linux")]
pub fn max_unsynced() -> usize {
    use rustix::process::{Resource, getrlimit, setrlimit};
    const WANTED: u64 = 1024;
    let mut limit = getrlimit(Resource::Nofile);
    // The usual limit is low for the sake of programs that call select.
    limit.current =
        limit.current.map(|current| current.max(2 * WANTED).min(limit.maximum.unwrap_or(u64::MAX)));
    let _ = setrlimit(Resource::Nofile, limit);
    let open = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    (open / 2).clamp(1, WANTED) as usize
}

/// How many files may wait: each was synced.
#[cfg(not(target_os = "linux"))]
pub fn max_unsynced() -> usize {
    1
}

/// One of these directories for each file system that they are on.
#[cfg(target_os = "linux")]
pub fn one_on_each<'d>(directories: impl Iterator<Item = &'d Path>) -> Vec<&'d Path> {
    use std::os::unix::fs::MetadataExt;
    let mut seen = std::collections::HashSet::new();
    let device = |directory: &Path| directory.metadata().ok().map(|metadata| metadata.dev());
    directories.filter(|directory| seen.insert(device(directory))).collect()
}

/// None of these directories: each file was synced.
#[cfg(not(target_os = "linux"))]
pub fn one_on_each<'d>(_: impl Iterator<Item = &'d Path>) -> Vec<&'d Path> {
    Vec::new()
}

/// Waits until all the files are on disk that were written to the file system of a directory.
///
/// # Errors
/// When some of it could not be written.
#[cfg(target_os = "linux")]
pub fn sync_all_in(directory: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(directory)?)?)
}

/// Does nothing: each file was synced.
///
/// # Errors
/// Never.
#[cfg(not(target_os = "linux"))]
pub fn sync_all_in(_: &Path) -> io::Result<()> {
    Ok(())
}
