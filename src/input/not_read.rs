//! What a run does not read: files of other kinds, and sources whose output already exists.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use crate::sys::lock::lock;

/// The most kinds that are counted separately.
const MOST_KINDS: usize = 100;
/// What further kinds are counted under.
const OTHER: &str = "other";

/// Counts of what is not read. Clones count together: members of archives turn up while others are converted.
#[derive(Clone, Debug, Default)]
pub struct NotRead(Arc<Mutex<Counts>>);

#[derive(Debug, Default)]
struct Counts {
    left_out: BTreeMap<String, u64>,
    skipped: u64,
}

impl NotRead {
    /// Counts a file that is left out, under its extension or kind.
    pub fn leave_out(&self, kind: String) {
        let left_out = &mut self.counts().left_out;
        let kind =
            if left_out.len() < MOST_KINDS || left_out.contains_key(&kind) { kind } else { OTHER.into() };
        *left_out.entry(kind).or_default() += 1;
    }

    /// Counts sources that are skipped because their output exists.
    pub fn skip(&self, count: u64) {
        self.counts().skipped += count;
    }

    /// How many files are left out, by extension or kind.
    pub fn left_out(&self) -> BTreeMap<String, u64> {
        self.counts().left_out.clone()
    }

    /// How many sources are skipped.
    pub fn skipped(&self) -> u64 {
        self.counts().skipped
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        lock(&self.0)
    }
}
