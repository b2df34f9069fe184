//! Text that is a form body with a `data` field, or a payload that is encoded like one.

use super::decoded::{Decoded, is_json, trimmed};
use crate::json::scan;
use crate::json::value::{Span, Walk};
use crate::payloads::form;

/// Whether a text may be a form body with a `data` field: it begins with a field's name and `=`, and has
/// `data=` somewhere. An `&` may be written as an escape.
pub fn is_likely(text: &[u8]) -> bool {
    if form::starts_encoded(text) {
        return true;
    }
    let name = text.iter().position(|byte| !form::is_in_name(*byte)).unwrap_or(text.len());
    name > 0
        && text.get(name) == Some(&b'=')
        && (&text[..name] == b"data" || memchr::memmem::find(&text[name..], b"data=").is_some())
}

/// The JSON in a form body's first `data` field, encoded or not.
pub fn decode(body: &[u8]) -> Option<Decoded> {
    let from = if form::starts_encoded(body) { 0 } else { data(body)? };
    let from = from + body[from..].iter().position(|byte| !scan::is_space(*byte))?;
    if let Some(span) = Walk::new(body, from).value() {
        let rest = &body[span.end..];
        if matches!(trimmed(rest).of(rest), [] | [b'&', ..]) && is_json(span.of(body)) {
            return Some(Decoded::Within(span));
        }
    }
    let value = body[from..].split(|byte| *byte == b'&').next()?;
    let mut text = Vec::new();
    if form::percent_decode(value, &mut text).is_some() {
        return None;
    }
    let Span { start, end } = trimmed(&text);
    (is_json(&text[start..end]) && simdutf8::basic::from_utf8(&text).is_ok()).then_some(Decoded::Apart(text))
}

/// The start of the first `data` field's value.
fn data(body: &[u8]) -> Option<usize> {
    let name = b"data=";
    let is_field = |at: &usize| *at == 0 || body[at - 1] == b'&';
    let at = memchr::memmem::find_iter(body, name).find(is_field)?;
    Some(at + name.len())
}
