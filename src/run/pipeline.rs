//! The threads: each takes a block, converts it, and hands over in turn what came of it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::convert::plan::Plan;
use crate::input::block::{Block, Next};
use crate::input::reader::Reader;
use crate::options::OnReject;
use crate::output::destination::OutputError;
use crate::output::sink::Sink;
use crate::report::Report;
use crate::run::block_output::BlockOutput;
use crate::run::worker::{Worker, WorkerSettings};
use crate::sys::signals::Signals;

/// What the threads of a run have in common.
pub struct Pipeline<'a> {
    plan: &'a Plan,
    settings: WorkerSettings,
    signals: &'a Signals,
}

/// What is left when a run has ended.
pub struct Ended {
    /// Where events went.
    pub sink: Sink,
    /// What was counted.
    pub report: Report,
    /// The output that failed, if one did.
    pub error: Option<OutputError>,
}

/// What the threads of a run share.
struct Shared {
    reader: Mutex<Reader>,
    turn: Mutex<Turn>,
    changed: Condvar,
    stop: AtomicBool,
}

/// The end of the line, where there is one block at a time.
struct Turn {
    /// The number of the block whose turn it is.
    next: u64,
    sink: Sink,
    report: Report,
    error: Option<OutputError>,
    on_reject: OnReject,
}

impl<'a> Pipeline<'a> {
    /// A pipeline that converts by a plan.
    pub fn new(plan: &'a Plan, settings: WorkerSettings, signals: &'a Signals) -> Pipeline<'a> {
        Pipeline { plan, settings, signals }
    }

    /// Runs on this many threads; if it is not said, on as many as there are cores.
    pub fn run(&self, reader: Reader, sink: Sink, report: Report, jobs: Option<usize>) -> Ended {
        let turn = Turn { next: 0, sink, report, error: None, on_reject: self.settings.on_reject };
        let (reader, turn) = (Mutex::new(reader), Mutex::new(turn));
        let shared = Shared { reader, turn, changed: Condvar::new(), stop: AtomicBool::new(false) };
        std::thread::scope(|scope| {
            self.work(&shared, || {
                for _ in 1..jobs.unwrap_or_else(cores) {
                    let thread = std::thread::Builder::new();
                    // Where no more can be started, those that there are do the work.
                    if thread.spawn_scoped(scope, || self.work(&shared, || ())).is_err() {
                        break;
                    }
                }
            });
        });
        let Turn { sink, report, error, .. } =
            shared.turn.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ended { sink, report, error }
    }

    /// Works until there is nothing left; calls `more` once it is clear that there is more than one block.
    fn work(&self, shared: &Shared, more: impl FnOnce()) {
        let mut worker = Worker::new(self.plan, self.settings.clone());
        let (mut block, mut output) = (Block::default(), BlockOutput::default());
        let mut more = Some(more);
        let is_over = || shared.stop.load(Ordering::Relaxed) || self.signals.code().is_some();
        loop {
            {
                let mut reader = lock(&shared.reader);
                if is_over() || !reader.fill(&mut block) || is_over() {
                    return;
                }
                if let Some(more) = more.take_if(|_| !reader.is_done()) {
                    more();
                }
            }
            worker.convert(&block, &mut output);
            let turn = lock(&shared.turn);
            let mut turn = shared
                .changed
                .wait_while(turn, |turn| turn.next != block.number)
                .unwrap_or_else(PoisonError::into_inner);
            if !shared.stop.load(Ordering::Relaxed) {
                let result = turn.take(&block, &output);
                turn.error = result.err();
                if turn.is_stopped() || turn.error.is_some() {
                    shared.stop.store(true, Ordering::Relaxed);
                }
            }
            turn.next += 1;
            drop(turn);
            shared.changed.notify_all();
        }
    }
}

impl Turn {
    fn is_stopped(&self) -> bool {
        self.on_reject == OnReject::Stop && self.report.has_rejects()
    }

    fn take(&mut self, block: &Block, output: &BlockOutput) -> Result<(), OutputError> {
        let mut start = 0;
        for (part, end) in block.parts.iter().zip(&output.ends) {
            if *end > start {
                self.sink.write(|| part.source.output(), &output.events[start..*end])?;
            }
            start = *end;
        }
        self.report.add(block, &output.diagnostics, &output.counts)?;
        // Where the run stops, the source with the reject is not complete, however little was left of it.
        let complete = output.ends.len() - usize::from(self.is_stopped());
        for part in &block.parts[..complete] {
            match &part.next {
                Next::More => {}
                Next::Unreadable(error) => {
                    self.sink.abandon_source();
                    self.report.unread(&part.source.name(), error);
                }
                next @ (Next::Eof | Next::Empty) => {
                    if matches!(next, Next::Empty) {
                        self.report.empty(&part.source.name());
                    }
                    self.sink.end_source(|| part.source.output())?;
                    self.report.read_to_the_end();
                }
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
