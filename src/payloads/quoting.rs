//! The ways in which programs write a payload into other text, and how each is undone.
//!
//! One rule stands above the others: a payload's text comes out as the program that stored it received it, or the
//! payload is rejected. The text at a payload's start shows the ways in which it may be quoted. Each that can have
//! written it is tried, and all readings that are JSON must agree; if they do not, the source's dialect decides.
//!
//! A way of quoting is a row of `QUOTINGS` and the function that undoes one of its units.

use std::borrow::Cow;

use crate::json::boundary::{Boundary, BoundarySearch, LikeLines};
use crate::json::scan::is_space;
use crate::payloads::units;

/// A way in which a payload is written into other text.
#[derive(Debug)]
pub struct Quoting {
    pub name: &'static str,
    /// Whether text that ends so may come before a payload that is quoted in this way.
    follows: fn(&[u8]) -> bool,
    quotes: Quotes,
    /// The bytes that start a unit. Any other stands for itself.
    specials: [u8; 2],
    /// Appends the meaning of the unit that a text starts with, and returns the unit's length; `None` if this way of
    /// quoting never writes it.
    unit: fn(&[u8], &mut Vec<u8>) -> Option<usize>,
}

/// The quotes of JSON in quoted text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quotes {
    /// As they are.
    Plain,
    /// More than one byte each.
    Escaped,
}

impl PartialEq for Quoting {
    fn eq(&self, other: &Quoting) -> bool {
        self.name == other.name
    }
}

const CDATA: &[u8] = b"<![CDATA[";

const fn anywhere(_: &[u8]) -> bool {
    true
}

/// Whether an apostrophe after some text opens an attribute of XML or HTML.
fn opens_attribute(before: &[u8]) -> bool {
    before.ends_with(b"='") && memchr::memrchr2(b'<', b'>', before).is_some_and(|at| before[at] == b'<')
}

/// As it is, as most logs write it.
pub static PLAIN: Quoting = Quoting {
    name: "no quoting",
    follows: |before| !before.ends_with(CDATA),
    quotes: Quotes::Plain,
    specials: [b'{', b'{'],
    unit: units::plain,
};

/// The ways that a payload's start can show.
pub(super) static QUOTINGS: [&Quoting; 12] = [
    &PLAIN,
    // Go, logfmt, JSON in JSON, Redis, Ruby, Apache, nginx (which writes \x22).
    &Quoting {
        name: "backslashes",
        follows: anywhere,
        quotes: Quotes::Escaped,
        specials: [b'\\', b'\\'],
        unit: units::escape,
    },
    &Quoting {
        name: "doubled quotes",
        follows: anywhere,
        quotes: Quotes::Escaped,
        specials: [b'"', b'"'],
        unit: units::doubled,
    },
    &Quoting {
        name: "entities",
        follows: anywhere,
        quotes: Quotes::Escaped,
        specials: [b'&', b'<'],
        unit: units::entity,
    },
    &MARKUP,
    &Quoting {
        name: "CDATA",
        follows: |before| before.ends_with(CDATA),
        quotes: Quotes::Plain,
        specials: [b']', b']'],
        unit: units::cdata,
    },
    // COPY with its columns between bars.
    &Quoting {
        name: "COPY's backslashes after a bar",
        follows: |before| before.ends_with(b"|"),
        quotes: Quotes::Plain,
        specials: [b'\\', b'|'],
        unit: units::copy_between_bars,
    },
    // SQL, single-quoted CSV.
    &Quoting {
        name: "doubled apostrophes",
        follows: |before| before.ends_with(b"'"),
        quotes: Quotes::Plain,
        specials: [b'\'', b'\''],
        unit: units::doubled,
    },
    &Quoting {
        name: "a shell's apostrophes",
        follows: |before| before.ends_with(b"'"),
        quotes: Quotes::Plain,
        specials: [b'\'', b'\''],
        unit: units::shell_apostrophe,
    },
    // Python's str and bytes, PHP, Node.
    &Quoting {
        name: "backslashes between apostrophes",
        follows: |before| before.ends_with(b"'") && !before.ends_with(b"b'"),
        quotes: Quotes::Plain,
        specials: [b'\\', b'\''],
        unit: units::escape_of_characters,
    },
    &Quoting {
        name: "backslashes in bytes",
        follows: |before| before.ends_with(b"b'"),
        quotes: Quotes::Plain,
        specials: [b'\\', b'\''],
        unit: units::escape_of_bytes,
    },
    &Quoting {
        name: "backslashes in a template",
        follows: |before| before.ends_with(b"`"),
        quotes: Quotes::Plain,
        specials: [b'\\', b'`'],
        unit: units::escape_of_characters,
    },
];

/// The text of an XML element or between apostrophes in its tag, where quotes need no entity.
pub static MARKUP: Quoting = Quoting {
    name: "entities in text",
    follows: |before| before.ends_with(b">") || opens_attribute(before),
    quotes: Quotes::Plain,
    specials: [b'&', b'<'],
    unit: units::entity,
};

/// The cells of PostgreSQL's `COPY` and of MySQL's batch output.
pub static COPY: Quoting = Quoting {
    name: "COPY's backslashes",
    follows: |_| false,
    quotes: Quotes::Plain,
    specials: [b'\\', b'\\'],
    unit: units::copy,
};

/// A literal of standard SQL.
pub static SQL_LITERAL: Quoting = Quoting {
    name: "an SQL literal",
    follows: |_| false,
    quotes: Quotes::Plain,
    specials: [b'\'', b'\''],
    unit: units::doubled,
};

/// A literal in which backslashes are escapes: MySQL's, and PostgreSQL's `E'…'`.
pub static ESCAPED_LITERAL: Quoting = Quoting {
    name: "an SQL literal with backslashes",
    follows: |_| false,
    quotes: Quotes::Plain,
    specials: [b'\\', b'\''],
    unit: units::escaped_literal,
};

/// A cell between double quotes with backslashes before quotes: MySQL's `ENCLOSED BY`.
pub static ENCLOSED: Quoting = Quoting {
    name: "backslashes in a cell",
    follows: |_| false,
    quotes: Quotes::Escaped,
    specials: [b'\\', b'\\'],
    unit: units::escaped_literal,
};

/// The object that a quoted text starts with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Object {
    /// Its JSON text, and its length as it is written.
    Whole(Vec<u8>, usize),
    /// It does not end, or breaks off: its text so far.
    Open(Vec<u8>),
}

impl Quoting {
    /// The meaning of a whole text; `None` if it was not written in this way.
    pub fn undo<'t>(&self, text: &'t [u8]) -> Option<Cow<'t, [u8]>> {
        let [first, second] = self.specials;
        let Some(start) = memchr::memchr2(first, second, text) else { return Some(text.into()) };
        let mut out = Vec::with_capacity(text.len());
        out.extend_from_slice(&text[..start]);
        let mut rest = &text[start..];
        while let Some(at) = memchr::memchr2(first, second, rest) {
            out.extend_from_slice(&rest[..at]);
            rest = &rest[at..];
            let len = (self.unit)(rest, &mut out)?;
            rest = &rest[len..];
        }
        out.extend_from_slice(rest);
        Some(out.into())
    }

    /// Whether all of a text can have been written in this way; it may be cut off.
    pub fn may_write(&self, text: &[u8]) -> bool {
        let mut out = Vec::new();
        let mut rest = text;
        while let Some(at) = memchr::memchr2(self.specials[0], self.specials[1], rest) {
            match (self.unit)(&rest[at..], &mut out) {
                Some(len) => rest = &rest[at + len..],
                None => return rest.len() - at == 1,
            }
        }
        true
    }

    /// Appends the meaning of the byte or unit that a text starts with.
    fn step(&self, text: &[u8], out: &mut Vec<u8>) -> Option<usize> {
        if self.specials.contains(&text[0]) {
            return (self.unit)(text, out);
        }
        out.push(text[0]);
        Some(1)
    }

    /// Whether a payload may be quoted in this way, given the text before its brace and after it.
    pub(super) fn fits(&self, before: &[u8], mut after: &[u8]) -> bool {
        let mut out = Vec::new();
        while !after.is_empty() && (self.follows)(before) {
            out.clear();
            let Some(len) = self.step(after, &mut out) else { return false };
            match out[..] {
                [byte] if is_space(byte) => after = &after[len..],
                [b'"'] => return (len > 1) == (self.quotes == Quotes::Escaped),
                _ => return false,
            }
        }
        false
    }

    /// The object that a text starts with.
    pub(super) fn object(&self, text: &[u8]) -> Object {
        let mut search = BoundarySearch::new(0, LikeLines::MayBelong, |_| Some(false));
        let mut json = Vec::new();
        let (mut at, mut step) = (0, 256);
        loop {
            let (piece, known) = (at, json.len());
            let end = text.len().min(at + step);
            let mut is_over = false;
            while at < end && !is_over {
                match self.step(&text[at..], &mut json) {
                    Some(len) => at += len,
                    None => is_over = true,
                }
            }
            match search.run(&json[search.consumed()..]) {
                Boundary::Whole(len) => {
                    // The last unit ends where as much of the piece as is needed is undone again.
                    let mut again = Vec::new();
                    at = piece;
                    while known + again.len() < len {
                        at += self.step(&text[at..], &mut again).unwrap_or(1);
                    }
                    json.truncate(len);
                    return Object::Whole(json, at);
                }
                Boundary::More if !is_over && at < text.len() => step *= 2,
                Boundary::Broken(_) | Boundary::More => return Object::Open(json),
            }
        }
    }
}
