//! Finding the sources that the command line names: standard input, files, and the files of directories.

use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use walkdir::WalkDir;

use crate::input::archive::tar;
use crate::input::file::Waiting;
use crate::input::file_name;
use crate::input::members;
use crate::input::selection::{Selection, SkipCounts};
use crate::input::source::{Contents, MemberRoot, Origin, Source};
use crate::input::stream::{Archive, Nesting, ReadOutcome, Stream};
use crate::sys::file::Identity;
use crate::term::sanitize::path_text;

/// All sources of a run, in their order.
#[derive(Debug, Default)]
pub struct Sources {
    pub list: Vec<Arc<Source>>,
    pub skip_counts: SkipCounts,
    /// Names of what could not be read, each with the error.
    pub unread: Vec<(String, io::Error)>,
}

/// The start of the paths of outputs in `--output-dir`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Base {
    /// The directory that was named.
    #[default]
    Named,
    /// This directory.
    Directory(PathBuf),
}

/// An input that is not in the directory that `--base` names.
#[derive(Debug)]
pub struct OutsideBase(pub String);

impl Sources {
    /// Finds the sources that the arguments name. The run does not read its `own` outputs.
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
            Base::Directory(path) => Some(dunce::canonicalize(path).unwrap_or_else(|_| path.clone())),
        };
        for input in inputs {
            if input.as_os_str() == "-" {
                sources.list.push(Arc::new(Source::stdin()));
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
                let (relative, member_root) = match relative {
                    Some(relative) => (relative, MemberRoot::OwnDirectory),
                    None => (name(), MemberRoot::OutputDirectory),
                };
                sources.list.push(Arc::new(Source::file(input.clone(), relative, member_root)));
            }
        }
        Ok(sources)
    }

    /// Finds the archives, and replaces each zip by its members, so that their outputs are known.
    pub fn find_archives(&mut self, selection: &Selection) {
        let mut list = Vec::with_capacity(self.list.len());
        for source in self.list.drain(..) {
            match archive_at(&source) {
                Some(Archive::Tar(_)) => {
                    list.push(Arc::new(Source { contents: Contents::Members, ..Source::clone(&source) }));
                }
                Some(Archive::Zip(_)) => match members::zip_members(&source, selection, &self.skip_counts) {
                    Ok(members) => list.extend(members.into_iter().map(Arc::new)),
                    // The error is reported when its turn comes.
                    Err(_) => list.push(source),
                },
                None => list.push(source),
            }
        }
        self.list = list;
    }

    /// The number of bytes to read; unknown when a source is not a regular file.
    pub fn bytes(&self) -> Option<u64> {
        self.list.iter().map(|source| source.bytes()).sum()
    }

    fn walk(&mut self, root: &Path, relative_root: &Path, selection: &Selection, own: &[Identity]) {
        let is_own = |path: &Path| !own.is_empty() && Identity::of(path).is_some_and(|id| own.contains(&id));
        let entries = WalkDir::new(root)
            .sort_by(|a, b| file_name::sort_key(a.file_name()).cmp(&file_name::sort_key(b.file_name())))
            .into_iter()
            // The run's own output directory is not entered; its other outputs are left out below.
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
                        let source = Source::file(entry.into_path(), relative, MemberRoot::OwnDirectory);
                        self.list.push(Arc::new(source));
                        continue;
                    }
                    let kind = match kind {
                        kind if kind.is_file() => file_name::kind(below),
                        kind if kind.is_symlink() => "link".into(),
                        _ => "special file".into(),
                    };
                    self.skip_counts.leave_out(kind);
                }
                Err(error) => {
                    let name = path_text(error.path().unwrap_or(root));
                    self.unread.push((name, error.into()));
                }
            }
        }
    }
}

/// The archive that a file is.
fn archive_at(source: &Source) -> Option<Archive> {
    // Anything but a regular file can be read only once.
    let Origin::File(_) = &source.origin else { return None };
    source.bytes()?;
    let mut stream = Stream::new(source.open_file().ok()?, Waiting::Never, Nesting::Outermost);
    match stream.read(&mut [0; tar::BLOCK]).ok()? {
        ReadOutcome::Archive(archive) => Some(archive),
        ReadOutcome::Bytes(_) => None,
    }
}

/// A path relative to a directory, after following the links in its parent directories.
fn below(path: &Path, directory: &Path) -> Option<PathBuf> {
    let place = if path.is_dir() { dunce::canonicalize(path).ok()? } else { place(path) };
    place.strip_prefix(directory).ok().map(Path::to_owned)
}

/// A path with the links in its directory followed, as far as that exists, so that one place has one name.
pub fn place(path: &Path) -> PathBuf {
    let mut place = dunce::canonicalize(".").unwrap_or_default();
    let mut components = path.components().peekable();
    while let Some(component) = components.next() {
        match component {
            Component::Prefix(_) | Component::RootDir => place.push(component),
            Component::CurDir => {}
            // Links were followed already, and what does not exist yet will not be a link.
            Component::ParentDir => drop(place.pop()),
            Component::Normal(name) => {
                place.push(name);
                if components.peek().is_some() {
                    place = dunce::canonicalize(&place).unwrap_or(place);
                }
            }
        }
    }
    place
}
