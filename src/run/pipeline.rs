//! The threads: each reads a block, converts it, and hands over the result.

use crate::convert::plan::Plan;
use crate::input::file::Waiting;
use crate::records::reader::Reader;
use crate::run::end::End;
use crate::run::in_order::Finished;
use crate::run::lanes::Lanes;
use crate::run::shared::Shared;
use crate::run::worker::Worker;
use crate::run::worker_settings::WorkerSettings;
use crate::sys::signals::Signals;

/// More threads than this only wait for each other, and the system may fail while it starts them.
const MOST_THREADS: usize = 256;

/// Converts sources on several threads.
pub struct Pipeline<'a> {
    plan: &'a Plan,
    settings: WorkerSettings,
    signals: &'a Signals,
}

impl<'a> Pipeline<'a> {
    /// A pipeline that converts by a plan.
    pub fn new(plan: &'a Plan, settings: WorkerSettings, signals: &'a Signals) -> Pipeline<'a> {
        Pipeline { plan, settings, signals }
    }

    /// Runs on this many threads, by default on as many as there are cores, until all is read or the run is over.
    pub fn run(
        &self,
        readers: impl Iterator<Item = (Reader, Waiting)> + Send + 'static,
        end: End,
        jobs: Option<usize>,
    ) -> End {
        let jobs = jobs.unwrap_or_else(cores).min(MOST_THREADS);
        let shared = Shared::new(Lanes::new(readers, jobs), end, jobs, self.signals);
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
        shared.into_end()
    }

    /// Works until there is nothing left; calls `more` once it is clear that there is more than one block.
    fn work(&self, shared: &Shared, more: impl FnOnce()) {
        let mut worker = Worker::new(self.plan, self.settings.clone());
        let mut finished = Finished::default();
        let mut more = Some(more);
        while let Some(position) = shared.read(&mut finished.block, &mut more) {
            let Finished { block, output } = &mut finished;
            worker.convert(block, output, &mut |block, output| shared.write_part(position, block, output));
            finished = shared.hand_over(position, finished);
        }
        shared.leave();
    }
}

/// How many cores this process may use.
fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
