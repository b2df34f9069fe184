//! What is odd about a payload that was converted anyway.

use std::fmt;

use crate::convert::event::EventRef;

/// Something odd about a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Warning {
    /// The group with this index has no id, or this one, and so no event.
    GroupWithoutId(usize, NoId),
    /// `--timestamp` found no time.
    NoTime,
    /// This event has this many bytes, more than RudderStack documents as its limit.
    LargeEvent { which: EventRef, bytes: usize },
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

/// The kinds of warnings, by their names in `--summary`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WarningCode {
    /// A group has no id, and so no event.
    GroupWithoutId,
    /// `--timestamp` found no time.
    NoTime,
    /// An event is longer than RudderStack documents as its limit.
    LargeEvent,
    /// No `kind`.
    NoKind,
    /// An extra post at the start of a chat.
    ChatStart,
    /// A `--map` that no payload had a value for.
    UnmatchedMap,
    /// A source with nothing in it.
    EmptyInput,
    /// An item is of a kind that gives no live-chat event.
    OtherItem,
    /// An item gives an event, but has no time for it.
    ItemWithoutTime,
}

impl WarningCode {
    /// All codes, in the order of the summary.
    pub const ALL: [WarningCode; 9] = [
        WarningCode::GroupWithoutId,
        WarningCode::NoTime,
        WarningCode::LargeEvent,
        WarningCode::NoKind,
        WarningCode::ChatStart,
        WarningCode::UnmatchedMap,
        WarningCode::EmptyInput,
        WarningCode::OtherItem,
        WarningCode::ItemWithoutTime,
    ];

    /// The code as it is written.
    pub fn name(self) -> &'static str {
        match self {
            WarningCode::GroupWithoutId => "group_without_id",
            WarningCode::NoTime => "no_time",
            WarningCode::LargeEvent => "large_event",
            WarningCode::NoKind => "no_kind",
            WarningCode::ChatStart => "chat_start",
            WarningCode::UnmatchedMap => "unmatched_map",
            WarningCode::EmptyInput => "empty_input",
            WarningCode::OtherItem => "other_item",
            WarningCode::ItemWithoutTime => "item_without_time",
        }
    }

    /// The code's index in [`WarningCode::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }
}

impl Warning {
    /// The kind.
    pub fn code(self) -> WarningCode {
        match self {
            Warning::GroupWithoutId(..) => WarningCode::GroupWithoutId,
            Warning::NoTime => WarningCode::NoTime,
            Warning::LargeEvent { .. } => WarningCode::LargeEvent,
            Warning::NoKind => WarningCode::NoKind,
            Warning::ChatStart => WarningCode::ChatStart,
            Warning::OtherItem(_) => WarningCode::OtherItem,
            Warning::ItemWithoutTime(_) => WarningCode::ItemWithoutTime,
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
    counts: [u64; WarningCode::ALL.len()],
}

impl Warnings {
    /// Adds a warning.
    pub fn push(&mut self, warning: Warning) {
        self.counts[warning.code().index()] += 1;
        if self.kept.len() < MOST_KEPT {
            self.kept.push(warning);
        }
    }

    /// The warnings that are kept, in their order.
    pub fn kept(&self) -> &[Warning] {
        &self.kept
    }

    /// How many there are of each kind, by its code's index in [`WarningCode::ALL`].
    pub fn counts(&self) -> &[u64; WarningCode::ALL.len()] {
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
    fn each_code_is_listed_in_its_place() {
        for (index, code) in WarningCode::ALL.iter().enumerate() {
            assert_eq!(code.index(), index);
        }
    }

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
