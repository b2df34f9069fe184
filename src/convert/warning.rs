//! Oddities of a run that do not stop a payload from being converted.

use strum::VariantArray;

use crate::convert::event::EventRef;

/// A warning, with its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::Display, strum::EnumDiscriminants)]
#[strum_discriminants(
    name(WarningCode),
    doc = "The kinds of warnings, in the order of the summary, which has their names.",
    derive(strum::IntoStaticStr, strum::VariantArray),
    strum(serialize_all = "snake_case")
)]
pub enum Warning {
    #[strum(to_string = "groups[{index}] gives no event: {id}")]
    GroupWithoutId { index: usize, id: &'static str },
    #[strum(to_string = "no item has a readable time, so the events get no timestamp")]
    NoTime,
    #[strum(to_string = "{which} has {bytes} bytes, over RudderStack's documented limit of 32 KB")]
    LargeEvent { which: EventRef, bytes: usize },
    #[strum(to_string = "no kind, so the track event has no name")]
    NoKind,
    #[strum(to_string = "eventType is start: Olark posts this chat again when it ends")]
    ChatStart,
    #[strum(to_string = "this record has the same payload twice, so it was converted once")]
    Repeated,
    #[strum(
        to_string = "backslashes are doubled, perhaps by a database: choose --input-format copy or ndjson"
    )]
    DoubledBackslashes,
    #[strum(to_string = "no payload has the field of a --map")]
    UnmatchedMap,
    #[strum(to_string = "the input is empty")]
    EmptyInput,
    #[strum(to_string = "items[{index}] is not a message, so it gives no live-chat event")]
    OtherItem { index: usize },
    #[strum(to_string = "items[{index}] has no readable time, so its event has no timestamp")]
    ItemWithoutTime { index: usize },
}

impl Warning {
    pub fn code(self) -> WarningCode {
        self.into()
    }
}

impl WarningCode {
    /// Whether it puts the events in doubt, so that a run that is not watched reports it too.
    pub fn is_doubt(self) -> bool {
        use WarningCode::{ChatStart, DoubledBackslashes, NoKind, NoTime, Repeated, UnmatchedMap};
        matches!(self, NoTime | NoKind | ChatStart | Repeated | DoubledBackslashes | UnmatchedMap)
    }
}

/// Why a group has no event, given the value that should be its id.
pub fn no_id(id: Option<&[u8]>) -> &'static str {
    match id {
        None => "it has no id",
        Some(b"null") => "its id is null",
        Some(b"false") => "its id is false",
        Some(b"\"\"") => "its id is empty",
        // However it is written.
        Some(_) => "its id is 0",
    }
}

/// The warnings of one payload that are kept; the rest are only counted.
const MAX_KEPT: usize = 100;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Warnings {
    kept: Vec<Warning>,
    counts: [u64; WarningCode::VARIANTS.len()],
}

impl Warnings {
    pub fn push(&mut self, warning: Warning) {
        self.counts[warning.code() as usize] += 1;
        if self.kept.len() < MAX_KEPT {
            self.kept.push(warning);
        }
    }

    pub fn kept(&self) -> &[Warning] {
        &self.kept
    }

    /// The warnings of each kind, by its index in [`WarningCode::VARIANTS`].
    pub fn counts(&self) -> &[u64; WarningCode::VARIANTS.len()] {
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
            assert_eq!(Warning::GroupWithoutId { index: 7, id: no_id(id) }.to_string(), expected);
        }
    }

    #[test]
    fn millions_of_warnings_are_counted_but_not_kept() {
        let mut warnings = Warnings::default();
        (0..1_000_000).for_each(|index| warnings.push(Warning::OtherItem { index }));
        warnings.push(Warning::NoTime);
        assert_eq!(warnings.kept()[99], Warning::OtherItem { index: 99 });
        assert_eq!((warnings.kept().len(), warnings.not_kept()), (100, 999_901));
        assert_eq!(warnings.counts()[WarningCode::OtherItem as usize], 1_000_000);
        assert_eq!(warnings.counts()[WarningCode::NoTime as usize], 1);
    }
}
