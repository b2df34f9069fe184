//! Form bodies, as Olark posts them: `data=` and the payload, percent-encoded or as people log it.

use crate::json::HEX;
use crate::json::whitespace::{is_blank, leading as blanks};

/// What begins a form body. An encoded object without a `data` before it is one too: what is wrong with
/// it is just that.
const BEGINNINGS: [&[u8]; 3] = [b"data=", b"%7B", b"%7b"];

/// Whether a text begins a form body.
pub fn begins(text: &[u8]) -> bool {
    BEGINNINGS.iter().any(|start| text.starts_with(start))
}

/// Whether a text is too short to tell whether it [`begins`] a form body.
pub fn may_begin(text: &[u8]) -> bool {
    BEGINNINGS.iter().any(|start| start.starts_with(text))
}

/// Where the payload begins in a form body that was not encoded.
pub fn plain_object(text: &[u8]) -> Option<usize> {
    let from = value_start(text)?;
    let inside = text[from..].strip_prefix(b"{")?;
    matches!(inside.get(blanks(inside)), Some(b'"' | b'}')).then_some(from)
}

/// Whether a form body is too short to tell whether it was encoded.
pub fn may_be_plain(text: &[u8]) -> bool {
    value_start(text).is_some_and(|from| is_blank(text[from..].strip_prefix(b"{").unwrap_or(&text[from..])))
}

fn value_start(text: &[u8]) -> Option<usize> {
    let value = text.strip_prefix(b"data=")?;
    let blank = value.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    Some(text.len() - value.len() + blank)
}

/// What is wrong with a form body, and at which byte of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadForm {
    /// The byte's index.
    pub at: usize,
    /// What is wrong, without a word of the body.
    pub reason: &'static str,
}

/// The JSON text in a form body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payload {
    /// Where the value of `data` begins in the body.
    start: usize,
    /// Whether it stands there as it is.
    plain: bool,
}

impl Payload {
    /// The index in the body of what came to stand at an index of the JSON text.
    pub fn place(self, body: &[u8], at: usize) -> usize {
        if self.plain {
            return self.start + at;
        }
        let mut raw = self.start;
        for _ in 0..at {
            raw += if body.get(raw) == Some(&b'%') { 3 } else { 1 };
        }
        raw.min(body.len())
    }
}

/// Puts the value of a form body's `data` field into `json`, decoded where it is encoded.
///
/// # Errors
/// When there is no such field, nothing in it, or a percent sign without two hexadecimal digits.
pub fn decode(body: &[u8], json: &mut Vec<u8>) -> Result<Payload, BadForm> {
    json.clear();
    if let Some(start) = plain_object(body) {
        json.extend_from_slice(&body[start..]);
        return Ok(Payload { start, plain: true });
    }
    let mut start = 0;
    for field in body.split(|b| *b == b'&') {
        if let Some(value) = field.strip_prefix(b"data=") {
            start += field.len() - value.len();
            return match percent_decode(value, json) {
                Some(at) => Err(BadForm { at: start + at, reason: "a % without two hexadecimal digits" }),
                None if is_blank(json) => Err(BadForm { at: start, reason: "the form's data is empty" }),
                None => Ok(Payload { start, plain: false }),
            };
        }
        start += field.len() + 1;
    }
    Err(BadForm { at: 0, reason: "a form body without a data field" })
}

/// Decodes a whole value; gives the index of a percent sign that is none.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(body: &str) -> Result<String, &'static str> {
        let mut json = Vec::new();
        decode(body.as_bytes(), &mut json).map_err(|bad| bad.reason)?;
        Ok(String::from_utf8(json).unwrap())
    }

    #[test]
    fn a_value_is_decoded_only_when_it_is_encoded() {
        assert_eq!(decoded("data=%7B%22a%22%3A+%22b%2Bc%20d%22%7d").unwrap(), r#"{"a": "b+c d"}"#);
        assert_eq!(decoded("x=1&data=%7B%7D&y=2").unwrap(), "{}");
        assert_eq!(decoded(r#"data={"a": "1+1=2 & 50%"}"#).unwrap(), r#"{"a": "1+1=2 & 50%"}"#);
        assert_eq!(decoded("data={%22a%22:1}").unwrap(), r#"{"a":1}"#);
    }

    #[test]
    fn a_bad_body_is_told_apart() {
        for body in
            ["%7B%7D", "x=%7B%7D", "data", "data=", "data=+", "data=%7", "data=%", "data=%zz", "data=%7B%g0"]
        {
            assert!(decoded(body).is_err(), "{body}");
        }
    }

    #[test]
    fn a_place_in_the_json_is_one_in_the_body() {
        let body = b"x=1&data=%7B%22a%22:+1%7D";
        let mut json = Vec::new();
        let payload = decode(body, &mut json).unwrap();
        assert_eq!(json, br#"{"a": 1}"#);
        assert_eq!(&body[payload.place(body, 1)..][..3], b"%22");
        assert_eq!(&body[payload.place(body, 6)..][..1], b"1");
        assert_eq!(payload.place(body, json.len()), body.len());
    }
}
