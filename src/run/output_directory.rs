//! The outputs in a directory, one for each source. No two are the same file, and none is a directory of
//! another, an input or (unless that is wanted) an existing file.
//!
//! All that is known before the run is checked first, including the members of zips. The members of a tar become
//! known when it is read, and each is checked before its output is begun; reading every tar twice would take
//! twice as long.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::input::members::MemberDecision;
use crate::input::members::OutputConflict;
use crate::input::source::Source;
use crate::input::walk::place;
use crate::options::Existing;
use crate::sys::file::Identity;
use crate::sys::names;

/// What to do when an output exists.
const HINT: &str = "--skip-existing keeps what is at least as new as its input, --overwrite replaces all";

/// The outputs in a directory.
pub struct OutputDirectory {
    path: PathBuf,
    existing: Existing,
    /// The real paths of the directories that outputs are in.
    parents: HashMap<PathBuf, PathBuf>,
    /// The sources by the places of their outputs; these and the next two are [`names::folded`].
    outputs: HashMap<PathBuf, Arc<Source>>,
    /// The directories above outputs, each with one of the sources.
    directories: HashMap<PathBuf, Arc<Source>>,
    /// Outputs that do not belong to a source, such as the rejects.
    others: Vec<PathBuf>,
    /// What must not be overwritten.
    inputs: Inputs,
}

/// The inputs of a run, looked up only when that matters.
enum Inputs {
    Unknown(Vec<Arc<Source>>),
    Known(HashSet<Identity>),
}

/// An output that exists already.
pub struct ExistingOutput {
    /// Where.
    pub place: PathBuf,
    metadata: fs::Metadata,
}

impl OutputDirectory {
    /// A directory in which nothing is to be written yet. `others` are further outputs of the run.
    pub fn new(
        path: PathBuf,
        existing: Existing,
        others: Vec<PathBuf>,
        sources: &[Arc<Source>],
    ) -> OutputDirectory {
        let inputs = Inputs::Unknown(sources.to_vec());
        let (parents, outputs, directories) = (HashMap::new(), HashMap::new(), HashMap::new());
        OutputDirectory { path, existing, parents, outputs, directories, others, inputs }
    }

    /// Adds the output of a source, and returns its place.
    ///
    /// # Errors
    /// When it clashes with another: its place, and why.
    pub fn add(&mut self, source: &Arc<Source>) -> Result<PathBuf, OutputConflict> {
        let relative = source.output();
        let output = self.path.join(&relative);
        if !names::can_be_written(&relative) {
            return Err(OutputConflict { output, reason: "no file can have this name on Windows".into() });
        }
        let parent = self.parent(output.parent().unwrap_or(Path::new("")), source)?;
        let place = parent.join(output.file_name().unwrap_or_default());
        let refuse = |reason| Err(OutputConflict { output: place.clone(), reason });
        let folded = names::folded(&place);
        if let Some(other) = self.directories.get(&*folded) {
            return refuse(would_be_directory(source, other));
        }
        if self.others.iter().any(|other| *other == *folded) {
            return refuse("two outputs cannot be one file".into());
        }
        if let Some(other) = self.outputs.get(&*folded) {
            return refuse(format!("both {} and {} would be written there", other.name(), source.name()));
        }
        self.outputs.insert(folded.into_owned(), Arc::clone(source));
        Ok(place)
    }

    /// What to do with a source that turned up after the run had begun.
    pub fn judge(&mut self, source: &Arc<Source>) -> MemberDecision {
        let place = match self.add(source) {
            Ok(place) => place,
            Err(conflict) => return MemberDecision::Refuse(conflict),
        };
        let Some(existing) = ExistingOutput::at(&place) else { return MemberDecision::Read };
        let refuse = |reason: &str| {
            MemberDecision::Refuse(OutputConflict { output: place.clone(), reason: reason.into() })
        };
        match self.existing {
            Existing::Refuse => refuse(&exists_already("")),
            Existing::SkipIfNewer if existing.is_newer_than(source) => MemberDecision::Skip,
            Existing::SkipIfNewer | Existing::Overwrite => match self.is_input(&existing) {
                true => refuse("is an input, which would be overwritten"),
                false => MemberDecision::Read,
            },
        }
    }

    fn is_input(&mut self, existing: &ExistingOutput) -> bool {
        if let Inputs::Unknown(sources) = &self.inputs {
            self.inputs = Inputs::Known(sources.iter().filter_map(|source| source.identity()).collect());
        }
        let identity = Identity::of(&existing.place);
        matches!((&self.inputs, identity), (Inputs::Known(known), Some(identity)) if known.contains(&identity))
    }

    /// The real path of a directory for outputs. It must be a directory, or be creatable in one.
    fn parent(&mut self, parent: &Path, source: &Arc<Source>) -> Result<PathBuf, OutputConflict> {
        if let Some(known) = self.parents.get(parent) {
            return Ok(known.clone());
        }
        let existing = parent.ancestors().find(|ancestor| ancestor.symlink_metadata().is_ok());
        if let Some(file) = existing.filter(|file| !file.as_os_str().is_empty() && !file.is_dir()) {
            let reason = "is not a directory, so outputs cannot be in it".into();
            return Err(OutputConflict { output: file.to_owned(), reason });
        }
        let canonical = dunce::canonicalize(parent).unwrap_or_else(|_| place(parent));
        for directory in canonical.ancestors() {
            let folded = names::folded(directory);
            if let Some(other) = self.outputs.get(&*folded) {
                let reason = would_be_directory(other, source);
                return Err(OutputConflict { output: directory.to_owned(), reason });
            }
            if self.directories.contains_key(&*folded) {
                break;
            }
            if self.others.iter().any(|other| *other == *folded) {
                let reason =
                    format!("the output of {} would be in it, so it cannot be a file", source.name());
                return Err(OutputConflict { output: directory.to_owned(), reason });
            }
            self.directories.insert(folded.into_owned(), Arc::clone(source));
        }
        self.parents.insert(parent.to_owned(), canonical.clone());
        Ok(canonical)
    }
}

impl ExistingOutput {
    /// What exists at a place, if anything does.
    pub fn at(place: &Path) -> Option<ExistingOutput> {
        Some(ExistingOutput { metadata: fs::metadata(place).ok()?, place: place.to_owned() })
    }

    /// Whether it is at least as new as a source, so that there is nothing to do for that.
    pub fn is_newer_than(&self, source: &Source) -> bool {
        let output = self.metadata.modified().ok();
        output.is_some_and(|output| source.modified().is_none_or(|input| output >= input))
    }
}

/// The message that outputs exist already.
pub fn exists_already(more: &str) -> String {
    format!("exists already{more}; {HINT}")
}

fn would_be_directory(of: &Source, other: &Source) -> String {
    format!("the output of {} would be a directory of the output of {}", of.name(), other.name())
}
