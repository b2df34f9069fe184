//! The text of a source, as far as it was read.

use crate::records::record::Place;

/// The text that is looked at beyond the largest record, to see what follows it.
pub const LOOK_AHEAD: usize = 64 << 10;

/// The text of a source from the next record on, as far as it was read.
#[derive(Clone, Copy, Debug)]
pub struct Text<'t> {
    pub bytes: &'t [u8],
    pub rest: Rest,
    /// Its start in the source.
    pub place: Place,
    /// The most bytes that a record may have.
    pub max_record: usize,
}

/// The text after a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// The end of the source.
    Nothing,
    /// More text, as soon as it is read.
    Unread,
    /// More text that is not looked at: this is enough to decide.
    Ignored,
}

impl Text<'_> {
    /// Whether the source ends with this text.
    pub fn is_last(&self) -> bool {
        self.rest == Rest::Nothing
    }
}

/// The part of a text that belongs to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The record ends after this many bytes.
    Ends(usize),
    /// It goes on after this many bytes.
    GoesOn(usize),
}

impl Extent {
    /// The same part of a longer text, which has this much before it.
    pub fn plus(self, more: usize) -> Extent {
        match self {
            Extent::Ends(len) => Extent::Ends(len + more),
            Extent::GoesOn(len) => Extent::GoesOn(len + more),
        }
    }
}
