//! Shares the work of a run among threads: each reads a block, converts it, and hands over the result.

use std::sync::{Condvar, Mutex, MutexGuard};
use std::thread;

use crate::convert::plan::Plan;
use crate::input::file::Waiting;
use crate::options::WorkerOptions;
use crate::records::block::Block;
use crate::run::block_output::BlockOutput;
use crate::run::collector::Collector;
use crate::run::lanes::{Finished, Lanes, Position};
use crate::run::worker::Worker;
use crate::sys::signals::Signals;

/// More threads than this only wait for each other, and the system may fail while it starts them.
const MAX_THREADS: usize = 256;

/// The bytes of results that may wait for their turn, for each thread besides the first.
const MAX_AHEAD: usize = 32 << 20;

/// The bytes of results that may wait while a thread writes before the others wait for it.
const MAX_UNWRITTEN: usize = 2 << 20;

/// Schedules the threads of a run.
pub struct Scheduler<'a> {
    signals: &'a Signals,
    jobs: usize,
    state: Mutex<State>,
    /// Notified when a lane can be read again, or something was written.
    changed: Condvar,
    /// Locked by the thread that set `is_writing`, so never waited for.
    collector: Mutex<Collector>,
}

struct State {
    lanes: Lanes,
    is_writing: bool,
    is_stopped: bool,
    /// Threads that read from something that may block.
    blocked: usize,
    /// Threads that wait for a change. Notifying none is a system call, too.
    waiting: usize,
}

type Locked<'s> = MutexGuard<'s, State>;

impl<'a> Scheduler<'a> {
    /// A scheduler for this many threads, by default as many as there are cores.
    pub fn new(
        lanes: Lanes,
        collector: Collector,
        jobs: Option<usize>,
        signals: &'a Signals,
    ) -> Scheduler<'a> {
        let cores = || thread::available_parallelism().map_or(1, usize::from);
        let jobs = jobs.unwrap_or_else(cores).min(MAX_THREADS);
        let state = State { lanes, is_writing: false, is_stopped: false, blocked: 0, waiting: 0 };
        let (state, changed, collector) = (Mutex::new(state), Condvar::new(), Mutex::new(collector));
        Scheduler { signals, jobs, state, changed, collector }
    }

    /// Converts until all is read or the run is over.
    pub fn run(self, plan: &Plan, options: &WorkerOptions) -> Collector {
        let worker = || Worker::new(plan, options);
        thread::scope(|scope| {
            self.work(worker(), || {
                for _ in 1..self.jobs {
                    let work = || self.work(worker(), || ());
                    // If no more threads can be started, the others do the work.
                    if thread::Builder::new().spawn_scoped(scope, work).is_err() {
                        break;
                    }
                }
            });
        });
        self.collector.into_inner().unwrap()
    }

    /// Works until nothing is left; calls `start_others` once it is clear that there is more than one block.
    fn work(&self, mut worker: Worker, start_others: impl FnOnce()) {
        let mut finished = Finished::default();
        let mut start_others = Some(start_others);
        while let Some(position) = self.read(&mut finished.block) {
            if let Some(start) = start_others.take_if(|_| !self.lock().lanes.is_done()) {
                start();
            }
            let Finished { block, output } = &mut finished;
            worker.convert(block, output, &mut |block, output| self.write_part(position, block, output));
            finished = self.hand_over(position, finished);
        }
        // The others may wait for what never comes now.
        self.wake(&self.lock());
    }

    /// Reads a block, and returns its position; `None` when there are no more.
    fn read(&self, block: &mut Block) -> Option<Position> {
        let mut state = self.lock();
        while !self.is_over(&state) {
            if state.is_writing && state.lanes.bytes > MAX_UNWRITTEN {
                state = self.wait(state);
                continue;
            }
            let max_ahead = (self.jobs - 1).saturating_mul(MAX_AHEAD);
            let max_open = if state.lanes.bytes < max_ahead { self.jobs } else { 1 };
            let Some(mut borrowed) = state.lanes.choose(max_open) else {
                if state.lanes.being_read() == 0 {
                    return None;
                }
                state = self.wait(state);
                continue;
            };
            let may_block = borrowed.waiting == Waiting::Possible;
            if may_block {
                state.blocked += 1;
                state = self.write(state);
            }
            // The input may block forever, so a run that just failed must not wait for it.
            let is_over = self.is_over(&state);
            drop(state);
            let is_filled = !is_over && borrowed.reader.fill(block);
            state = self.lock();
            state.blocked -= usize::from(may_block);
            if is_filled {
                let position = borrowed.position;
                state.lanes.put_back(borrowed);
                self.wake(&state);
                return Some(position).filter(|_| !self.is_over(&state));
            }
            state.lanes.end(&borrowed);
            state = self.write(state);
        }
        None
    }

    /// Hands over the result of a block, and returns room for the next.
    fn hand_over(&self, position: Position, finished: Finished) -> Finished {
        let mut state = self.lock();
        state.lanes.add(position, finished);
        self.write(state).lanes.spare()
    }

    /// Writes the results whose turn has come. If another thread is writing, it goes on with them.
    fn write<'s>(&'s self, mut state: Locked<'s>) -> Locked<'s> {
        if state.is_writing {
            return state;
        }
        state.is_writing = true;
        let mut collector = self.collector.lock().unwrap();
        while !state.is_stopped {
            if let Some(finished) = state.lanes.next() {
                drop(state);
                collector.take(&finished.block, &finished.output);
                state = self.lock();
                state.lanes.recycle(finished);
            } else if state.blocked > 0 && collector.sink.has_complete() {
                // Complete files do not wait for a source that keeps another thread waiting.
                drop(state);
                collector.commit();
                state = self.lock();
            } else {
                break;
            }
            if collector.is_over() {
                self.stop(&mut state);
            }
        }
        state.is_writing = false;
        self.wake(&state);
        state
    }

    /// Writes the result of a block's beginning, once it is that block's turn.
    fn write_part(&self, position: Position, block: &Block, output: &mut BlockOutput) {
        let mut state = self.lock();
        while !self.is_over(&state) && (state.is_writing || !state.lanes.is_next(position)) {
            state = self.wait(state);
        }
        if self.is_over(&state) {
            // The rest of the block must not be written without this part.
            self.stop(&mut state);
            output.is_done = true;
        } else {
            state.is_writing = true;
            let mut collector = self.collector.lock().unwrap();
            drop(state);
            collector.take_part(block, output);
            state = self.lock();
            state.is_writing = false;
            if collector.is_over() {
                self.stop(&mut state);
            }
            self.wake(&state);
        }
        output.clear_written();
    }

    /// Whether nothing more is to be read.
    fn is_over(&self, state: &State) -> bool {
        state.is_stopped || self.signals.code().is_some()
    }

    /// Makes every thread end as soon as it can.
    fn stop(&self, state: &mut State) {
        state.is_stopped = true;
        self.signals.end_waiting();
        self.wake(state);
    }

    fn lock(&self) -> Locked<'_> {
        self.state.lock().unwrap()
    }

    fn wait<'s>(&'s self, mut state: Locked<'s>) -> Locked<'s> {
        state.waiting += 1;
        state = self.changed.wait(state).unwrap();
        state.waiting -= 1;
        state
    }

    fn wake(&self, state: &State) {
        if state.waiting > 0 {
            self.changed.notify_all();
        }
    }
}
