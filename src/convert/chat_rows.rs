//! The live-chat events: which item gives which event, and where its properties come from, as rows.
//!
//! The names are those of RudderStack's Olark destination and of Segment's live-chat specification. Like
//! [`crate::convert::mapping`], this table is the only place that defines them.

use crate::convert::mapping::{MappingRow, NOT_LIVE, OperatorField, USER_ID, Via};

/// One of the live-chat events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChatEvent {
    pub name: &'static str,
    pub when: Trigger,
}

/// The moment of a live-chat event, by the `kind` of items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// Once, before the first item of a kind.
    First(&'static str),
    /// For each item of a kind.
    Each(&'static str),
    /// Once, after the last item, if there was one of these kinds.
    Last(&'static [&'static str]),
}

const TO_OPERATOR: &str = "MessageToOperator";
const TO_VISITOR: &str = "MessageToVisitor";

const STARTED: ChatEvent =
    ChatEvent { name: "Live Chat Conversation Started", when: Trigger::First(TO_OPERATOR) };
const SENT: ChatEvent = ChatEvent { name: "Live Chat Message Sent", when: Trigger::Each(TO_OPERATOR) };
const RECEIVED: ChatEvent = ChatEvent { name: "Live Chat Message Received", when: Trigger::Each(TO_VISITOR) };
const OFFLINE: ChatEvent =
    ChatEvent { name: "Live Chat Offline Message Sent", when: Trigger::Each("OfflineMessage") };
const ENDED: ChatEvent =
    ChatEvent { name: "Live Chat Conversation Ended", when: Trigger::Last(&[TO_OPERATOR, TO_VISITOR]) };

/// All of them. If one item gives two, they are written in this order.
pub const EVENTS: [ChatEvent; 5] = [STARTED, SENT, RECEIVED, OFFLINE, ENDED];

/// One property of live-chat events.
pub type ChatRow = MappingRow<ChatEvent>;

const ALL: &[ChatEvent] = &EVENTS;
const ONCE: &[ChatEvent] = &[STARTED, ENDED];
const MESSAGES: &[ChatEvent] = &[SENT, RECEIVED, OFFLINE];
const ALL_BUT_RECEIVED: &[ChatEvent] = &[STARTED, SENT, OFFLINE, ENDED];

const fn row(
    source: &'static str,
    target: &'static str,
    events: &'static [ChatEvent],
    via: Via,
    note: &'static str,
) -> ChatRow {
    ChatRow { source, target, events, mappings: NOT_LIVE, via, note }
}

/// Every row.
pub const ROWS: &[ChatRow] = &[
    row("visitor.id", USER_ID, ALL, Via::UserId, "or what --user-id says"),
    row("items[].timestamp", "timestamp", ALL, Via::Time, "Ended: the latest"),
    row("items[].timestamp", "originalTimestamp", ALL, Via::Time, "Ended: the latest"),
    row("id", "properties.conversation_id", ALL, Via::Copy, ""),
    row("id", "properties.message_id", MESSAGES, Via::MessageId, "id:1, id:2, … if the id is a string"),
    row("items[].body", "properties.message_body", MESSAGES, Via::Copy, ""),
    row("items[].operatorId", "properties.agent_id", MESSAGES, Via::AgentId, ""),
    row("items[].operatorId", "properties.agent_id", ONCE, Via::AgentId, "the first there is"),
    row(
        "operators[].nickname",
        "properties.agent_name",
        ALL_BUT_RECEIVED,
        Via::Operator(OperatorField::Nickname),
        "by agent_id",
    ),
    row(
        "operators[].nickname",
        "properties.agent_name",
        &[RECEIVED],
        Via::OperatorOr(OperatorField::Nickname, "items[].nickname"),
        "else the item's",
    ),
    row(
        "operators[].username",
        "properties.agent_username",
        ALL,
        Via::Operator(OperatorField::Username),
        "by agent_id",
    ),
    row("items[].timestamp", "properties.conversation_duration", &[ENDED], Via::Duration, "seconds in all"),
];

/// The field of an item that says which events it gives.
pub const KIND: &str = "items[].kind";

impl Trigger {
    /// The kinds of items that it names.
    pub fn kinds(&self) -> &[&'static str] {
        match self {
            Trigger::First(kind) | Trigger::Each(kind) => std::slice::from_ref(kind),
            Trigger::Last(kinds) => kinds,
        }
    }

    /// In words.
    pub fn text(&self) -> &'static str {
        match self {
            Trigger::First(_) => "before the first",
            Trigger::Each(_) => "for each",
            Trigger::Last(_) => "after the last item",
        }
    }
}

impl ChatRow {
    /// The events that get it, in words.
    pub fn on(&self) -> &'static str {
        match self.events.len() {
            5 => "all",
            4 => "all but Received",
            3 => "messages",
            2 => "Started, Ended",
            _ if self.events == [ENDED] => "Ended",
            _ => "Received",
        }
    }
}

impl ChatEvent {
    /// The rows of this event.
    pub fn rows(&self) -> impl Iterator<Item = &'static ChatRow> {
        ROWS.iter().filter(|row| row.events.contains(self))
    }
}

/// Tells which live-chat events a conversation's items give, one item after the other.
#[derive(Clone, Copy, Debug, Default)]
pub struct ChatProgress {
    /// By index in [`EVENTS`]: events that come only once and were given, or are due after the last item.
    noted: [bool; EVENTS.len()],
}

impl ChatProgress {
    /// Whether an item of this kind gives an event.
    #[inline]
    pub fn gives(&mut self, index: usize, kind: &[u8]) -> bool {
        let is = |own: &str| own.as_bytes() == kind;
        match EVENTS[index].when {
            Trigger::Each(own) => is(own),
            Trigger::First(own) => is(own) && !std::mem::replace(&mut self.noted[index], true),
            Trigger::Last(own) => {
                self.noted[index] |= own.iter().copied().any(is);
                false
            }
        }
    }

    /// Whether there is an event after the last item.
    pub fn ends_with(&self, index: usize) -> bool {
        matches!(EVENTS[index].when, Trigger::Last(_)) && self.noted[index]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(kinds: &[&str]) -> Vec<&'static str> {
        let mut progress = ChatProgress::default();
        let mut names = Vec::new();
        for kind in kinds {
            names.extend((0..EVENTS.len()).filter(|index| progress.gives(*index, kind.as_bytes())));
        }
        names.extend((0..EVENTS.len()).filter(|index| progress.ends_with(*index)));
        names.into_iter().map(|index| EVENTS[index].name.strip_prefix("Live Chat ").unwrap()).collect()
    }

    #[test]
    fn items_give_events_by_their_kind() {
        let (started, ended) = ("Conversation Started", "Conversation Ended");
        for (kinds, names) in [
            (&[] as &[&str], &[] as &[&str]),
            (&["OfflineMessage"], &["Offline Message Sent"]),
            (&["Other"], &[]),
            (&[TO_VISITOR], &["Message Received", ended]),
            (
                &[TO_VISITOR, TO_OPERATOR, "Other", TO_OPERATOR, "OfflineMessage"],
                &["Message Received", started, "Message Sent", "Message Sent", "Offline Message Sent", ended],
            ),
        ] {
            assert_eq!(given(kinds), names, "{kinds:?}");
        }
    }

    #[test]
    fn no_two_rows_of_an_event_write_the_same_property() {
        for event in EVENTS {
            let mut targets: Vec<_> = event.rows().map(|row| row.target).collect();
            let all = targets.len();
            targets.sort_unstable();
            targets.dedup();
            assert_eq!(targets.len(), all, "{}", event.name);
        }
    }
}
