//! Finding the sources that the command line names: standard input, files, and the files of directories.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::input::file_name::{self, Selection};
use crate::input::source::{Origin, Source};
use crate::sys::identity::Identity;
use crate::term::sanitize::path_text;

/// All sources of a run, in their order.
#[derive(Debug, Default)]
pub struct Sources {
    /// What will be read.
    pub list: Vec<Source>,
    /// How many files in directories are not read because of their extension.
    pub left_out: BTreeMap<String, u64>,
    /// How many sources are skipped because their output is there.
    pub skipped: u64,
    /// What could not be read, and why.
    pub unread: Vec<(String, io::Error)>,
}

/// Where the paths of sources in `--output-dir` start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Base {
    /// In the directory that was named.
    #[default]
    Named,
    /// In this directory.
    Directory(PathBuf),
}

/// An input that is not in the directory that `--base` names.
#[derive(Debug)]
pub struct OutsideBase(pub String);

impl Sources {
    /// Finds the files that the arguments stand for. `own` is what this run writes, and so does not read.
    ///
    /// # Errors
    /// When a path is not in the base.
    pub fn find(
        inputs: &[PathBuf],
        selection: &Selection,
        base: &Base,
        own: &[Identity],
    ) -> Result<Sources, OutsideBase> {
        let mut sources = Sources::default();
        let base = match base {
            Base::Named => None,
            Base::Directory(path) => Some(path.canonicalize().unwrap_or_else(|_| path.clone())),
        };
        for input in inputs {
            if input.as_os_str() == "-" {
                sources.list.push(Source::stdin());
                continue;
            }
            let relative = match &base {
                None => None,
                Some(base) => Some(below(input, base).ok_or_else(|| OutsideBase(path_text(input)))?),
            };
            if input.is_dir() {
                sources.walk(input, &relative.unwrap_or_default(), selection, own);
            } else {
                let name = || input.file_name().map_or_else(|| input.clone(), PathBuf::from);
                let relative = relative.unwrap_or_else(name);
                sources.list.push(Source { origin: Origin::File(input.clone()), relative });
            }
        }
        Ok(sources)
    }

    /// Leaves out what need not be read.
    pub fn skip(&mut self, mut is_done: impl FnMut(&Source) -> bool) {
        let found = self.list.len();
        self.list.retain(|source| !is_done(source));
        self.skipped += (found - self.list.len()) as u64;
    }

    /// How many bytes there are to read; unknown when a source is no regular file.
    pub fn bytes(&self) -> Option<u64> {
        self.list.iter().map(Source::bytes).sum()
    }

    fn walk(&mut self, root: &Path, relative_root: &Path, selection: &Selection, own: &[Identity]) {
        let is_own = |path: &Path| !own.is_empty() && Identity::of(path).is_some_and(|id| own.contains(&id));
        let entries = WalkDir::new(root)
            .sort_by(|a, b| file_name::sort_key(a.file_name()).cmp(&file_name::sort_key(b.file_name())))
            .into_iter()
            // A directory of our own is not entered; one file of our own is not read, like others.
            .filter_entry(|entry| entry.depth() == 0 || !entry.file_type().is_dir() || !is_own(entry.path()));
        for entry in entries {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) => {
                    let below = entry.path().strip_prefix(root).unwrap_or(entry.path());
                    let kind = entry.file_type();
                    if kind.is_file() && is_own(entry.path()) {
                        continue;
                    }
                    if kind.is_file() && selection.reads(below) {
                        let relative = relative_root.join(below);
                        self.list.push(Source { origin: Origin::File(entry.into_path()), relative });
                        continue;
                    }
                    let kind = match kind {
                        kind if kind.is_file() => file_name::counted_as(below),
                        kind if kind.is_symlink() => "link".into(),
                        _ => "special file".into(),
                    };
                    *self.left_out.entry(kind).or_default() += 1;
                }
                Err(error) => {
                    let name = path_text(error.path().unwrap_or(root));
                    self.unread.push((name, error.into()));
                }
            }
        }
    }
}

/// A path as it is below a directory, links in the directories above it followed.
fn below(path: &Path, directory: &Path) -> Option<PathBuf> {
    let place = if path.is_dir() { path.canonicalize().ok()? } else { place(path) };
    place.strip_prefix(directory).ok().map(Path::to_owned)
}

/// A path whose directory has only one name: links in it are followed, as far as it exists.
pub fn place(path: &Path) -> PathBuf {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let parent = parent.canonicalize().unwrap_or_else(|_| match parent.file_name() {
        Some(_) => place(parent),
        None => parent.to_owned(),
    });
    parent.join(path.file_name().unwrap_or_default())
}
