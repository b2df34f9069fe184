//! One event, written by the steps of a plan.

use std::fmt;

use uuid::fmt::Hyphenated;

use crate::convert::agents::Agent;
use crate::convert::browser;
use crate::convert::mapping::{Event, Mapping, Via};
use crate::convert::requirements::User;
use crate::convert::steps::{Empty, EventStep};
use crate::json::extract::Extracted;
use crate::json::path_tree::NodeId;
use crate::json::strings;

/// One of a payload's events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventRef {
    pub event: Event,
    /// From 1: that of a group event among those of the payload, or the position of a live-chat event's item. 0 for any
    /// other.
    pub number: usize,
}

impl fmt::Display for EventRef {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.event {
            Event::Conversation => f.write_str("the track event"),
            Event::Group => write!(f, "group event {}", self.number),
            Event::Identify => f.write_str("the identify event"),
            _ => write!(f, "the event of items[{}]", self.number - 1),
        }
    }
}

/// The values of an event.
pub struct EventInput<'a> {
    /// The payload's values, with this event's group or item loaded.
    pub extracted: &'a Extracted,
    pub mapping: Mapping,
    pub user: &'a User,
    pub number: usize,
    pub details: EventDetails<'a>,
}

/// The values that an event does not share with the payload's others.
#[derive(Clone, Copy, Debug, Default)]
pub struct EventDetails<'a> {
    /// The time of the conversation or the item, in RFC 3339.
    pub time: Option<&'a str>,
    /// The item's agent, or the conversation's.
    pub agent: Agent<'a>,
    /// The conversation's duration in microseconds.
    pub duration: Option<i64>,
}

impl<'a> EventInput<'a> {
    /// Appends an event by its steps, with a nil messageId, and returns the index of that id.
    pub fn write(&self, steps: &[EventStep], out: &mut Vec<u8>) -> usize {
        let mut message_id_at = 0;
        for step in steps {
            match step {
                EventStep::Text(text) => out.extend_from_slice(text.as_bytes()),
                EventStep::Value(key, node, Via::Copy) => {
                    self.copy(key, self.extracted.get(*node), out);
                }
                EventStep::Value(key, node, via) => self.transform(key, *node, *via, out),
                EventStep::MessageId(member) => {
                    out.extend_from_slice(member.as_bytes());
                    message_id_at = out.len() - Hyphenated::LENGTH - b"\",".len();
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
    fn copy(&self, key: &str, value: Option<&[u8]>, out: &mut Vec<u8>) {
        if let Some(value) = value.filter(|value| self.mapping.carries(value)) {
            member(key, value, out);
        }
    }

    /// A member whose value is not just copied.
    fn transform(&self, key: &str, node: NodeId, via: Via, out: &mut Vec<u8>) {
        let value = self.extracted.get(node);
        match via {
            Via::Copy => self.copy(key, value, out),
            Via::CopyNull => {
                if let Some(value) = value {
                    member(key, value, out);
                }
            }
            Via::BrowserName | Via::BrowserVersion => self.browser(key, value, via, out),
            Via::UserId => self.copy(key, self.extracted.get(self.user.id), out),
            Via::RudderId => quoted_member(key, &self.user.rudder_id, out),
            Via::Time => {
                if let Some(time) = self.details.time {
                    quoted_member(key, time.as_bytes(), out);
                }
            }
            Via::ItemId => {
                if let Some(id @ [_, ..]) = value.and_then(strings::inner) {
                    out.extend_from_slice(key.as_bytes());
                    out.push(b'"');
                    out.extend_from_slice(id);
                    out.push(b':');
                    out.extend_from_slice(itoa::Buffer::new().format(self.number).as_bytes());
                    out.extend_from_slice(b"\",");
                }
            }
            Via::AgentId => self.copy(key, self.details.agent.id, out),
            Via::AgentNickname => self.copy(key, self.details.agent.nickname, out),
            Via::AgentUsername => self.copy(key, self.details.agent.username, out),
            Via::Duration => self.duration(key, out),
        }
    }

    fn browser(&self, key: &str, value: Option<&[u8]>, via: Via, out: &mut Vec<u8>) {
        let Some(inner @ [_, ..]) = value.and_then(strings::inner) else { return };
        let (name, version) = browser::split(inner, self.mapping);
        let part = if via == Via::BrowserName { Some(name) } else { version };
        if let Some(part) = part.filter(|part| self.mapping == Mapping::Live || !part.is_empty()) {
            quoted_member(key, &inner[part], out);
        }
    }

    /// A member with the conversation's duration in seconds.
    fn duration(&self, key: &str, out: &mut Vec<u8>) {
        let Some(micros) = self.details.duration else { return };
        let seconds = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
        member(key, seconds.trim_end_matches('0').trim_end_matches('.').as_bytes(), out);
    }
}

#[inline(always)]
fn member(key: &str, value: &[u8], out: &mut Vec<u8>) {
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
