//! `--rejects`: the records that were not converted, as JSON lines.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};

use crate::error::OutputError;
use crate::output::destination::Destination;
use crate::report::message::{Location, Reject, RejectText};

/// Writes a row for each reject.
#[derive(Debug)]
pub struct RejectsFile {
    rows: Vec<u8>,
    destination: Destination,
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

/// The source that a row is about.
pub fn source_of(row: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct OldRow {
        source: String,
    }
    serde_json::from_slice::<OldRow>(row).ok().map(|row| row.source)
}

impl RejectsFile {
    pub fn new(destination: Destination) -> RejectsFile {
        RejectsFile { rows: Vec::new(), destination }
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
        self.destination.append_json(&row, &mut self.rows);
    }

    /// Writes the rows that were added. Fails when they cannot be written.
    pub fn flush(&mut self) -> Result<(), OutputError> {
        self.destination.write(&self.rows)?;
        self.rows.clear();
        Ok(())
    }

    /// Commits the file.
    pub fn finish(self) -> Result<(), OutputError> {
        self.destination.finish()
    }
}
