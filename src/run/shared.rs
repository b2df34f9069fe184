//! What the threads of a run share, and how they wait for each other.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex};

use crate::input::file::Waiting;
use crate::records::block::Block;
use crate::run::block_output::BlockOutput;
use crate::run::end::End;
use crate::run::in_order::Finished;
use crate::run::lanes::{Ahead, Choice, Lanes, Position, Turn};
use crate::sys::signals::Signals;

/// How many bytes may wait for their turn, for each thread besides the first.
const AHEAD_BYTES: usize = 32 << 20;

/// What the threads of a run share.
pub struct Shared<'a> {
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

impl<'a> Shared<'a> {
    /// For a run on so many threads, which a signal ends.
    pub fn new(lanes: Lanes, end: End, jobs: usize, signals: &'a Signals) -> Shared<'a> {
        Shared {
            signals,
            lanes: Mutex::new(lanes),
            changed: Condvar::new(),
            end: Mutex::new(end),
            written: Condvar::new(),
            blocked: AtomicUsize::new(0),
            ahead: AtomicUsize::new(0),
            most_ahead: (jobs - 1).saturating_mul(AHEAD_BYTES),
            stop: AtomicBool::new(false),
        }
    }

    /// What is left once all threads have ended.
    pub fn into_end(self) -> End {
        self.end.into_inner().unwrap()
    }

    /// Whether nothing more is to be read.
    fn is_over(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.signals.code().is_some()
    }

    /// Reads a block, and returns its position; `None` when there are no more. Calls `more` once it is clear that there
    /// is more than one.
    pub fn read(&self, block: &mut Block, more: &mut Option<impl FnOnce()>) -> Option<Position> {
        let mut lanes = self.lanes.lock().unwrap();
        loop {
            if self.is_over() {
                return None;
            }
            match lanes.choose(self.ahead()) {
                Choice::Nothing => return None,
                Choice::Wait => {
                    lanes = self.changed.wait(lanes).unwrap();
                }
                Choice::Read(mut turn) => {
                    drop(lanes);
                    let is_filled = self.fill(&mut turn, block);
                    let (position, is_done) = (turn.position, turn.is_done());
                    lanes = self.lanes.lock().unwrap();
                    if is_filled {
                        lanes.put_back(*turn);
                        self.changed.notify_all();
                        if let Some(more) = more.take_if(|_| !is_done || !lanes.is_last()) {
                            more();
                        }
                        return Some(position).filter(|_| !self.is_over());
                    }
                    lanes.end(&turn);
                    drop(lanes);
                    // This wakes the others, too.
                    self.end_lane(position);
                    lanes = self.lanes.lock().unwrap();
                }
            }
        }
    }

    /// A thread ends, and the others may have nothing left to wait for.
    pub fn leave(&self) {
        self.wake(&self.end.lock().unwrap());
    }

    /// Fills a block. What is complete does not wait for a source that keeps this thread waiting.
    fn fill(&self, turn: &mut Turn, block: &mut Block) -> bool {
        if turn.waiting == Waiting::Never {
            return turn.fill(block);
        }
        self.blocked.fetch_add(1, Ordering::Relaxed);
        self.put_in_place(&mut self.end.lock().unwrap());
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
    pub fn hand_over(&self, position: Position, mut finished: Finished) -> Finished {
        // Only rejects refer to the text. Without any, it does not wait with the events: memory that is read into
        // again and again stays in the cache.
        let text = (finished.output.counts.rejected() == 0).then(|| finished.block.take_text());
        let mut end = self.end.lock().unwrap();
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
    pub fn write_part(&self, position: Position, block: &Block, output: &mut BlockOutput) {
        let mut end = self.end.lock().unwrap();
        while !self.is_over() && !end.in_order.is_next(position) {
            end = self.written.wait(end).unwrap();
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
        let mut end = self.end.lock().unwrap();
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
        drop(self.lanes.lock().unwrap());
        self.changed.notify_all();
    }
}
