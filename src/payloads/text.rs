//! The payloads in a text that holds more than that: a line of a log, a string or a cell with something in front.

use std::ops::Range;

use crate::json::scan::{leading_space, trim_end};
use crate::payloads::quoting::Quoting;
use crate::payloads::reading::{self, Content, Part};
use crate::payloads::{decode, form};

/// The text besides the parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// It cannot be part of a payload.
    Harmless,
    /// A form body without a payload starts at this index.
    Form(usize),
    /// At this index a key is in no complete object: more of a payload may be missing.
    Key(usize),
}

/// The shortest object with a visitor of any type, and so the shortest that is of interest.
const MIN_OBJECT: usize = r#"{"visitor":1}"#.len();

/// The parts of a text, and the rest.
pub fn parts(text: &[u8], dialect: Option<&'static Quoting>) -> (Vec<Part>, Rest) {
    let mut parts = Vec::new();
    let mut gaps = Gaps::default();
    // The end of the last part, and the quote before it.
    let mut end = 0;
    let mut quote = None;
    for part in each(text, dialect) {
        gaps.look(text, end..part.range.start, quote);
        quote = text[..part.range.start].last().copied().filter(|byte| b"'`\"".contains(byte));
        if parts.is_empty() && part.content == Content::Plain && follows_element(&text[..part.range.start]) {
            gaps.key = gaps.key.or(Some(part.range.start));
        }
        end = part.range.end;
        if part.range.len() >= MIN_OBJECT || matches!(part.content, Content::Open(_)) {
            parts.push(part);
        }
    }
    gaps.look(text, end..text.len(), quote);
    if parts.is_empty() {
        parts.extend(hex_parts(text));
    }
    let key = gaps.key.or(gaps.closing.filter(|_| !parts.is_empty()));
    let rest = match (key, gaps.form) {
        (Some(at), _) => Rest::Key(at),
        (None, Some(at)) => Rest::Form(at),
        (None, None) => Rest::Harmless,
    };
    (parts, rest)
}

/// The objects that a database wrote as hexadecimal digits: `\\x7b22…`, `0x7B22…` or `X'7B22…'`.
fn hex_parts(text: &[u8]) -> impl Iterator<Item = Part> {
    let follows_x = |at: &usize| {
        let before = &text[..*at];
        matches!(before.strip_suffix(b"'").unwrap_or(before).last(), Some(b'x' | b'X'))
    };
    let starts = memchr::memmem::find_iter(text, b"7B22").chain(memchr::memmem::find_iter(text, b"7b22"));
    starts.filter(follows_x).filter_map(|start| {
        let len = text[start..].iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        let json = decode::hex(&text[start..start + len / 2 * 2])?;
        Some(Part { range: start..start + len, content: Content::Unquoted(json) })
    })
}

#[derive(Default)]
struct Gaps {
    key: Option<usize>,
    /// A bracket that closes nothing, and the number of those that are open.
    closing: Option<usize>,
    open: usize,
    /// A form body without a payload.
    form: Option<usize>,
}

impl Gaps {
    fn look(&mut self, text: &[u8], range: Range<usize>, quote: Option<u8>) {
        let own = &text[range.clone()];
        // After a string, brackets are not JSON's: Node's `{ data: '…' }`.
        let is_after_string = quote.is_some() && own.first().copied() == quote;
        for at in memchr::memchr3_iter(b'{', b'}', b':', own) {
            match own[at] {
                b'{' => self.open += 1,
                b'}' if self.open > 0 => self.open -= 1,
                b'}' if is_after_string => {}
                b'}' => self.closing = self.closing.or(Some(range.start + at)),
                _ if self.key.is_none() && ends_with_quote(&own[..at]) => self.key = Some(range.start + at),
                _ => {}
            }
        }
        let form = form::BEGINNINGS.iter().find_map(|start| memchr::memmem::find(own, start));
        self.form = self.form.or(form.map(|at| range.start + at));
    }
}

/// Whether a text ends with a quote, however it is escaped.
fn ends_with_quote(text: &[u8]) -> bool {
    let text = trim_end(text);
    text.ends_with(b"\"") || text.ends_with(b"&quot;") || text.ends_with(br"\x22")
}

/// Whether the text before an object is the end of a JSON element, or punctuation of JSON: then the object is a part of
/// a record that began earlier.
fn follows_element(before: &[u8]) -> bool {
    let before = trim_end(before);
    let element = before.strip_suffix(b",").map(trim_end);
    element.is_some_and(|element| matches!(element.last(), Some(b'"' | b'}' | b']')))
        || (!before.is_empty() && before.iter().all(|byte| b":,[] \t".contains(byte)))
}

/// The parts of a text, one after the other.
fn each(text: &[u8], dialect: Option<&'static Quoting>) -> impl Iterator<Item = Part> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + memchr::memchr2(b'{', b'%', &text[at..])?;
            at = start + 1;
            if let Some(part) = part(text, start, dialect) {
                at = part.range.end;
                return Some(part);
            }
        }
    })
}

pub fn first_part(text: &[u8]) -> Option<usize> {
    Some(each(text, None).next()?.range.start)
}

/// The brace of an object that starts in a line and does not end in it.
pub fn open_object(line: &[u8]) -> Option<usize> {
    let mut end = 0;
    for part in each(line, None) {
        if matches!(part.content, Content::Open(_)) {
            return Some(part.range.start);
        }
        end = part.range.end;
    }
    // Its first key may be on the next line.
    let line = trim_end(line);
    (line.len() > end && line.ends_with(b"{")).then(|| line.len() - 1)
}

/// The part that starts with the brace at an index, encoded or not.
fn part(text: &[u8], start: usize, dialect: Option<&'static Quoting>) -> Option<Part> {
    let (own, after) = (&text[start..], &text[start + 1..]);
    let is_field = text[..start].ends_with(form::DATA);
    let form = || {
        let from = if is_field { start - form::DATA.len() } else { start };
        Part { range: from..start + encoded_len(own), content: Content::Form }
    };
    if own[0] == b'%' {
        let is_object = form::starts_encoded(own) && (is_field || starts_with_encoded_key(&own[3..]));
        return is_object.then(form);
    }
    if is_hash(after) || after.starts_with(b"\"{") {
        return None;
    }
    // A brace is often left as it is in a body that is encoded otherwise.
    let is_encoded = || is_field && after.starts_with(b"%22");
    reading::read(text, start, dialect).or_else(|| is_encoded().then(form))
}

/// Whether a text, after an encoded brace, goes on with a key.
fn starts_with_encoded_key(text: &[u8]) -> bool {
    let spaces = [&b"+"[..], b"%20", b"%0A", b"%0a", b"%09", b"%0D", b"%0d"];
    let mut rest = text;
    while let Some(space) = spaces.iter().find(|space| rest.starts_with(space)) {
        rest = &rest[space.len()..];
    }
    rest.starts_with(b"%22")
}

/// Whether a text, after a brace, is a Ruby hash: `"key"=>`.
fn is_hash(text: &[u8]) -> bool {
    /// Far more than a key of a form has.
    const MAX_KEY: usize = 256;
    let key = text[leading_space(text)..].strip_prefix(b"\"").unwrap_or_default();
    let Some(len) = key.iter().take(MAX_KEY).position(|byte| *byte == b'"') else { return false };
    let after = &key[len + 1..];
    let after = &after[leading_space(after)..];
    after.starts_with(b"=>")
}

fn encoded_len(text: &[u8]) -> usize {
    let is_end = |byte: &u8| matches!(byte, 0..=b' ' | b'"' | b';' | b'&' | b'<');
    let end = text.iter().position(is_end).unwrap_or(text.len());
    let text = &text[..end];
    // JavaScript does not encode apostrophes, so one ends only a complete payload.
    let is_complete = |at: usize| {
        let payload = &text[..at];
        at + 1 == end || payload.ends_with(b"}") || payload.ends_with(b"%7D") || payload.ends_with(b"%7d")
    };
    memchr::memchr_iter(b'\'', text).find(|at| is_complete(*at)).unwrap_or(end)
}

#[cfg(test)]
mod tests;
