//! What a run must not do to files, found out before anything is written.

use std::fs::File;
use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::input::source::{Identity, Sources};
use crate::run::{Options, Output};

/// A run that was refused before anything was written: wrong usage.
#[derive(Debug)]
pub struct UsageError(String);

impl UsageError {
    /// A refusal for this reason.
    pub fn new(reason: String) -> UsageError {
        UsageError(reason)
    }
}

impl std::fmt::Display for UsageError {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UsageError {}

/// Every path that the run writes to.
fn outputs(options: &Options) -> impl Iterator<Item = &PathBuf> {
    let events = match &options.output {
        Output::File(path) | Output::Directory(path, _) => Some(path),
        Output::Stdout | Output::Nowhere => None,
    };
    events.into_iter().chain(&options.rejects).chain(&options.summary)
}

/// What is there already of what the run writes; standard output when it is a file.
pub fn own_outputs(options: &Options) -> Vec<Identity> {
    let stdout = || Identity::of_open(&File::from(rustix::io::dup(rustix::stdio::stdout()).ok()?));
    let stdout = (options.output == Output::Stdout).then(stdout).flatten();
    outputs(options).filter_map(|path| Identity::of(path)).chain(stdout).collect()
}

/// An output that is also an input, or another output, would destroy what cannot be made again.
pub fn refuse_overwriting(options: &Options, own: &[Identity], sources: &Sources) -> anyhow::Result<()> {
    for (index, path) in outputs(options).enumerate() {
        let same = |other: &PathBuf| {
            place(other) == place(path)
                || Identity::of(other).is_some_and(|id| Identity::of(path) == Some(id))
        };
        if outputs(options).take(index).any(same) {
            bail!(UsageError(format!("{}: two outputs cannot be one file", path.display())));
        }
    }
    let directory = match &options.output {
        Output::Directory(directory, _) => Some(directory),
        _ => None,
    };
    if own.is_empty() && directory.is_none() {
        return Ok(());
    }
    for source in &sources.list {
        let output = directory.and_then(|directory| Identity::of(&directory.join(source.output())));
        // Of a hundred thousand files most have no output yet: what is not there is not asked for.
        let clashes = |identity| own.contains(&identity) || output == Some(identity);
        if (output.is_some() || !own.is_empty()) && source.identity().is_some_and(clashes) {
            bail!(UsageError(format!("{}: is also an output, which would overwrite it", source.name())));
        }
    }
    Ok(())
}

/// A path whose directory has only one name.
fn place(path: &Path) -> PathBuf {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let parent = parent.canonicalize().unwrap_or_else(|_| parent.to_owned());
    parent.join(path.file_name().unwrap_or_default())
}

/// Each file in the output directory has one source, and is nothing else that the run writes.
pub fn refuse_collisions(options: &Options, directory: &Path, sources: &Sources) -> anyhow::Result<()> {
    let directory = directory.canonicalize().unwrap_or_else(|_| directory.to_owned());
    let others: Vec<PathBuf> =
        options.rejects.iter().chain(&options.summary).map(|path| place(path)).collect();
    let mut seen = std::collections::HashMap::new();
    for source in &sources.list {
        let output = source.output();
        if others.iter().any(|other| other.strip_prefix(&directory).is_ok_and(|other| other == output)) {
            bail!(UsageError(format!("{}: two outputs cannot be one file", output.display())));
        }
        if let Some(other) = seen.insert(output.clone(), source) {
            let (a, b) = (other.name(), source.name());
            bail!(UsageError(format!("{a} and {b} would both be written to {}", output.display())));
        }
    }
    Ok(())
}
