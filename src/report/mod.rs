//! Reports what was read, written and rejected: lines for people, `--rejects` and `--summary`.

pub mod counts;
pub mod hint;
pub mod message;
pub mod progress;
pub mod rejects_file;
pub mod summary;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use strum::VariantArray;

use crate::convert::options::{MappingOptions, nearest};
use crate::convert::reason::{Code, Reason};
use crate::convert::warning::{Warning, WarningCode};
use crate::error::OutputError;
use crate::input::selection::SkipCounts;
use crate::options::{EmptySource, Verbosity};
use crate::output::destination::Destination;
use crate::records::block::Block;
use crate::report::counts::Counts;
use crate::report::message::{Keys, Location, Message, MessageKind, Reject, RejectText};
use crate::report::progress::Progress;
use crate::report::rejects_file::RejectsFile;
use crate::report::summary::{Summary, found_lines, left_out_line};
use crate::term::sanitize::describe;

/// Rejects of each code that are printed; the others are counted.
pub const MAX_SHOWN: u64 = 10;

/// Prints and counts what happens.
#[derive(Debug)]
pub struct Report {
    pub verbosity: Verbosity,
    pub empty: EmptySource,
    pub progress: Progress,
    pub rejects: Option<RejectsFile>,
    pub summary: Option<Destination>,
    pub skips: SkipCounts,
    /// Counts bytes while they are read.
    pub bytes_in: Arc<AtomicU64>,
    pub counts: Counts,
    /// Sources that were read to their end.
    pub files: u64,
    /// Sources that could not be read, or not to their end.
    pub unread: u64,
}

impl Report {
    /// Whether no payload and no reject was counted, and every input could be read.
    pub fn has_nothing(&self) -> bool {
        self.counts.payloads() == 0 && self.unread == 0
    }

    /// Whether there was nothing to read: no source was read, skipped, rejected or unreadable.
    pub fn has_read_nothing(&self) -> bool {
        self.has_nothing() && self.files == 0 && self.skips.skipped() == 0
    }

    /// Whether everything was converted.
    pub fn is_clean(&self) -> bool {
        self.counts.rejected() == 0 && self.unread == 0
    }

    /// Reports an input that cannot be read, or not to its end, even with `--quiet`.
    pub fn unread(&mut self, name: &str, error: &io::Error) {
        self.unread += 1;
        self.progress.line(&format!("{name}: cannot be read: {}", describe(error)));
    }

    /// Rejects a source that holds no payload at all. Fails when the reject cannot be kept.
    pub fn nothing_found(&mut self, name: &str) -> Result<(), OutputError> {
        let reject =
            Reject { reason: Reason::no_payload(), hint: None, offset: 0, text: RejectText::Dropped(0) };
        self.counts.rejects[Code::NoPayload as usize] += 1;
        if self.shows_rejects() {
            self.print(&format!("{name}: {}", reject.message()));
        }
        let Some(rejects) = &mut self.rejects else { return Ok(()) };
        rejects.add(name, &Location { line: 1, column: None, inside: None }, &reject, b"");
        rejects.flush()
    }

    /// Warns of a source with nothing in it.
    pub fn empty(&mut self, name: &str) {
        self.counts.warnings[WarningCode::EmptyInput as usize] += 1;
        let text = format!("{name}: warning: {}", Warning::EmptyInput);
        match self.empty {
            EmptySource::Print => self.print(&text),
            EmptySource::Warn => self.warn(|| text),
        }
    }

    /// Warns of fields in options that no payload had.
    pub fn warn_of_unmatched(&mut self, options: &MappingOptions) {
        let suggestion = |path: &str| nearest(path).map(|field| format!("; did you mean {field}?"));
        let unmatched = |option: String, suggestion: Option<String>| {
            let suggestion = suggestion.unwrap_or_default();
            format!("olark2rudder: {option}: no payload has this field{suggestion}")
        };
        if self.counts.converted > 0 {
            for (index, row) in options.extra_rows.iter().enumerate() {
                if self.counts.extra_rows.get(index).is_none_or(|count| *count == 0) {
                    self.counts.warnings[WarningCode::UnmatchedMap as usize] += 1;
                    self.print(&unmatched(format!("--map {row}"), suggestion(&row.source)));
                }
            }
        } else if self.counts.rejects[Code::MissingVisitorId as usize] > 0 {
            // Each reject says already which fields it does not have.
            for path in &options.user_ids {
                if let Some(suggestion) = suggestion(path) {
                    self.print(&unmatched(format!("--user-id {path}"), Some(suggestion)));
                }
            }
        }
    }

    /// Adds the result of a block. Fails when a reject cannot be kept.
    pub fn add(&mut self, block: &Block, messages: &[Message], counts: &Counts) -> Result<(), OutputError> {
        let mut seen = self.counts.rejects;
        for Message { part, location, kind } in messages {
            let source = block.parts[*part].source.name();
            let line = |text: &str| format!("{}: {text}", location.of(&source, Keys::Hidden));
            match kind {
                MessageKind::Warning(warning) => self.warn(|| line(&format!("warning: {warning}"))),
                MessageKind::MoreWarnings(more) => self.warn(|| line(&format!("warning: and {more} more"))),
                MessageKind::Reject(reject) => {
                    let seen = &mut seen[reject.reason.code as usize];
                    if *seen < MAX_SHOWN && self.shows_rejects() {
                        self.print(&line(&reject.message()));
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

    /// Whether each reject is printed, since it is not explained.
    fn shows_rejects(&self) -> bool {
        self.verbosity != Verbosity::Totals
    }

    /// Prints a line on standard error with `--verbose`.
    fn warn(&self, text: impl FnOnce() -> String) {
        if self.verbosity == Verbosity::Verbose {
            self.progress.line(&text());
        }
    }

    /// Prints a line on standard error, unless `--quiet` is given.
    pub fn print(&self, text: &str) {
        if self.verbosity != Verbosity::Quiet {
            self.progress.line(text);
        }
    }

    /// Ends the report: commits `--rejects`, writes the totals and, where they matter, prints them.
    /// Fails when one of them cannot be written.
    pub fn finish(mut self, bytes_out: u64) -> Result<(), OutputError> {
        self.progress.finish();
        if let Some(rejects) = self.rejects.take() {
            rejects.finish()?;
        }
        for code in Code::VARIANTS.iter().copied().filter(|_| self.shows_rejects()) {
            let count = self.counts.rejects[code as usize];
            if count > MAX_SHOWN {
                self.print(&format!("olark2rudder: {} more {code} rejects not shown", count - MAX_SHOWN));
            }
        }
        for line in found_lines(&self.counts.found) {
            self.warn(|| format!("olark2rudder: {line}"));
        }
        let (names, more) = self.skips.take_names();
        for name in names {
            self.print(&format!("olark2rudder: skipped {name}"));
        }
        if more > 0 {
            self.print(&format!("olark2rudder: skipped {more} more"));
        }
        let summary = self.summary.take();
        let totals = Summary { report: &self, bytes_out, seconds: self.progress.seconds() };
        let has_bar = self.progress.has_bar;
        let left_out = self.skips.left_out();
        let lacks_input = self.has_read_nothing() && !left_out.is_empty();
        // A nightly job is silent when all is well.
        if has_bar || lacks_input || !self.is_clean() || self.counts.are_in_doubt() {
            if let Some(line) = left_out_line(&left_out) {
                self.print(&format!("olark2rudder: {line}"));
            }
            let time = if has_bar { format!(" in {:.1} s", totals.seconds) } else { String::new() };
            self.print(&format!("olark2rudder: {}{time}", totals.line()));
        }
        let Some(mut summary) = summary else { return Ok(()) };
        let mut line = Vec::new();
        summary.append_json(&totals, &mut line);
        summary.write(&line)?;
        summary.finish()
    }
}
