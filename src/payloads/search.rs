//! Finds the payloads in a record that is not a payload itself: everywhere, or at the one place that `--at` names.

use std::borrow::Cow;

use crate::json::strings::is_named;
use crate::json::value::{Elements, Member, Members, Span};
use crate::payloads::at_path::{At, Step};
use crate::payloads::decoded::{Decoded, SHORTEST, is_json, trimmed};
use crate::payloads::path::Path;
use crate::payloads::quoting::Quoting;
use crate::payloads::text::{Content, Rest, parts};
use crate::payloads::{decode, dynamodb, form};

/// The levels that are searched. A member, an element and a decoded string are one each.
pub const MAX_LEVEL: usize = 16;

/// A record.
#[derive(Clone, Copy, Debug)]
pub enum Searched<'r> {
    /// A JSON value without white space around it. It must be known to be correct JSON and UTF-8.
    Json(&'r [u8]),
    /// UTF-8 text that is treated like a string in a search: a cell, a literal, a line.
    Text(&'r [u8]),
}

/// Something that was found.
#[derive(Debug)]
pub struct Found<'f> {
    /// Its text, byte for byte as it was written, unless it comes from [`Origin::DynamoDb`].
    pub text: &'f [u8],
    pub origin: Origin,
    /// Its path in the record.
    pub path: Path<'f>,
}

/// The origin of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is at this index in the record.
    Record(usize),
    /// It is in a string that was decoded.
    Decoded,
    /// A text that was decoded and begins with `{`: most often a payload, but nothing is known yet.
    Unchecked,
    /// The JSON that an item of DynamoDB's typed JSON represents.
    DynamoDb,
    /// It starts to be a payload, but cannot be read.
    Unreadable(Unreadable),
}

/// The reason for which a text that starts to be a payload cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is not JSON.
    Json,
    /// Two ways of quoting give different JSON.
    Ambiguous,
    /// At this index is a key that is in no complete object.
    Fragment(usize),
    /// It has a value that is of none of DynamoDB's types.
    DynamoDb,
}

/// The caller's answer, which matters only for [`Origin::Unchecked`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was a payload, as a search finds them.
    Payload,
    /// It is to be checked and searched.
    Other,
}

/// The places that are searched.
#[derive(Clone, Copy)]
enum Place<'s> {
    /// Everywhere: an object is a payload if its `visitor` is an object.
    Everywhere,
    /// Along a path. An object at its end is a payload if it has a `visitor` of any type, and so are the elements of an
    /// array there.
    Along(&'s [Step]),
    /// The record itself.
    Record,
}

/// Finds every payload in a record, in their order; payloads are not searched. Strings on the way are decoded.
///
/// Converting a payload reads and checks it all. So a decoded text that begins like a payload is handed over unchecked
/// first, which saves reading it twice more.
pub fn search(
    record: Searched,
    at: Option<&At>,
    dialect: Option<&'static Quoting>,
    found: impl FnMut(Found) -> Verdict,
) {
    let mut search = Search { found, dialect, members: Vec::new() };
    let place = match at {
        None => Place::Everywhere,
        Some(At(steps)) if steps.is_empty() => Place::Record,
        Some(At(steps)) => Place::Along(steps),
    };
    match record {
        Searched::Json(text) => search.value(Piece::of(text), &Path::RECORD, 0, place),
        Searched::Text(text) => search.text(Piece::of(text), &Path::RECORD, 0, place),
    }
}

/// A text and its place in the record, unless it comes from a decoded string.
#[derive(Clone, Copy)]
struct Piece<'p> {
    text: &'p [u8],
    offset: Option<usize>,
}

impl<'p> Piece<'p> {
    fn of(record: &'p [u8]) -> Self {
        Piece { text: record, offset: Some(0) }
    }

    fn decoded(text: &'p [u8]) -> Self {
        Piece { text, offset: None }
    }

    fn part(self, span: Span) -> Self {
        Piece { text: span.of(self.text), offset: self.offset.map(|offset| offset + span.start) }
    }

    fn first(self) -> Option<u8> {
        self.text.first().copied()
    }
}

struct Search<F> {
    found: F,
    dialect: Option<&'static Quoting>,
    /// The members that are still to be searched, of each object on the way.
    members: Vec<Member>,
}

/// Members beyond these are read twice instead of being kept.
const KEPT_MEMBERS: usize = 1024;

impl<F: FnMut(Found) -> Verdict> Search<F> {
    fn value(&mut self, value: Piece, path: &Path, level: usize, place: Place) {
        match (value.first(), place) {
            (Some(b'{'), Place::Everywhere) => self.object(value, path, level),
            (Some(b'{'), Place::Along([Step::Member(name), rest @ ..])) => {
                let is_it = |member: &Member| is_named(member.key.of(value.text), name);
                if let Some(member) = Members::from(value.text, 0).filter(is_it).last() {
                    let path = path.member(member.key.of(value.text));
                    self.value(value.part(member.value), &path, level, Place::Along(rest));
                }
            }
            (Some(b'{'), Place::Along([]) | Place::Record) => {
                let is_visitor = |member: &Member| is_named(member.key.of(value.text), b"visitor");
                if let Some(visitor) = Members::from(value.text, 0).filter(is_visitor).last() {
                    self.give(value, visitor.value.of(value.text), path);
                }
            }
            (Some(b'['), Place::Along([Step::Elements, rest @ ..])) => {
                for (index, element) in Elements::of(value.text).enumerate() {
                    self.value(value.part(element), &path.element(index), level, Place::Along(rest));
                }
            }
            (Some(b'['), Place::Along([Step::Element(index), rest @ ..])) => {
                if let Some(element) = Elements::of(value.text).nth(*index) {
                    self.value(value.part(element), &path.element(*index), level, Place::Along(rest));
                }
            }
            (Some(b'['), Place::Everywhere | Place::Along([])) if level < MAX_LEVEL => {
                for (index, element) in Elements::of(value.text).enumerate() {
                    if may_hold_payload(element.of(value.text)) {
                        self.value(value.part(element), &path.element(index), level + 1, place);
                    }
                }
            }
            (Some(b'"'), _) if level < MAX_LEVEL => {
                let string = value.part(Span { start: 1, end: value.text.len().saturating_sub(1) });
                match decode::unescaped(string.text) {
                    Some(Cow::Borrowed(_)) => self.text(string, path, level, place),
                    Some(Cow::Owned(text)) => self.text(Piece::decoded(&text), path, level, place),
                    None => {}
                }
            }
            _ => {}
        }
    }

    /// A text that may hold JSON as a whole, or else payloads with other text around them.
    fn text(&mut self, text: Piece, path: &Path, level: usize, place: Place) {
        let own = text.part(trimmed(text.text));
        if own.first() == Some(b'{') && matches!(place, Place::Everywhere) {
            let unchecked = Found { text: own.text, origin: Origin::Unchecked, path: *path };
            if (self.found)(unchecked) == Verdict::Payload {
                return;
            }
        }
        if let Some(second) = form::next_data(own.text) {
            // Each field is a payload of its own.
            self.text(own.part(Span { start: 0, end: second - 1 }), path, level, place);
            return self.text(own.part(Span { start: second, end: own.text.len() }), path, level, place);
        }
        match decode::text(own.text) {
            Some(Decoded::Within(span)) => return self.trimmed(own.part(span), path, level, place),
            Some(Decoded::Apart(text)) => return self.trimmed(Piece::decoded(&text), path, level, place),
            None if decode::names_visitor(own.text) => {}
            None => return,
        }
        let (parts, rest) = parts(own.text, self.dialect);
        if let Rest::Key(at) = rest {
            return self.unreadable(own, Unreadable::Fragment(at), path);
        }
        for part in parts {
            let piece = own.part(Span { start: part.range.start, end: part.range.end });
            match part.content {
                Content::Plain => self.part(piece, path, level, place),
                Content::Undone(json) => self.part(Piece::decoded(&json), path, level, place),
                Content::Form => match decode::text(piece.text) {
                    Some(Decoded::Within(span)) => self.trimmed(piece.part(span), path, level, place),
                    Some(Decoded::Apart(text)) => self.trimmed(Piece::decoded(&text), path, level, place),
                    None => self.unreadable(piece, Unreadable::Json, path),
                },
                Content::Open(None) => self.unreadable(piece, Unreadable::Json, path),
                Content::Open(Some(json)) if decode::names_visitor(piece.text) => {
                    // The text may break off before its visitor.
                    let origin = Origin::Unreadable(Unreadable::Json);
                    (self.found)(Found { text: &json, origin, path: *path });
                }
                Content::Open(Some(_)) => {}
                Content::Ambiguous => self.unreadable(piece, Unreadable::Ambiguous, path),
            }
        }
    }

    fn trimmed(&mut self, text: Piece, path: &Path, level: usize, place: Place) {
        self.value(text.part(trimmed(text.text)), path, level + 1, place);
    }

    /// An object in a text.
    fn part(&mut self, object: Piece, path: &Path, level: usize, place: Place) {
        if is_json(object.text) && simdutf8::basic::from_utf8(object.text).is_ok() {
            self.value(object, path, level + 1, place);
        } else {
            self.unreadable(object, Unreadable::Json, path);
        }
    }

    fn object(&mut self, object: Piece, path: &Path, level: usize) {
        let text = object.text;
        let start = self.members.len();
        let mut visitor = None;
        let mut unkept = None;
        for member in Members::from(text, 0) {
            let value = member.value.of(text);
            if is_named(member.key.of(text), b"visitor") {
                visitor = Some(value);
            }
            if level == MAX_LEVEL || unkept.is_some() || !may_hold_payload(value) {
                continue;
            }
            if self.members.len() - start == KEPT_MEMBERS {
                unkept = Some(member.key.start - 1);
            } else {
                self.members.push(member);
            }
        }
        if let Some(visitor @ [b'{', ..]) = visitor {
            self.members.truncate(start);
            return self.give(object, visitor, path);
        }
        for index in start..self.members.len() {
            self.member(object, self.members[index], path, level);
        }
        self.members.truncate(start);
        for member in unkept.map(|at| Members::from(text, at)).into_iter().flatten() {
            if may_hold_payload(member.value.of(text)) {
                self.member(object, member, path, level);
            }
        }
    }

    fn member(&mut self, object: Piece, member: Member, path: &Path, level: usize) {
        let path = path.member(member.key.of(object.text));
        self.value(object.part(member.value), &path, level + 1, Place::Everywhere);
    }

    /// Hands over an object as a payload.
    fn give(&mut self, object: Piece, visitor: &[u8], path: &Path) {
        if !dynamodb::is_typed_map(visitor) {
            let origin = object.offset.map_or(Origin::Decoded, Origin::Record);
            (self.found)(Found { text: object.text, origin, path: *path });
        } else if let Some(json) = dynamodb::convert(object.text) {
            (self.found)(Found { text: &json, origin: Origin::DynamoDb, path: *path });
        } else {
            self.unreadable(object, Unreadable::DynamoDb, path);
        }
    }

    /// Hands over a text that starts to be a payload, if one can be in it.
    fn unreadable(&mut self, text: Piece, reason: Unreadable, path: &Path) {
        if decode::names_visitor(text.text) {
            (self.found)(Found { text: text.text, origin: Origin::Unreadable(reason), path: *path });
        }
    }
}

/// Whether a value is of a type and length to have a payload in it.
fn may_hold_payload(value: &[u8]) -> bool {
    matches!(value.first(), Some(b'{' | b'[' | b'"')) && value.len() >= SHORTEST
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
