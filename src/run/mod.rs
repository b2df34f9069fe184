//! The run: what it reads and writes is checked and opened, the pipeline runs, and its end becomes an exit code.

pub mod block_output;
mod collector;
mod lanes;
mod ordered;
mod output_directory;
mod outputs;
mod schedule;
pub mod worker;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::convert::plan::Plan;
use crate::error::OutputError;
use crate::error::{RunError, UsageError};
use crate::exit_code::ExitCode;
use crate::input::file::ReadContext;
use crate::input::file::Waiting;
use crate::input::members::Opener;
use crate::input::selection::SkipCounts;
use crate::input::source::Source;
use crate::input::walk::Sources;
use crate::options::{Options, Output};
use crate::output::destination::Destination;
use crate::output::directory::DirectoryWriter;
use crate::output::log::Log;
use crate::output::sink::Sink;
use crate::output::writer::{Completeness, Writer};
use crate::records::reader::{Reader, Settings, Sharing};
use crate::report::progress::Progress;
use crate::report::rejects_file::{RejectsFile, To};
use crate::report::{Report, Verbosity};
use crate::run::collector::Collector;
use crate::run::schedule::Scheduler;
use crate::run::worker::results::{Hints, WorkerOptions};
use crate::sys::access::Access;
use crate::sys::signals::Signals;
use crate::sys::temporary::TempFiles;
use crate::term::sanitize::{describe, path_text, sanitize};

/// Printed when no input has anything to read.
const NOTHING_TO_READ: &str = "olark2rudder: there is nothing to read";

/// Reads, converts and writes.
///
/// # Errors
/// When the options exclude each other, or an output is not complete.
pub fn run(options: Options) -> Result<ExitCode, RunError> {
    let plan = Plan::new(options.mapping.clone())
        .map_err(|conflict| UsageError::new(format!("--map {conflict}")))?;
    let files = TempFiles::default();
    let signals = Signals::watch(files.clone(), last_words(&options.output))
        .map_err(|error| UsageError::new(format!("signals cannot be watched for: {}", describe(&error))))?;
    let signals = Arc::new(signals);
    let bytes_in = Arc::new(AtomicU64::new(0));
    let context = ReadContext::new(&signals, &bytes_in);
    let found = outputs::sources(&options, &context);
    if let Some(code) = signals.code() {
        signals.say_last_words();
        return Ok(ExitCode::Signal(code));
    }
    let (sources, policy) = found?;
    let sink = sink(&options, &files)?;
    let report = report(&options, &sources, &bytes_in, &files)?;
    let skip_counts = sources.skip_counts;
    let selection = options.selection.clone();
    let opener = Opener { selection, skip_counts: skip_counts.clone(), context, policy };
    let readers = readers(sources.list, settings(&options), opener);
    let worker_options = WorkerOptions {
        on_reject: options.on_reject,
        explain: options.explain,
        at: options.at.clone(),
        hints: match options.rejects.is_some() || options.explain.is_some() {
            true => Hints::All,
            false => Hints::Shown,
        },
        line: options.line,
    };
    let collector = Collector::new(sink, report, options.on_reject);
    let collector = Scheduler::new(readers, collector, options.jobs, &signals).run(&plan, &worker_options);
    if let Some(code) = signals.code() {
        // End a stream properly, so that its reader does not get half an array.
        let _ = collector.sink.finish(Completeness::Partial);
        signals.say_last_words();
        return Ok(ExitCode::Signal(code));
    }
    Ok(conclude(collector, &options, &plan, &skip_counts, &files)?)
}

/// How sources are read.
fn settings(options: &Options) -> Settings {
    Settings {
        format: options.input_format,
        max_record: options.max_record,
        sharing: match options.output {
            Output::Directory(..) => Sharing::Apart,
            _ => Sharing::Shared,
        },
    }
}

/// The readers of all sources, which open each when its turn comes.
fn readers(
    sources: Vec<Arc<Source>>,
    settings: Settings,
    opener: Opener,
) -> impl Iterator<Item = (Reader, Waiting)> + Send + 'static {
    groups(sources).into_iter().map(move |(group, waiting)| {
        let (open, archives) = (opener.clone(), opener.clone());
        let open_archive = move |source, archive, waiting| archives.open_archive(source, archive, waiting);
        let sources = Box::new(group.into_iter().filter_map(move |source| open.open(source)));
        (Reader::new(sources, Box::new(open_archive), settings), waiting)
    })
}

/// Puts in place what the run leaves, says how it ended, and gives its exit code.
fn conclude(
    collector: Collector,
    options: &Options,
    plan: &Plan,
    skip_counts: &SkipCounts,
    files: &TempFiles,
) -> Result<ExitCode, OutputError> {
    let is_stopped = collector.is_stopped();
    let Collector { mut sink, mut report, error, .. } = collector;
    if let Some(error) = error {
        // With many outputs, those that are complete are put in place.
        let _ = sink.commit();
        return Err(error);
    }
    let bytes_out = sink.finish(if is_stopped { Completeness::Partial } else { Completeness::Whole })?;
    match is_stopped {
        true => report
            .say(&format!("olark2rudder: stopped at the first reject: {}", left_behind(&options.output))),
        false => report.unmatched_rows(&plan.options.extra_rows),
    }
    report.skip_counts(skip_counts);
    let mut code = if report.is_clean() { ExitCode::Success } else { ExitCode::Rejects };
    if let Some(line) = options.line.filter(|_| report.has_nothing()) {
        let name = path_text(&options.inputs[0]);
        report.say(&format!("olark2rudder: {}: there is no record at line {line}", sanitize(&name)));
        code = ExitCode::Rejects;
    } else if report.has_read_nothing() {
        report.insist(NOTHING_TO_READ);
        code = ExitCode::Rejects;
    }
    report.finish(bytes_out, files)?;
    Ok(code)
}

/// Small sources in a row are read one after the other until they have this many bytes.
const GROUP_BYTES: u64 = 256 << 10;

/// But no more of them than this.
const GROUP_SOURCES: usize = 256;

/// The sources that are read one after the other: a large one, or several small ones in a row; and whether reading
/// them may have to wait for somebody to write.
fn groups(sources: Vec<Arc<Source>>) -> Vec<(Vec<Arc<Source>>, Waiting)> {
    let mut groups: Vec<(Vec<Arc<Source>>, Waiting)> = Vec::new();
    let mut left = 0;
    for source in sources {
        let bytes = source.bytes();
        let fits =
            |group: &[Arc<Source>]| bytes.is_some_and(|bytes| bytes <= left) && group.len() < GROUP_SOURCES;
        match groups.last_mut().filter(|(group, _)| fits(group)) {
            Some((group, _)) => group.push(source),
            None => {
                left = if bytes.is_some() { GROUP_BYTES } else { 0 };
                let waiting = if bytes.is_some() { Waiting::Never } else { Waiting::Possible };
                groups.push((vec![source], waiting));
            }
        }
        left = left.saturating_sub(bytes.unwrap_or(0));
    }
    groups
}

/// Printed when a signal ends the run.
fn last_words(output: &Output) -> String {
    format!("olark2rudder: interrupted: {}", left_behind(output))
}

/// What a run leaves behind when it stops early, and how to go on.
fn left_behind(output: &Output) -> &'static str {
    match output {
        Output::Directory(..) => "what is complete is in place; run it again with --skip-existing to go on",
        Output::One(target) if !target.is_stream() => "nothing was put in place; run it again",
        _ => "the output ends with the last record that was complete",
    }
}

fn sink(options: &Options, files: &TempFiles) -> Result<Sink, OutputError> {
    Ok(match &options.output {
        Output::One(target) => {
            let destination = Destination::open(target, Access::Shared, files)?;
            Sink::One(Writer::new(options.format, destination))
        }
        Output::Directory(path, _) => {
            Sink::PerSource(DirectoryWriter::new(path.clone(), options.format, files.clone()))
        }
        Output::Nowhere => Sink::Nowhere,
    })
}

/// The report of the run, which starts with what was found.
fn report(
    options: &Options,
    sources: &Sources,
    bytes_in: &Arc<AtomicU64>,
    files: &TempFiles,
) -> Result<Report, OutputError> {
    let mut progress = Progress::new(options.verbosity != Verbosity::Quiet);
    if progress.is_wanted() {
        progress.set_total(sources.bytes());
    }
    let summary = options.summary.as_ref().map(|target| Destination::open(target, Access::Shared, files));
    let rejects = options.rejects.as_ref().map(|target| {
        Ok(RejectsFile::new(match options.output {
            // Files are put in place one by one, and their rejects must be kept before that.
            Output::Directory(..) => To::Log(Log::open(target, files)?),
            _ => To::Destination(Destination::open(target, Access::Private, files)?),
        }))
    });
    let (rejects, summary) = (rejects.transpose()?, summary.transpose()?);
    let bytes_in = Arc::clone(bytes_in);
    let mut report = Report::new(options.verbosity, rejects, summary, progress, bytes_in, options.empty);
    for (name, error) in &sources.unread {
        report.unread(name, error);
    }
    Ok(report)
}
