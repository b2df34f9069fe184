//! What is odd about a payload that was converted anyway.

use std::fmt;

use crate::convert::event::Which;

/// Something odd about a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Warning {
    /// The group with this index has no id, or this one, and so no event.
    GroupWithoutId(usize, NoId),
    /// `--timestamp` found no time.
    NoTime,
    /// This event has this many bytes, more than RudderStack documents as its limit.
    LargeEvent { which: Which, bytes: usize },
    /// No `kind`, which names the track event.
    NoKind,
    /// An extra post at the start of a chat.
    ChatStart,
    /// The item with this index is of a kind that gives no live-chat event.
    OtherItem(usize),
    /// The item with this index gives an event, but has no time for it.
    ItemWithoutTime(usize),
}

/// What a group has in place of an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoId {
    /// Nothing.
    Missing,
    /// `null`.
    Null,
    /// `false`.
    False,
    /// `""`.
    Empty,
    /// `0`, however it is written.
    Zero,
}

impl NoId {
    /// What a value is that counts as no id.
    pub fn of(id: Option<&[u8]>) -> NoId {
        match id {
            None => NoId::Missing,
            Some(b"null") => NoId::Null,
            Some(b"false") => NoId::False,
            Some(b"\"\"") => NoId::Empty,
            Some(_) => NoId::Zero,
        }
    }

    /// What is said of it where there is no more room.
    pub fn reason(self) -> &'static str {
        match self {
            NoId::Missing => "has no id, so it gives no event",
            NoId::Null => "its id is null, so it gives no event",
            NoId::False => "its id is false, which counts as none",
            NoId::Empty => "its id is empty, so it gives no event",
            NoId::Zero => "its id is 0, which counts as none",
        }
    }
}

impl fmt::Display for NoId {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            NoId::Missing => "missing",
            NoId::Null => "null",
            NoId::False => "false",
            NoId::Empty => "empty",
            NoId::Zero => "0",
        })
    }
}

/// The index in [`Warning::NAMES`] of a `--map` that no payload had a value for.
pub const UNMATCHED_ROW: usize = 5;
/// The index in [`Warning::NAMES`] of a source with nothing in it.
pub const EMPTY_INPUT: usize = 6;

impl Warning {
    /// The names of all warnings in `--summary`.
    pub const NAMES: [&'static str; 9] = [
        "group_without_id",
        "no_time",
        "large_event",
        "no_kind",
        "chat_start",
        "unmatched_map",
        "empty_input",
        "other_item",
        "item_without_time",
    ];

    /// The warning's index in [`Warning::NAMES`].
    pub fn index(self) -> usize {
        match self {
            Warning::GroupWithoutId(..) => 0,
            Warning::NoTime => 1,
            Warning::LargeEvent { .. } => 2,
            Warning::NoKind => 3,
            Warning::ChatStart => 4,
            Warning::OtherItem(_) => 7,
            Warning::ItemWithoutTime(_) => 8,
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Warning::GroupWithoutId(index, NoId::Missing) => {
                write!(f, "groups[{index}] has no id, so it gives no event")
            }
            Warning::GroupWithoutId(index, id) => {
                write!(f, "groups[{index}] gives no event: its id is {id}, which counts as none")
            }
            Warning::NoTime => f.write_str("no item has a readable time, so the events have no timestamp"),
            Warning::LargeEvent { which, bytes } => {
                write!(f, "{which} has {bytes} bytes, over the 32 KB that RudderStack documents as its limit")
            }
            Warning::NoKind => f.write_str("no kind, so the track event has no name"),
            Warning::ChatStart => f.write_str(
                "eventType is start: Olark posted this at the start of a chat that it posts again",
            ),
            Warning::OtherItem(index) => {
                write!(f, "items[{index}] is of a kind that gives no live-chat event")
            }
            Warning::ItemWithoutTime(index) => {
                write!(f, "items[{index}] has no readable time, so its event has no timestamp")
            }
        }
    }
}

/// How many warnings of one payload are kept; the rest are only counted.
const MOST_KEPT: usize = 100;

/// The warnings of one payload.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Warnings {
    kept: Vec<Warning>,
    counts: [u64; Warning::NAMES.len()],
}

impl Warnings {
    /// Adds a warning.
    pub fn push(&mut self, warning: Warning) {
        self.counts[warning.index()] += 1;
        if self.kept.len() < MOST_KEPT {
            self.kept.push(warning);
        }
    }

    /// The warnings that are kept, in their order.
    pub fn kept(&self) -> &[Warning] {
        &self.kept
    }

    /// How many there are of each kind, by its index in [`Warning::NAMES`].
    pub fn counts(&self) -> &[u64; Warning::NAMES.len()] {
        &self.counts
    }

    /// How many were only counted.
    pub fn not_kept(&self) -> u64 {
        self.counts.iter().sum::<u64>() - self.kept.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_that_counts_as_none_is_named() {
        for (id, expected) in [
            (None, "groups[7] has no id, so it gives no event"),
            (Some(&b"0.0"[..]), "groups[7] gives no event: its id is 0, which counts as none"),
            (Some(b"false"), "groups[7] gives no event: its id is false, which counts as none"),
            (Some(b"null"), "groups[7] gives no event: its id is null, which counts as none"),
            (Some(b"\"\""), "groups[7] gives no event: its id is empty, which counts as none"),
        ] {
            assert_eq!(Warning::GroupWithoutId(7, NoId::of(id)).to_string(), expected);
        }
    }

    #[test]
    fn millions_of_warnings_are_counted_but_not_kept() {
        let mut warnings = Warnings::default();
        (0..1_000_000).for_each(|index| warnings.push(Warning::GroupWithoutId(index, NoId::Missing)));
        warnings.push(Warning::NoTime);
        assert_eq!(warnings.kept()[99], Warning::GroupWithoutId(99, NoId::Missing));
        assert_eq!((warnings.kept().len(), warnings.not_kept()), (100, 999_901));
        assert_eq!(warnings.counts(), &[1_000_000, 1, 0, 0, 0, 0, 0, 0, 0]);
    }
}
