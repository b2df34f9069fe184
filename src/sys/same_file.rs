//! Which file something is, whatever it is called.
//!
//! Windows numbers files too, but not pipes: two streams that lead into one pipe are not known to be the same.

use std::fs::File;
use std::path::Path;

/// The identity of a file, directory, FIFO or pipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    device: u64,
    number: u64,
}

#[cfg(unix)]
impl Identity {
    /// The identity of what is at a path, links followed. `None` when nothing is there, and for a device:
    /// several outputs may share a terminal or `/dev/null`.
    pub fn of(path: &Path) -> Option<Identity> {
        Identity::from(&std::fs::metadata(path).ok()?)
    }

    /// The identity of what is open.
    pub fn of_open(file: &File) -> Option<Identity> {
        Identity::from(&file.metadata().ok()?)
    }

    fn from(metadata: &std::fs::Metadata) -> Option<Identity> {
        use std::os::unix::fs::{FileTypeExt, MetadataExt};
        let kind = metadata.file_type();
        let known = kind.is_file() || kind.is_dir() || kind.is_fifo();
        known.then(|| Identity { device: metadata.dev(), number: metadata.ino() })
    }
}

#[cfg(windows)]
impl Identity {
    /// The identity of what is at a path, links followed. `None` when nothing is there, and for a device:
    /// several outputs may share a console or `NUL`.
    pub fn of(path: &Path) -> Option<Identity> {
        Identity::from(winapi_util::Handle::from_path_any(path).ok()?)
    }

    /// The identity of what is open.
    pub fn of_open(file: &File) -> Option<Identity> {
        Identity::from(file)
    }

    fn from(handle: impl winapi_util::AsHandleRef) -> Option<Identity> {
        if !winapi_util::file::typ(&handle).ok()?.is_disk() {
            return None;
        }
        let file = winapi_util::file::information(&handle).ok()?;
        Some(Identity { device: file.volume_serial_number(), number: file.file_index() })
    }
}
