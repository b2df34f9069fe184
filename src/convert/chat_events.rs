//! The live-chat events: which item of a conversation gives which event.
//!
//! The names are those of RudderStack's Olark destination and of Segment's live-chat specification.

use crate::convert::mapping::Event;

#[derive(Debug)]
pub struct ChatEvent {
    pub event: Event,
    pub name: &'static str,
    pub when: Trigger,
    pub kinds: &'static [&'static str],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
pub enum Trigger {
    /// Once, before the first item of its kinds.
    #[strum(serialize = "before the first")]
    First,
    /// For each item of its kinds.
    #[strum(serialize = "for each")]
    Each,
    /// Once, after the last item of all, if there was one of its kinds.
    #[strum(serialize = "after the last item")]
    Last,
}

/// The field of an item that says which events it gives.
pub const KIND: &str = "items[].kind";

const TO_OPERATOR: &str = "MessageToOperator";
const TO_VISITOR: &str = "MessageToVisitor";

/// All of them. If one item gives two, they are written in this order.
pub const CHAT_EVENTS: [ChatEvent; 5] = [
    new(Event::Started, "Live Chat Conversation Started", Trigger::First, &[TO_OPERATOR]),
    new(Event::Sent, "Live Chat Message Sent", Trigger::Each, &[TO_OPERATOR]),
    new(Event::Received, "Live Chat Message Received", Trigger::Each, &[TO_VISITOR]),
    new(Event::Offline, "Live Chat Offline Message Sent", Trigger::Each, &["OfflineMessage"]),
    new(Event::Ended, "Live Chat Conversation Ended", Trigger::Last, &[TO_OPERATOR, TO_VISITOR]),
];

const fn new(event: Event, name: &'static str, when: Trigger, kinds: &'static [&'static str]) -> ChatEvent {
    ChatEvent { event, name, when, kinds }
}

impl ChatEvent {
    pub fn of(event: Event) -> Option<&'static ChatEvent> {
        CHAT_EVENTS.iter().find(|chat| chat.event == event)
    }
}

/// Tells which live-chat events a conversation's items give, one item after the other.
#[derive(Debug, Default)]
pub struct ChatProgress {
    is_started: bool,
    has_message: bool,
}

impl ChatProgress {
    /// The events of the next item, which is of this kind.
    #[inline]
    pub fn item(&mut self, kind: &[u8]) -> impl Iterator<Item = &'static ChatEvent> {
        CHAT_EVENTS.iter().filter(move |chat| {
            let is_of = chat.kinds.iter().any(|own| own.as_bytes() == kind);
            match chat.when {
                Trigger::Each => is_of,
                Trigger::First => is_of && !std::mem::replace(&mut self.is_started, true),
                Trigger::Last => {
                    self.has_message |= is_of;
                    false
                }
            }
        })
    }

    pub fn end(self) -> impl Iterator<Item = &'static ChatEvent> {
        CHAT_EVENTS.iter().filter(move |chat| chat.when == Trigger::Last && self.has_message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(kinds: &[&str]) -> Vec<&'static str> {
        let mut progress = ChatProgress::default();
        let mut events = Vec::new();
        for kind in kinds {
            events.extend(progress.item(kind.as_bytes()));
        }
        events.extend(progress.end());
        events.into_iter().map(|chat| chat.name.strip_prefix("Live Chat ").unwrap()).collect()
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
}
