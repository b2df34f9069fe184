//! The ways in which programs write a payload into other text, and how each is undone.
//!
//! One rule stands above the others: a payload's text comes out as the program that stored it received it, or the
//! payload is rejected. The text at a payload's start shows the ways in which it may be quoted. Each that can have
//! written it is tried, and all readings that are JSON must agree; if they do not, the source's dialect decides.
//!
//! A way of quoting is a row of `QUOTINGS` and the function that undoes one of its units.

use std::borrow::Cow;

use crate::json::boundary::{Boundary, BoundarySearch};
use crate::json::scan::is_space;
use crate::payloads::units;

/// A way in which a payload is written into other text.
#[derive(Debug)]
pub struct Quoting {
    pub name: &'static str,
    /// Whether text that ends so may come before a payload that is quoted in this way. `None` if the payload's quotes
    /// show it anywhere: they are more than one byte each.
    follows: Option<fn(&[u8]) -> bool>,
    /// The bytes that start a unit. Any other stands for itself.
    specials: [u8; 2],
    /// Appends the meaning of the unit that a text starts with, and returns the unit's length; `None` if this way of
    /// quoting never writes it.
    unit: fn(&[u8], &mut Vec<u8>) -> Option<usize>,
}

/// The ways that a payload's start can show.
pub(super) static QUOTINGS: [&Quoting; 12] = [
    &PLAIN,
    // Go, logfmt, JSON in JSON, Redis, Ruby, Apache, nginx (which writes \x22).
    &Quoting::new("backslashes", None, *b"\\\\", units::escape),
    &DOUBLED,
    &Quoting::new("entities", None, *b"&<", units::entity),
    &MARKUP,
    &Quoting::new("CDATA", Some(in_cdata), *b"]]", units::cdata),
    // COPY with its columns between bars.
    &Quoting::new("COPY's backslashes after a bar", Some(after_bar), *b"\\|", units::copy_between_bars),
    // SQL, single-quoted CSV.
    &Quoting::new("doubled apostrophes", Some(after_apostrophe), *b"''", units::doubled),
    &Quoting::new("a shell's apostrophes", Some(after_apostrophe), *b"''", units::shell_apostrophe),
    // Python's str, PHP, Node.
    &Quoting::new("backslashes between apostrophes", Some(in_string), *b"\\'", units::escape_of_characters),
    &Quoting::new("backslashes in bytes", Some(in_bytes), *b"\\'", units::escape_of_bytes),
    &Quoting::new("backslashes in a template", Some(in_template), *b"\\`", units::escape_of_characters),
];

/// CSV, SQLite, VB.
pub static DOUBLED: Quoting = Quoting::new("doubled quotes", None, *b"\"\"", units::doubled);

/// As it is, as most logs write it.
pub static PLAIN: Quoting =
    Quoting::new("no quoting", Some(|before| !in_cdata(before)), *b"{{", units::plain);

/// The text of an XML element or between apostrophes in its tag, where quotes need no entity.
pub static MARKUP: Quoting = Quoting::new("entities in text", Some(in_markup), *b"&<", units::entity);

/// The cells of PostgreSQL's `COPY` and of MySQL's batch output.
pub static COPY: Quoting = Quoting::new("COPY's backslashes", Some(nowhere), *b"\\\\", units::copy);

/// A literal of standard SQL.
pub static SQL_LITERAL: Quoting = Quoting::new("an SQL literal", Some(nowhere), *b"''", units::doubled);

/// A literal in which backslashes are escapes: MySQL's, and PostgreSQL's `E'…'`.
pub static ESCAPED_LITERAL: Quoting =
    Quoting::new("an SQL literal with backslashes", Some(nowhere), *b"\\'", units::escaped_literal);

/// A cell between double quotes with backslashes before quotes: MySQL's `ENCLOSED BY`.
pub static ENCLOSED: Quoting =
    Quoting::new("backslashes in a cell", Some(nowhere), *b"\\\\", units::escaped_literal);

fn nowhere(_: &[u8]) -> bool {
    false
}

fn after_apostrophe(before: &[u8]) -> bool {
    before.ends_with(b"'")
}

fn in_string(before: &[u8]) -> bool {
    after_apostrophe(before) && !in_bytes(before)
}

fn in_bytes(before: &[u8]) -> bool {
    before.ends_with(b"b'")
}

fn in_template(before: &[u8]) -> bool {
    before.ends_with(b"`")
}

fn after_bar(before: &[u8]) -> bool {
    before.ends_with(b"|")
}

fn in_cdata(before: &[u8]) -> bool {
    before.ends_with(b"<![CDATA[")
}

fn in_markup(before: &[u8]) -> bool {
    let opens_attribute = || memchr::memrchr2(b'<', b'>', before).is_some_and(|at| before[at] == b'<');
    before.ends_with(b">") || before.ends_with(b"='") && opens_attribute()
}

impl PartialEq for Quoting {
    fn eq(&self, other: &Quoting) -> bool {
        self.name == other.name
    }
}

impl Quoting {
    const fn new(
        name: &'static str,
        follows: Option<fn(&[u8]) -> bool>,
        specials: [u8; 2],
        unit: fn(&[u8], &mut Vec<u8>) -> Option<usize>,
    ) -> Quoting {
        Quoting { name, follows, specials, unit }
    }

    /// The meaning of a whole text; `None` if it was not written in this way.
    pub fn undo<'t>(&self, text: &'t [u8]) -> Option<Cow<'t, [u8]>> {
        let [first, second] = self.specials;
        if memchr::memchr2(first, second, text).is_none() {
            return Some(text.into());
        }
        let mut out = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = memchr::memchr2(first, second, rest) {
            out.extend_from_slice(&rest[..at]);
            rest = &rest[at..];
            rest = &rest[(self.unit)(rest, &mut out)?..];
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
        while !after.is_empty() && self.follows.is_none_or(|follows| follows(before)) {
            out.clear();
            let Some(len) = self.step(after, &mut out) else { return false };
            match out[..] {
                [byte] if is_space(byte) => after = &after[len..],
                [b'"'] => return (len > 1) == self.follows.is_none(),
                _ => return false,
            }
        }
        false
    }

    /// The JSON text of the object that a text starts with, and its length as it is written; its text so far if it does
    /// not end, or breaks off.
    pub(super) fn object(&self, text: &[u8]) -> (Vec<u8>, Option<usize>) {
        let mut search = BoundarySearch::new(|_| Some(false));
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
                    return (json, Some(at));
                }
                Boundary::More if !is_over && at < text.len() => step *= 2,
                Boundary::Broken(_) | Boundary::More => return (json, None),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The way in which programs write a text, by the name of its quoting.
    fn quoted(name: &str, text: &str) -> String {
        let escaped = |pairs: &[(char, &str)]| -> String {
            let escape =
                |c| pairs.iter().find(|(plain, _)| *plain == c).map(|(_, written)| (*written).to_owned());
            text.chars().map(|c| escape(c).unwrap_or_else(|| c.into())).collect()
        };
        match name {
            "no quoting" => text.into(),
            "backslashes" => {
                let string = serde_json::to_string(text).unwrap();
                string[1..string.len() - 1].into()
            }
            "doubled quotes" => escaped(&[('"', "\"\"")]),
            "entities" | "entities in text" => {
                escaped(&[('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('"', "&quot;"), ('\'', "&#39;")])
            }
            "CDATA" => text.replace("]]>", "]]]]><![CDATA[>"),
            "COPY's backslashes" => escaped(&[('\\', r"\\"), ('\n', r"\n"), ('\t', r"\t"), ('\r', r"\r")]),
            "COPY's backslashes after a bar" => {
                escaped(&[('\\', r"\\"), ('\n', r"\n"), ('|', r"\|"), ('\r', r"\r")])
            }
            "doubled apostrophes" | "an SQL literal" => escaped(&[('\'', "''")]),
            "a shell's apostrophes" => escaped(&[('\'', r"'\''")]),
            "backslashes between apostrophes" => {
                escaped(&[('\\', r"\\"), ('\'', r"\'"), ('\n', r"\n"), ('\t', r"\t"), ('\r', r"\r")])
            }
            "backslashes in bytes" => {
                let byte = |byte: u8| match byte {
                    b'\\' | b'\'' => format!("\\{}", char::from(byte)),
                    b' '..=b'~' => char::from(byte).into(),
                    _ => format!("\\x{byte:02x}"),
                };
                text.bytes().map(byte).collect()
            }
            "backslashes in a template" => escaped(&[('\\', r"\\"), ('`', r"\`"), ('\n', r"\n")]),
            "an SQL literal with backslashes" => {
                escaped(&[('\\', r"\\"), ('\'', r"\'"), ('"', "\\\""), ('\n', r"\n"), ('\0', r"\0")])
            }
            "backslashes in a cell" => escaped(&[('\\', r"\\"), ('"', "\\\"")]),
            other => panic!("no program is imitated that writes {other}"),
        }
    }

    fn some_text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            "[ -~]{0,6}",
            "\\PC{0,3}",
            prop::sample::select(&[
                "\\", "\"", "'", "''", "`", "\n", "\r\n", "\t", "&amp;", "]]>", "\\n", "|"
            ])
            .prop_map(str::to_owned),
        ];
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn a_quoted_text_is_undone_to_the_text(text in some_text()) {
            for quoting in QUOTINGS.iter().chain(&[&COPY, &SQL_LITERAL, &ESCAPED_LITERAL, &ENCLOSED]) {
                let written = quoted(quoting.name, &text);
                let undone = quoting.undo(written.as_bytes());
                prop_assert_eq!(undone.as_deref(), Some(text.as_bytes()), "{}: {}", quoting.name, written);
            }
        }
    }
    #[test]
    fn an_escape_means_what_its_program_means_by_it() {
        let backslashes = QUOTINGS[1];
        for (text, meaning) in [
            // Ruby.
            (r"\u{1f600}\u{7}\e\#", Some("😀\u{7}\u{1b}#")),
            (r"\u{110000}", None),
            (r"\u{}", None),
            // Python, C, PHP.
            (r"\U0001f600\x41\101\v\/", Some("😀AA\u{b}/")),
            (r"\ud83d\ude00\ud83d", Some("😀\\ud83d")),
            (r"\q", None),
        ] {
            let undone = backslashes.undo(text.as_bytes());
            assert_eq!(undone.as_deref(), meaning.map(str::as_bytes), "{text}");
        }
    }
}
