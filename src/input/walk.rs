//! Finding the sources that the command line names: standard input, files, and the files of directories.

use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use walkdir::WalkDir;

use crate::error::RunError;
use crate::input::file::{ReadContext, Waiting};
use crate::input::file_name;
use crate::input::members::{is_wanted, zip_members};
use crate::input::selection::Selection;
use crate::input::source::{Contents, Origin, Source, is_stdin};
use crate::input::stream::Content;
use crate::sys::file::Identity;
use crate::term::sanitize::path_text;

/// All sources of a run, in their order.
#[derive(Debug, Default)]
pub struct Sources {
    pub list: Vec<Arc<Source>>,
    /// Names of what could not be read, each with the error.
    pub unread: Vec<(String, io::Error)>,
}

impl Sources {
    /// Finds the sources that the arguments name. The run does not read its `own` outputs.
    pub fn find(
        inputs: &[PathBuf],
        selection: &Selection,
        base: Option<&Path>,
        own: &[Identity],
    ) -> Result<Sources, RunError> {
        let mut sources = Sources::default();
        let base = base.map(|base| dunce::canonicalize(base).unwrap_or_else(|_| base.to_owned()));
        for input in inputs {
            if is_stdin(input) {
                sources.list.push(Arc::new(Source::stdin()));
                continue;
            }
            let outside = || RunError::Usage(format!("{}: is not in the --base directory", path_text(input)));
            let relative = base.as_ref().map(|base| below(input, base).ok_or_else(outside)).transpose()?;
            if input.is_dir() {
                sources.walk(input, &relative.unwrap_or_default(), selection, own);
            } else {
                let source = match relative {
                    Some(relative) => Source::file_below(input.clone(), relative),
                    None => Source::file(input),
                };
                sources.list.push(Arc::new(source));
            }
        }
        Ok(sources)
    }

    /// Finds out what can be known before the run about which outputs there will be: leaves out the files whose
    /// content is not wanted, finds the archives, and replaces each zip by its members. An archive with the name of a
    /// file of payloads is found when its turn comes.
    pub fn resolve(&mut self, selection: &Selection, context: &ReadContext) {
        let is_wanted = |source: &Arc<Source>| is_wanted(source, context, selection);
        let with = |source, contents| Arc::new(Source { contents, ..Arc::<Source>::unwrap_or_clone(source) });
        for source in std::mem::take(&mut self.list) {
            if !is_wanted(&source) {
                continue;
            }
            match content(&source) {
                Some(Content::Tar(_)) => self.list.push(with(source, Contents::Members)),
                Some(Content::Zip(_)) => match zip_members(&source, selection) {
                    Ok((members, error)) => {
                        let members = members.into_iter().filter(is_wanted);
                        self.list.extend(members.map(|member| with(member, Contents::Payloads)));
                        self.unread.extend(error.map(|error| (source.name(), error)));
                    }
                    // The error is reported when its turn comes.
                    Err(_) => self.list.push(with(source, Contents::Payloads)),
                },
                Some(Content::Stream(_)) | None => self.list.push(with(source, Contents::Payloads)),
            }
        }
    }

    /// The number of bytes that will be read for sure; unknown when a source is not a regular file.
    pub fn bytes(&self) -> Option<u64> {
        let is_sure = |source: &&Arc<Source>| source.contents != Contents::Unknown;
        self.list.iter().filter(is_sure).map(|source| source.bytes).sum()
    }

    fn walk(&mut self, root: &Path, relative_root: &Path, selection: &Selection, own: &[Identity]) {
        let is_own = |path: &Path| !own.is_empty() && Identity::of(path).is_some_and(|id| own.contains(&id));
        let entries = WalkDir::new(root)
            .sort_by(|a, b| file_name::sort_key(a.file_name()).cmp(&file_name::sort_key(b.file_name())))
            .into_iter()
            // The run's own output directory is not entered; its other outputs are left out below.
            .filter_entry(|entry| entry.depth() == 0 || !entry.file_type().is_dir() || !is_own(entry.path()));
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let name = path_text(error.path().unwrap_or(root));
                    self.unread.push((name, error.into()));
                    continue;
                }
            };
            let file_type = entry.file_type();
            if file_type.is_dir() || file_type.is_file() && is_own(entry.path()) {
                continue;
            }
            let below = entry.path().strip_prefix(root).unwrap_or(entry.path());
            let kind = if file_type.is_symlink() {
                file_name::LINK.into()
            } else if !file_type.is_file() {
                file_name::SPECIAL.into()
            } else if let Some(contents) = selection.contents(below) {
                let relative = relative_root.join(below);
                let source = Source::file_below(entry.into_path(), relative);
                self.list.push(Arc::new(Source { contents, ..source }));
                continue;
            } else {
                file_name::kind(below)
            };
            selection.skips.leave_out(kind, || path_text(entry.path()));
        }
    }
}

/// The content of a regular file, which can be read twice, unless its name says that it holds payloads: opening each of
/// many small files twice takes a good part of the time.
fn content(source: &Source) -> Option<Content> {
    let Origin::File(path) = &source.origin else { return None };
    source.bytes.filter(|_| !file_name::holds_payloads(&file_name::without_compression(path)))?;
    Some(Content::open(source.open_file().ok()?, Waiting::Never))
}

/// A path relative to a directory, after following the links in its parent directories.
fn below(path: &Path, directory: &Path) -> Option<PathBuf> {
    let place = if path.is_dir() { dunce::canonicalize(path).ok()? } else { real_path(path) };
    place.strip_prefix(directory).ok().map(Path::to_owned)
}

/// A path with the links in its directory followed, as far as that exists, so that one place has one name.
pub fn real_path(path: &Path) -> PathBuf {
    let mut real = dunce::canonicalize(".").unwrap_or_default();
    let mut components = path.components().peekable();
    while let Some(component) = components.next() {
        match component {
            Component::Prefix(_) | Component::RootDir => real.push(component),
            Component::CurDir => {}
            // Links were followed already, and what does not exist yet will not be a link.
            Component::ParentDir => drop(real.pop()),
            Component::Normal(name) => {
                real.push(name);
                if components.peek().is_some() {
                    real = dunce::canonicalize(&real).unwrap_or(real);
                }
            }
        }
    }
    real
}
