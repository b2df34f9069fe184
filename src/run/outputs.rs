//! Rejects clashing inputs and outputs before anything is written: all of them are different files, whatever the
//! name, link or open stream that they are reached by.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use crate::error::RunError;
use crate::input::file::ReadContext;
use crate::input::members::{Admission, MemberPolicy, NotOpened, OutputConflict};
use crate::input::source::{Contents, Source};
use crate::input::walk::{Sources, real_path};
use crate::options::{Options, Output};
use crate::output::destination::{Existing, Target, resolve_symlinks};
use crate::run::output_directory::{EXISTING_HINT, OutputDirectory, PlannedOutput};
use crate::sys::file::Identity;
use crate::sys::names;
use crate::term::sanitize::path_text;

/// The sources to read, and the policy for members that are found in archives later.
///
/// # Errors
/// When an output clashes with an input or another output.
pub fn sources(options: &Options, context: &ReadContext) -> Result<(Sources, MemberPolicy), RunError> {
    let singles = single_outputs(options)?;
    let directory = match &options.output {
        Output::Directory(path, existing) => Some((path, *existing)),
        Output::One(..) | Output::Nowhere => None,
    };
    let mut own: Vec<Identity> = singles.iter().filter_map(|output| output.identity).collect();
    if let Some((path, _)) = directory {
        // Walking would leave out this path as our own output, and might then find nothing to read.
        if path.exists() && !path.is_dir() {
            let message = format!("{}: is not a directory", path_text(path));
            return Err(RunError::Usage(message));
        }
        own.extend(Identity::of(path));
    }
    let base = options.base.as_deref();
    let mut sources = Sources::find(&options.inputs, &options.selection, base, &own)?;
    let Some((path, existing)) = directory else {
        check_inputs(&singles, &[], &sources.list)?;
        return Ok((sources, Arc::new(Mutex::new(|_: &Arc<Source>| Ok(Admission::Read)))));
    };
    sources.resolve(&options.selection, context);
    let places = singles.iter().filter_map(|single| single.place.clone()).collect();
    let mut directory = OutputDirectory::new(path.clone(), existing, places, &sources.list);
    let mut outputs = Vec::with_capacity(sources.list.len());
    for source in std::mem::take(&mut sources.list) {
        let planned = (source.contents != Contents::Members).then(|| directory.plan(&source));
        match planned.transpose() {
            Ok(output) => {
                outputs.push(output);
                sources.list.push(source);
            }
            Err(NotOpened::Unread(error)) => sources.unread.push((source.name(), error)),
            Err(NotOpened::Refused(OutputConflict { output, reason })) => {
                return Err(RunError::Usage(format!("{}: {reason}", path_text(&output))));
            }
        }
    }
    check_inputs(&singles, &outputs, &sources.list)?;
    match existing {
        Existing::Refuse => refuse_existing(&outputs)?,
        Existing::SkipIfNewer => {
            let found = sources.list.len();
            let mut outputs = outputs.iter();
            sources.list.retain(|source| {
                !outputs.next().and_then(Option::as_ref).is_some_and(|output| output.is_newer_than(source))
            });
            options.selection.skips.skip((found - sources.list.len()) as u64);
        }
        Existing::Overwrite => {}
    }
    Ok((sources, Arc::new(Mutex::new(move |source: &Arc<Source>| directory.decide(source)))))
}

/// An output that is one file or stream.
struct SingleOutput {
    target: Target,
    identity: Option<Identity>,
    /// The place of a path; [`names::folded`].
    place: Option<PathBuf>,
}

impl SingleOutput {
    fn new(target: &Target) -> SingleOutput {
        let (identity, place) = match target {
            Target::Stream(number) => (number.open().ok().and_then(|file| Identity::of_open(&file)), None),
            Target::Path(path) => {
                let path = resolve_symlinks(path).unwrap_or_else(|_| path.clone());
                (Identity::of(&path), Some(names::folded(&real_path(&path)).into_owned()))
            }
        };
        SingleOutput { target: target.clone(), identity, place }
    }

    fn is_same(&self, other: &SingleOutput) -> bool {
        self.target == other.target
            || self.identity.is_some() && self.identity == other.identity
            || self.place.is_some() && self.place == other.place
    }
}

/// The outputs that are one file or stream each; all of them different.
fn single_outputs(options: &Options) -> Result<Vec<SingleOutput>, RunError> {
    let events = match &options.output {
        Output::One(target, _) => Some(target),
        Output::Directory(..) | Output::Nowhere => None,
    };
    let mut singles: Vec<SingleOutput> = Vec::new();
    for target in events.into_iter().chain(&options.rejects).chain(&options.summary) {
        let single = SingleOutput::new(target);
        if let Some(other) = singles.iter().find(|other| other.is_same(&single)) {
            let (a, b) = (other.target.name(), target.name());
            let which = if a == b { a } else { format!("{a} and {b}") };
            return Err(RunError::Usage(format!("{which}: two outputs cannot be one file or stream")));
        }
        singles.push(single);
    }
    Ok(singles)
}

/// Refuses an output that is an input.
fn check_inputs(
    singles: &[SingleOutput],
    outputs: &[Option<PlannedOutput>],
    sources: &[Arc<Source>],
) -> Result<(), RunError> {
    let existing = outputs.iter().flatten().filter_map(PlannedOutput::identity);
    let outputs: HashSet<Identity> =
        singles.iter().filter_map(|single| single.identity).chain(existing).collect();
    // Most runs write only new files, and then the inputs need not be looked up.
    if outputs.is_empty() {
        return Ok(());
    }
    for source in sources {
        if source.identity().is_some_and(|identity| outputs.contains(&identity)) {
            let message = format!("{}: is also an output, which would overwrite it", source.name());
            return Err(RunError::Usage(message));
        }
    }
    Ok(())
}

fn refuse_existing(outputs: &[Option<PlannedOutput>]) -> Result<(), RunError> {
    let mut existing = outputs.iter().flatten().filter(|output| output.identity().is_some());
    let Some(first) = existing.next() else { return Ok(()) };
    let more = match existing.count() {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    let path = path_text(&first.path);
    Err(RunError::Usage(format!("{path}: already exists{more}; {EXISTING_HINT}")))
}
