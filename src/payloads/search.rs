//! Finds the payloads in a record that is not a payload itself.

use crate::json::strings::is_named;
use crate::json::value::{Elements, Member, Members, Span};
use crate::payloads::decoded::{self, Decoded, SHORTEST};
use crate::payloads::path::Path;
use crate::payloads::{decode, dynamodb};

/// How many levels down a record is searched. A member, an element and a decoded string are one each.
pub const MAX_LEVEL: usize = 16;

/// What is searched.
#[derive(Clone, Copy, Debug)]
pub enum Searched<'r> {
    /// A JSON value without white space around it. It must be known to be correct JSON and UTF-8.
    Json(&'r [u8]),
    /// UTF-8 text that is decoded like a string in a search: a cell of a table.
    Text(&'r [u8]),
}

/// A payload that was found.
#[derive(Debug)]
pub struct Found<'f> {
    /// Its JSON text, byte for byte as it was written, unless it comes from [`Origin::DynamoDb`].
    pub text: &'f [u8],
    /// Where its text comes from.
    pub origin: Origin,
    /// Where in the record it was found.
    pub path: Path<'f>,
}

/// Where a payload's text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is at this index in the record.
    Record(usize),
    /// It is in a string that was decoded.
    Decoded,
    /// It is a text that was decoded and begins with `{`. Most often it is the payload; nothing is known yet.
    Unchecked,
    /// It is what an item of DynamoDB's typed JSON represents.
    DynamoDb,
}

/// The caller's answer. Only looked at for [`Origin::Unchecked`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was a payload as [`search`] finds them.
    Payload,
    /// It is to be checked and searched.
    Other,
}

/// Finds every payload in a record, in their order. An object is a payload if its `visitor` is an object;
/// payloads are not searched.
///
/// Whoever converts a payload reads and checks it all. So a decoded text that begins like a payload is handed
/// over unchecked first, which saves reading it twice more.
pub fn search(record: Searched, found: impl FnMut(Found) -> Verdict) {
    let mut search = Search { found, members: Vec::new() };
    match record {
        Searched::Json(text) => search.value(Piece::of(text), &Path::RECORD, 0),
        Searched::Text(text) => search.text(Piece::of(text), &Path::RECORD, 0),
    }
}

/// A JSON value's text and where it is in the record, unless it comes from a decoded string.
#[derive(Clone, Copy)]
pub(super) struct Piece<'p> {
    pub(super) text: &'p [u8],
    offset: Option<usize>,
}

impl<'p> Piece<'p> {
    pub(super) fn of(record: &'p [u8]) -> Self {
        Piece { text: record, offset: Some(0) }
    }

    pub(super) fn part(self, span: Span) -> Self {
        Piece { text: span.of(self.text), offset: self.offset.map(|offset| offset + span.start) }
    }

    /// This text with its escapes decoded, which makes it shorter if it has any.
    pub(super) fn unescaped<'d>(self, text: &'d [u8]) -> Piece<'d>
    where
        'p: 'd,
    {
        if text.len() == self.text.len() { self } else { Piece { text, offset: None } }
    }

    /// The value that this text holds.
    pub(super) fn decoded<'d>(self, decoded: &'d Decoded) -> Piece<'d>
    where
        'p: 'd,
    {
        let text = match decoded {
            Decoded::Within(span) => self.part(*span),
            Decoded::Apart(text) => Piece { text, offset: None },
        };
        text.part(decoded::trimmed(text.text))
    }

    /// What is between the quotes of a string.
    pub(super) fn unquoted(self) -> Self {
        self.part(Span { start: 1, end: self.text.len().saturating_sub(1) })
    }

    pub(super) fn first(self) -> Option<u8> {
        self.text.first().copied()
    }

    /// Hands over this object as a payload.
    pub(super) fn give<R>(self, visitor: &[u8], path: Path, found: &mut impl FnMut(Found) -> R) -> R {
        if dynamodb::is_typed_map(visitor)
            && let Some(json) = dynamodb::convert(self.text)
        {
            return found(Found { text: &json, origin: Origin::DynamoDb, path });
        }
        let origin = self.offset.map_or(Origin::Decoded, Origin::Record);
        found(Found { text: self.text, origin, path })
    }
}

struct Search<F> {
    found: F,
    /// The members that are still to be searched, of each object on the way.
    members: Vec<Member>,
}

/// Members beyond these are read twice instead of being kept.
const KEPT_MEMBERS: usize = 1024;

impl<F: FnMut(Found) -> Verdict> Search<F> {
    fn value(&mut self, value: Piece, path: &Path, level: usize) {
        match value.first() {
            Some(b'{') => self.object(value, path, level),
            _ if level == MAX_LEVEL => {}
            Some(b'[') => {
                for (index, element) in Elements::of(value.text).enumerate() {
                    if may_hold_payload(element.of(value.text)) {
                        self.value(value.part(element), &path.element(index), level + 1);
                    }
                }
            }
            Some(b'"') => {
                let string = value.unquoted();
                if let Some(text) = decode::unescaped(string.text) {
                    self.text(string.unescaped(&text), path, level);
                }
            }
            _ => {}
        }
    }

    /// A text that may hold JSON.
    fn text(&mut self, text: Piece, path: &Path, level: usize) {
        let own = text.part(decoded::trimmed(text.text));
        if own.first() == Some(b'{') {
            let unchecked = Found { text: own.text, origin: Origin::Unchecked, path: *path };
            if (self.found)(unchecked) == Verdict::Payload {
                return;
            }
        }
        if let Some(decoded) = decode::text(text.text) {
            self.value(text.decoded(&decoded), path, level + 1);
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
            object.give(visitor, *path, &mut self.found);
            return;
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
        self.value(object.part(member.value), &path, level + 1);
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
