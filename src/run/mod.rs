//! Sets up and executes a run.

pub mod block_output;
mod collector;
mod lanes;
mod output_directory;
mod outputs;
mod schedule;
mod stale_rows;
pub mod worker;

use std::cell::LazyCell;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::convert::plan::Plan;
use crate::error::{OutputError, RunError};
use crate::exit_code::ExitCode;
use crate::input::file::ReadContext;
use crate::input::members::Opener;
use crate::input::walk::Sources;
use crate::options::{NoEvents, Options, Output};
use crate::output::append;
use crate::output::destination::{Destination, Target};
use crate::output::directory::DirectoryWriter;
use crate::output::sink::Sink;
use crate::output::writer::{Ending, Writer};
use crate::records::reader::Settings;
use crate::report::Report;
use crate::report::counts::Counts;
use crate::report::progress::Progress;
use crate::report::rejects_file::RejectsFile;
use crate::run::collector::Collector;
use crate::run::lanes::Lanes;
use crate::run::schedule::Scheduler;
use crate::run::stale_rows::StaleRows;
use crate::sys::file::Access;
use crate::sys::signals::Signals;
use crate::sys::temporary::TempFiles;
use crate::term::sanitize::{describe, path_text};

/// Reads, converts and writes.
///
/// # Errors
/// When the options exclude each other, or an output is not complete.
pub fn run(mut options: Options) -> Result<ExitCode, RunError> {
    let plan = Plan::new(options.mapping.clone())
        .map_err(|conflict| RunError::Usage(format!("--map {conflict}")))?;
    let files = TempFiles::default();
    let signals = Signals::watch(files.clone(), ended_early("interrupted", &options.output))
        .map_err(|error| RunError::Usage(format!("cannot handle signals: {}", describe(&error))))?;
    let signals = Arc::new(signals);
    let bytes_in = Arc::default();
    let context = ReadContext { signals: Arc::clone(&signals), bytes_read: Arc::clone(&bytes_in) };
    let found = add_listed(&mut options, &context).and_then(|()| outputs::sources(&options, &context));
    if let Some(code) = signals.code() {
        signals.print_exit_message();
        return Ok(ExitCode::Signal(code));
    }
    let (sources, policy) = found?;
    let sink = sink(&options, &files)?;
    let report = report(&options, &sources, &bytes_in, &files)?;
    let collector = Collector::new(sink, report, options.worker.on_reject);
    let opener = Opener { selection: options.selection.clone(), context, policy };
    let lanes = Lanes::new(sources.list, reader_settings(&options), opener);
    let scheduler = Scheduler::new(lanes, collector, options.jobs, &signals);
    let collector = scheduler.run(&plan, &options.worker);
    if let Some(code) = signals.code() {
        // End a stream properly, so that its reader does not get half an array.
        let _ = collector.sink.finish(Ending::Partial);
        signals.print_exit_message();
        return Ok(ExitCode::Signal(code));
    }
    Ok(conclude(collector, &options, &plan)?)
}

/// Adds the inputs that a file lists.
fn add_listed(options: &mut Options, context: &ReadContext) -> Result<(), RunError> {
    if let Some(list) = &options.file_list {
        options.inputs.extend(list.read(context)?);
    }
    Ok(())
}

fn reader_settings(options: &Options) -> Settings {
    Settings {
        format: options.input_format,
        max_record: options.max_record,
        shares_blocks: !matches!(options.output, Output::Directory(..)),
    }
}

/// Commits outputs; returns the exit code.
fn conclude(collector: Collector, options: &Options, plan: &Plan) -> Result<ExitCode, OutputError> {
    let is_stopped = collector.is_stopped();
    let Collector { mut sink, mut report, error, .. } = collector;
    if let Some(error) = error {
        // Of many outputs, those that are complete are committed.
        let _ = sink.commit();
        return Err(error);
    }
    let keeps_file = matches!(options.output, Output::One(_, NoEvents::Keep)) && !is_stopped;
    let kept = sink.emptied_file().filter(|_| keeps_file).map(str::to_owned);
    let is_whole = !is_stopped && kept.is_none();
    let bytes_out = sink.finish(if is_whole { Ending::Whole } else { Ending::Partial })?;
    if is_stopped {
        report.print(&ended_early("stopped at the first reject", &options.output));
    } else {
        report.warn_of_unmatched(&plan.options);
    }
    let mut code = if report.is_clean() { ExitCode::Success } else { ExitCode::Rejects };
    if let Some(line) = options.worker.line.filter(|_| report.has_nothing()) {
        let name = path_text(&options.inputs[0]);
        report.print(&format!("olark2rudder: {name}: there is no record at line {line}"));
        code = ExitCode::Rejects;
    } else if report.has_read_nothing() && !options.inputs.is_empty() {
        report.progress.line("olark2rudder: there is nothing to read");
        code = ExitCode::Rejects;
    }
    if let Some(name) = kept {
        report.progress.line(&format!(
            "olark2rudder: {name}: kept, because there are no events to write (--overwrite replaces it)"
        ));
        code = ExitCode::Rejects;
    }
    report.finish(bytes_out)?;
    Ok(code)
}

/// The message that a run ended early, and how to go on.
fn ended_early(how: &str, output: &Output) -> String {
    let next_step = match output {
        Output::Directory(..) => {
            ": complete outputs were kept; run it again with --skip-existing to continue"
        }
        Output::One(Target::Path(_), _) => ": nothing was written; run it again",
        Output::One(Target::Stream(_), _) => ": the output ends after a complete record",
        Output::Nowhere => "",
    };
    format!("olark2rudder: {how}{next_step}")
}

fn sink(options: &Options, files: &TempFiles) -> Result<Sink, OutputError> {
    Ok(match &options.output {
        Output::One(target, _) => {
            let destination = Destination::open(target, Access::Shared, files)?;
            Sink::One(Writer::new(options.format, destination))
        }
        Output::Directory(path, existing) => {
            Sink::PerSource(DirectoryWriter::new(path.clone(), *existing, options.format, files.clone()))
        }
        Output::Nowhere => Sink::Nowhere,
    })
}

/// The report of the run, which starts with what could not be found.
fn report(
    options: &Options,
    sources: &Sources,
    bytes_in: &Arc<AtomicU64>,
    files: &TempFiles,
) -> Result<Report, OutputError> {
    let summary = options.summary.as_ref().map(|target| Destination::open(target, Access::Shared, files));
    let rejects = options.rejects.as_ref().map(|target| match &options.output {
        // Files are committed one by one, and their rejects must be kept before that.
        Output::Directory(directory, existing) => {
            let stale = LazyCell::new(|| StaleRows::new(&sources.list, directory, *existing));
            append::open(target, |row| stale.contains(row), files)
        }
        Output::One(..) | Output::Nowhere => Destination::open(target, Access::Private, files),
    });
    let mut report = Report {
        verbosity: options.verbosity,
        empty: options.empty,
        progress: Progress::new(options.verbosity, || sources.bytes()),
        rejects: rejects.transpose()?.map(RejectsFile::new),
        summary: summary.transpose()?,
        skips: options.selection.skips.clone(),
        bytes_in: Arc::clone(bytes_in),
        counts: Counts::default(),
        files: 0,
        unread: 0,
    };
    for (name, error) in &sources.unread {
        report.unread(name, error);
    }
    Ok(report)
}
