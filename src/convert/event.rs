//! One event, written by the steps of a plan.

use std::ops::Range;

use uuid::fmt::Hyphenated;

use crate::convert::browser;
use crate::convert::mapping::{Mapping, Via};
use crate::convert::plan::{Empty, Step};
use crate::json::extracted::Extracted;
use crate::json::path_tree::NodeId;
use crate::json::string;

/// What an event is made of.
pub struct Material<'a> {
    /// The payload's values; of its groups, the one whose event this is.
    pub extracted: &'a Extracted,
    /// The mapping.
    pub mapping: Mapping,
    /// Who the user is.
    pub rudder_id: &'a [u8],
    /// When the conversation was, as RFC 3339 has it.
    pub time: Option<&'a str>,
}

impl Material<'_> {
    /// Appends an event by its steps, with a nil messageId, and gives the index of that.
    pub fn write(&self, steps: &[Step], out: &mut Vec<u8>) -> usize {
        let mut message_id_at = 0;
        for step in steps {
            match step {
                Step::Text(text) | Step::Open(text) => out.extend_from_slice(text.as_bytes()),
                Step::Copy(key, node) => self.copy(key, *node, out),
                Step::Transform(key, node, via) => self.transform(key, *node, *via, out),
                Step::RudderId(key) => quoted_member(key, self.rudder_id, out),
                Step::MessageId(member) => {
                    out.extend_from_slice(member.as_bytes());
                    message_id_at = out.len() - Hyphenated::LENGTH - b"\",".len();
                }
                Step::Time(key) => {
                    if let Some(time) = self.time {
                        quoted_member(key, time.as_bytes(), out);
                    }
                }
                Step::Close(empty, opened) => close(*empty, *opened, out),
            }
        }
        // The event itself is nobody's member.
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

/// Closes the object at hand: the last member's comma becomes its bracket.
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

/// What of a field's value gets into an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Carried {
    /// The value itself.
    Whole,
    /// Part of a string, from one index of the value to another, still to be quoted.
    Part(Range<usize>),
}

/// What of a field's compact JSON text gets into an event, if anything does.
pub fn carried(value: &[u8], via: Via, mapping: Mapping) -> Option<Carried> {
    match via {
        Via::Copy => mapping.carries(value).then_some(Carried::Whole),
        Via::CopyNull => Some(Carried::Whole),
        Via::BrowserName | Via::BrowserVersion => {
            let inner = string::inner_bytes(value).filter(|inner| !inner.is_empty())?;
            let (name, version) = browser::split(inner, mapping);
            let part = if via == Via::BrowserName { name } else { version? };
            (mapping == Mapping::Live || !part.is_empty())
                .then_some(Carried::Part(1 + part.start..1 + part.end))
        }
    }
}
