//! Standard error: lines for people, and while it is a terminal and the run is long, a bar beneath them. The
//! only file that uses indicatif.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use indicatif::{HumanBytes, ProgressBar, ProgressDrawTarget, ProgressStyle};

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
    pub fn new(wanted: bool) -> Progress {
        Progress {
            started: Instant::now(),
            total: None,
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
        let rate = bytes as f64 / self.elapsed().as_secs_f64();
        let left = self.total.map(|total| total.saturating_sub(bytes) as f64 / rate.max(1.0));
        let left = left.map_or(String::new(), |left| format!(" {:.0} s left,", left.ceil()));
        let rate = HumanBytes(rate as u64);
        let bar = self.bar.get_or_insert_with(|| start(self.total));
        bar.set_message(format!("{rate}/s,{left} {payloads} payloads, {rejected} rejected"));
        bar.set_position(bytes);
    }

    /// Writes a line above the bar. A closed standard error is no reason to stop.
    pub fn line(&self, text: &str) {
        let write = || {
            // In one piece, so that nothing comes between a line and its end.
            let _ = std::io::stderr().write_all(format!("{text}\n").as_bytes());
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

fn start(total: Option<u64>) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::stderr());
    let template = match total {
        Some(_) => "{wide_bar} {bytes}/{total_bytes} {msg}",
        None => "{spinner} {bytes} {msg}",
    };
    // If indicatif rejects our template, its default style will do.
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}
