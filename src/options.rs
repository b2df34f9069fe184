//! The options of a run.

use std::path::PathBuf;

use crate::convert::options::MappingOptions;
use crate::explain::page::Explainer;
use crate::input::file_list::FileList;
use crate::input::selection::Selection;
use crate::output::destination::{Existing, Target};
use crate::output::format::FormatOptions;
use crate::payloads::path::At;
use crate::records::layout::InputFormat;

#[derive(Debug)]
pub struct Options {
    /// Files and directories; `-` is standard input.
    pub inputs: Vec<PathBuf>,
    /// A list of more of them.
    pub file_list: Option<FileList>,
    /// The files of directories that are read.
    pub selection: Selection,
    /// The start of paths below the output directory, if not the directory that is named.
    pub base: Option<PathBuf>,
    pub input_format: InputFormat,
    pub max_record: usize,
    pub mapping: MappingOptions,
    pub output: Output,
    pub format: FormatOptions,
    pub rejects: Option<Target>,
    pub summary: Option<Target>,
    pub verbosity: Verbosity,
    pub empty: EmptySource,
    /// By default as many as there are cores.
    pub jobs: Option<usize>,
    pub worker: WorkerOptions,
}

/// The options of the conversion of records.
#[derive(Clone, Debug)]
pub struct WorkerOptions {
    pub at: Option<At>,
    pub on_reject: OnReject,
    pub hints: Hints,
    /// Explains payloads instead of writing their events.
    pub explain: Option<Explainer>,
    /// The only line whose record is converted.
    pub line: Option<u64>,
}

/// The rejects that get a hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hints {
    /// Those that are shown.
    Shown,
    /// All, since they are kept or explained.
    All,
}

/// The destination of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    One(Target, NoEvents),
    /// A file for each source.
    Directory(PathBuf, Existing),
    Nowhere,
}

/// The treatment of a file with something in it if there is no event to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoEvents {
    Keep,
    Replace,
}

/// The effect of a reject on the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnReject {
    GoOn,
    Stop,
}

/// The amount that is printed on standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verbosity {
    /// Fatal errors, and inputs that cannot be read.
    Quiet,
    /// The totals too, but not single records: `--explain` shows these.
    Totals,
    /// Rejects too.
    Normal,
    /// Warnings too.
    Verbose,
}

/// The message about a source with nothing in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmptySource {
    /// A warning.
    Warn,
    /// Printed always, since nothing else would be.
    Print,
}
