//! The mapping: which Olark field becomes which RudderStack property, as rows.
//!
//! This table is the only place that defines it: conversion compiles it ([`crate::convert::plan`]), and
//! `--explain`, `--list-mapping` and the README's table show it.

use std::fmt;

/// One of the three readings of RudderStack's Olark documentation; the variants' comments are the help of `--mapping`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Mapping {
    /// The documentation's example, completed by its table
    #[default]
    Standard,
    /// The same, with every row of the table
    Full,
    /// As RudderStack's own transformer converts a live webhook
    Live,
}

impl Mapping {
    /// All three, in the order in which they are listed.
    pub const ALL: [Mapping; 3] = [Mapping::Standard, Mapping::Full, Mapping::Live];

    /// The name that `--mapping` takes.
    pub fn name(self) -> &'static str {
        match self {
            Mapping::Standard => "standard",
            Mapping::Full => "full",
            Mapping::Live => "live",
        }
    }

    /// Whether a value of this compact JSON text is carried over: never `null`, and outside `live`
    /// no empty string either (which is why the worked example has no `context.ip`).
    #[inline]
    pub fn carries(self, value: &[u8]) -> bool {
        match value {
            b"null" => false,
            b"\"\"" => self == Mapping::Live,
            _ => true,
        }
    }
}

impl fmt::Display for Mapping {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The kinds of events that a payload becomes; the variants' comments are the help of `--events`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Event {
    /// A track event for each conversation
    #[value(name = "conversation")]
    Track,
    /// A group event for each group
    Group,
    /// An identify event for a visitor with traits
    Identify,
    /// Live-chat events: a track event for each message, and for the start and end of the chat
    Chat,
}

impl Event {
    /// All of them, in the order of the documentation.
    pub const ALL: [Event; 4] = [Event::Track, Event::Group, Event::Identify, Event::Chat];

    /// RudderStack's name of the event type.
    pub fn name(self) -> &'static str {
        match self {
            Event::Track | Event::Chat => "track",
            Event::Group => "group",
            Event::Identify => "identify",
        }
    }

    /// The name in `--events`, and (except for track events) in `--map`.
    pub fn option(self) -> &'static str {
        match self {
            Event::Track => "conversation",
            Event::Group => "group",
            Event::Identify => "identify",
            Event::Chat => "chat",
        }
    }
}

/// The way of a row's value from the payload into an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// Byte for byte, without the white space between tokens.
    Copy,
    /// Byte for byte, and carried even when it is `null` (the transformer sets it without a check).
    CopyNull,
    /// The part of the browser's text that names it.
    BrowserName,
    /// The part of the browser's text that is its version.
    BrowserVersion,
    /// The field that says who the user is, from the row or from `--user-id`.
    UserId,
    /// The event's time, in RFC 3339.
    Time,
    /// The conversation's id if it is a string, a colon, and the item's position from 1.
    MessageId,
    /// The agent's id: the item's own, or that of the first item that has one.
    AgentId,
    /// A field of the operator with the agent's id.
    Operator(OperatorField),
    /// The same, otherwise this field of the item.
    OperatorOr(OperatorField, &'static str),
    /// The seconds from the earliest item to the latest.
    Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperatorField {
    Nickname,
    Username,
}

/// One line of a mapping: a field of the payload, and the property it becomes in these events.
#[derive(Clone, Copy, Debug)]
pub struct MappingRow<E: 'static = Event> {
    /// A path from the payload; `groups[]` stands for each group, `items[]` for the event's item, and `operators[]`
    /// for its agent.
    pub source: &'static str,
    /// A path from the event.
    pub target: &'static str,
    pub events: &'static [E],
    /// The mappings that have this row.
    pub mappings: &'static [Mapping],
    pub via: Via,
    /// One line for people.
    pub note: &'static str,
}

impl<E> MappingRow<E> {
    /// The field of the payload that the value is made of.
    pub fn field(&self) -> &'static str {
        match self.via {
            Via::OperatorOr(_, otherwise) => otherwise,
            // Operators are found by their ids.
            Via::Operator(_) => "operators",
            _ => self.source,
        }
    }
}

const TRACK: &[Event] = &[Event::Track];
const GROUP: &[Event] = &[Event::Group];
const BOTH: &[Event] = &[Event::Track, Event::Group];
const IDENTIFY: &[Event] = &[Event::Identify];
const CHAT: &[Event] = &[Event::Chat];
const ANY: &[Event] = &Event::ALL;

const EVERY: &[Mapping] = &Mapping::ALL;
pub(super) const NOT_LIVE: &[Mapping] = &[Mapping::Standard, Mapping::Full];
const FULL: &[Mapping] = &[Mapping::Full];
const LIVE: &[Mapping] = &[Mapping::Live];

const fn row(
    source: &'static str,
    target: &'static str,
    events: &'static [Event],
    mappings: &'static [Mapping],
    note: &'static str,
) -> MappingRow {
    MappingRow { source, target, events, mappings, via: Via::Copy, note }
}

const fn via(via: Via, row: MappingRow) -> MappingRow {
    MappingRow { via, ..row }
}

/// Every row of every mapping, in the order of RudderStack's documentation.
pub const ROWS: &[MappingRow] = &[
    row("kind", "event", TRACK, EVERY, "names the event"),
    via(Via::UserId, row("visitor.id", USER_ID, BOTH, EVERY, "required")),
    row("visitor.fullName", "context.traits.name", TRACK, EVERY, ""),
    row("visitor.phoneNumber", "context.traits.phone", TRACK, EVERY, ""),
    row("visitor.emailAddress", "context.traits.email", TRACK, EVERY, ""),
    row("visitor.city", "context.traits.city", TRACK, EVERY, ""),
    row("visitor.region", "context.traits.region", TRACK, EVERY, ""),
    row("visitor.country", "context.traits.country", TRACK, EVERY, ""),
    row("visitor.operatingSystem", "context.os.name", TRACK, EVERY, ""),
    via(
        Via::BrowserName,
        row("visitor.browser", "context.browser.name", TRACK, EVERY, "till the last space"),
    ),
    via(
        Via::BrowserVersion,
        row("visitor.browser", "context.browser.version", TRACK, EVERY, "after the last space"),
    ),
    row("visitor.referrer", "context.page.referrer", TRACK, EVERY, ""),
    row("visitor.conversationBeginPage", "context.page.url", TRACK, EVERY, ""),
    row("visitor.ip", "context.ip", TRACK, NOT_LIVE, ""),
    row("ip", "context.ip", TRACK, LIVE, "not sent by Olark"),
    row("ip", "properties.ip", TRACK, LIVE, "not sent by Olark"),
    row("visitor.organization", "traits.organization", TRACK, EVERY, ""),
    row("visitor.chat_feedback", "traits.chat_feedback", TRACK, EVERY, ""),
    row("visitor.kind", "traits.kind", TRACK, FULL, "table only"),
    row("visitor.countryCode", "traits.countryCode", TRACK, FULL, "table only"),
    row("items", "properties.items", TRACK, EVERY, "the transcript"),
    row("tags", "properties.tags", TRACK, EVERY, ""),
    row("operators", "properties.operators", TRACK, FULL, "table only"),
    row("groups[].id", "groupId", GROUP, EVERY, "none: no group event"),
    row("groups[].name", "traits.name", GROUP, NOT_LIVE, ""),
    via(Via::CopyNull, row("groups[].name", "name", GROUP, LIVE, "null included")),
    row("groups[].kind", "properties.kind", GROUP, NOT_LIVE, ""),
    row("groups[].kind", "traits.kind", GROUP, LIVE, ""),
    row("operators", "properties.operators", GROUP, NOT_LIVE, ""),
    row("operators", "traits.operators", GROUP, LIVE, ""),
];

/// The row that only identify events have, so that all of a user's traits are in one place.
const ORGANIZATION: MappingRow =
    row("visitor.organization", "context.traits.organization", IDENTIFY, NOT_LIVE, "");

/// Properties of every event, whatever the payload says: property, JSON text, events.
pub const FIXED: &[(&str, &str, &[Event])] = &[
    ("type", "\"track\"", TRACK),
    ("type", "\"group\"", GROUP),
    ("type", "\"identify\"", IDENTIFY),
    ("type", "\"track\"", CHAT),
    ("context.library.name", "\"unknown\"", ANY),
    ("context.library.version", "\"unknown\"", ANY),
    ("context.integration.name", "\"Olark\"", ANY),
    ("integrations.Olark", "false", ANY),
];

/// Objects that an event has even when nothing is in them: property, events, mappings.
pub const ALWAYS: &[(&str, &[Event], &[Mapping])] = &[
    ("traits", BOTH, EVERY),
    ("context.traits", TRACK, EVERY),
    ("properties", TRACK, EVERY),
    ("properties", GROUP, NOT_LIVE),
    ("properties", CHAT, NOT_LIVE),
];

/// The property that says who the user is.
pub const USER_ID: &str = "userId";

/// The properties that hold the event's identities, computed by [`crate::convert::identity`].
pub const RUDDER_ID: &str = "rudderId";
/// See [`RUDDER_ID`].
pub const MESSAGE_ID: &str = "messageId";
/// The properties that `--timestamp` adds; RudderStack reads both.
pub const TIMES: [&str; 2] = ["timestamp", "originalTimestamp"];

/// The rows of one mapping.
pub fn rows(mapping: Mapping) -> impl Iterator<Item = &'static MappingRow> {
    ROWS.iter().filter(move |row| row.mappings.contains(&mapping))
}

/// The rows of one mapping that an event has. An identify event has the track event's `userId` and `context`; the
/// rows of live-chat events are in [`crate::convert::chat_rows`].
pub fn rows_of(event: Event, mapping: Mapping) -> impl Iterator<Item = &'static MappingRow> {
    let is_of_user = |row: &MappingRow| row.target == USER_ID || row.target.starts_with("context.");
    let has = move |row: &MappingRow| match event {
        Event::Identify => row.events.contains(&Event::Track) && is_of_user(row),
        _ => row.events.contains(&event),
    };
    let more = (event == Event::Identify).then_some(&ORGANIZATION);
    rows(mapping).filter(move |row| has(row)).chain(more)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_rows_of_a_mapping_write_the_same_property() {
        for mapping in Mapping::ALL {
            for event in [Event::Track, Event::Group, Event::Identify] {
                let mut targets: Vec<_> = rows_of(event, mapping)
                    .map(|row| row.target)
                    .chain(FIXED.iter().filter(|f| f.2.contains(&event)).map(|f| f.0))
                    .collect();
                let all = targets.len();
                targets.sort_unstable();
                targets.dedup();
                assert_eq!(targets.len(), all, "{mapping} {event:?}");
            }
        }
    }

    #[test]
    fn paths_are_well_formed() {
        for row in ROWS {
            for path in [row.source, row.target] {
                assert!(path.split('.').all(|part| !part.is_empty()), "{path}");
            }
            assert!(!row.target.contains("[]"), "{}", row.target);
            assert!(!row.mappings.is_empty() && !row.events.is_empty());
        }
    }

    #[test]
    fn full_has_every_row_of_standard() {
        for row in rows(Mapping::Standard) {
            assert!(row.mappings.contains(&Mapping::Full), "{}", row.source);
        }
    }
}
