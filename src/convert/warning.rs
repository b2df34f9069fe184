//! Oddities of a run that do not stop a payload from being converted.

use std::fmt;

use crate::convert::event::EventRef;

/// Defines the warnings: each with what it tells, its code in `--summary`, whether it puts the events in doubt (so that
/// a run that is not watched reports it too), and its message.
macro_rules! warnings {
    ($($name:ident $({ $($field:ident: $type:ty),+ })?, $code:literal, $weight:ident, $message:literal;)+) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Warning {
            $($name $({ $($field: $type),+ })?),+
        }

        /// The kinds of warnings.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum WarningCode {
            $($name),+
        }

        impl WarningCode {
            /// All codes, in the order of the summary and of their indices.
            pub const ALL: [WarningCode; [$($code),+].len()] = [$(WarningCode::$name),+];

            /// The code as it is written.
            pub fn name(self) -> &'static str {
                match self {
                    $(WarningCode::$name => $code),+
                }
            }

            pub fn weight(self) -> Weight {
                match self {
                    $(WarningCode::$name => Weight::$weight),+
                }
            }

            /// The index in [`WarningCode::ALL`].
            pub fn index(self) -> usize {
                self as usize
            }
        }

        impl Warning {
            pub fn code(self) -> WarningCode {
                match self {
                    $(Warning::$name $({ $($field: _),+ })? => WarningCode::$name),+
                }
            }
        }

        impl fmt::Display for Warning {
            fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
                match self {
                    $(Warning::$name $({ $($field),+ })? => write!(f, $message)),+
                }
            }
        }
    };
}

/// The weight of a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// The events are what they should be.
    Harmless,
    /// The events are in doubt.
    Doubt,
}

warnings! {
    GroupWithoutId { index: usize, id: NoId }, "group_without_id", Harmless, "groups[{index}] {id}";
    NoTime, "no_time", Doubt, "no item has a readable time, so the events have no timestamp";
    LargeEvent { which: EventRef, bytes: usize }, "large_event", Harmless,
        "{which} has {bytes} bytes, over RudderStack's documented limit of 32 KB";
    NoKind, "no_kind", Doubt, "no kind, so the track event has no name";
    ChatStart, "chat_start", Doubt,
        "eventType is start: Olark posts this chat again when it ends";
    Repeated, "repeated", Doubt, "this record has the same payload twice, so it was converted once";
    DoubledBackslashes, "doubled_backslashes", Doubt,
        "backslashes are doubled, perhaps by a database: choose --input-format copy or ndjson";
    UnmatchedMap, "unmatched_map", Doubt, "no payload has the field of a --map";
    EmptyInput, "empty_input", Harmless, "the input is empty";
    OtherItem { index: usize }, "other_item", Harmless,
        "items[{index}] has another kind, so it gives no live-chat event";
    ItemWithoutTime { index: usize }, "item_without_time", Harmless,
        "items[{index}] has no readable time, so its event has no timestamp";
}

/// A value that is there instead of a group's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoId {
    Missing,
    Null,
    False,
    Empty,
    /// `0`, however it is written.
    Zero,
}

impl NoId {
    /// The kind of a value that counts as no id.
    pub fn of(id: Option<&[u8]>) -> NoId {
        match id {
            None => NoId::Missing,
            Some(b"null") => NoId::Null,
            Some(b"false") => NoId::False,
            Some(b"\"\"") => NoId::Empty,
            Some(_) => NoId::Zero,
        }
    }
}

impl fmt::Display for NoId {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            NoId::Missing => "gives no event: it has no id",
            NoId::Null => "gives no event: its id is null",
            NoId::False => "gives no event: its id is false",
            NoId::Empty => "gives no event: its id is empty",
            NoId::Zero => "gives no event: its id is 0",
        })
    }
}

/// The warnings of one payload that are kept; the rest are only counted.
const MAX_KEPT: usize = 100;

/// The warnings of one payload.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Warnings {
    kept: Vec<Warning>,
    counts: [u64; WarningCode::ALL.len()],
}

impl Warnings {
    pub fn push(&mut self, warning: Warning) {
        self.counts[warning.code().index()] += 1;
        if self.kept.len() < MAX_KEPT {
            self.kept.push(warning);
        }
    }

    /// The first warnings, in their order.
    pub fn kept(&self) -> &[Warning] {
        &self.kept
    }

    /// The warnings of each kind, by its index in [`WarningCode::ALL`].
    pub fn counts(&self) -> &[u64; WarningCode::ALL.len()] {
        &self.counts
    }

    /// The warnings that were only counted.
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
            (None, "groups[7] gives no event: it has no id"),
            (Some(&b"0.0"[..]), "groups[7] gives no event: its id is 0"),
            (Some(b"false"), "groups[7] gives no event: its id is false"),
            (Some(b"null"), "groups[7] gives no event: its id is null"),
            (Some(b"\"\""), "groups[7] gives no event: its id is empty"),
        ] {
            assert_eq!(Warning::GroupWithoutId { index: 7, id: NoId::of(id) }.to_string(), expected);
        }
    }

    #[test]
    fn millions_of_warnings_are_counted_but_not_kept() {
        let mut warnings = Warnings::default();
        (0..1_000_000).for_each(|index| warnings.push(Warning::OtherItem { index }));
        warnings.push(Warning::NoTime);
        assert_eq!(warnings.kept()[99], Warning::OtherItem { index: 99 });
        assert_eq!((warnings.kept().len(), warnings.not_kept()), (100, 999_901));
        assert_eq!(warnings.counts()[WarningCode::OtherItem.index()], 1_000_000);
        assert_eq!(warnings.counts()[WarningCode::NoTime.index()], 1);
    }
}
