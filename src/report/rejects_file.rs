//! `--rejects`: the records that were not converted, as JSON lines.

use std::borrow::Cow;
use std::collections::HashSet;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};

use crate::error::OutputError;
use crate::output::destination::Destination;
use crate::output::log::Log;
use crate::report::message::{Location, Reject, RejectText};
use crate::sys::temporary::TempFiles;

/// Writes a row for each reject.
#[derive(Debug)]
pub struct RejectsFile {
    rows: Vec<u8>,
    to: To,
    /// Sources that were read to their end, if the file may have an earlier run's rows about them.
    done: HashSet<String>,
}

/// Where rows go.
#[derive(Debug)]
pub enum To {
    /// A file that is put in place when the run is complete.
    Destination(Destination),
    /// A file that grows as the outputs do.
    Log(Log),
}

/// A line of `--rejects`.
#[derive(Serialize)]
struct RejectRow<'a> {
    source: &'a str,
    line: u64,
    offset: u64,
    code: &'a str,
    reason: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload_base64: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
}

/// What is read from a row of an earlier run.
#[derive(Deserialize)]
struct OldRow<'a> {
    #[serde(borrow)]
    source: Cow<'a, str>,
}

impl RejectsFile {
    /// A file without rows.
    pub fn new(to: To) -> RejectsFile {
        RejectsFile { to, rows: Vec::new(), done: HashSet::new() }
    }

    /// A source was read to its end, so what an earlier run rejected of it no longer counts.
    pub fn source_done(&mut self, source: &str) {
        if matches!(self.to, To::Log(_)) {
            self.done.insert(source.to_owned());
        }
    }

    /// Adds the row of a reject, whose text may be in the block's text.
    pub fn add(&mut self, source: &str, location: &Location, reject: &Reject, block_text: &[u8]) {
        let (text, bytes) = match &reject.text {
            RejectText::Block(range) => (Some(&block_text[range.clone()]), None),
            RejectText::Decoded(text) => (Some(text.as_slice()), None),
            RejectText::Dropped(bytes) => (None, Some(*bytes)),
        };
        let payload = text.and_then(|text| std::str::from_utf8(text).ok());
        let row = RejectRow {
            source,
            line: location.line,
            offset: reject.offset,
            code: reject.reason.code.name(),
            reason: &reject.message(),
            at: location.inside.as_ref().map(|inside| inside.path.as_str()),
            payload,
            payload_base64: text.filter(|_| payload.is_none()).map(|text| BASE64_STANDARD.encode(text)),
            bytes,
        };
        // Writing such a row to a buffer cannot fail.
        let _ = serde_json::to_writer(&mut self.rows, &row);
        self.rows.push(b'\n');
    }

    /// Writes the rows that were added.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn flush(&mut self) -> Result<(), OutputError> {
        match &mut self.to {
            To::Destination(destination) => destination.write(&self.rows)?,
            To::Log(log) => log.write(&self.rows)?,
        }
        self.rows.clear();
        Ok(())
    }

    /// Puts the file in place.
    ///
    /// # Errors
    /// When that fails.
    pub fn finish(self, files: &TempFiles) -> Result<(), OutputError> {
        match self.to {
            To::Destination(destination) => destination.finish(),
            To::Log(log) => {
                // An invalid row was cut off when the run that wrote it was killed.
                let is_done_again = |row: &[u8]| {
                    serde_json::from_slice::<OldRow>(row).map_or(true, |row| self.done.contains(&*row.source))
                };
                log.finish(is_done_again, files)
            }
        }
    }
}
