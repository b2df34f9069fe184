//! Finds the payloads in a record that is not a payload itself: everywhere, or at the one place that `--at` names.

use std::borrow::Cow;

use crate::json::strings::is_named;
use crate::json::value::{Member, Walk, elements, last_member, members};
use crate::payloads::path::{At, AtStep, Path};
use crate::payloads::piece::{Piece, SHORTEST, is_json};
use crate::payloads::quoting::Quoting;
use crate::payloads::reading::Content;
use crate::payloads::text::{Rest, parts};
use crate::payloads::{decode, dynamodb, form, visitor_key};

/// The levels that are searched. A member, an element and a decoded string are one each.
pub const MAX_LEVEL: usize = 16;

#[derive(Clone, Copy, Debug)]
pub enum Searched<'r> {
    /// A JSON value without white space around it. It must be known to be correct JSON and UTF-8.
    Json(Piece<'r>),
    /// UTF-8 text that is treated like a string in a search: a cell, a literal, a line.
    Text(Piece<'r>),
}

#[derive(Debug)]
pub struct Found<'f> {
    /// Its text, byte for byte as it was written, unless it was DynamoDB's typed JSON.
    pub piece: Piece<'f>,
    pub state: State,
    pub path: Path<'f>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Payload,
    /// It begins with `{`: most often it is a payload, but nothing is known yet.
    Unchecked,
    /// It looks like the start of a payload, but cannot be read.
    Unreadable(Unreadable),
}

/// The reason why a text that looks like a payload cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    Json,
    /// Two ways of quoting give different JSON.
    Ambiguous,
    /// At this index is a key that is in no complete object.
    Fragment(usize),
    /// It has a value that is of none of DynamoDB's types.
    DynamoDb,
    /// It is base64 or hexadecimal digits.
    Encoded,
}

#[derive(Clone, Copy)]
enum Place<'s> {
    /// Everywhere: an object is a payload if its `visitor` is an object.
    Everywhere,
    /// Along a path. An object at its end is a payload if it has a `visitor` of any type, and so are the elements of an
    /// array there.
    Along(&'s [AtStep]),
    Record,
}

/// Finds every payload in a record, in order, without searching inside of payloads. Strings on the way are decoded. Each
/// path starts with that of the record.
///
/// Converting a payload reads and checks it all. So a decoded text that begins like a payload is passed on unchecked
/// first, which saves two passes over it: a third of the time for payloads in strings. If the caller answers that it was
/// none, it is checked and searched.
pub fn search(
    record: Searched,
    path: &Path,
    at: Option<&At>,
    dialect: Option<&'static Quoting>,
    found: impl FnMut(Found) -> bool,
) {
    let mut search = Search { found, dialect, members: Vec::new() };
    let place = match at {
        None => Place::Everywhere,
        Some(At(steps)) if steps.is_empty() => Place::Record,
        Some(At(steps)) => Place::Along(steps),
    };
    match record {
        Searched::Json(value) => search.value(value, path, 0, place),
        Searched::Text(text) => search.text(text, path, 0, place),
    }
}

struct Search<F> {
    found: F,
    dialect: Option<&'static Quoting>,
    /// The members that are still to be searched, of each object on the way.
    members: Vec<Member>,
}

impl<F: FnMut(Found) -> bool> Search<F> {
    fn value(&mut self, value: Piece, path: &Path, level: usize, place: Place) {
        let text = value.text;
        match (text.first(), place) {
            (Some(b'{'), Place::Everywhere) => self.object(value, path, level),
            (Some(b'{'), Place::Along([AtStep::Member(name), rest @ ..])) => {
                if let Some((key, member)) = members(text).filter(|(key, _)| is_named(key, name)).last() {
                    self.value(value.within(member), &path.member(key), level, Place::Along(rest));
                }
            }
            (Some(b'{'), Place::Along([]) | Place::Record) => {
                if let Some(visitor) = last_member(text, "visitor") {
                    self.payload(value, visitor, path);
                }
            }
            (Some(b'['), Place::Along([AtStep::Elements, rest @ ..])) => {
                for (index, element) in elements(text).enumerate() {
                    self.value(value.within(element), &path.element(index), level, Place::Along(rest));
                }
            }
            (Some(b'['), Place::Along([AtStep::Element(index), rest @ ..])) => {
                if let Some(element) = elements(text).nth(*index) {
                    self.value(value.within(element), &path.element(*index), level, Place::Along(rest));
                }
            }
            (Some(b'['), Place::Everywhere | Place::Along([])) if level < MAX_LEVEL => {
                for (index, element) in elements(text).enumerate() {
                    if may_hold_payload(element) {
                        self.value(value.within(element), &path.element(index), level + 1, place);
                    }
                }
            }
            (Some(b'"'), _) if level < MAX_LEVEL => {
                let string = value.part(1..text.len() - 1);
                match decode::unescaped(string.text) {
                    Some(Cow::Borrowed(_)) => self.text(string, path, level, place),
                    Some(Cow::Owned(text)) => self.text(string.decoded(&text), path, level, place),
                    None => {}
                }
            }
            _ => {}
        }
    }

    fn object(&mut self, object: Piece, path: &Path, level: usize) {
        let text = object.text;
        let start = self.members.len();
        let mut visitor = None;
        let mut walk = Walk::new(text, 0);
        while let Some(member) = walk.member() {
            let value = member.value.of(text);
            if is_named(member.key.of(text), b"visitor") {
                visitor = Some(value);
            }
            if level < MAX_LEVEL && may_hold_payload(value) {
                self.members.push(member);
            }
        }
        if let Some(visitor @ [b'{', ..]) = visitor {
            self.members.truncate(start);
            return self.payload(object, visitor, path);
        }
        for index in start..self.members.len() {
            let Member { key, value } = self.members[index];
            self.value(
                object.within(value.of(text)),
                &path.member(key.of(text)),
                level + 1,
                Place::Everywhere,
            );
        }
        self.members.truncate(start);
    }

    /// A text that may hold JSON as a whole, or else payloads with other text around them.
    fn text(&mut self, text: Piece, path: &Path, level: usize, place: Place) {
        let own = text.trimmed();
        if own.text.first() == Some(&b'{') && matches!(place, Place::Everywhere) {
            let is_payload = (self.found)(Found { piece: own, state: State::Unchecked, path: *path });
            if is_payload {
                return;
            }
        }
        if let Some(second) = form::next_data(own.text) {
            // Each field is a payload of its own.
            self.text(own.part(0..second - 1), path, level, place);
            return self.text(own.part(second..own.text.len()), path, level, place);
        }
        if let Some(json) = decode::text(own.text) {
            return self.decoded(own, json, path, level, place);
        }
        if !visitor_key::may_be_in(own.text) {
            if decode::is_damaged(own.text) {
                self.report(own.without_offset(), State::Unreadable(Unreadable::Encoded), path);
            }
            return;
        }
        let (parts, rest) = parts(own.text, self.dialect);
        if let Rest::Key(at) = rest {
            return self.unreadable(own, Unreadable::Fragment(at), path);
        }
        for part in parts {
            let piece = own.part(part.range);
            match part.content {
                Content::Plain => self.part(piece, path, level, place),
                Content::Unquoted(json) => self.part(piece.decoded(&json), path, level, place),
                Content::Form => match decode::text(piece.text) {
                    Some(json) => self.decoded(piece, json, path, level, place),
                    None => self.unreadable(piece, Unreadable::Json, path),
                },
                Content::Open(None) => self.unreadable(piece, Unreadable::Json, path),
                // The text may break off before its visitor.
                Content::Open(Some(json)) if visitor_key::may_be_in(piece.text) => {
                    self.report(piece.decoded(&json), State::Unreadable(Unreadable::Json), path);
                }
                Content::Open(Some(_)) => {}
                Content::Ambiguous => self.unreadable(piece, Unreadable::Ambiguous, path),
            }
        }
    }

    /// JSON that was decoded from a text.
    fn decoded(&mut self, holder: Piece, json: Cow<[u8]>, path: &Path, level: usize, place: Place) {
        let value = match &json {
            Cow::Borrowed(part) => holder.within(part),
            Cow::Owned(text) => holder.decoded(text),
        };
        self.value(value.trimmed(), path, level + 1, place);
    }

    fn part(&mut self, object: Piece, path: &Path, level: usize, place: Place) {
        if is_json(object.text) && simdutf8::basic::from_utf8(object.text).is_ok() {
            self.value(object, path, level + 1, place);
        } else {
            self.unreadable(object, Unreadable::Json, path);
        }
    }

    fn payload(&mut self, object: Piece, visitor: &[u8], path: &Path) {
        if !dynamodb::is_typed_map(visitor) {
            self.report(object, State::Payload, path);
        } else if let Some(json) = dynamodb::convert(object.text) {
            self.report(object.decoded(&json), State::Payload, path);
        } else {
            self.unreadable(object, Unreadable::DynamoDb, path);
        }
    }

    /// Reports a text that looks like a payload but cannot be read, if it could hold one.
    fn unreadable(&mut self, text: Piece, reason: Unreadable, path: &Path) {
        if visitor_key::may_be_in(text.text) {
            self.report(text.without_offset(), State::Unreadable(reason), path);
        }
    }

    fn report(&mut self, piece: Piece, state: State, path: &Path) {
        (self.found)(Found { piece, state, path: *path });
    }
}

/// Whether a value is of a type and length to have a payload in it.
fn may_hold_payload(value: &[u8]) -> bool {
    matches!(value.first(), Some(b'{' | b'[' | b'"')) && value.len() >= SHORTEST
}

#[cfg(test)]
mod laws;
#[cfg(test)]
pub(super) mod tests;
