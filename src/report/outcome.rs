//! What came of a block of records: event lines, what is to be told, and counts.

use std::ops::{AddAssign, Range};

use crate::convert::reason::{Code, Warning};

/// What happened, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Payloads that were converted.
    pub converted: u64,
    /// Records that were rejected, by the place of their code in [`Code::ALL`].
    pub rejects: [u64; Code::ALL.len()],
    /// Track events.
    pub track: u64,
    /// Group events.
    pub group: u64,
    /// Warnings, by their place in [`Warning::NAMES`].
    pub warnings: [u64; Warning::NAMES.len()],
}

impl Counts {
    /// Records that were rejected, of all kinds.
    pub fn rejected(&self) -> u64 {
        self.rejects.iter().sum()
    }
}

impl AddAssign<&Counts> for Counts {
    fn add_assign(&mut self, other: &Counts) {
        self.converted += other.converted;
        self.track += other.track;
        self.group += other.group;
        self.rejects.iter_mut().zip(other.rejects).for_each(|(sum, n)| *sum += n);
        self.warnings.iter_mut().zip(other.warnings).for_each(|(sum, n)| *sum += n);
    }
}

/// Something to be told about a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The place among a block's parts of the record's source.
    pub part: usize,
    /// The line that it is about.
    pub line: u64,
    /// What.
    pub what: What,
}

/// What a notice tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The record was not converted.
    Reject(Reject),
    /// It was, but.
    Warning(Warning),
}

/// A record that was not converted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// The kind of reason.
    pub code: Code,
    /// The reason.
    pub reason: String,
    /// The column where JSON is broken, in characters, counted from 1.
    pub column: Option<u64>,
    /// Where the record's text begins in the source, in bytes.
    pub offset: u64,
    /// Where its text stands in the block.
    pub text: Range<usize>,
    /// Its length, when its text is not kept.
    pub bytes: Option<u64>,
}

/// What came of one block.
#[derive(Debug, Default)]
pub struct BlockOutput {
    /// The event lines.
    pub events: Vec<u8>,
    /// Where the events of each part end.
    pub ends: Vec<usize>,
    /// What is to be told, in the order of the records.
    pub notices: Vec<Diagnostic>,
    /// What happened, in numbers.
    pub tally: Counts,
}

/// Above this a buffer is given back once the block that needed it is done.
const KEPT_BYTES: usize = 4 << 20;

impl BlockOutput {
    /// Makes it empty for another block.
    pub fn clear(&mut self) {
        self.events.clear();
        self.events.shrink_to(KEPT_BYTES);
        self.ends.clear();
        self.notices.clear();
        self.tally = Counts::default();
    }
}
