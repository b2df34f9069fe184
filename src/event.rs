//! One event, written by the steps of a plan.

use uuid::Uuid;

use crate::browser;
use crate::fields::Fields;
use crate::identity::NO_ID;
use crate::mapping::{Mapping, Via};
use crate::piece::{Piece, append};
use crate::plan::{Step, Value};
use crate::text;

/// What an event is made of.
pub struct Material<'a> {
    /// The payload's values; of its groups, the one whose event this is.
    pub fields: &'a Fields,
    /// The mapping.
    pub mapping: Mapping,
    /// Who the user is.
    pub rudder_id: Uuid,
    /// When the conversation was.
    pub time: Option<&'a str>,
}

impl Material<'_> {
    /// Appends an event by its steps, with [`NO_ID`] for its messageId, and gives the index of that.
    pub fn write(&self, steps: &[Step], out: &mut Vec<u8>) -> usize {
        let mut id_at = 0;
        for step in steps {
            match step {
                Step::Text(text) | Step::Open(text) => text.append_to(out),
                Step::Member(key, Value::Field(node, via)) => self.field(key, *node, *via, out),
                Step::Member(key, Value::RudderId) => {
                    let mut id = *NO_ID;
                    quoted(key, self.rudder_id.hyphenated().encode_lower(&mut id).as_bytes(), out);
                }
                Step::Member(key, Value::MessageId) => {
                    id_at = out.len() + key.len() + 1;
                    quoted(key, NO_ID, out);
                }
                Step::Member(key, Value::Time) => {
                    if let Some(time) = self.time {
                        quoted(key, time.as_bytes(), out);
                    }
                }
                Step::Close { opened, keep } => match out.last_mut() {
                    Some(comma @ b',') => {
                        *comma = b'}';
                        out.push(b',');
                    }
                    _ if *keep => out.extend_from_slice(b"},"),
                    _ => out.truncate(out.len() - opened),
                },
            }
        }
        // The event itself is nobody's member.
        out.pop();
        id_at
    }

    #[inline]
    fn field(&self, key: &Piece, node: usize, via: Via, out: &mut Vec<u8>) {
        let Some((text, len)) = self.fields.open(node) else { return };
        match carried(&text[..len], via, self.mapping) {
            Some(Carried::Value(value)) => {
                key.append_to(out);
                append(out, text, value.len());
                out.push(b',');
            }
            Some(Carried::Part(inner)) => quoted(key, inner, out),
            None => {}
        }
    }
}

/// What of a field's value gets into an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carried<'v> {
    /// The value itself.
    Value(&'v [u8]),
    /// Part of a string, still to be quoted.
    Part(&'v [u8]),
}

/// What of a field's compact JSON text gets into an event, if anything does.
#[inline]
pub fn carried(value: &[u8], via: Via, mapping: Mapping) -> Option<Carried<'_>> {
    match via {
        Via::Copy => mapping.carries(value).then_some(Carried::Value(value)),
        Via::CopyNull => Some(Carried::Value(value)),
        Via::BrowserName | Via::BrowserVersion => {
            let inner = text::inner_bytes(value).filter(|inner| !inner.is_empty())?;
            let (name, version) = browser::split(inner, mapping);
            let part = if via == Via::BrowserName { name } else { version? };
            (mapping == Mapping::Live || !part.is_empty()).then_some(Carried::Part(part))
        }
    }
}

fn quoted(key: &Piece, inner: &[u8], out: &mut Vec<u8>) {
    key.append_to(out);
    out.push(b'"');
    out.extend_from_slice(inner);
    out.extend_from_slice(b"\",");
}
