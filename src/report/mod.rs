//! What was read, written, rejected and why: lines for people, `--rejects` and `--summary`.

pub mod hint;
pub mod outcome;
pub mod progress;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;

use crate::convert::reason::{Code, Warning};
use crate::input::reader::Block;
use crate::output::file::{OutputError, OutputFile};
use crate::report::outcome::{BlockOutput, Counts, Diagnostic, Reject, What};
use crate::report::progress::Progress;
use crate::term::sanitize::{describe, visible};

/// How many rejects of each code are shown.
const SHOWN: u64 = 10;

/// How much is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verbosity {
    /// Fatal errors only.
    Quiet,
    /// Rejects.
    Normal,
    /// Warnings too.
    Verbose,
}

/// Tells what happens, and counts it.
#[derive(Debug)]
pub struct Report {
    volume: Verbosity,
    progress: Progress,
    tally: Counts,
    rejects: Option<OutputFile>,
    summary: Option<OutputFile>,
    rows: Vec<u8>,
    files: u64,
    skipped_files: u64,
    unread_inputs: u64,
    bytes_in: Arc<AtomicU64>,
}

/// A line of `--rejects`.
#[derive(Serialize)]
struct Row<'a> {
    source: &'a str,
    line: u64,
    offset: u64,
    code: &'a str,
    reason: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload_base64: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
}

/// What `--summary` holds.
#[derive(Debug, Serialize)]
pub struct Summary {
    payloads: u64,
    converted: u64,
    rejected: u64,
    events: Events,
    rejects: CountsByName,
    warnings: CountsByName,
    files: u64,
    skipped_files: u64,
    unread_inputs: u64,
    bytes_in: u64,
    bytes_out: u64,
    seconds: f64,
}

#[derive(Debug, Serialize)]
struct Events {
    track: u64,
    group: u64,
}

/// Counts by name, in a fixed order.
#[derive(Debug)]
struct CountsByName(Vec<(&'static str, u64)>);

impl Serialize for CountsByName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}

impl Report {
    /// A report that writes rejects and the summary to these targets; `bytes_in` counts what is read.
    pub fn new(
        volume: Verbosity,
        rejects: Option<OutputFile>,
        summary: Option<OutputFile>,
        progress: Progress,
        bytes_in: Arc<AtomicU64>,
    ) -> Report {
        Report {
            volume,
            progress,
            tally: Counts::default(),
            rejects,
            summary,
            rows: Vec::new(),
            files: 0,
            skipped_files: 0,
            unread_inputs: 0,
            bytes_in,
        }
    }

    /// Counts files that are not read because of their kind.
    pub fn skip_files(&mut self, files: u64) {
        self.skipped_files += files;
    }

    /// Names an input that cannot be read, or not further.
    pub fn unread(&mut self, name: &str, error: &std::io::Error) {
        self.unread_inputs += 1;
        self.say(&format!("{}: cannot be read: {}", visible(name), describe(error)));
    }

    /// Counts a source that was read to its end.
    pub fn count_file(&mut self) {
        self.files += 1;
    }

    /// Whether everything was converted.
    pub fn is_clean(&self) -> bool {
        self.tally.rejected() == 0 && self.unread_inputs == 0
    }

    /// Whether something was rejected.
    pub fn has_rejects(&self) -> bool {
        self.tally.rejected() > 0
    }

    /// Takes over what came of a block.
    ///
    /// # Errors
    /// When a reject cannot be kept.
    pub fn add(&mut self, block: &Block, outcome: &BlockOutput) -> Result<(), OutputError> {
        let mut seen = self.tally.rejects;
        for notice in &outcome.notices {
            self.notice(block, notice, &mut seen);
        }
        self.tally += &outcome.tally;
        if let Some(rejects) = &mut self.rejects {
            rejects.write(&self.rows)?;
            self.rows.clear();
        }
        self.progress.update(self.bytes_in.load(Ordering::Relaxed), self.payloads(), self.tally.rejected());
        Ok(())
    }

    fn notice(&mut self, block: &Block, notice: &Diagnostic, seen: &mut [u64; Code::ALL.len()]) {
        let name = block.parts[notice.part].source.name();
        let line = notice.line;
        match &notice.what {
            What::Warning(warning) if self.volume == Verbosity::Verbose => {
                self.say(&format!("{}:{line}: warning: {warning}", visible(&name)));
            }
            What::Warning(_) => {}
            What::Reject(reject) => {
                let index = Code::ALL.iter().position(|code| *code == reject.code).unwrap_or_default();
                if seen[index] < SHOWN {
                    let column = reject.column.map(|column| format!(":{column}")).unwrap_or_default();
                    self.say(&format!("{}:{line}{column}: {}", visible(&name), reject.reason));
                }
                seen[index] += 1;
                if self.rejects.is_some() {
                    self.keep(block, &name, line, reject);
                }
            }
        }
    }

    fn keep(&mut self, block: &Block, source: &str, line: u64, reject: &Reject) {
        let text = &block.text()[reject.text.clone()];
        let payload = std::str::from_utf8(text).ok().filter(|_| reject.bytes.is_none());
        let encoded = (payload.is_none() && reject.bytes.is_none()).then(|| BASE64_STANDARD.encode(text));
        let row = Row {
            source,
            line,
            offset: reject.offset,
            code: reject.code.name(),
            reason: &reject.reason,
            payload,
            payload_base64: encoded,
            bytes: reject.bytes,
        };
        // Neither the row nor a buffer gives serde_json anything to fail on.
        let _ = serde_json::to_writer(&mut self.rows, &row);
        self.rows.push(b'\n');
    }

    fn payloads(&self) -> u64 {
        self.tally.converted + self.tally.rejected()
    }

    /// Writes a line on standard error, unless nothing is to be told.
    pub fn say(&self, text: &str) {
        if self.volume != Verbosity::Quiet {
            self.progress.line(text);
        }
    }

    /// Ends the report: rejects are put in place, the summary is written and, on a terminal, shown.
    ///
    /// # Errors
    /// When one of them cannot be written.
    pub fn finish(mut self, bytes_out: u64) -> Result<(), OutputError> {
        self.progress.finish();
        if let Some(rejects) = self.rejects.take() {
            rejects.finish()?;
        }
        for (code, count) in Code::ALL.iter().zip(self.tally.rejects) {
            if count > SHOWN {
                self.say(&format!("olark2rudder: {} more {code} rejects not shown", count - SHOWN));
            }
        }
        let totals = self.summary(bytes_out);
        if self.progress.is_wanted() {
            self.say(&totals.line());
        }
        let Some(mut target) = self.summary.take() else { return Ok(()) };
        let mut text = serde_json::to_vec(&totals).unwrap_or_default();
        text.push(b'\n');
        target.write(&text)?;
        target.finish()
    }

    fn summary(&self, bytes_out: u64) -> Summary {
        let Counts { converted, track, group, ref rejects, ref warnings } = self.tally;
        Summary {
            payloads: self.payloads(),
            converted,
            rejected: self.tally.rejected(),
            events: Events { track, group },
            rejects: CountsByName(Code::ALL.iter().map(|code| code.name()).zip(*rejects).collect()),
            warnings: CountsByName(Warning::NAMES.into_iter().zip(*warnings).collect()),
            files: self.files,
            skipped_files: self.skipped_files,
            unread_inputs: self.unread_inputs,
            bytes_in: self.bytes_in.load(Ordering::Relaxed),
            bytes_out,
            seconds: (self.progress.elapsed().as_secs_f64() * 1000.0).round() / 1000.0,
        }
    }
}

impl Summary {
    /// The totals as one line for people.
    fn line(&self) -> String {
        let Events { track, group } = self.events;
        let rejected = match self.rejected {
            0 => String::new(),
            count => format!(", {count} rejected"),
        };
        let unread = match self.unread_inputs {
            0 => String::new(),
            count => format!(", {count} inputs not read"),
        };
        let warnings = match self.warnings.0.iter().map(|(_, count)| count).sum() {
            0 => String::new(),
            count => format!(", {count} warnings"),
        };
        format!(
            "olark2rudder: {} payloads converted to {track} track and {group} group events{rejected}{unread}{warnings} in {:.1} s",
            self.converted, self.seconds
        )
    }
}
