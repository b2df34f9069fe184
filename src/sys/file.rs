//! Files that may be something else: opening them, and telling which and what they are.
//!
//! Windows does not describe pipes and devices as files: a handle's type is asked for first, a device is known by
//! its name, and what cannot be described is read as it comes, like a pipe (a file that Wine was handed). Nor does
//! it number pipes: two streams that lead into one pipe are not known to be the same.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::path::Path;

/// Opens a file to read. A FIFO that nothing writes to must not block the open itself, where no signal is noticed.
///
/// # Errors
/// When the system refuses.
pub fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        let flags = rustix::fs::OFlags::NONBLOCK.bits();
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags as i32);
    }
    options.read(true).open(path)
}

/// The kind of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// Reading never blocks.
    Regular,
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

/// The identity of a file, directory, FIFO or pipe, whatever it is called.
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
        Identity::from(&fs::metadata(path).ok()?)
    }

    /// The identity of what is open.
    pub fn of_open(file: &File) -> Option<Identity> {
        Identity::from(&file.metadata().ok()?)
    }

    fn from(metadata: &Metadata) -> Option<Identity> {
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
