//! Who may read a file that is written.
//!
//! Windows has no modes: a new file is open to whoever its directory is open to. Unix replaces a file that is
//! marked read-only. Windows would refuse only when the run is done, so it is refused before.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Who may read a new file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// As the umask allows; a file that is replaced keeps its mode.
    Shared,
    /// The owner only, whatever mode the file had: it holds payloads that were not meant to be shared.
    Private,
}

#[cfg(unix)]
impl Access {
    /// Sets the mode of a temporary file.
    pub fn apply(self, builder: &mut tempfile::Builder) {
        builder.permissions(self.permissions());
    }

    /// Opens a file to append to, which is created if necessary.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn append_to(self, path: &Path) -> io::Result<File> {
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        let mode = self.permissions().mode();
        let file = OpenOptions::new().mode(mode).create(true).read(true).append(true).open(path)?;
        file.set_permissions(self.permissions())?;
        Ok(file)
    }

    /// Prepares a file to replace another.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn replace(self, old: &Path, new: &File) -> io::Result<()> {
        match self {
            Access::Shared => new.set_permissions(old.metadata()?.permissions()),
            Access::Private => Ok(()),
        }
    }

    fn permissions(self) -> std::fs::Permissions {
        std::os::unix::fs::PermissionsExt::from_mode(match self {
            Access::Shared => 0o666,
            Access::Private => 0o600,
        })
    }
}

#[cfg(windows)]
impl Access {
    /// Does nothing.
    pub fn apply(self, _: &mut tempfile::Builder) {}

    /// Opens a file to append to, which is created if necessary.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn append_to(self, path: &Path) -> io::Result<File> {
        OpenOptions::new().create(true).read(true).append(true).open(path)
    }

    /// Prepares a file to replace another.
    ///
    /// # Errors
    /// When the other is read-only.
    pub fn replace(self, old: &Path, _: &File) -> io::Result<()> {
        if old.metadata()?.permissions().readonly() {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only"));
        }
        Ok(())
    }
}
