//! The temporary files of this run, so that none remains however it ends.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The temporary files that exist.
#[derive(Clone, Debug, Default)]
pub struct TemporaryFiles(Arc<Mutex<HashSet<PathBuf>>>);

/// A temporary file that stays on the list while this lives.
#[derive(Debug)]
pub struct Listed {
    files: TemporaryFiles,
    path: PathBuf,
}

impl TemporaryFiles {
    /// Adds a file to the list.
    pub fn list(&self, path: PathBuf) -> Listed {
        self.lock().insert(path.clone());
        Listed { files: self.clone(), path }
    }

    /// Removes all of them.
    pub fn remove_all(&self) {
        for path in self.lock().drain() {
            let _ = std::fs::remove_file(path);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<PathBuf>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Listed {
    fn drop(&mut self) {
        self.files.lock().remove(&self.path);
    }
}
