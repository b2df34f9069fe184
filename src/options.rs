//! What the user wants, settled: what the flags mean for the run.

use std::path::PathBuf;

use crate::convert::options::MappingOptions;
use crate::explain::Explainer;
use crate::input::selection::Selection;
use crate::input::walk::Base;
use crate::output::FormatName;
use crate::output::destination::Target;
use crate::output::pretty::Style;
use crate::payloads::at_path::At;
use crate::records::split::Layout;
use crate::report::{EmptySource, Verbosity};

/// What the user wants.
#[derive(Debug)]
pub struct Options {
    /// Files and directories; `-` is standard input.
    pub inputs: Vec<PathBuf>,
    /// Which files of directories are read.
    pub selection: Selection,
    /// Where the paths start that outputs in a directory share with their sources.
    pub base: Base,
    /// What the inputs hold.
    pub layout: Layout,
    /// Where in records payloads are, if `--at` says so.
    pub at: Option<At>,
    /// The most bytes that a record may have.
    pub max_record: usize,
    /// The mapping's options.
    pub mapping: MappingOptions,
    /// Where events go.
    pub output: Output,
    /// How they are put together.
    pub format: FormatName,
    /// How they are shown, if people are to read them.
    pub style: Option<Style>,
    /// Where rejects are kept.
    pub rejects: Option<Target>,
    /// What a reject means for the run.
    pub on_reject: OnReject,
    /// Where the totals go.
    pub summary: Option<Target>,
    /// How much is printed on standard error.
    pub verbosity: Verbosity,
    /// Whether it is always said that a source has nothing in it.
    pub empty: EmptySource,
    /// How payloads are explained, if they are.
    pub explain: Option<Explainer>,
    /// The one line whose record is converted, if it is only one.
    pub line: Option<u64>,
    /// How many threads convert; by default as many as there are cores.
    pub jobs: Option<usize>,
}

/// Where events go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// One output for all.
    One(Target),
    /// A file for each source, in a directory.
    Directory(PathBuf, Existing),
    /// Nowhere.
    Nowhere,
}

/// What happens to outputs in a directory that exist already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// The run is refused.
    Refuse,
    /// They are replaced.
    Overwrite,
    /// Those that are at least as new as their input stay, and their input is skipped.
    SkipIfNewer,
}

/// What a reject means for the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnReject {
    /// It goes on.
    GoOn,
    /// It ends there.
    Stop,
}
