//! Counts of payloads, events, rejects and warnings.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use strum::VariantArray;

use crate::convert::event_writer::{Converted, EventCounts};
use crate::convert::mapping::Event;
use crate::convert::reason::Code;
use crate::convert::warning::WarningCode;

/// Counts of a block, or of all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub converted: u64,
    /// Payloads that `--skip-starts` left out.
    pub skipped_starts: u64,
    /// Records that were rejected, by their code's index in [`Code::VARIANTS`].
    pub rejects: [u64; Code::VARIANTS.len()],
    pub events: EventCounts,
    /// Warnings, by their code's index in [`WarningCode::VARIANTS`].
    pub warnings: [u64; WarningCode::VARIANTS.len()],
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

    /// Events of a type.
    pub fn events(&self, type_name: &str) -> u64 {
        let counts = Event::VARIANTS.iter().zip(self.events);
        counts.filter(|(event, _)| event.type_name() == type_name).map(|(_, count)| count).sum()
    }

    /// Whether a warning puts the events in doubt.
    pub fn are_in_doubt(&self) -> bool {
        let mut counts = WarningCode::VARIANTS.iter().zip(self.warnings);
        counts.any(|(code, count)| count > 0 && code.is_doubt())
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
        self.converted += 1;
        add(&mut self.events, &converted.events);
        add(&mut self.warnings, converted.warnings.counts());
    }
}

impl AddAssign<&Counts> for Counts {
    fn add_assign(&mut self, other: &Counts) {
        self.converted += other.converted;
        self.skipped_starts += other.skipped_starts;
        self.skipped_lines += other.skipped_lines;
        add(&mut self.events, &other.events);
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
