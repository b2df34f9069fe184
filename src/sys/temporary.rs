//! The temporary files of a run, none of which remains however it ends.
//!
//! A run that is killed leaves them, unlocked. The next one that writes to the directory removes them.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{self, Path, PathBuf};
use std::sync::{Arc, Mutex};

use tempfile::NamedTempFile;

use crate::sys::file::Access;

const PREFIX: &str = ".olark2rudder-";
const RANDOM: usize = 6;
const SUFFIX: &str = ".tmp";

#[derive(Clone, Debug, Default)]
pub struct TempFiles(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    paths: HashSet<PathBuf>,
    /// Directories in which no other run's files are left, each with its absolute path.
    cleaned: HashMap<PathBuf, PathBuf>,
}

/// A temporary file, which is locked while it is open, and removed unless it is renamed.
#[derive(Debug)]
pub struct TempFile {
    file: NamedTempFile,
    _guard: TempGuard,
}

#[derive(Debug)]
struct TempGuard {
    files: TempFiles,
    path: PathBuf,
}

impl TempFiles {
    pub fn create_in(&self, directory: &Path, access: Access) -> io::Result<TempFile> {
        let mut state = self.0.lock().unwrap();
        if !state.cleaned.contains_key(directory) {
            remove_left(directory);
            state.cleaned.insert(directory.to_owned(), path::absolute(directory)?);
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix(PREFIX).rand_bytes(RANDOM).suffix(SUFFIX);
        #[cfg(unix)]
        builder.permissions(access.permissions());
        #[cfg(windows)]
        let _ = access;
        let file = loop {
            let file = builder.tempfile_in(&state.cleaned[directory])?;
            // Where files cannot be locked, none is removed either.
            let _ = file.as_file().try_lock();
            if !is_removed(file.as_file())? {
                break file;
            }
        };
        let path = file.path().to_owned();
        state.paths.insert(path.clone());
        Ok(TempFile { file, _guard: TempGuard { files: self.clone(), path } })
    }

    /// Removes all of them at the end of the process. No more can be created.
    pub fn remove_all(&self) {
        let state = self.0.lock().unwrap();
        for path in &state.paths {
            let _ = fs::remove_file(path);
        }
        std::mem::forget(state);
    }
}

impl TempFile {
    pub fn as_file(&self) -> &File {
        self.file.as_file()
    }

    pub fn rename(self, path: &Path) -> io::Result<()> {
        self.file.persist(path)?;
        Ok(())
    }

    /// Renames it if nothing is there.
    pub fn rename_new(self, path: &Path) -> io::Result<()> {
        let Err(refused) = self.file.persist_noclobber(path) else { return Ok(()) };
        if path.symlink_metadata().is_ok() {
            return Err(refused.error);
        }
        // Some file systems know neither such a rename nor links, which would do as well.
        refused.file.persist(path)?;
        Ok(())
    }
}

impl Drop for TempGuard {
    fn drop(&mut self) {
        self.files.0.lock().unwrap().paths.remove(&self.path);
    }
}

fn remove_left(directory: &Path) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let is_file = || entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_temporary(&entry.file_name()) && is_file() {
            // Locked until it is removed, since another run may just be about to lock it.
            let file = OpenOptions::new().read(true).write(true).open(entry.path());
            if file.as_ref().is_ok_and(|file| file.try_lock().is_ok()) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

fn is_temporary(name: &OsStr) -> bool {
    let random = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX));
    random.is_some_and(|random| random.len() == RANDOM)
}

/// Whether another run removed a file before it was locked.
#[cfg(unix)]
fn is_removed(file: &File) -> io::Result<bool> {
    Ok(std::os::unix::fs::MetadataExt::nlink(&file.metadata()?) == 0)
}

#[cfg(not(unix))]
fn is_removed(_: &File) -> io::Result<bool> {
    Ok(false)
}
