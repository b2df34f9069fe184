//! Counts of payloads, events, rejects and warnings.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use crate::convert::converted::Converted;
use crate::convert::reason::Code;
use crate::convert::warning::{WarningCode, Weight};

/// Counts of a block, or of all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub converted: u64,
    /// Payloads that `--skip-starts` left out.
    pub skipped_starts: u64,
    /// Records that were rejected, by their code's index in [`Code::ALL`].
    pub rejects: [u64; Code::ALL.len()],
    /// Track events, of conversations and of live chats.
    pub track: u64,
    pub group: u64,
    pub identify: u64,
    /// Warnings, by their code's index in [`WarningCode::ALL`].
    pub warnings: [u64; WarningCode::ALL.len()],
    /// Lines of logs that were passed over.
    pub skipped_lines: u64,
    /// For each extra row, how many payloads had its source.
    pub extra_rows: Vec<u64>,
    /// Payloads that were found in records, by their path without indices.
    pub found: BTreeMap<String, u64>,
}

/// Payloads at paths beyond this many are counted as [`OTHER_PATHS`].
const MAX_PATHS: usize = 100;

const OTHER_PATHS: &str = "other paths";

impl Counts {
    pub fn payloads(&self) -> u64 {
        self.converted + self.rejected() + self.skipped_starts
    }

    /// Records that were rejected, whatever the code.
    pub fn rejected(&self) -> u64 {
        self.rejects.iter().sum()
    }

    /// Whether a warning puts the events in doubt.
    pub fn are_in_doubt(&self) -> bool {
        let mut counts = WarningCode::ALL.iter().zip(self.warnings);
        counts.any(|(code, count)| count > 0 && code.weight() == Weight::Doubt)
    }

    /// Makes all of them zero.
    pub fn clear(&mut self) {
        let mut extra_rows = std::mem::take(&mut self.extra_rows);
        extra_rows.fill(0);
        let mut found = std::mem::take(&mut self.found);
        // Keep the paths: most records are alike, and use them again.
        found.values_mut().for_each(|count| *count = 0);
        *self = Counts { extra_rows, found, ..Counts::default() };
    }

    /// Counts payloads that were found at a path.
    pub fn add_found(&mut self, path: &str, count: u64) {
        if count == 0 {
            return;
        }
        if let Some(counted) = self.found.get_mut(path) {
            *counted += count;
            return;
        }
        let path = if self.found.len() < MAX_PATHS { path } else { OTHER_PATHS };
        *self.found.entry(path.to_owned()).or_default() += count;
    }

    /// Adds a payload that was not rejected.
    pub fn add_converted(&mut self, converted: &Converted) {
        if converted.is_skipped_start {
            self.skipped_starts += 1;
            return;
        }
        let events = &converted.events;
        self.converted += 1;
        self.track += (events.conversation + events.chat) as u64;
        self.group += events.group as u64;
        self.identify += events.identify as u64;
        add(&mut self.warnings, converted.warnings.counts());
    }
}

impl AddAssign<&Counts> for Counts {
    fn add_assign(&mut self, other: &Counts) {
        self.converted += other.converted;
        self.skipped_starts += other.skipped_starts;
        self.track += other.track;
        self.group += other.group;
        self.identify += other.identify;
        self.skipped_lines += other.skipped_lines;
        add(&mut self.rejects, &other.rejects);
        add(&mut self.warnings, &other.warnings);
        self.extra_rows.resize(self.extra_rows.len().max(other.extra_rows.len()), 0);
        add(&mut self.extra_rows, &other.extra_rows);
        other.found.iter().for_each(|(path, count)| self.add_found(path, *count));
    }
}

fn add(sums: &mut [u64], counts: &[u64]) {
    sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
}
