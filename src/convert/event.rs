//! One event, written by the steps of a plan.

use std::fmt;
use std::io::Write;
use std::ops::Range;

use uuid::fmt::Hyphenated;

use crate::convert::agents::Agent;
use crate::convert::browser;
use crate::convert::chat_rows::{self, Field};
use crate::convert::mapping::{Mapping, Via};
use crate::convert::steps::{Empty, EventStep};
use crate::json::extract::Extracted;
use crate::json::path_tree::NodeId;
use crate::json::strings;

/// One of a payload's events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventRef {
    /// The conversation's.
    Conversation,
    /// That of a group with an id, by its number from 1.
    Group(usize),
    /// The identify event.
    Identify,
    /// A live-chat event of the item with this position, from 1.
    Item(usize),
}

impl fmt::Display for EventRef {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            EventRef::Conversation => f.write_str("the track event"),
            EventRef::Group(number) => write!(f, "group event {number}"),
            EventRef::Identify => f.write_str("the identify event"),
            EventRef::Item(position) => write!(f, "the event of items[{}]", position.saturating_sub(1)),
        }
    }
}

/// The material of an event.
pub struct EventInput<'a> {
    /// The payload's values, with this event's group or item loaded.
    pub extracted: &'a Extracted,
    /// The mapping.
    pub mapping: Mapping,
    /// The field that says who the user is.
    pub user_id: NodeId,
    /// Who the user is.
    pub rudder_id: &'a [u8],
    /// The time of the conversation or the item, in RFC 3339.
    pub time: Option<&'a str>,
    pub chat: ChatInput<'a>,
}

/// The material of a live-chat event.
#[derive(Clone, Copy, Debug, Default)]
pub struct ChatInput<'a> {
    /// The item's position from 1, in decimal.
    pub position: &'a [u8],
    /// The item's agent, or the conversation's.
    pub agent: Agent<'a>,
    /// In microseconds.
    pub duration: Option<i64>,
}

impl EventInput<'_> {
    /// Appends an event by its steps, with a nil messageId, and returns the index of that id.
    pub fn write(&self, steps: &[EventStep], out: &mut Vec<u8>) -> usize {
        let mut message_id_at = 0;
        for step in steps {
            match step {
                EventStep::Text(text) | EventStep::Open(text) => out.extend_from_slice(text.as_bytes()),
                EventStep::Copy(key, node) => self.copy(key, *node, out),
                EventStep::UserId(key) => self.copy(key, self.user_id, out),
                EventStep::Chat(key, node, via) => self.chat(key, *node, *via, out),
                EventStep::Transform(key, node, via) => self.transform(key, *node, *via, out),
                EventStep::RudderId(key) => quoted_member(key, self.rudder_id, out),
                EventStep::MessageId(member) => {
                    out.extend_from_slice(member.as_bytes());
                    message_id_at = out.len() - Hyphenated::LENGTH - b"\",".len();
                }
                EventStep::Time(key) => {
                    if let Some(time) = self.time {
                        quoted_member(key, time.as_bytes(), out);
                    }
                }
                EventStep::Close(empty, opened) => close(*empty, *opened, out),
            }
        }
        // The event itself is not a member, so it has no comma.
        out.pop();
        message_id_at
    }

    /// A member whose value is copied.
    #[inline(always)]
    fn copy(&self, key: &str, node: NodeId, out: &mut Vec<u8>) {
        if let Some(value) = self.extracted.get(node).filter(|value| self.mapping.carries(value)) {
            member(key, value, out);
        }
    }

    /// A member of a live-chat event that is not just copied.
    fn chat(&self, key: &str, node: NodeId, via: chat_rows::Via, out: &mut Vec<u8>) {
        let agent = self.chat.agent;
        let field = |field| match field {
            Field::Nickname => agent.nickname,
            Field::Username => agent.username,
        };
        let is_carried = |value: &&[u8]| self.mapping.carries(value);
        let value = match via {
            chat_rows::Via::AgentId => agent.id,
            chat_rows::Via::Operator(name) => field(name),
            chat_rows::Via::OperatorOr(name, _) => {
                field(name).filter(is_carried).or(self.extracted.get(node))
            }
            chat_rows::Via::MessageId => {
                let id = self.extracted.get(node).and_then(strings::inner);
                if let Some(id) = id.filter(|id| !id.is_empty()) {
                    out.extend_from_slice(key.as_bytes());
                    out.push(b'"');
                    out.extend_from_slice(id);
                    out.push(b':');
                    out.extend_from_slice(self.chat.position);
                    out.extend_from_slice(b"\",");
                }
                return;
            }
            chat_rows::Via::Duration => return self.duration(key, out),
            // These have steps of their own.
            chat_rows::Via::Copy | chat_rows::Via::UserId | chat_rows::Via::Time => self.extracted.get(node),
        };
        if let Some(value) = value.filter(is_carried) {
            member(key, value, out);
        }
    }

    /// A member with the conversation's duration in seconds.
    fn duration(&self, key: &str, out: &mut Vec<u8>) {
        let Some(micros) = self.chat.duration else { return };
        out.extend_from_slice(key.as_bytes());
        // Writing to a vector cannot fail.
        let _ = write!(out, "{}.{:06}", micros / 1_000_000, micros % 1_000_000);
        while out.last() == Some(&b'0') {
            out.pop();
        }
        if out.last() == Some(&b'.') {
            out.pop();
        }
        out.push(b',');
    }

    /// A member whose value is carried in another way.
    fn transform(&self, key: &str, node: NodeId, via: Via, out: &mut Vec<u8>) {
        let Some(value) = self.extracted.get(node) else { return };
        match carried(value, via, self.mapping) {
            Some(Carried::Whole) => member(key, value, out),
            Some(Carried::Part(part)) => quoted_member(key, &value[part], out),
            None => {}
        }
    }
}

#[inline(always)]
fn member(key: &str, value: &[u8], out: &mut Vec<u8>) {
    out.reserve(key.len() + value.len() + 1);
    out.extend_from_slice(key.as_bytes());
    out.extend_from_slice(value);
    out.push(b',');
}

/// A member whose value is a string.
fn quoted_member(key: &str, inner: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(key.as_bytes());
    out.push(b'"');
    out.extend_from_slice(inner);
    out.extend_from_slice(b"\",");
}

/// Closes the current object: its bracket replaces the last member's comma.
fn close(empty: Empty, opened: usize, out: &mut Vec<u8>) {
    match (out.last_mut(), empty) {
        (Some(last @ b','), _) => {
            *last = b'}';
            out.push(b',');
        }
        (_, Empty::Keep) => out.extend_from_slice(b"},"),
        (_, Empty::Drop) => out.truncate(out.len() - opened),
    }
}

/// The part of a field's value that gets into an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Carried {
    /// The value itself.
    Whole,
    /// Part of a string, from one index of the value to another, still to be quoted.
    Part(Range<usize>),
}

/// The part of a field's compact JSON text that gets into an event, if any.
pub fn carried(value: &[u8], via: Via, mapping: Mapping) -> Option<Carried> {
    match via {
        Via::Copy => mapping.carries(value).then_some(Carried::Whole),
        Via::CopyNull => Some(Carried::Whole),
        Via::BrowserName | Via::BrowserVersion => {
            let inner = strings::inner(value).filter(|inner| !inner.is_empty())?;
            let (name, version) = browser::split(inner, mapping);
            let part = if via == Via::BrowserName { name } else { version? };
            (mapping == Mapping::Live || !part.is_empty())
                .then_some(Carried::Part(1 + part.start..1 + part.end))
        }
    }
}
