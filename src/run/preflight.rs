//! What a run must not do to files, found out before anything is opened: no output is also an input or another
//! output, whatever the name, link or open stream that it is reached by.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::error::UsageError;
use crate::input::members::OutputConflict;
use crate::input::members::{MemberDecision, MemberPolicy};
use crate::input::source::{Contents, Source};
use crate::input::walk::{OutsideBase, Sources, place};
use crate::options::{Existing, Options, Output};
use crate::output::destination::{Target, behind_links};
use crate::run::output_directory::{ExistingOutput, OutputDirectory, exists_already};
use crate::sys::file::Identity;
use crate::sys::names;
use crate::term::sanitize::path_text;

/// The sources to read, if no output is in the way, and the judge of members that turn up in archives.
///
/// # Errors
/// When an output clashes with an input or another output.
pub fn sources(options: &Options) -> Result<(Sources, MemberPolicy), UsageError> {
    let singles = single_outputs(options)?;
    let directory = match &options.output {
        Output::Directory(path, _) => Some(path),
        _ => None,
    };
    // Checked first: walking would leave out this path as our own output, and might then find nothing to read.
    if let Some(path) = directory.filter(|path| path.exists() && !path.is_dir()) {
        let message = format!("{}: is not a directory, so outputs cannot be in it", path_text(path));
        return Err(UsageError::new(message));
    }
    let own: Vec<Identity> = singles
        .iter()
        .filter_map(|output| output.identity)
        .chain(directory.and_then(|path| Identity::of(path)))
        .collect();
    let mut sources = Sources::find(&options.inputs, &options.selection, &options.base, &own)
        .map_err(|OutsideBase(name)| UsageError::new(format!("{name}: is not in the --base directory")))?;
    let Output::Directory(path, existing) = &options.output else {
        check_inputs(&singles, [], &sources.list)?;
        return Ok((sources, Arc::new(Mutex::new(|_: &Arc<Source>| MemberDecision::Read))));
    };
    sources.find_archives(&options.selection);
    let others = singles.iter().filter_map(|single| single.place.clone()).collect();
    let mut directory = OutputDirectory::new(path.clone(), *existing, others, &sources.list);
    let planned = sources.list.iter().map(|source| {
        let place = match source.contents {
            Contents::Payloads => Some(directory.add(source)?),
            Contents::Members => None,
        };
        Ok((Arc::clone(source), place))
    });
    let planned: Result<Vec<Planned>, OutputConflict> = planned.collect();
    let planned = planned.map_err(|conflict| UsageError::new(conflict.message()))?;
    check_inputs(&singles, planned.iter().filter_map(|(_, place)| place.as_deref()), &sources.list)?;
    let found = planned.len();
    sources.list = check_existing(*existing, planned)?;
    sources.skip_counts.skip((found - sources.list.len()) as u64);
    Ok((sources, Arc::new(Mutex::new(move |source: &Arc<Source>| directory.judge(source)))))
}

/// A source, and where its output will be if that is known.
type Planned = (Arc<Source>, Option<PathBuf>);

/// An output that is one file or stream.
struct SingleOutput {
    target: Target,
    identity: Option<Identity>,
    /// Where it will be, if it is a path; [`names::folded`].
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
                (Identity::of(&path), Some(names::folded(&place(&path)).into_owned()))
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

/// No output is an input.
fn check_inputs<'p>(
    singles: &[SingleOutput],
    places: impl IntoIterator<Item = &'p Path>,
    sources: &[Arc<Source>],
) -> Result<(), UsageError> {
    let existing = places.into_iter().filter_map(Identity::of);
    let outputs: HashSet<Identity> =
        singles.iter().filter_map(|single| single.identity).chain(existing).collect();
    // Most runs write only new files, and then the inputs need not be looked up.
    if outputs.is_empty() {
        return Ok(());
    }
    for source in sources {
        if source.identity().is_some_and(|identity| outputs.contains(&identity)) {
            let message = format!("{}: is also an output, which would overwrite it", source.name());
            return Err(UsageError::new(message));
        }
    }
    Ok(())
}

/// Outputs that exist already are treated as the user wants: gives the sources that are still to be read.
fn check_existing(existing: Existing, planned: Vec<Planned>) -> Result<Vec<Arc<Source>>, UsageError> {
    let output = |(_, place): &Planned| ExistingOutput::at(place.as_ref()?);
    let is_to_be_read = |planned: &Planned| match existing {
        Existing::SkipIfNewer => !output(planned).is_some_and(|output| output.is_newer_than(&planned.0)),
        Existing::Overwrite | Existing::Refuse => true,
    };
    if existing == Existing::Refuse {
        let outputs: Vec<ExistingOutput> = planned.iter().filter_map(output).collect();
        if let Some(first) = outputs.first() {
            let more = match outputs.len() - 1 {
                0 => String::new(),
                more => format!(" (and {more} more)"),
            };
            let message = format!("{}: {}", path_text(&first.place), exists_already(&more));
            return Err(UsageError::new(message));
        }
    }
    Ok(planned.into_iter().filter(is_to_be_read).map(|(source, _)| source).collect())
}
