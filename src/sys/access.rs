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
    /// Whoever the umask allows; a file that is replaced keeps its mode.
    Shared,
    /// The owner only, whatever mode the file had: it holds payloads nobody asked to share.
    Private,
}

#[cfg(unix)]
impl Access {
    /// How a file with a temporary name is made.
    pub fn temporary_file(self) -> tempfile::Builder<'static, 'static> {
        let mut builder = tempfile::Builder::new();
        builder.permissions(self.permissions());
        builder
    }

    /// How a file is opened, or made.
    pub fn options(self) -> OpenOptions {
        use std::os::unix::fs::OpenOptionsExt;
        let mut options = OpenOptions::new();
        options.mode(self.mode());
        options
    }

    /// Sets the mode of a file that was there already.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn set(self, file: &File) -> io::Result<()> {
        file.set_permissions(self.permissions())
    }

    /// Prepares a file to replace another.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn replace(self, old: &Path, new: &File) -> io::Result<()> {
        match self {
            Access::Shared => new.set_permissions(std::fs::metadata(old)?.permissions()),
            Access::Private => Ok(()),
        }
    }

    fn mode(self) -> u32 {
        match self {
            Access::Shared => 0o666,
            Access::Private => 0o600,
        }
    }

    fn permissions(self) -> std::fs::Permissions {
        std::os::unix::fs::PermissionsExt::from_mode(self.mode())
    }
}

#[cfg(windows)]
impl Access {
    /// How a file with a temporary name is made.
    pub fn temporary_file(self) -> tempfile::Builder<'static, 'static> {
        tempfile::Builder::new()
    }

    /// How a file is opened, or made.
    pub fn options(self) -> OpenOptions {
        OpenOptions::new()
    }

    /// Sets the mode of a file that was there already.
    ///
    /// # Errors
    /// Never.
    pub fn set(self, _: &File) -> io::Result<()> {
        Ok(())
    }

    /// Prepares a file to replace another.
    ///
    /// # Errors
    /// When the other is read-only.
    pub fn replace(self, old: &Path, _: &File) -> io::Result<()> {
        match std::fs::metadata(old)?.permissions().readonly() {
            true => Err(io::Error::new(io::ErrorKind::PermissionDenied, "the file is read-only")),
            false => Ok(()),
        }
    }
}
