//! What a run must not do to files, found out before anything is opened: no output is also an input or another
//! output, whatever the name, link or open stream that it is reached by.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::input::source::Source;
use crate::input::walk::{OutsideBase, Sources, place};
use crate::options::{Existing, Options, Output};
use crate::output::destination::{Target, behind_links};
use crate::run::UsageError;
use crate::sys::identity::Identity;
use crate::term::sanitize::path_text;

/// What is to be read, when nothing stands against it.
///
/// # Errors
/// When something does.
pub fn sources(options: &Options) -> Result<Sources, UsageError> {
    let singles = single_outputs(options)?;
    let directory = match &options.output {
        Output::Directory(path, _) => Some(path),
        _ => None,
    };
    let own: Vec<Identity> = singles
        .iter()
        .filter_map(|output| output.identity)
        .chain(directory.and_then(|path| Identity::of(path)))
        .collect();
    let mut sources = Sources::find(&options.inputs, &options.selection, &options.base, &own)
        .map_err(|OutsideBase(name)| UsageError::new(format!("{name}: is not in the --base directory")))?;
    if let Output::Directory(path, existing) = &options.output {
        let outputs = OutputDirectory::new(path, &sources.list, &singles)?;
        outputs.check_inputs(&singles, &sources.list)?;
        outputs.check_existing(*existing, &mut sources)?;
    } else {
        OutputDirectory::default().check_inputs(&singles, &sources.list)?;
    }
    Ok(sources)
}

/// An output that is one file or stream.
struct SingleOutput {
    target: Target,
    identity: Option<Identity>,
    /// Where it will be, if it is a path.
    place: Option<PathBuf>,
}

/// The outputs that are one file or stream each; all of them different.
fn single_outputs(options: &Options) -> Result<Vec<SingleOutput>, UsageError> {
    let events = match &options.output {
        Output::One(target) => Some(target),
        Output::Directory(..) | Output::Nowhere => None,
    };
    let mut singles: Vec<SingleOutput> = Vec::new();
    for target in events.into_iter().chain(&options.rejects).chain(&options.summary) {
        let (identity, place) = match target {
            Target::Stream(number) => (number.open().ok().and_then(|file| Identity::of_open(&file)), None),
            Target::Path(path) => {
                let path = behind_links(path).unwrap_or_else(|_| path.clone());
                (Identity::of(&path), Some(place(&path)))
            }
        };
        let is_same = |other: &SingleOutput| {
            other.target == *target
                || identity.is_some() && other.identity == identity
                || place.is_some() && other.place == place
        };
        if let Some(other) = singles.iter().find(|other| is_same(other)) {
            let (a, b) = (other.target.name(), target.name());
            let which = if a == b { a } else { format!("{a} and {b}") };
            return Err(UsageError::new(format!("{which}: two outputs cannot be one file or stream")));
        }
        singles.push(SingleOutput { target: target.clone(), identity, place });
    }
    Ok(singles)
}

/// The outputs in a directory, one for each source and in their order.
#[derive(Default)]
struct OutputDirectory {
    /// Where they will be.
    places: Vec<PathBuf>,
}

impl OutputDirectory {
    /// The outputs of these sources: no two are one, and none is a directory of another.
    fn new(
        directory: &Path,
        sources: &[Source],
        singles: &[SingleOutput],
    ) -> Result<OutputDirectory, UsageError> {
        let mut parents = HashMap::new();
        let mut places = Vec::with_capacity(sources.len());
        for source in sources {
            let path = directory.join(source.output());
            let parent = path.parent().unwrap_or(directory).to_owned();
            let canonical = match parents.get(&parent) {
                Some(canonical) => canonical,
                None => {
                    let canonical = output_parent(&parent)?;
                    parents.entry(parent).or_insert(canonical)
                }
            };
            places.push(canonical.join(path.file_name().unwrap_or_default()));
        }
        let mut seen: HashMap<&Path, usize> = HashMap::with_capacity(places.len());
        for (index, place) in places.iter().enumerate() {
            let name = |index: usize| sources[index].name();
            if let Some(other) = seen.insert(place, index) {
                let (a, b) = (name(other), name(index));
                let message = format!("{a} and {b} would both be written to {}", path_text(place));
                return Err(UsageError::new(message));
            }
            if singles.iter().any(|single| single.place.as_ref() == Some(place)) {
                return Err(UsageError::new(format!("{}: two outputs cannot be one file", path_text(place))));
            }
        }
        for (index, place) in places.iter().enumerate() {
            if let Some(other) = place.ancestors().skip(1).find_map(|ancestor| seen.get(ancestor)) {
                let (a, b) = (sources[*other].name(), sources[index].name());
                let output = path_text(&places[*other]);
                let message = format!("{a}: its output {output} would be a directory of the output of {b}");
                return Err(UsageError::new(message));
            }
        }
        Ok(OutputDirectory { places })
    }

    /// No output is an input.
    fn check_inputs(&self, singles: &[SingleOutput], sources: &[Source]) -> Result<(), UsageError> {
        let existing = self.places.iter().filter_map(|place| Identity::of(place));
        let outputs: Vec<Identity> =
            singles.iter().filter_map(|single| single.identity).chain(existing).collect();
        // Most runs write nothing that is there already, and then the inputs need not be looked up.
        if outputs.is_empty() {
            return Ok(());
        }
        let outputs: std::collections::HashSet<Identity> = outputs.into_iter().collect();
        for source in sources {
            if source.identity().is_some_and(|identity| outputs.contains(&identity)) {
                let message = format!("{}: is also an output, which would overwrite it", source.name());
                return Err(UsageError::new(message));
            }
        }
        Ok(())
    }

    /// Outputs that are there already are treated as the user wants.
    fn check_existing(&self, existing: Existing, sources: &mut Sources) -> Result<(), UsageError> {
        let mut there = self.places.iter().map(|place| fs::metadata(place).ok());
        match existing {
            Existing::Overwrite => {}
            Existing::SkipIfNewer => sources.skip(|source| {
                let output = there.next().flatten().and_then(|metadata| metadata.modified().ok());
                output.is_some_and(|output| source.modified().is_none_or(|input| output >= input))
            }),
            Existing::Refuse => {
                let there: Vec<_> =
                    self.places.iter().zip(there).filter(|(_, metadata)| metadata.is_some()).collect();
                if let Some((first, _)) = there.first() {
                    let more = match there.len() - 1 {
                        0 => String::new(),
                        more => format!(" (and {more} more)"),
                    };
                    let hint = "--skip-existing keeps what is newer than its input, --overwrite replaces all";
                    let message = format!("{}: exists already{more}; {hint}", path_text(first));
                    return Err(UsageError::new(message));
                }
            }
        }
        Ok(())
    }
}

/// The directory that outputs will be in, by its only name; it or what it will be made in is a directory.
fn output_parent(parent: &Path) -> Result<PathBuf, UsageError> {
    let existing = parent.ancestors().find(|ancestor| ancestor.symlink_metadata().is_ok());
    if let Some(file) = existing.filter(|existing| !existing.as_os_str().is_empty() && !existing.is_dir()) {
        let message = format!("{}: is no directory, and outputs would be in it", path_text(file));
        return Err(UsageError::new(message));
    }
    Ok(parent.canonicalize().unwrap_or_else(|_| place(parent)))
}
