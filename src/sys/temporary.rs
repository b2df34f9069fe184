//! The temporary files of this run, so that none remains however it ends.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

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
        self.0.lock().unwrap().insert(path.clone());
        Listed { files: self.clone(), path }
    }

    /// Removes all of them.
    pub fn remove_all(&self) {
        for path in self.0.lock().unwrap().drain() {
            let _ = std::fs::remove_file(path);
        }
    }
}

impl Drop for Listed {
    fn drop(&mut self) {
        self.files.0.lock().unwrap().remove(&self.path);
    }
}
