//! Standard error: lines for people, and while it is a terminal and the run is long, a bar beneath
//! them. The only file that knows indicatif.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A run shorter than this shows no bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// Lines and a bar on standard error.
#[derive(Debug)]
pub struct Progress {
    started: Instant,
    /// Bytes that there are to read, where that is known.
    total: Option<u64>,
    wanted: bool,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Begins; a bar is shown only where `wanted`, and on a terminal.
    pub fn new(wanted: bool, total: Option<u64>) -> Progress {
        Progress {
            started: Instant::now(),
            total,
            wanted: wanted && std::io::stderr().is_terminal(),
            bar: None,
        }
    }

    /// Whether a bar may be shown, so that its total is worth finding out.
    pub fn is_wanted(&self) -> bool {
        self.wanted
    }

    /// Sets how many bytes there are to read.
    pub fn set_total(&mut self, total: Option<u64>) {
        self.total = total;
    }

    /// How long the run has taken.
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Shows how far the run has come.
    pub fn update(&mut self, bytes: u64, payloads: u64, rejected: u64) {
        if !self.wanted || (self.bar.is_none() && self.elapsed() < PATIENCE) {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| start(self.total, self.started.elapsed()));
        bar.set_message(format!("{payloads} payloads, {rejected} rejected"));
        bar.set_position(bytes);
    }

    /// Writes a line; the bar makes way for it. That nobody reads standard error any more is no reason
    /// to stop.
    pub fn line(&self, text: &str) {
        let write = || {
            let _ = writeln!(std::io::stderr(), "{text}");
        };
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Takes the bar away.
    pub fn finish(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

fn start(total: Option<u64>, elapsed: Duration) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr()).with_elapsed(elapsed);
    let template = match total {
        Some(_) => "{wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta} left, {msg}",
        None => "{spinner} {bytes} {bytes_per_sec} {elapsed}, {msg}",
    };
    // The template is ours; should indicatif not take it, its own style will do.
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}
