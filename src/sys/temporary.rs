//! The temporary files of a run, none of which remains however it ends.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use tempfile::NamedTempFile;

use crate::sys::access::Access;

/// The temporary files that exist.
#[derive(Clone, Debug, Default)]
pub struct TempFiles(Arc<Mutex<HashSet<PathBuf>>>);

/// A temporary file, which is removed unless it is renamed.
#[derive(Debug)]
pub struct TempFile {
    file: NamedTempFile,
    _guard: TempGuard,
}

/// Keeps a file on the list of those that exist.
#[derive(Debug)]
struct TempGuard {
    files: TempFiles,
    path: PathBuf,
}

impl TempFiles {
    /// Creates a file.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn create_in(&self, directory: &Path, access: Access) -> io::Result<TempFile> {
        let mut builder = tempfile::Builder::new();
        access.apply(builder.prefix(".olark2rudder-").suffix(".tmp"));
        let file = builder.tempfile_in(directory)?;
        let guard = TempGuard { files: self.clone(), path: file.path().to_owned() };
        self.0.lock().unwrap().insert(guard.path.clone());
        Ok(TempFile { file, _guard: guard })
    }

    /// Removes all of them.
    pub fn remove_all(&self) {
        for path in self.0.lock().unwrap().drain() {
            let _ = fs::remove_file(path);
        }
    }
}

impl TempFile {
    pub fn as_file(&self) -> &File {
        self.file.as_file()
    }

    /// Renames it, and replaces what is there.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn rename(self, path: &Path) -> io::Result<()> {
        self.file.persist(path)?;
        Ok(())
    }
}

impl Drop for TempGuard {
    fn drop(&mut self) {
        self.files.0.lock().unwrap().remove(&self.path);
    }
}
