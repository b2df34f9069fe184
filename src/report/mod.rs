//! What was read, written, rejected and why: lines for people, `--rejects` and `--summary`.

pub mod counts;
pub mod found;
pub mod hint;
pub mod message;
pub mod progress;
pub mod rejects_file;
pub mod summary;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::convert::options::ExtraRow;
use crate::convert::reason::Code;
use crate::convert::warning::WarningCode;
use crate::error::OutputError;
use crate::input::selection::SkipCounts;
use crate::output::destination::Destination;
use crate::records::block::Block;
use crate::report::counts::Counts;
use crate::report::found::found_lines;
use crate::report::message::{Message, MessageKind, Path};
use crate::report::progress::Progress;
use crate::report::rejects_file::RejectsFile;
use crate::report::summary::{Inputs, Summary, Traffic, left_out_line};
use crate::sys::temporary::TempFiles;
use crate::term::sanitize::{describe, sanitize};

/// How many rejects of each code are shown.
pub const SHOWN: u64 = 10;

/// How much is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verbosity {
    /// Fatal errors, and inputs that cannot be read.
    Quiet,
    /// The totals too, but not single records: `--explain` shows these.
    Totals,
    /// Rejects too.
    Normal,
    /// Warnings too.
    Verbose,
}

/// How it is said that a source has nothing in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmptySource {
    /// As a warning.
    Warned,
    /// Always: nothing else would be said.
    Said,
}

/// Says what happens, and counts it.
#[derive(Debug)]
pub struct Report {
    verbosity: Verbosity,
    progress: Progress,
    counts: Counts,
    inputs: Inputs,
    rejects: Option<RejectsFile>,
    summary: Option<Destination>,
    bytes_in: Arc<AtomicU64>,
    empty: EmptySource,
}

impl Report {
    /// A report; `bytes_in` counts what is read.
    pub fn new(
        verbosity: Verbosity,
        rejects: Option<RejectsFile>,
        summary: Option<Destination>,
        progress: Progress,
        bytes_in: Arc<AtomicU64>,
        empty: EmptySource,
    ) -> Report {
        let (counts, inputs) = (Counts::default(), Inputs::default());
        Report { verbosity, progress, counts, inputs, rejects, summary, bytes_in, empty }
    }

    /// Whether no payload and no reject was counted, and every input could be read.
    pub fn has_nothing(&self) -> bool {
        self.counts.payloads() == 0 && self.inputs.unread == 0
    }

    /// Records what is not read, as far as that is known.
    pub fn skip_counts(&mut self, counts: &SkipCounts) {
        self.inputs.left_out = counts.left_out();
        self.inputs.names_left_out = counts.take_names();
        self.inputs.skipped = counts.skipped();
    }

    /// Whether there was nothing to read: no source was read, skipped, rejected or unreadable.
    pub fn has_read_nothing(&self) -> bool {
        self.has_nothing() && self.inputs.files == 0 && self.inputs.skipped == 0
    }

    /// Reports an input that cannot be read, or not to its end, even with `--quiet`.
    pub fn unread(&mut self, name: &str, error: &io::Error) {
        self.inputs.unread += 1;
        self.progress.line(&format!("{}: cannot be read: {}", sanitize(name), describe(error)));
    }

    /// Counts a source that was read to its end.
    pub fn read_to_the_end(&mut self, name: &str) {
        self.inputs.files += 1;
        if let Some(rejects) = &mut self.rejects {
            rejects.source_done(name);
        }
    }

    /// Warns of a source that has nothing in it.
    pub fn empty(&mut self, name: &str) {
        self.counts.warnings[WarningCode::EmptyInput.index()] += 1;
        let text = format!("{}: warning: there is nothing in it", sanitize(name));
        match self.empty {
            EmptySource::Said => self.say(&text),
            EmptySource::Warned => self.warn(&text),
        }
    }

    /// Warns of extra rows that no payload had a value for.
    pub fn unmatched_rows(&mut self, rows: &[ExtraRow]) {
        if self.counts.converted == 0 {
            return;
        }
        for (index, row) in rows.iter().enumerate() {
            if self.counts.extra_rows.get(index).is_none_or(|count| *count == 0) {
                self.counts.warnings[WarningCode::UnmatchedMap.index()] += 1;
                let row = format!("--map {row}");
                self.say(&format!("olark2rudder: {}: no payload has it", sanitize(&row)));
            }
        }
    }

    /// Whether everything was converted.
    pub fn is_clean(&self) -> bool {
        !self.has_rejects() && self.inputs.unread == 0
    }

    /// Whether something was rejected.
    pub fn has_rejects(&self) -> bool {
        self.counts.rejected() > 0
    }

    /// Adds the result of a block.
    ///
    /// # Errors
    /// When a reject cannot be kept.
    pub fn add(&mut self, block: &Block, messages: &[Message], counts: &Counts) -> Result<(), OutputError> {
        let mut seen = self.counts.rejects;
        for Message { part, location, kind } in messages {
            let source = block.parts[*part].source.name();
            let place = location.of(&source, Path::Hidden);
            match kind {
                MessageKind::Warning(warning) => {
                    self.warn(&sanitize(&format!("{place}: warning: {warning}")))
                }
                MessageKind::MoreWarnings(more) => {
                    self.warn(&sanitize(&format!("{place}: warning: and {more} more")))
                }
                MessageKind::Reject(reject) => {
                    let seen = &mut seen[reject.reason.code.index()];
                    if *seen < SHOWN {
                        self.say_record(&format!("{place}: {}", reject.message()));
                    }
                    *seen += 1;
                    if let Some(rejects) = &mut self.rejects {
                        rejects.add(&source, location, reject, block.text());
                    }
                }
            }
        }
        self.counts += counts;
        if let Some(rejects) = &mut self.rejects {
            rejects.flush()?;
        }
        let bytes_in = self.bytes_in.load(Ordering::Relaxed);
        self.progress.update(bytes_in, self.counts.payloads(), self.counts.rejected());
        Ok(())
    }

    /// Says what is wrong with a single record, where that is not explained.
    fn say_record(&self, text: &str) {
        if self.verbosity != Verbosity::Totals {
            self.say(&sanitize(text));
        }
    }

    fn warn(&self, text: &str) {
        if self.verbosity == Verbosity::Verbose {
            self.progress.line(text);
        }
    }

    /// Writes a line on standard error, even with `--quiet`.
    pub fn insist(&self, text: &str) {
        self.progress.line(text);
    }

    /// Writes a line on standard error, unless `--quiet` is given.
    pub fn say(&self, text: &str) {
        if self.verbosity != Verbosity::Quiet {
            self.progress.line(text);
        }
    }

    /// Ends the report: rejects are put in place, the totals are written and, where they matter, shown.
    ///
    /// # Errors
    /// When one of them cannot be written.
    pub fn finish(mut self, bytes_out: u64, files: &TempFiles) -> Result<(), OutputError> {
        self.progress.finish();
        if let Some(rejects) = self.rejects.take() {
            rejects.finish(files)?;
        }
        for code in Code::ALL.into_iter().filter(|_| self.verbosity != Verbosity::Totals) {
            let count = self.counts.rejects[code.index()];
            if count > SHOWN {
                self.say(&format!("olark2rudder: {} more {code} rejects not shown", count - SHOWN));
            }
        }
        for line in found_lines(&self.counts.found) {
            self.warn(&sanitize(&format!("olark2rudder: {line}")));
        }
        let (names, more) = &self.inputs.names_left_out;
        for name in names {
            self.say(&format!("olark2rudder: skipped {}", sanitize(name)));
        }
        if *more > 0 {
            self.say(&format!("olark2rudder: skipped {more} more, which are not named here"));
        }
        let left_out = left_out_line(&self.inputs.left_out);
        if let Some(line) = &left_out {
            self.say(&format!("olark2rudder: {}", sanitize(line)));
        }
        let traffic = Traffic {
            bytes_in: self.bytes_in.load(Ordering::Relaxed),
            bytes_out,
            seconds: self.progress.elapsed().as_secs_f64(),
        };
        let totals = Summary::new(&self.counts, &self.inputs, traffic);
        let is_complete = self.is_clean() && self.inputs.skipped == 0 && left_out.is_none();
        if self.progress.is_wanted() {
            self.say(&format!("olark2rudder: {} in {:.1} s", totals.line(), totals.seconds()));
        } else if !is_complete {
            self.say(&format!("olark2rudder: {}", totals.line()));
        }
        let Some(mut destination) = self.summary.take() else { return Ok(()) };
        let mut text = serde_json::to_vec(&totals).unwrap_or_default();
        text.push(b'\n');
        destination.write(&text)?;
        destination.finish()
    }
}
