//! One event, written by the steps of a plan.

use std::ops::Range;

use uuid::{Uuid, fmt::Hyphenated};

use crate::convert::browser;
use crate::convert::draft::{Draft, Piece, STEP};
use crate::convert::mapping::{Mapping, Via};
use crate::convert::plan::Step;
use crate::json::extracted::Extracted;
use crate::json::string;

/// What an event is made of.
pub struct Material<'a> {
    /// The payload's values; of its groups, the one whose event this is.
    pub fields: &'a Extracted,
    /// The mapping.
    pub mapping: Mapping,
    /// Who the user is, as JSON text.
    pub rudder_id: &'a Quoted,
    /// When the conversation was.
    pub time: Option<&'a str>,
}

/// A UUID as a JSON string, and room behind it to be copied along.
#[derive(Clone, Copy, Debug)]
pub struct Quoted([u8; STEP]);

impl Quoted {
    const LEN: usize = 1 + Hyphenated::LENGTH + 1;

    /// A UUID's.
    pub fn new(id: Uuid) -> Quoted {
        let mut text = [b'"'; STEP];
        id.hyphenated().encode_lower(&mut text[1..Quoted::LEN - 1]);
        Quoted(text)
    }
}

impl Material<'_> {
    /// Appends an event by its steps, with a nil messageId, and gives the index of that.
    pub fn write(&self, steps: &[Step], out: &mut Draft) -> usize {
        let mut id_at = 0;
        for step in steps {
            match step {
                Step::Text(text) | Step::Open(text) => out.piece(text),
                Step::Field(key, node) => self.field(key, *node, out),
                Step::Via(key, node, via) => self.via(key, *node, *via, out),
                Step::RudderId(key) => out.member(key, &self.rudder_id.0, Quoted::LEN),
                Step::MessageId(member) => {
                    out.piece(member);
                    id_at = out.len() - Hyphenated::LENGTH - b"\",".len();
                }
                Step::Time(key) => {
                    if let Some(time) = self.time {
                        quoted(key, time.as_bytes(), time.len(), out);
                    }
                }
                Step::Close { opened, keep } => match (out.close(), keep) {
                    (true, _) => {}
                    (false, true) => out.put(b"},"),
                    (false, false) => out.take_back(*opened),
                },
            }
        }
        // The event itself is nobody's member.
        out.take_back(b",".len());
        id_at
    }

    /// A member whose value is copied as it is.
    #[inline(always)]
    fn field(&self, key: &Piece, node: usize, out: &mut Draft) {
        let Some((text, len)) = self.fields.open(node) else { return };
        // What is longer than `null` is carried over in any case, and nearly all is.
        if len > b"null".len() || self.mapping.carries(&text[..len]) {
            out.member(key, text, len);
        }
    }

    /// A member whose value is carried over in another way.
    #[inline]
    fn via(&self, key: &Piece, node: usize, via: Via, out: &mut Draft) {
        let Some((text, len)) = self.fields.open(node) else { return };
        match carried(&text[..len], via, self.mapping) {
            Some(Carried::Whole) => out.member(key, text, len),
            Some(Carried::Part(part)) => quoted(key, &text[part.start..], part.len(), out),
            None => {}
        }
    }
}

/// A member whose value is a string of the first bytes of a text.
#[inline]
fn quoted(key: &Piece, text: &[u8], len: usize, out: &mut Draft) {
    out.piece(key);
    out.put(b"\"");
    out.start_of(text, len);
    out.put(b"\",");
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
#[inline]
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
