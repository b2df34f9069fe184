//! The outputs in a directory, one for each source. No two are the same file, and none is a directory of
//! another, an input or (unless that is wanted) an existing file.
//!
//! All that is known before the run is checked first, including the members of zips. The members of a tar become
//! known when it is read, and each is checked before its output is opened: reading every tar twice would take
//! twice as long.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use crate::input::archive::safe_path;
use crate::input::members::{Admission, NotOpened, OutputConflict};
use crate::input::source::Source;
use crate::input::walk::real_path;
use crate::output::destination::{Existing, resolve_symlinks};
use crate::sys::file::Identity;
use crate::sys::names;
use crate::term::sanitize::{describe, path_text};

/// The options that allow outputs to exist.
pub const EXISTING_HINT: &str =
    "use --skip-existing to keep those that are newer than their inputs, or --overwrite to replace all";

/// The outputs in a directory.
#[derive(Default)]
pub struct OutputDirectory {
    path: PathBuf,
    existing: Existing,
    /// The real paths of the directories that outputs are in.
    parents: HashMap<PathBuf, PathBuf>,
    /// The sources by their outputs; these, the directories and the single outputs are [`names::folded`].
    outputs: HashMap<PathBuf, Arc<Source>>,
    /// The sources by the files that their outputs replace.
    replaced: HashMap<Identity, Arc<Source>>,
    /// The directories above outputs, each with one of the sources.
    directories: HashMap<PathBuf, Arc<Source>>,
    /// Outputs that do not belong to a source, such as the rejects.
    singles: HashSet<PathBuf>,
    sources: Vec<Arc<Source>>,
    /// The identities of the sources, looked up only when that matters.
    inputs: OnceCell<HashSet<Identity>>,
}

/// The output of a source.
pub struct PlannedOutput {
    pub path: PathBuf,
    /// The file that is there already, and when it was modified.
    existing: Option<(Identity, SystemTime)>,
}

impl PlannedOutput {
    /// The output at a path, or at the place to which a link there leads.
    ///
    /// # Errors
    /// When there are too many links.
    pub fn new(path: PathBuf) -> io::Result<PlannedOutput> {
        let Ok(there) = path.symlink_metadata() else { return Ok(PlannedOutput { path, existing: None }) };
        let path = if there.is_symlink() { real_path(&resolve_symlinks(&path)?) } else { path };
        let modified = || path.metadata()?.modified();
        let existing = Identity::of(&path).zip(modified().ok());
        Ok(PlannedOutput { path, existing })
    }

    /// The identity of the file that is there already.
    pub fn identity(&self) -> Option<Identity> {
        self.existing.map(|(identity, _)| identity)
    }

    /// Whether the output exists and is at least as new as its source.
    pub fn is_newer_than(&self, source: &Source) -> bool {
        self.existing.is_some_and(|(_, output)| source.modified().is_none_or(|input| output >= input))
    }
}

impl OutputDirectory {
    /// A directory without outputs of sources; `singles` are further outputs of the run.
    pub fn new(
        path: PathBuf,
        existing: Existing,
        singles: HashSet<PathBuf>,
        sources: &[Arc<Source>],
    ) -> OutputDirectory {
        OutputDirectory { path, existing, singles, sources: sources.to_vec(), ..OutputDirectory::default() }
    }

    /// Plans the output of a source.
    ///
    /// # Errors
    /// When it clashes with another output, or leads out of the directory.
    pub fn plan(&mut self, source: &Arc<Source>) -> Result<PlannedOutput, NotOpened> {
        if source.is_member() && safe_path(&source.relative).is_none() {
            return Err(io::Error::other("its path leads out of the output directory").into());
        }
        let relative = source.output();
        let output = self.path.join(&relative);
        if !names::can_be_written(&relative) {
            return Err(conflict(&output, "no file can have this name on Windows"));
        }
        let parent = self.parent(output.parent().unwrap_or(Path::new("")), source)?;
        let path = parent.join(output.file_name().unwrap_or_default());
        let planned = PlannedOutput::new(path.clone()).map_err(|error| conflict(&path, describe(&error)))?;
        let folded = names::folded(&planned.path);
        if let Some(other) = self.directories.get(&*folded) {
            return Err(conflict(&path, would_be_directory(source, other)));
        }
        if self.singles.contains(&*folded) {
            return Err(conflict(&path, "two outputs cannot be one file"));
        }
        let replaced = planned.identity();
        let same = || replaced.and_then(|identity| self.replaced.get(&identity));
        if let Some(other) = self.outputs.get(&*folded).or_else(same) {
            if source.is_member() {
                let reason = format!("{} is already the output of {}", path_text(&path), other.name());
                return Err(io::Error::other(reason).into());
            }
            let reason = format!("both {} and {} would be written there", other.name(), source.name());
            return Err(conflict(&path, reason));
        }
        self.outputs.insert(folded.into_owned(), Arc::clone(source));
        self.replaced.extend(replaced.map(|identity| (identity, Arc::clone(source))));
        Ok(planned)
    }

    /// Decides about a source that was found after the run had begun.
    pub fn decide(&mut self, source: &Arc<Source>) -> Result<Admission, NotOpened> {
        let output = self.plan(source)?;
        if output.existing.is_none() {
            return Ok(Admission::Read);
        }
        if self.existing == Existing::Refuse {
            let reason = format!("already exists; {EXISTING_HINT}");
            return Err(conflict(&output.path, reason));
        }
        if self.existing == Existing::SkipIfNewer && output.is_newer_than(source) {
            return Ok(Admission::Skip);
        }
        let identities = || self.sources.iter().filter_map(|source| source.identity()).collect();
        let inputs = self.inputs.get_or_init(identities);
        if output.identity().is_some_and(|identity| inputs.contains(&identity)) {
            return Err(conflict(&output.path, "is an input, which would be overwritten"));
        }
        Ok(Admission::Read)
    }

    /// The real path of a directory for outputs. It must be a directory, or be creatable in one.
    fn parent(&mut self, parent: &Path, source: &Arc<Source>) -> Result<PathBuf, NotOpened> {
        if let Some(known) = self.parents.get(parent) {
            return Ok(known.clone());
        }
        let existing = parent.ancestors().find(|ancestor| ancestor.symlink_metadata().is_ok());
        if let Some(file) = existing.filter(|file| !file.as_os_str().is_empty() && !file.is_dir()) {
            return Err(conflict(file, "is not a directory"));
        }
        let canonical = dunce::canonicalize(parent).unwrap_or_else(|_| real_path(parent));
        for directory in canonical.ancestors() {
            let folded = names::folded(directory);
            if let Some(other) = self.outputs.get(&*folded) {
                return Err(conflict(directory, would_be_directory(other, source)));
            }
            if self.directories.contains_key(&*folded) {
                break;
            }
            if self.singles.contains(&*folded) {
                let reason =
                    format!("the output of {} would be in it, so it cannot be a file", source.name());
                return Err(conflict(directory, reason));
            }
            self.directories.insert(folded.into_owned(), Arc::clone(source));
        }
        self.parents.insert(parent.to_owned(), canonical.clone());
        Ok(canonical)
    }
}

fn conflict(output: &Path, reason: impl Into<String>) -> NotOpened {
    NotOpened::Refused(OutputConflict { output: output.to_owned(), reason: reason.into() })
}

fn would_be_directory(of: &Source, other: &Source) -> String {
    format!("the output of {} would be a directory of the output of {}", of.name(), other.name())
}
