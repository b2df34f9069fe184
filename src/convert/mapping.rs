//! The mapping: which Olark field becomes which RudderStack property, as rows.
//!
//! These tables are the only place that defines it: conversion compiles them ([`crate::convert::plan`]), and `--explain`,
//! `--list-mapping` and the README show them.

use std::borrow::Cow;

use strum::VariantArray;

/// One of the three readings of RudderStack's Olark documentation; the variants' comments are the help of `--mapping`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum, strum::Display, strum::VariantArray,
)]
#[strum(serialize_all = "lowercase")]
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::VariantArray)]
pub enum Event {
    /// The track event of the conversation.
    Conversation,
    Group,
    Identify,
    Started,
    Sent,
    Received,
    Offline,
    Ended,
}

impl Event {
    /// RudderStack's name of the event type.
    pub fn type_name(self) -> &'static str {
        match self {
            Event::Group => "group",
            Event::Identify => "identify",
            _ => "track",
        }
    }
}

/// Events that are selected together.
#[derive(Debug)]
pub struct EventSet {
    /// The name in `--events` and `--map`.
    pub name: &'static str,
    pub events: &'static [Event],
    pub help: &'static str,
}

pub const EVENT_SETS: [EventSet; 5] = [
    EventSet { name: "conversation", events: TRACK, help: "A track event for each conversation" },
    EventSet { name: "group", events: GROUP, help: "A group event for each group" },
    EventSet { name: "identify", events: IDENTIFY, help: "An identify event for a visitor with traits" },
    EventSet {
        name: "chat",
        events: CHAT,
        help: "Live-chat events: a track event for each message, and for the start and end of the chat",
    },
    EventSet { name: "all", events: Event::VARIANTS, help: "All of these" },
];

/// The way of a value from the payload into an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// Byte for byte, without the white space between tokens.
    Copy,
    /// Byte for byte, and carried even when it is `null` (the transformer sets it without a check).
    CopyNull,
    BrowserName,
    BrowserVersion,
    /// The field that says who the user is, from the row or from `--user-id`.
    UserId,
    RudderId,
    /// The event's time, in RFC 3339.
    Time,
    /// The conversation's id if it is a string, a colon, and the item's position from 1.
    ItemId,
    /// The agent's id: the item's own, or that of the first item that has one.
    AgentId,
    AgentNickname,
    AgentUsername,
    /// The seconds from the earliest item to the latest.
    Duration,
}

/// One line of a mapping: a field of the payload, and the property it becomes in these events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// A path from the payload; `groups[]` stands for each group, `items[]` for the event's item, and `operators[]`
    /// for its agent.
    pub source: Cow<'static, str>,
    /// A path from the event.
    pub target: Cow<'static, str>,
    pub events: &'static [Event],
    pub mappings: &'static [Mapping],
    pub via: Via,
    /// One line for people.
    pub note: &'static str,
}

impl Row {
    const fn via(mut self, via: Via) -> Row {
        self.via = via;
        self
    }

    /// The name of its events, if they are a set.
    pub fn set_name(&self) -> &'static str {
        EVENT_SETS.iter().find(|set| set.events == self.events).map_or("", |set| set.name)
    }

    /// Its events in a word, for rows of conversations and groups.
    pub fn event_name(&self) -> &'static str {
        match self.events {
            CHAT => "chat",
            [Conversation, Group, ..] => "both",
            events => events[0].type_name(),
        }
    }

    /// Its events in words, for rows of live-chat events.
    pub fn on(&self) -> &'static str {
        match self.events {
            CHAT => "all",
            ALL_BUT_RECEIVED => "all but Received",
            MESSAGES => "messages",
            [Started, Ended] => "Started, Ended",
            [Ended] => "Ended",
            _ => "Received",
        }
    }
}

use Event::{Conversation, Ended, Group, Identify, Offline, Received, Sent, Started};

const TRACK: &[Event] = &[Conversation];
const GROUP: &[Event] = &[Group];
const IDENTIFY: &[Event] = &[Identify];
/// An identify event has the conversation's context.
const USER: &[Event] = &[Conversation, Identify];
const NOT_CHAT: &[Event] = &[Conversation, Group, Identify];
const CHAT: &[Event] = &[Started, Sent, Received, Offline, Ended];
const ALL_BUT_RECEIVED: &[Event] = &[Started, Sent, Offline, Ended];
const MESSAGES: &[Event] = &[Sent, Received, Offline];

const EVERY: &[Mapping] = Mapping::VARIANTS;
const NOT_LIVE: &[Mapping] = &[Mapping::Standard, Mapping::Full];
const FULL: &[Mapping] = &[Mapping::Full];
const LIVE: &[Mapping] = &[Mapping::Live];

const fn row(
    source: &'static str,
    target: &'static str,
    events: &'static [Event],
    mappings: &'static [Mapping],
    note: &'static str,
) -> Row {
    let (source, target) = (Cow::Borrowed(source), Cow::Borrowed(target));
    Row { source, target, events, mappings, via: Via::Copy, note }
}

pub const USER_ID: &str = "userId";

/// The field of an item that dates events.
pub const ITEM_TIME: &str = "items[].timestamp";

/// Every row of every mapping, in the order of RudderStack's documentation.
pub const ROWS: &[Row] = &[
    row("kind", "event", TRACK, EVERY, "names the event"),
    row("visitor.id", USER_ID, NOT_CHAT, EVERY, "required").via(Via::UserId),
    row("visitor.fullName", "context.traits.name", USER, EVERY, ""),
    row("visitor.phoneNumber", "context.traits.phone", USER, EVERY, ""),
    row("visitor.emailAddress", "context.traits.email", USER, EVERY, ""),
    row("visitor.city", "context.traits.city", USER, EVERY, ""),
    row("visitor.region", "context.traits.region", USER, EVERY, ""),
    row("visitor.country", "context.traits.country", USER, EVERY, ""),
    row("visitor.operatingSystem", "context.os.name", USER, EVERY, ""),
    row("visitor.browser", "context.browser.name", USER, EVERY, "till the last space").via(Via::BrowserName),
    row("visitor.browser", "context.browser.version", USER, EVERY, "after the last space")
        .via(Via::BrowserVersion),
    row("visitor.referrer", "context.page.referrer", USER, EVERY, ""),
    row("visitor.conversationBeginPage", "context.page.url", USER, EVERY, ""),
    row("visitor.ip", "context.ip", USER, NOT_LIVE, ""),
    row("ip", "context.ip", USER, LIVE, "not sent by Olark"),
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
    row("groups[].name", "name", GROUP, LIVE, "null included").via(Via::CopyNull),
    row("groups[].kind", "properties.kind", GROUP, NOT_LIVE, ""),
    row("groups[].kind", "traits.kind", GROUP, LIVE, ""),
    row("operators", "properties.operators", GROUP, NOT_LIVE, ""),
    row("operators", "traits.operators", GROUP, LIVE, ""),
];

/// The row that only identify events have, so that all of a user's traits are in one place.
pub const IDENTIFY_ROWS: &[Row] =
    &[row("visitor.organization", "context.traits.organization", IDENTIFY, NOT_LIVE, "")];

pub const CHAT_ROWS: &[Row] = &[
    row("visitor.id", USER_ID, CHAT, NOT_LIVE, "or what --user-id says").via(Via::UserId),
    row(ITEM_TIME, "timestamp", CHAT, NOT_LIVE, "Ended: the latest").via(Via::Time),
    row(ITEM_TIME, "originalTimestamp", CHAT, NOT_LIVE, "Ended: the latest").via(Via::Time),
    row("id", "properties.conversation_id", CHAT, NOT_LIVE, ""),
    row("id", "properties.message_id", MESSAGES, NOT_LIVE, "id:1, id:2, … if the id is a string")
        .via(Via::ItemId),
    row("items[].body", "properties.message_body", MESSAGES, NOT_LIVE, ""),
    row("items[].operatorId", "properties.agent_id", MESSAGES, NOT_LIVE, "").via(Via::AgentId),
    row(
        "items[].operatorId",
        "properties.agent_id",
        &[Started, Ended],
        NOT_LIVE,
        "the first that there is in the chat",
    )
    .via(Via::AgentId),
    row("operators[].nickname", "properties.agent_name", ALL_BUT_RECEIVED, NOT_LIVE, "by agent_id")
        .via(Via::AgentNickname),
    row(
        "operators[].nickname",
        "properties.agent_name",
        &[Received],
        NOT_LIVE,
        "by agent_id, else the item's own",
    )
    .via(Via::AgentNickname),
    row("operators[].username", "properties.agent_username", CHAT, NOT_LIVE, "by agent_id")
        .via(Via::AgentUsername),
    row(ITEM_TIME, "properties.conversation_duration", &[Ended], NOT_LIVE, "seconds in all")
        .via(Via::Duration),
];

/// The rows that `--timestamp` adds; RudderStack reads both.
pub const TIME_ROWS: &[Row] = &[
    row(ITEM_TIME, "timestamp", NOT_CHAT, EVERY, "").via(Via::Time),
    row(ITEM_TIME, "originalTimestamp", NOT_CHAT, EVERY, "").via(Via::Time),
];

/// Properties of every event, whatever the payload says, with their JSON text.
pub const FIXED: [(&str, &str); 4] = [
    ("context.library.name", "\"unknown\""),
    ("context.library.version", "\"unknown\""),
    ("context.integration.name", "\"Olark\""),
    ("integrations.Olark", "false"),
];

/// Objects that an event has even when nothing is in them: property, events, mappings.
pub const ALWAYS: [(&str, &[Event], &[Mapping]); 6] = [
    ("traits", TRACK, EVERY),
    ("traits", GROUP, EVERY),
    ("context.traits", TRACK, EVERY),
    ("properties", TRACK, EVERY),
    ("properties", GROUP, NOT_LIVE),
    ("properties", CHAT, NOT_LIVE),
];

/// The properties that hold the event's identities, computed by [`crate::convert::identity`].
pub const RUDDER_ID: &str = "rudderId";
pub const MESSAGE_ID: &str = "messageId";

/// The rows of one mapping, without those of live-chat events.
pub fn rows<'r>(mapping: Mapping) -> impl Iterator<Item = &'r Row> {
    let rows: &'r [Row] = ROWS;
    rows.iter().filter(move |row| row.mappings.contains(&mapping))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_well_formed() {
        for row in [ROWS, IDENTIFY_ROWS, CHAT_ROWS, TIME_ROWS].into_iter().flatten() {
            for path in [&row.source, &row.target] {
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
