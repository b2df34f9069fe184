//! The run: sources in, events and report out, on as many threads as are wanted.

pub mod preflight;
mod task;
pub mod worker;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use anyhow::Context;

use crate::convert::options::MappingOptions;
use crate::convert::plan::Plan;
use crate::explain::Explainer;
use crate::input::reader::{Block, Reader, Settings};
use crate::input::source::Sources;
use crate::input::split::Layout;
use crate::output::file::{OutputError, OutputFile, PRIVATE, SHARED};
use crate::output::format::{Format, Writer};
use crate::output::pretty::Style;
use crate::output::sink::{PerSource, Sink};
use crate::report::outcome::BlockOutput;
use crate::report::progress::Progress;
use crate::report::{Report, Verbosity};
pub use crate::run::preflight::UsageError;
use crate::run::preflight::{own_outputs, refuse_collisions, refuse_overwriting};
use crate::run::worker::Worker;
use crate::sys::signals::Signals;

/// What the user wants.
#[derive(Debug)]
pub struct Options {
    /// Files and directories; none is standard input.
    pub inputs: Vec<PathBuf>,
    /// What they hold.
    pub layout: Layout,
    /// The most bytes that a record may have.
    pub max_record: usize,
    /// The mapping, and what was chosen of it.
    pub choices: MappingOptions,
    /// Where events go.
    pub output: Output,
    /// How they are put together.
    pub format: Format,
    /// How they are shown, on standard output or in one file, when people are to read them.
    pub style: Option<Style>,
    /// Where rejects are kept.
    pub rejects: Option<PathBuf>,
    /// Whether the first reject ends the run.
    pub fail_fast: bool,
    /// Where the counts go.
    pub summary: Option<PathBuf>,
    /// How much is told.
    pub volume: Verbosity,
    /// Whether payloads are explained in place of writing events.
    pub explain: Option<Explainer>,
    /// How many threads convert; unless it is said, as many as there are cores.
    pub jobs: Option<usize>,
}

/// Where events go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Standard output.
    Stdout,
    /// One file.
    File(PathBuf),
    /// A file for each source beneath a directory; the flag says to leave out sources whose file is there.
    Directory(PathBuf, bool),
    /// Nowhere.
    Nowhere,
}

/// How a run ended, as an exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Everything was converted.
    Clean,
    /// Something was rejected or could not be read.
    Rejects,
    /// A signal ended it; this is its exit code.
    Interrupted(u8),
}

impl Exit {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Exit::Clean => 0,
            Exit::Rejects => 1,
            Exit::Interrupted(code) => code,
        }
    }
}

/// Reads, converts and writes.
///
/// # Errors
/// [`UsageError`] before anything was written; [`OutputError`] when an output is not complete.
pub fn run(options: Options) -> anyhow::Result<Exit> {
    let plan = Plan::new(options.choices.clone())
        .map_err(|conflict| UsageError::new(format!("--map {conflict}")))?;
    let sources = sources(&options)?;
    let interrupt = Arc::new(Signals::watch().context("cannot watch for signals")?);
    let bytes_in = Arc::new(AtomicU64::new(0));
    let sink = sink(&options)?;
    let report = report(&options, &sources, &bytes_in)?;
    let settings = Settings {
        layout: options.layout,
        max_record: options.max_record,
        apart: matches!(options.output, Output::Directory(..)),
    };
    let reader = Reader::new(sources.list, settings, Arc::clone(&interrupt), bytes_in);
    let crew = Crew {
        plan: &plan,
        fail_fast: options.fail_fast,
        explain: options.explain,
        interrupt: &interrupt,
        reader: Mutex::new(reader),
        turn: Mutex::new(Turn { next: 0, sink, report, failed: None }),
        changed: Condvar::new(),
        stop: AtomicBool::new(false),
    };
    crew.run(options.jobs);
    let Turn { sink, report, failed, .. } = crew.turn.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some(code) = interrupt.code() {
        return Ok(Exit::Interrupted(code));
    }
    if let Some(failed) = failed {
        return Err(failed.into());
    }
    let clean = report.is_clean();
    let bytes_out = match options.fail_fast && report.has_rejects() {
        true => sink.bytes(),
        false => sink.finish()?,
    };
    report.finish(bytes_out)?;
    Ok(if clean { Exit::Clean } else { Exit::Rejects })
}

/// What is to be read, when nothing stands against it.
fn sources(options: &Options) -> anyhow::Result<Sources> {
    let own = own_outputs(options);
    let mut sources = Sources::find(&options.inputs, &own);
    refuse_overwriting(options, &own, &sources)?;
    if let Output::Directory(directory, skip_existing) = &options.output {
        refuse_collisions(options, directory, &sources)?;
        if *skip_existing {
            sources.leave_out(|source| directory.join(source.output()).exists());
        }
    }
    Ok(sources)
}

/// The report of the run, which begins with what was found.
fn report(options: &Options, sources: &Sources, bytes_in: &Arc<AtomicU64>) -> Result<Report, OutputError> {
    let mut progress = Progress::new(options.volume != Verbosity::Quiet, None);
    if progress.is_wanted() {
        progress.set_total(sources.bytes());
    }
    let summary = options.summary.as_ref().map(|path| OutputFile::file(path, SHARED)).transpose()?;
    let rejects = options.rejects.as_ref().map(|path| match options.output {
        // Files are put in place one by one, and their rejects must be kept before. Opened last: this
        // may empty what is there.
        Output::Directory(_, skip_existing) => OutputFile::log(path, skip_existing),
        _ => OutputFile::file(path, PRIVATE),
    });
    let mut report =
        Report::new(options.volume, rejects.transpose()?, summary, progress, Arc::clone(bytes_in));
    report.skip_files(sources.skipped + sources.done);
    if sources.are_none() {
        report.say(&match sources.skipped {
            0 => "olark2rudder: there are no files to read".to_owned(),
            others => format!("olark2rudder: there are no files to read ({others} of other kinds)"),
        });
    }
    for (name, error) in &sources.unread {
        report.unread(name, error);
    }
    Ok(report)
}

/// What the threads share: each takes a block, converts it, and hands its outcome over in turn.
struct Crew<'a> {
    plan: &'a Plan,
    fail_fast: bool,
    explain: Option<Explainer>,
    interrupt: &'a Signals,
    reader: Mutex<Reader>,
    turn: Mutex<Turn>,
    changed: Condvar,
    stop: AtomicBool,
}

/// The end of the line, where there is one block at a time.
struct Turn {
    next: u64,
    sink: Sink,
    report: Report,
    failed: Option<OutputError>,
}

impl Crew<'_> {
    /// Works on this many threads; unless it is said, on as many as there are cores.
    fn run(&self, jobs: Option<usize>) {
        std::thread::scope(|scope| {
            self.work(|| {
                for _ in 1..jobs.unwrap_or_else(cores) {
                    scope.spawn(|| self.work(|| ()));
                }
            });
        });
    }

    /// Works until there is nothing left; calls `more` once it is clear that there is more than one
    /// block's worth of work.
    fn work(&self, more: impl FnOnce()) {
        let mut worker = Worker::new(self.plan, self.fail_fast, self.explain);
        let (mut block, mut outcome) = (Block::default(), BlockOutput::default());
        let mut more = Some(more);
        loop {
            {
                let mut reader = lock(&self.reader);
                if self.is_over() || !reader.fill(&mut block) || self.is_over() {
                    return;
                }
                if let Some(more) = more.take_if(|_| !reader.is_done()) {
                    more();
                }
            }
            worker.convert(&block, &mut outcome);
            let turn = lock(&self.turn);
            let mut turn = self
                .changed
                .wait_while(turn, |turn| turn.next != block.number)
                .unwrap_or_else(PoisonError::into_inner);
            if !self.stop.load(Ordering::Relaxed) {
                let result = turn.take(&block, &outcome);
                let rejected = self.fail_fast && turn.report.has_rejects();
                turn.failed = result.err();
                if rejected || turn.failed.is_some() {
                    self.stop.store(true, Ordering::Relaxed);
                }
            }
            turn.next += 1;
            drop(turn);
            self.changed.notify_all();
        }
    }

    fn is_over(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.interrupt.code().is_some()
    }
}

impl Turn {
    fn take(&mut self, block: &Block, outcome: &BlockOutput) -> Result<(), OutputError> {
        let mut start = 0;
        for (part, end) in block.parts.iter().zip(&outcome.ends) {
            if *end > start {
                self.sink.write(&part.source, &outcome.events[start..*end])?;
            }
            start = *end;
        }
        self.report.add(block, outcome)?;
        for part in &block.parts[..outcome.ends.len()] {
            match &part.error {
                Some(error) => {
                    self.sink.abandon();
                    self.report.unread(&part.source.name(), error);
                }
                None if part.finished => {
                    self.sink.end(&part.source)?;
                    self.report.count_file();
                }
                None => {}
            }
        }
        Ok(())
    }
}

/// How many cores there are for us. Finding out reads files of the system's, which a small input need not wait for.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn sink(options: &Options) -> Result<Sink, OutputError> {
    let writer = |target| Writer::new(options.format, target, options.style);
    Ok(match &options.output {
        Output::Stdout => Sink::One(writer(OutputFile::stdout()?)),
        Output::File(path) => Sink::One(writer(OutputFile::file(path, SHARED)?)),
        Output::Directory(path, _) => Sink::PerSource(PerSource::new(path.clone(), options.format)),
        Output::Nowhere => Sink::Nowhere,
    })
}
