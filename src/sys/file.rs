//! Files: opening them, which and what they are, who may read them, and when they are on disk.
//!
//! Windows does not describe pipes and devices as files: a handle's type is asked for first, a device is known by
//! its name, and what cannot be described is read as it comes, like a pipe (a file that Wine was handed). Nor does
//! it number pipes: two streams that lead into one pipe are not known to be the same. It has no modes: a new file is
//! open to whoever its directory is open to. It would refuse to replace a read-only file only when the run is done.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
#[cfg(unix)]
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// Opens a file to read. A FIFO that nothing writes to must not block the open itself, where no signal is noticed.
pub fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits() as i32);
    options.read(true).open(path)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A file of this many bytes; reading it never blocks.
    Regular(u64),
    Directory,
    /// A pipe, a FIFO, a terminal or another device.
    Other,
}

impl FileKind {
    /// The kind of what is at a path, links followed.
    pub fn of(path: &Path) -> io::Result<FileKind> {
        #[cfg(windows)]
        if crate::sys::names::is_device(path) {
            return Ok(FileKind::Other);
        }
        fs::metadata(path).map(|metadata| FileKind::from(&metadata))
    }

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
            kind if kind.is_file() => FileKind::Regular(metadata.len()),
            kind if kind.is_dir() => FileKind::Directory,
            _ => FileKind::Other,
        }
    }
}

/// The identity of a file, directory, FIFO or pipe, whatever it is called. Devices have none: several outputs may share
/// a terminal or `/dev/null`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    device: u64,
    number: u64,
}

#[cfg(unix)]
impl Identity {
    pub fn of(path: &Path) -> Option<Identity> {
        Identity::from(&fs::metadata(path).ok()?)
    }

    pub fn of_open(file: &File) -> Option<Identity> {
        Identity::from(&file.metadata().ok()?)
    }

    fn from(metadata: &Metadata) -> Option<Identity> {
        let kind = metadata.file_type();
        let known = kind.is_file() || kind.is_dir() || kind.is_fifo();
        known.then(|| Identity { device: metadata.dev(), number: metadata.ino() })
    }
}

#[cfg(windows)]
impl Identity {
    pub fn of(path: &Path) -> Option<Identity> {
        Identity::from(winapi_util::Handle::from_path_any(path).ok()?)
    }

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

/// Who may read a new file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// As the umask allows; a file that is replaced keeps its mode.
    Shared,
    /// The owner only, whatever mode the file had: it holds payloads that were not meant to be shared.
    Private,
}

impl Access {
    #[cfg(unix)]
    pub(super) fn permissions(self) -> fs::Permissions {
        fs::Permissions::from_mode(if self == Access::Shared { 0o666 } else { 0o600 })
    }

    pub fn append_to(self, path: &Path) -> io::Result<File> {
        let mut options = OpenOptions::new();
        #[cfg(unix)]
        options.mode(self.permissions().mode());
        let file = options.create(true).read(true).append(true).open(path)?;
        #[cfg(unix)]
        file.set_permissions(self.permissions())?;
        Ok(file)
    }

    pub fn replace(self, old: &Path, new: &File) -> io::Result<()> {
        let permissions = old.metadata()?.permissions();
        if cfg!(windows) && permissions.readonly() {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only"));
        }
        if cfg!(unix) && self == Access::Shared { new.set_permissions(permissions) } else { Ok(()) }
    }
}

pub fn sync(file: &File) -> io::Result<()> {
    let synced = file.sync_all();
    // On macOS that empties the disk's own cache too, which network disks do not offer.
    #[cfg(target_os = "macos")]
    let synced = synced.or_else(|_| Ok(rustix::fs::fsync(file)?));
    synced
}

/// The file systems that were synced since the files on them were written. Linux syncs one in a single call, which
/// takes as long for a thousand small files as for one.
#[derive(Debug, Default)]
#[cfg(target_os = "linux")]
pub struct Synced {
    devices: std::collections::HashSet<u64>,
    directory: std::path::PathBuf,
}

#[cfg(target_os = "linux")]
impl Synced {
    /// The most files that wait, open, to be synced together.
    pub fn max_files() -> usize {
        use rustix::process::{Resource, getrlimit, setrlimit};
        const WANTED: u64 = 1024;
        let mut limit = getrlimit(Resource::Nofile);
        // The usual limit is low for the sake of programs that call select.
        let raised = |current: u64| current.max(2 * WANTED).min(limit.maximum.unwrap_or(u64::MAX));
        limit.current = limit.current.map(raised);
        let _ = setrlimit(Resource::Nofile, limit);
        (getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX) / 2).clamp(1, WANTED) as usize
    }

    pub fn sync(&mut self, file: &File, directory: &Path) -> io::Result<()> {
        if self.directory != directory {
            self.directory = directory.to_owned();
            if self.devices.insert(file.metadata()?.dev()) {
                rustix::fs::syncfs(file)?;
            }
        }
        Ok(())
    }
}

/// Other systems can only sync each file.
#[derive(Debug, Default)]
#[cfg(not(target_os = "linux"))]
pub struct Synced {}

#[cfg(not(target_os = "linux"))]
impl Synced {
    pub fn max_files() -> usize {
        16
    }

    pub fn sync(&mut self, file: &File, _: &Path) -> io::Result<()> {
        sync(file)
    }
}
