//! Which file something is, whatever it is called.

use std::fs::{self, File};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::Path;

/// The identity of a file, directory, FIFO or pipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    device: u64,
    inode: u64,
}

impl Identity {
    /// The identity of what is at a path, links followed. `None` when nothing is there, and for a device:
    /// several outputs may share a terminal or `/dev/null`.
    pub fn of(path: &Path) -> Option<Identity> {
        Identity::from(&fs::metadata(path).ok()?)
    }

    /// The identity of what is open.
    pub fn of_open(file: &File) -> Option<Identity> {
        Identity::from(&file.metadata().ok()?)
    }

    fn from(metadata: &fs::Metadata) -> Option<Identity> {
        let kind = metadata.file_type();
        let known = kind.is_file() || kind.is_dir() || kind.is_fifo();
        known.then(|| Identity { device: metadata.dev(), inode: metadata.ino() })
    }
}
