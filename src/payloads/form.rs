//! Form bodies, as Olark posts them: `data=` and the payload, percent-encoded or as people log it, with
//! other fields before it or not.

use std::borrow::Cow;

use crate::json::scan::{is_blank, leading_space, trim};
use crate::json::strings::HEX;
use crate::json::value::Walk;
use crate::payloads::piece::{is_json, object_len};

/// An encoded object without `data=` counts as a form body.
pub const BEGINNINGS: [&[u8]; 3] = [DATA, b"%7B", b"%7b"];

pub const DATA: &[u8] = b"data=";

/// `data=` must come within this many bytes, so that it is soon known what a line is.
pub const MAX_FIELDS: usize = 4 << 10;

/// The beginning of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beginning {
    /// A form body, whose `data=` (or payload, if that is missing) is at this index.
    Form(usize),
    Other,
    /// It is too short to tell.
    Unknown,
}

/// The beginning of a text; at most [`MAX_FIELDS`] bytes and its first line decide.
pub fn beginning(text: &[u8]) -> Beginning {
    if BEGINNINGS.iter().any(|start| text.starts_with(start)) {
        return Beginning::Form(0);
    }
    if BEGINNINGS.iter().any(|start| start.starts_with(text)) {
        return Beginning::Unknown;
    }
    let looked = &text[..text.len().min(MAX_FIELDS)];
    match after_fields(looked) {
        Beginning::Unknown if looked.len() == MAX_FIELDS => Beginning::Other,
        found => found,
    }
}

/// Whether a line starts a form body; `None` if it is too short to tell.
pub fn starts_line(line: &[u8]) -> Option<bool> {
    match beginning(line) {
        Beginning::Form(_) => Some(true),
        Beginning::Other => Some(false),
        Beginning::Unknown => None,
    }
}

pub fn begins(text: &[u8]) -> bool {
    starts_line(text) == Some(true)
}

fn after_fields(text: &[u8]) -> Beginning {
    let mut at = 0;
    loop {
        for (is_part, end) in [(is_in_name as fn(u8) -> bool, b'='), (is_value, b'&')] {
            let len = text[at..].iter().take_while(|byte| is_part(**byte)).count();
            match text.get(at + len) {
                None => return Beginning::Unknown,
                Some(byte) if *byte != end || (len == 0 && end == b'=') => return Beginning::Other,
                Some(_) => at += len + 1,
            }
        }
        let rest = &text[at..];
        if rest.starts_with(DATA) {
            return Beginning::Form(at);
        }
        if DATA.starts_with(rest) {
            return Beginning::Unknown;
        }
    }
}

/// Whether a byte may be in the name of a field, plain or as part of its encoding.
pub fn is_in_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-.~[]%+*".contains(&byte)
}

/// Whether a byte may be in another field's value: no white space, quotes or brackets.
fn is_value(byte: u8) -> bool {
    !matches!(byte, 0..=b' ' | b'"' | b'&' | b'<' | b'>' | b'{' | b'}' | 0x7f)
}

/// The start of the payload in a form body that was not encoded.
pub fn plain_object(text: &[u8]) -> Option<usize> {
    let from = value_start(text)?;
    opens_plain(&text[from..]).then_some(from)
}

/// Whether a form body is too short to tell whether it was encoded.
pub fn may_be_plain(text: &[u8]) -> bool {
    value_start(text).is_some_and(|from| is_blank(text[from..].strip_prefix(b"{").unwrap_or(&text[from..])))
}

fn value_start(text: &[u8]) -> Option<usize> {
    let Beginning::Form(at) = beginning(text) else { return None };
    let value = text[at..].strip_prefix(DATA)?;
    Some(text.len() - value.len() + spaces(value))
}

fn opens_plain(value: &[u8]) -> bool {
    value
        .strip_prefix(b"{")
        .is_some_and(|inside| matches!(inside.get(leading_space(inside)), Some(b'"' | b'}')))
}

fn spaces(text: &[u8]) -> usize {
    text.iter().take_while(|b| matches!(b, b' ' | b'\t')).count()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadForm {
    pub at: usize,
    /// In words that quote nothing of the body.
    pub reason: &'static str,
}

/// The JSON text in a form body.
#[derive(Clone, Copy, Debug)]
pub struct Payload {
    /// The start of the value of `data` in the body.
    start: usize,
    is_encoded: bool,
}

impl Payload {
    /// The index in the body for an index in the JSON text.
    pub fn place(self, body: &[u8], at: usize) -> usize {
        let value = &body[self.start..];
        let width = |byte: &u8| if *byte == b'%' && self.is_encoded { 3 } else { 1 };
        let mut len = 0;
        for _ in 0..at {
            len += value.get(len).map_or(0, width);
        }
        body.len().min(self.start + len)
    }
}

/// Whether a text starts with an encoded object, without a field's name.
pub fn starts_encoded(text: &[u8]) -> bool {
    matches!(text, [b'%', b'7', b'B' | b'b', ..])
}

/// The start of the second `data` field of a form body.
pub fn next_data(body: &[u8]) -> Option<usize> {
    let Beginning::Form(first) = beginning(body) else { return None };
    // In JSON that is not encoded, an ampersand does not end the value.
    let from = match value_start(body) {
        Some(start) if opens_plain(&body[start..]) => start + object_len(&body[start..])?,
        Some(start) => start + plain_json(&body[start..]).map_or(0, <[u8]>::len),
        None => first,
    };
    memchr::memmem::find(&body[from..], b"&data=").map(|at| from + at + 1)
}

/// Puts the value of a form body's `data` field into `json`, decoded if it is encoded, without the ignored text
/// after it.
///
/// # Errors
/// When there is no such field, nothing in it, or a percent sign without two hexadecimal digits.
pub fn decode(body: &[u8], json: &mut Vec<u8>) -> Result<Payload, BadForm> {
    json.clear();
    let Some(start) = data(body) else {
        return Err(BadForm { at: 0, reason: "a form body without a data field" });
    };
    let plain = start + spaces(&body[start..]);
    let value = &body[plain..];
    if let Some(own) = opens_plain(value).then_some(trim_ignored(value)).or_else(|| plain_json(value)) {
        json.extend_from_slice(own);
        return Ok(Payload { start: plain, is_encoded: false });
    }
    let value = if starts_encoded(body) { body } else { first_field(&body[start..]) };
    match percent_decode(trim_ignored(value), json) {
        Some(at) => Err(BadForm { at: start + at, reason: "a % without two hexadecimal digits" }),
        None if is_blank(json) => Err(BadForm { at: start, reason: "the form's data is empty" }),
        None => Ok(Payload { start, is_encoded: true }),
    }
}

/// The JSON in the first `data` field of a string that is a form body, encoded or not. White space may be around it.
pub fn json(body: &[u8]) -> Option<Cow<'_, [u8]>> {
    if !is_likely(body) {
        return None;
    }
    let value = &body[data(body)?..];
    let value = &value[leading_space(value)..];
    if let Some(json) = plain_json(value) {
        return Some(json.into());
    }
    let mut text = Vec::new();
    if percent_decode(first_field(value), &mut text).is_some() {
        return None;
    }
    (is_json(trim(&text)) && simdutf8::basic::from_utf8(&text).is_ok()).then_some(text.into())
}

/// The JSON that a value is as it stands, up to the next field.
fn plain_json(value: &[u8]) -> Option<&[u8]> {
    // Most values are encoded, and looked at no further.
    let (b'{' | b'[' | b'"') = value.first()? else { return None };
    let span = Walk::new(value, 0).value()?;
    let is_last = matches!(trim(trim_ignored(&value[span.end..])), [] | [b'&', ..]);
    Some(span.of(value)).filter(|json| is_last && is_json(json))
}

/// Whether a string may be a form body with a `data` field: it begins with a field's name and `=`, and has `data=`
/// somewhere. An `&` may be written as an escape.
pub fn is_likely(text: &[u8]) -> bool {
    if starts_encoded(text) {
        return true;
    }
    let name = text.iter().position(|byte| !is_in_name(*byte)).unwrap_or(text.len());
    name > 0
        && text.get(name) == Some(&b'=')
        && (&text[..name] == b"data" || memchr::memmem::find(&text[name..], DATA).is_some())
}

/// The start of the first `data` field's value, or of the payload if it has no name.
fn data(body: &[u8]) -> Option<usize> {
    if starts_encoded(body) {
        return Some(0);
    }
    let is_field = |at: &usize| *at == 0 || body[at - 1] == b'&';
    memchr::memmem::find_iter(body, DATA).find(is_field).map(|at| at + DATA.len())
}

fn first_field(text: &[u8]) -> &[u8] {
    &text[..memchr::memchr(b'&', text).unwrap_or(text.len())]
}

/// Decodes a value; returns the index of an invalid percent sign, if there is one.
fn percent_decode(value: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    // A decoded value is never longer: written by index, cut afterwards.
    out.resize(value.len(), 0);
    let (mut at, mut len) = (0, 0);
    while let Some(byte) = value.get(at) {
        let decoded = match byte {
            b'%' => {
                let digits = value.get(at + 1..at + 3).map(|d| (HEX[d[0] as usize], HEX[d[1] as usize]));
                let Some((high @ 0..16, low @ 0..16)) = digits else { return Some(at) };
                at += 2;
                high << 4 | low
            }
            b'+' => b' ',
            other => *other,
        };
        out[len] = decoded;
        (at, len) = (at + 1, len + 1);
    }
    out.truncate(len);
    None
}

/// The number of bytes after a record on its line that mean nothing.
pub fn ignored_len(text: &[u8]) -> usize {
    text.iter().take_while(|byte| **byte != b'\n' && is_ignored(**byte)).count()
}

/// A record without what is ignored after it.
pub fn trim_ignored(text: &[u8]) -> &[u8] {
    let last = text.iter().rposition(|byte| !is_ignored(*byte));
    &text[..last.map_or(0, |last| last + 1)]
}

fn is_ignored(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b';' | b',')
}

#[cfg(test)]
mod tests;
