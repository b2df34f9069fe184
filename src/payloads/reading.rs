//! The readings of a payload that starts somewhere in another text: what it means in each way in which it may be quoted.

use crate::json::boundary::{Boundary, BoundarySearch, LikeLines};
use crate::json::extract;
use crate::payloads::form;
use crate::payloads::quoting::{Object, PLAIN, QUOTINGS, Quoting};

/// The text of a payload that starts somewhere in another text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// It stands there as it is, in this many bytes.
    Plain(usize),
    /// Its JSON text, and its length as it is written.
    Undone(Vec<u8>, usize),
    /// It does not end, or no way of quoting gives JSON: its text so far, if there is one way only.
    Open(Option<Vec<u8>>),
    /// Two ways of quoting give different JSON, in this many bytes.
    Ambiguous(usize),
}

/// The ways in which the object at a brace may be quoted.
pub fn ways(text: &[u8], brace: usize) -> impl Iterator<Item = &'static Quoting> {
    let (before, after) = (&text[..brace], &text[brace + 1..]);
    let before = before.strip_suffix(form::DATA).unwrap_or(before);
    QUOTINGS.into_iter().filter(move |way| way.fits(before, after))
}

/// The reading of the object at a brace; `None` if that starts none.
pub fn read(text: &[u8], brace: usize, dialect: Option<&'static Quoting>) -> Option<Reading> {
    let own = &text[brace..];
    let mut ways = ways(text, brace).peekable();
    let first = ways.next()?;
    if ways.peek().is_none() {
        return Some(Reading::of(own, first));
    }
    let mut readings: Vec<(&Quoting, Reading)> = Vec::new();
    for way in std::iter::once(first).chain(ways) {
        let reading = Reading::of(own, way);
        if reading.is_json(own) {
            readings.push((way, reading));
        }
    }
    let by_dialect = readings.iter().position(|(way, _)| Some(*way) == dialect);
    let agree = readings.windows(2).all(|pair| pair[0].1.json(own) == pair[1].1.json(own));
    let Some((_, reading)) = readings.get(by_dialect.unwrap_or(0)) else {
        return Some(Reading::Open(None));
    };
    Some(if agree || by_dialect.is_some() {
        reading.clone()
    } else {
        Reading::Ambiguous(reading.written_len())
    })
}

/// The evidence of a text for a way of quoting.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Evidence {
    None,
    /// A payload that could be quoted in several ways gives JSON in this one only.
    For(&'static Quoting),
    /// A payload has two readings.
    Ambiguous,
}

/// The evidence of a text's payloads.
pub fn evidence(text: &[u8]) -> Evidence {
    let mut is_ambiguous = false;
    let mut at = 0;
    while let Some(brace) = memchr::memchr(b'{', &text[at..]).map(|len| at + len) {
        at = brace + 1;
        let own = &text[brace..];
        let ways: Vec<_> = ways(text, brace).collect();
        if ways.len() < 2 {
            continue;
        }
        let readings = ways.iter().map(|way| (*way, Reading::of(own, way)));
        let readings: Vec<_> = readings.filter(|(_, reading)| reading.is_json(own)).collect();
        match readings[..] {
            [] => break,
            [(way, _)] => return Evidence::For(way),
            [(_, ref first), ref others @ ..] => {
                is_ambiguous |= others.iter().any(|(_, other)| other.json(own) != first.json(own));
                at = brace + first.written_len();
            }
        }
    }
    if is_ambiguous { Evidence::Ambiguous } else { Evidence::None }
}

impl Reading {
    /// The reading of the object that a text starts with, in one way of quoting.
    fn of(text: &[u8], quoting: &Quoting) -> Reading {
        if *quoting == PLAIN {
            let mut search = BoundarySearch::new(0, LikeLines::MayBelong, |_| Some(false));
            return match search.run(text) {
                Boundary::Whole(len) => Reading::Plain(len),
                Boundary::Broken(_) | Boundary::More => Reading::Open(None),
            };
        }
        match quoting.object(text) {
            Object::Whole(json, len) => Reading::Undone(json, len),
            Object::Open(json) => Reading::Open(Some(json)),
        }
    }

    /// Its JSON text, given the text that it starts.
    fn json<'j>(&'j self, text: &'j [u8]) -> &'j [u8] {
        match self {
            Reading::Plain(len) => &text[..*len],
            Reading::Undone(json, _) => json,
            Reading::Open(_) | Reading::Ambiguous(_) => &[],
        }
    }

    fn is_json(&self, text: &[u8]) -> bool {
        extract::check(self.json(text)).is_ok()
    }

    /// Its length as it is written.
    pub fn written_len(&self) -> usize {
        match self {
            Reading::Plain(len) | Reading::Undone(_, len) | Reading::Ambiguous(len) => *len,
            Reading::Open(_) => 0,
        }
    }
}
