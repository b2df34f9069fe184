//! Reads an object that starts somewhere in another text, in each way in which it may be quoted there.

use std::ops::Range;

use crate::json::extract;
use crate::payloads::form;
use crate::payloads::piece::object_len;
use crate::payloads::quoting::{PLAIN, QUOTINGS, Quoting};

/// A part of a text that is an object or a form body, and so may hold a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its range as it is written.
    pub range: Range<usize>,
    pub content: Content,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// JSON as it stands.
    Plain,
    /// JSON, with its quoting undone.
    Unquoted(Vec<u8>),
    /// A form body, encoded.
    Form,
    /// An object that does not end, or that no way of quoting makes JSON: its text so far, if its quoting is known.
    Open(Option<Vec<u8>>),
    /// An object that two ways of quoting make different JSON.
    Ambiguous,
}

impl Part {
    /// The object at a brace, in one way of quoting.
    fn of(text: &[u8], brace: usize, quoting: &Quoting) -> Part {
        let own = &text[brace..];
        let (content, len) = if *quoting == PLAIN {
            object_len(own).map_or((Content::Open(None), own.len()), |len| (Content::Plain, len))
        } else {
            match quoting.object(own) {
                (json, Some(len)) => (Content::Unquoted(json), len),
                (json, None) => (Content::Open(Some(json)), own.len()),
            }
        };
        Part { range: brace..brace + len, content }
    }

    /// Its JSON text, given the text that it is in.
    fn json<'j>(&'j self, text: &'j [u8]) -> &'j [u8] {
        match &self.content {
            Content::Plain => &text[self.range.clone()],
            Content::Unquoted(json) => json,
            Content::Form | Content::Open(_) | Content::Ambiguous => &[],
        }
    }
}

/// The ways in which the object at a brace may be quoted.
fn ways(text: &[u8], brace: usize) -> impl Iterator<Item = &'static Quoting> {
    let (before, after) = (&text[..brace], &text[brace + 1..]);
    let before = before.strip_suffix(form::DATA).unwrap_or(before);
    QUOTINGS.into_iter().filter(move |way| way.fits(before, after))
}

/// The readings that are JSON.
fn readings(
    text: &[u8],
    brace: usize,
    ways: impl Iterator<Item = &'static Quoting>,
) -> Vec<(&'static Quoting, Part)> {
    let readings = ways.map(|way| (way, Part::of(text, brace, way)));
    readings.filter(|(_, part)| extract::is_value(part.json(text))).collect()
}

fn agree(readings: &[(&Quoting, Part)], text: &[u8]) -> bool {
    readings.windows(2).all(|pair| pair[0].1.json(text) == pair[1].1.json(text))
}

/// The object at a brace; `None` if that starts none.
pub fn read(text: &[u8], brace: usize, dialect: Option<&'static Quoting>) -> Option<Part> {
    let mut ways = ways(text, brace);
    let first = ways.next()?;
    let Some(second) = ways.next() else { return Some(Part::of(text, brace, first)) };
    let mut readings = readings(text, brace, [first, second].into_iter().chain(ways));
    let by_dialect = readings.iter().position(|(way, _)| Some(*way) == dialect);
    let agree = agree(&readings, text);
    if readings.is_empty() {
        return Some(Part { range: brace..text.len(), content: Content::Open(None) });
    }
    let (_, mut part) = readings.swap_remove(by_dialect.unwrap_or(0));
    if !agree && by_dialect.is_none() {
        part.content = Content::Ambiguous;
    }
    Some(part)
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

pub fn evidence(text: &[u8]) -> Evidence {
    let mut evidence = Evidence::None;
    let mut at = 0;
    while let Some(brace) = memchr::memchr(b'{', &text[at..]).map(|len| at + len) {
        at = brace + 1;
        if ways(text, brace).nth(1).is_none() {
            continue;
        }
        let readings = readings(text, brace, ways(text, brace));
        match &readings[..] {
            [] => break,
            [(way, _)] => return Evidence::For(way),
            [(_, first), ..] => {
                if !agree(&readings, text) {
                    evidence = Evidence::Ambiguous;
                }
                at = first.range.end;
            }
        }
    }
    evidence
}
