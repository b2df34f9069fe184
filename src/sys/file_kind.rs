//! What kind of file something is.
//!
//! Windows does not describe pipes and devices as files: a handle's type is asked for first, a device is known by
//! its name, and what cannot be described is read as it comes, like a pipe (a file that Wine was handed).

use std::fs::{self, File, Metadata};
use std::io;
use std::path::Path;

/// What kind of file something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// It has a content, and never keeps a reader waiting.
    Regular,
    /// It holds files.
    Directory,
    /// A pipe, a FIFO, a terminal or another device.
    Other,
}

impl FileKind {
    /// The kind of what is at a path, links followed.
    ///
    /// # Errors
    /// When nothing is there, or the system refuses.
    pub fn of(path: &Path) -> io::Result<FileKind> {
        #[cfg(windows)]
        if crate::sys::names::is_device(path) {
            return Ok(FileKind::Other);
        }
        fs::metadata(path).map(|metadata| FileKind::from(&metadata))
    }

    /// The kind of what is open.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn of_open(file: &File) -> io::Result<FileKind> {
        #[cfg(windows)]
        if !winapi_util::file::typ(file)?.is_disk() || file.metadata().is_err() {
            return Ok(FileKind::Other);
        }
        file.metadata().map(|metadata| FileKind::from(&metadata))
    }
}

impl From<&Metadata> for FileKind {
    fn from(metadata: &Metadata) -> FileKind {
        match metadata.file_type() {
            kind if kind.is_file() => FileKind::Regular,
            kind if kind.is_dir() => FileKind::Directory,
            _ => FileKind::Other,
        }
    }
}
