//! One event, written by the steps of a plan.

use std::fmt;
use std::ops::Range;

use uuid::fmt::Hyphenated;

use crate::convert::agents::Agent;
use crate::convert::mapping::{Event, Mapping, Via};
use crate::convert::requirements::User;
use crate::convert::steps::{Empty, EventStep};
use crate::json::extract::Extracted;
use crate::json::path_tree::NodeId;
use crate::json::strings;

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

    #[inline(always)]
    fn copy(&self, key: &str, value: Option<&[u8]>, out: &mut Vec<u8>) {
        if let Some(value) = value.filter(|value| self.mapping.carries(value)) {
            member(key, value, out);
        }
    }

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
        let (name, version) = browser_parts(inner, self.mapping);
        let part = if via == Via::BrowserName { Some(name) } else { version };
        if let Some(part) = part.filter(|part| self.mapping == Mapping::Live || !part.is_empty()) {
            quoted_member(key, &inner[part], out);
        }
    }

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

/// The ranges of the name and the version in the inner text of a JSON string. In `standard` and `full` there is
/// a version only if a digit follows the last space. In `live`, as in rudder-transformer, the last space always splits, and without a space the whole text is the
/// version.
fn browser_parts(inner: &[u8], mapping: Mapping) -> (Range<usize>, Option<Range<usize>>) {
    let len = inner.len();
    // A space may be written as an escape too; the parts stay as they were written.
    let (last, digit) = match inner.iter().rposition(|b| matches!(b, b' ' | b'\\')) {
        Some(at) if inner[at] == b'\\' => last_space(inner),
        Some(at) => (Some((at, at + 1)), inner.get(at + 1).is_some_and(u8::is_ascii_digit)),
        None => (None, false),
    };
    match last {
        Some((name, version)) if digit || mapping == Mapping::Live => (0..name, Some(version..len)),
        None if mapping == Mapping::Live => (0..0, Some(0..len)),
        _ => (0..len, None),
    }
}

/// The start and end of the last space of a text with escapes, and whether a digit follows it.
fn last_space(inner: &[u8]) -> (Option<(usize, usize)>, bool) {
    let mut at = 0;
    let mut last = None;
    let mut digit = false;
    for (char, len) in strings::chars(inner) {
        if last.is_some_and(|(_, end)| end == at) {
            digit = char.is_ascii_digit();
        }
        if char == ' ' {
            last = Some((at, at + len));
            digit = false;
        }
        at += len;
    }
    (last, digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_space_splits_before_a_digit_and_in_live_always() {
        for (text, standard, live) in [
            ("Internet Explorer 11", ("Internet Explorer", Some("11")), ("Internet Explorer", Some("11"))),
            ("Chrome 74.0.3729.131", ("Chrome", Some("74.0.3729.131")), ("Chrome", Some("74.0.3729.131"))),
            ("Mobile Safari", ("Mobile Safari", None), ("Mobile", Some("Safari"))),
            ("Chrome", ("Chrome", None), ("", Some("Chrome"))),
            ("Chrome ", ("Chrome ", None), ("Chrome", Some(""))),
            (" 11", ("", Some("11")), ("", Some("11"))),
            ("11", ("11", None), ("", Some("11"))),
            (r"Edge\u002012", ("Edge", Some("12")), ("Edge", Some("12"))),
            (r"Edge \u0031", ("Edge", Some(r"\u0031")), ("Edge", Some(r"\u0031"))),
            (r"Edge\u0020beta 1", (r"Edge\u0020beta", Some("1")), (r"Edge\u0020beta", Some("1"))),
            (r"A\\u0020 1", (r"A\\u0020", Some("1")), (r"A\\u0020", Some("1"))),
        ] {
            let split = |mapping| {
                let (name, version) = browser_parts(text.as_bytes(), mapping);
                (&text[name], version.map(|version| &text[version]))
            };
            assert_eq!(split(Mapping::Standard), standard, "{text}");
            assert_eq!(split(Mapping::Full), standard, "{text}");
            assert_eq!(split(Mapping::Live), live, "{text}");
        }
    }
}
