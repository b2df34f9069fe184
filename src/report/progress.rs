//! Standard error: lines for people, and on a terminal a bar beneath them once the run has taken a while. The
//! only file that uses indicatif.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use indicatif::{HumanBytes, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::options::Verbosity;
use crate::term::sanitize::sanitize;

/// A shorter run shows no bar.
const BAR_DELAY: Duration = Duration::from_millis(500);

/// Lines and a bar on standard error.
#[derive(Debug)]
pub struct Progress {
    started: Instant,
    /// Whether a bar may be shown: on a terminal, unless the run is quiet.
    pub has_bar: bool,
    /// The bytes of all sources, where that is known.
    total: Option<u64>,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Starts to measure. The total is asked for only if a bar may be shown.
    pub fn new(verbosity: Verbosity, total: impl FnOnce() -> Option<u64>) -> Progress {
        let has_bar = verbosity != Verbosity::Quiet && io::stderr().is_terminal();
        let total = if has_bar { total() } else { None };
        Progress { started: Instant::now(), has_bar, total, bar: None }
    }

    /// The duration of the run in seconds.
    pub fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    /// Shows how far the run has come.
    pub fn update(&mut self, bytes: u64, payloads: u64, rejected: u64) {
        if !self.has_bar || (self.bar.is_none() && self.started.elapsed() < BAR_DELAY) {
            return;
        }
        let rate = bytes as f64 / self.seconds();
        let left = self.total.map(|total| total.saturating_sub(bytes) as f64 / rate.max(1.0));
        let left = left.map_or(String::new(), |left| format!(" {:.0} s left,", left.ceil()));
        let rate = HumanBytes(rate as u64);
        let bar = self.bar.get_or_insert_with(|| start(self.total));
        bar.set_message(format!("{rate}/s,{left} {payloads} payloads, {rejected} rejected"));
        bar.set_position(bytes);
    }

    /// Prints a line above the bar, safe to show, and ignores write errors.
    pub fn line(&self, text: &str) {
        let write = || {
            // In one piece, so that nothing comes between a line and its end.
            let _ = io::stderr().write_all(format!("{}\n", sanitize(text)).as_bytes());
        };
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Removes the bar.
    pub fn finish(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

fn start(total: Option<u64>) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
    let template =
        if total.is_some() { "{wide_bar} {bytes}/{total_bytes} {msg}" } else { "{spinner} {bytes} {msg}" };
    // If indicatif rejects our template, its default style will do.
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}
