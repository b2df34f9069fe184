//! The run: sources in, events and report out, on as many threads as are wanted.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use anyhow::{Context, bail};

use crate::explain::Explainer;
use crate::input::reader::{Block, Reader, Settings};
use crate::input::source::{Identity, Sources};
use crate::input::split::Layout;
use crate::interrupt::Interrupt;
use crate::output::format::{Format, Writer};
use crate::output::pretty::Style;
use crate::output::sink::{Each, Sink};
use crate::output::target::{Failed, SHARED, Target};
use crate::plan::{Choices, Plan};
use crate::progress::Progress;
use crate::report::{Report, Volume};
use crate::work::{Outcome, Worker};

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
    pub choices: Choices,
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
    pub volume: Volume,
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

/// A run that was refused before anything was written: wrong usage.
#[derive(Debug)]
pub struct Refused(String);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

/// Reads, converts and writes.
///
/// # Errors
/// [`Refused`] before anything was written; [`Failed`] when an output is not complete.
pub fn run(options: Options) -> anyhow::Result<Exit> {
    let plan = Plan::new(options.choices.clone()).map_err(|conflict| Refused(format!("--map {conflict}")))?;
    let own = own_outputs(&options);
    let mut sources = Sources::find(&options.inputs, &own);
    refuse_overwriting(&options, &own, &sources)?;
    if let Output::Directory(directory, skip_existing) = &options.output {
        refuse_collisions(&sources)?;
        if *skip_existing {
            sources.list.retain(|source| !directory.join(source.output()).exists());
        }
    }
    let interrupt = Arc::new(Interrupt::watch().context("cannot watch for signals")?);
    let bytes_in = Arc::new(AtomicU64::new(0));
    let mut progress = Progress::new(options.volume != Volume::Quiet, None);
    if progress.is_wanted() {
        progress.set_total(sources.bytes());
    }
    let mut report = Report::new(options.volume, options.rejects.as_ref(), progress, Arc::clone(&bytes_in))?;
    let sink = sink(&options)?;
    report.skip_files(sources.skipped);
    for (name, error) in &sources.unread {
        report.unread(name, error);
    }
    let settings = Settings {
        layout: options.layout,
        max_record: options.max_record,
        apart: matches!(options.output, Output::Directory(..)),
    };
    let reader = Reader::new(sources.list, settings, Arc::clone(&interrupt), bytes_in);
    let line = Line {
        plan: &plan,
        fail_fast: options.fail_fast,
        explain: options.explain,
        interrupt: &interrupt,
        reader: Mutex::new(reader),
        turn: Mutex::new(Turn { next: 0, sink, report, failed: None }),
        changed: Condvar::new(),
        stop: AtomicBool::new(false),
    };
    std::thread::scope(|scope| {
        line.work(|| {
            for _ in 1..options.jobs.unwrap_or_else(cores) {
                scope.spawn(|| line.work(|| ()));
            }
        });
    });
    let Turn { sink, report, failed, .. } = line.turn.into_inner().unwrap_or_else(PoisonError::into_inner);
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
    report.finish(bytes_out, options.summary.as_ref())?;
    Ok(if clean { Exit::Clean } else { Exit::Rejects })
}

/// What the threads share: each takes a block, converts it, and hands its outcome over in turn.
struct Line<'a> {
    plan: &'a Plan,
    fail_fast: bool,
    explain: Option<Explainer>,
    interrupt: &'a Interrupt,
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
    failed: Option<Failed>,
}

impl Line<'_> {
    /// Works until there is nothing left; calls `more` once it is clear that there is more than one
    /// block's worth of work.
    fn work(&self, more: impl FnOnce()) {
        let mut worker = Worker::new(self.plan, self.fail_fast, self.explain);
        let (mut block, mut outcome) = (Block::default(), Outcome::default());
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
    fn take(&mut self, block: &Block, outcome: &Outcome) -> Result<(), Failed> {
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
                    self.report.end(&part.source);
                }
                None => {}
            }
        }
        Ok(())
    }
}

/// How many cores there are for us. Finding out takes longer than converting a small file.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn sink(options: &Options) -> Result<Sink, Failed> {
    let writer = |target| Writer::new(options.format, target, options.style);
    Ok(match &options.output {
        Output::Stdout => Sink::One(writer(Target::stdout()?)),
        Output::File(path) => Sink::One(writer(Target::file(path, SHARED)?)),
        Output::Directory(path, _) => Sink::Each(Each::new(path.clone(), options.format)),
        Output::Nowhere => Sink::Nowhere,
    })
}

/// Every path that the run writes to.
fn outputs(options: &Options) -> impl Iterator<Item = &PathBuf> {
    let events = match &options.output {
        Output::File(path) | Output::Directory(path, _) => Some(path),
        Output::Stdout | Output::Nowhere => None,
    };
    events.into_iter().chain(&options.rejects).chain(&options.summary)
}

/// What is there already of what the run writes; standard output when it is a file.
fn own_outputs(options: &Options) -> Vec<Identity> {
    let stdout = || Identity::of_open(&File::from(rustix::io::dup(rustix::stdio::stdout()).ok()?));
    let stdout = (options.output == Output::Stdout).then(stdout).flatten();
    outputs(options).filter_map(|path| Identity::of(path)).chain(stdout).collect()
}

/// An output that is also an input, or another output, would destroy what cannot be made again.
fn refuse_overwriting(options: &Options, own: &[Identity], sources: &Sources) -> anyhow::Result<()> {
    for (index, path) in outputs(options).enumerate() {
        let same = |other: &PathBuf| {
            place(other) == place(path)
                || Identity::of(other).is_some_and(|id| Identity::of(path) == Some(id))
        };
        if outputs(options).take(index).any(same) {
            bail!(Refused(format!("{}: two outputs cannot be one file", path.display())));
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
            bail!(Refused(format!("{}: is also an output, which would overwrite it", source.name())));
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

fn refuse_collisions(sources: &Sources) -> anyhow::Result<()> {
    let mut seen = std::collections::HashMap::new();
    for source in &sources.list {
        if let Some(other) = seen.insert(source.output(), source) {
            let (a, b, output) = (other.name(), source.name(), source.output());
            bail!(Refused(format!("{a} and {b} would both be written to {}", output.display())));
        }
    }
    Ok(())
}
