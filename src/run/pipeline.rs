//! The threads: each reads a block, converts it, and hands over the result.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

use crate::convert::plan::Plan;
use crate::input::block::{Block, Next};
use crate::input::reader::Reader;
use crate::input::stream::Waiting;
use crate::options::OnReject;
use crate::output::destination::OutputError;
use crate::output::sink::Sink;
use crate::report::Report;
use crate::run::block_output::BlockOutput;
use crate::run::in_order::{Finished, InOrder};
use crate::run::lanes::{Ahead, Choice, Lanes, Position, Turn};
use crate::run::worker::Worker;
use crate::run::worker_settings::WorkerSettings;
use crate::sys::lock::lock;
use crate::sys::signals::Signals;

/// How many bytes may wait for their turn, for each thread besides the first.
const AHEAD_BYTES: usize = 32 << 20;

/// More threads than this only wait for each other, and the system may fail while it starts them.
const MOST_THREADS: usize = 256;

/// Converts sources on several threads.
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
struct Shared<'a> {
    signals: &'a Signals,
    lanes: Mutex<Lanes>,
    /// A lane can be read again, or there is room to go ahead.
    changed: Condvar,
    end: Mutex<End>,
    /// Something was written.
    written: Condvar,
    /// How many threads are reading from something that may keep them waiting.
    blocked: AtomicUsize,
    /// How many bytes wait for their turn.
    ahead: AtomicUsize,
    most_ahead: usize,
    stop: AtomicBool,
}

/// The end of the pipeline, which handles one block at a time.
struct End {
    in_order: InOrder,
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

    /// Runs on this many threads; by default on as many as there are cores.
    pub fn run(
        &self,
        readers: impl Iterator<Item = (Reader, Waiting)> + Send + 'static,
        sink: Sink,
        report: Report,
        jobs: Option<usize>,
    ) -> Ended {
        let on_reject = self.settings.on_reject;
        let end = End { in_order: InOrder::default(), sink, report, error: None, on_reject };
        let jobs = jobs.unwrap_or_else(cores).min(MOST_THREADS);
        let shared = Shared {
            signals: self.signals,
            lanes: Mutex::new(Lanes::new(readers, jobs)),
            changed: Condvar::new(),
            end: Mutex::new(end),
            written: Condvar::new(),
            blocked: AtomicUsize::new(0),
            ahead: AtomicUsize::new(0),
            most_ahead: (jobs - 1).saturating_mul(AHEAD_BYTES),
            stop: AtomicBool::new(false),
        };
        std::thread::scope(|scope| {
            self.work(&shared, || {
                for _ in 1..jobs {
                    let thread = std::thread::Builder::new();
                    // If no more threads can be started, the others do the work.
                    if thread.spawn_scoped(scope, || self.work(&shared, || ())).is_err() {
                        break;
                    }
                }
            });
        });
        let End { sink, report, error, .. } = shared.end.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ended { sink, report, error }
    }

    /// Works until there is nothing left; calls `more` once it is clear that there is more than one block.
    fn work(&self, shared: &Shared, more: impl FnOnce()) {
        let mut worker = Worker::new(self.plan, self.settings.clone());
        let mut finished = Finished::default();
        let mut more = Some(more);
        while let Some(position) = self.read(shared, &mut finished.block, &mut more) {
            let Finished { block, output } = &mut finished;
            worker.convert(block, output, &mut |block, output| shared.write_part(position, block, output));
            finished = shared.hand_over(position, finished);
        }
        shared.wake(&lock(&shared.end));
    }

    /// Reads a block, and returns its position; `None` when there are no more.
    fn read(&self, shared: &Shared, block: &mut Block, more: &mut Option<impl FnOnce()>) -> Option<Position> {
        let mut lanes = lock(&shared.lanes);
        loop {
            if shared.is_over() {
                return None;
            }
            match lanes.choose(shared.ahead()) {
                Choice::Nothing => return None,
                Choice::Wait => {
                    lanes = shared.changed.wait(lanes).unwrap_or_else(PoisonError::into_inner);
                }
                Choice::Read(mut turn) => {
                    drop(lanes);
                    let is_filled = shared.fill(&mut turn, block);
                    let (position, is_done) = (turn.position, turn.is_done());
                    lanes = lock(&shared.lanes);
                    if is_filled {
                        lanes.put_back(*turn);
                        shared.changed.notify_all();
                        if let Some(more) = more.take_if(|_| !is_done || !lanes.is_last()) {
                            more();
                        }
                        return Some(position).filter(|_| !shared.is_over());
                    }
                    lanes.end(&turn);
                    drop(lanes);
                    // This wakes the others, too.
                    shared.end_lane(position);
                    lanes = lock(&shared.lanes);
                }
            }
        }
    }
}

impl Shared<'_> {
    /// Whether nothing more is to be read.
    fn is_over(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.signals.code().is_some()
    }

    /// Fills a block. What is complete does not wait for a source that keeps this thread waiting.
    fn fill(&self, turn: &mut Turn, block: &mut Block) -> bool {
        if turn.waiting == Waiting::Never {
            return turn.fill(block);
        }
        self.blocked.fetch_add(1, Ordering::Relaxed);
        self.put_in_place(&mut lock(&self.end));
        // Nobody may ever write to what is read, so a run that just failed must not wait for that.
        let is_filled = !self.is_over() && turn.fill(block);
        self.blocked.fetch_sub(1, Ordering::Relaxed);
        is_filled
    }

    /// Whether workers may go ahead.
    fn ahead(&self) -> Ahead {
        match self.ahead.load(Ordering::Relaxed) < self.most_ahead {
            true => Ahead::Allowed,
            false => Ahead::Full,
        }
    }

    /// Hands over the result of a block, and returns room for the next.
    fn hand_over(&self, position: Position, mut finished: Finished) -> Finished {
        // Only rejects refer to the text. Without any, it does not wait with the events: memory that is read into
        // again and again stays in the cache.
        let text = (finished.output.counts.rejected() == 0).then(|| finished.block.take_text());
        let mut end = lock(&self.end);
        end.in_order.add(position, finished);
        self.write(&mut end);
        let mut room = end.in_order.room();
        drop(end);
        if let Some(text) = text {
            room.block.reuse_text(text);
        }
        room
    }

    /// Writes what came of a block so far, once it is that block's turn.
    fn write_part(&self, position: Position, block: &Block, output: &mut BlockOutput) {
        let mut end = lock(&self.end);
        while !self.is_over() && !end.in_order.is_next(position) {
            end = self.written.wait(end).unwrap_or_else(PoisonError::into_inner);
        }
        if self.is_over() {
            // What comes after this part must not be written without it.
            self.stop(&end);
            output.is_done = true;
        } else {
            end.error = end.take_part(block, output).err();
            if end.is_stopped() || end.error.is_some() {
                self.stop(&end);
            }
        }
        output.clear_written();
    }

    /// Notes that a lane has no more blocks.
    fn end_lane(&self, Position { lane, block }: Position) {
        let mut end = lock(&self.end);
        end.in_order.end_lane(lane, block);
        self.write(&mut end);
    }

    /// Puts in place what is complete.
    fn put_in_place(&self, end: &mut End) {
        if !self.stop.load(Ordering::Relaxed)
            && let Err(error) = end.sink.put_in_place()
        {
            end.error = Some(error);
            self.stop(end);
        }
    }

    /// Writes all blocks whose turn has come.
    fn write(&self, end: &mut End) {
        while !self.stop.load(Ordering::Relaxed)
            && let Some(finished) = end.in_order.next()
        {
            end.error = end.take(&finished.block, &finished.output).err();
            if end.is_stopped() || end.error.is_some() || finished.output.is_done {
                self.stop(end);
            }
            end.in_order.give_back(finished);
        }
        // Complete files do not wait for a source that keeps another thread waiting.
        if self.blocked.load(Ordering::Relaxed) > 0 {
            self.put_in_place(end);
        }
        self.ahead.store(end.in_order.bytes(), Ordering::Relaxed);
        self.wake(end);
    }

    /// Lets every thread end as soon as it can.
    fn stop(&self, end: &End) {
        self.stop.store(true, Ordering::Relaxed);
        self.signals.end_waiting();
        self.wake(end);
    }

    /// Wakes the threads that wait for their turn or for a change. They check and begin to wait under a lock: the
    /// end's, which the caller holds, or that of the lanes. So none checks before the change and waits after it.
    fn wake(&self, _: &End) {
        self.written.notify_all();
        drop(lock(&self.lanes));
        self.changed.notify_all();
    }
}

impl End {
    fn is_stopped(&self) -> bool {
        self.on_reject == OnReject::Stop && self.report.has_rejects()
    }

    /// Writes events and report of a block, or of its beginning.
    fn take_part(&mut self, block: &Block, output: &BlockOutput) -> Result<(), OutputError> {
        let mut start = 0;
        let last = output.events.len();
        for (part, end) in block.parts.iter().zip(output.ends.iter().copied().chain([last])) {
            if end > start {
                self.sink.write(|| part.source.output(), &output.events[start..end])?;
            }
            start = end;
        }
        self.report.add(block, &output.diagnostics, &output.counts)
    }

    fn take(&mut self, block: &Block, output: &BlockOutput) -> Result<(), OutputError> {
        self.take_part(block, output)?;
        // If the run stops, the source with the reject is not complete, even if little of it was left.
        let complete = output.ends.len() - usize::from(self.is_stopped());
        for part in &block.parts[..complete] {
            match &part.next {
                Next::More => {}
                Next::Damaged => self.sink.abandon_source(),
                Next::Refused(refusal) => {
                    return Err(OutputError::refused(&refusal.output, &refusal.reason));
                }
                Next::Unreadable(error) => {
                    self.sink.abandon_source();
                    self.report.unread(&part.source.name(), error);
                }
                next @ (Next::Eof | Next::Empty) => {
                    if matches!(next, Next::Empty) {
                        self.report.empty(&part.source.name());
                    }
                    self.sink.end_source(|| part.source.output())?;
                    self.report.read_to_the_end(&part.source.name());
                }
            }
        }
        Ok(())
    }
}

/// How many cores this process may use.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
