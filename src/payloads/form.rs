//! Form bodies, as Olark posts them: `data=` and the payload, percent-encoded or as people log it, with
//! other fields before it or not.

use crate::json::boundary::{Boundary, BoundarySearch, LikeLines};
use crate::json::scan::{is_blank, leading_space};
use crate::json::strings::HEX;
use crate::payloads::after_record;
use crate::payloads::decoded_places::{Places, as_it_stands};

/// The starts of form bodies without other fields. An encoded object without `data=` counts as one.
const BEGINNINGS: [&[u8]; 3] = [DATA, b"%7B", b"%7b"];

/// The field that holds the payload.
pub const DATA: &[u8] = b"data=";

/// `data=` must come within this many bytes, so that it is soon known what a line is.
pub const MAX_FIELDS: usize = 4 << 10;

/// The beginning of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beginning {
    /// A form body, whose `data=` (or payload, if that is missing) is at this index.
    Form(usize),
    /// Something else.
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

/// Whether a text begins a form body.
pub fn begins(text: &[u8]) -> bool {
    matches!(beginning(text), Beginning::Form(_))
}

/// Whether a text is too short to tell whether it [`begins`] a form body.
pub fn may_begin(text: &[u8]) -> bool {
    beginning(text) == Beginning::Unknown
}

/// Looks for `data=` after one or more other fields.
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

/// Whether a value is an object that is not encoded.
fn opens_plain(value: &[u8]) -> bool {
    value
        .strip_prefix(b"{")
        .is_some_and(|inside| matches!(inside.get(leading_space(inside)), Some(b'"' | b'}')))
}

fn spaces(text: &[u8]) -> usize {
    text.iter().take_while(|b| matches!(b, b' ' | b'\t')).count()
}

/// An error in a form body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadForm {
    /// The byte's index.
    pub at: usize,
    /// In words that quote nothing of the body.
    pub reason: &'static str,
}

/// The JSON text in a form body.
#[derive(Clone, Copy, Debug)]
pub struct Payload {
    /// The start of the value of `data` in the body.
    start: usize,
    /// The number of bytes of the body that encode the next byte of the text.
    width: fn(&[u8]) -> usize,
}

impl Payload {
    /// Maps indices in the JSON text to indices in its body.
    pub fn places(self, body: &[u8]) -> Places<'_> {
        Places::new(body, self.start, self.width)
    }
}

fn encoded_width(text: &[u8]) -> usize {
    if text[0] == b'%' { 3 } else { 1 }
}

/// Whether a text starts with an encoded object, without a field's name.
pub fn starts_encoded(text: &[u8]) -> bool {
    matches!(text, [b'%', b'7', b'B' | b'b', ..])
}

/// The start of the second `data` field of a form body.
pub fn next_data(body: &[u8]) -> Option<usize> {
    let Beginning::Form(first) = beginning(body) else { return None };
    // In an object that is not encoded, an ampersand does not end the value.
    let from = match plain_object(body) {
        None => first,
        Some(object) => {
            let mut search = BoundarySearch::new(0, LikeLines::MayBelong, |_| Some(false));
            let Boundary::Whole(len) = search.run(&body[object..]) else { return None };
            object + len
        }
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
    if starts_encoded(body) {
        return decode_value(body, 0, json);
    }
    let mut start = 0;
    while let Some(rest) = body.get(start..) {
        let field = &rest[..memchr::memchr(b'&', rest).unwrap_or(rest.len())];
        let Some(value) = field.strip_prefix(DATA) else {
            start += field.len() + 1;
            continue;
        };
        start += DATA.len();
        let plain = start + spaces(value);
        // In an object that is not encoded, an ampersand does not end the value.
        if opens_plain(&body[plain..]) {
            json.extend_from_slice(after_record::trim(&body[plain..]));
            return Ok(Payload { start: plain, width: as_it_stands });
        }
        return decode_value(value, start, json);
    }
    Err(BadForm { at: 0, reason: "a form body without a data field" })
}

fn decode_value(value: &[u8], start: usize, json: &mut Vec<u8>) -> Result<Payload, BadForm> {
    match percent_decode(after_record::trim(value), json) {
        Some(at) => Err(BadForm { at: start + at, reason: "a % without two hexadecimal digits" }),
        None if is_blank(json) => Err(BadForm { at: start, reason: "the form's data is empty" }),
        None => Ok(Payload { start, width: encoded_width }),
    }
}

/// Decodes a value; returns the index of an invalid percent sign, if there is one.
pub(super) fn percent_decode(value: &[u8], out: &mut Vec<u8>) -> Option<usize> {
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
        for (body, json) in [
            ("data=%7B%22a%22%3A+%22b%2Bc%20d%22%7d", r#"{"a": "b+c d"}"#),
            ("x=1&data=%7B%7D&y=2", "{}"),
            (r#"data={"a": "1+1=2 & 50%"}"#, r#"{"a": "1+1=2 & 50%"}"#),
            (r#"x=1&y=&data= {"a": "1+1=2 & 50%"}"#, r#"{"a": "1+1=2 & 50%"}"#),
            ("data={%22a%22:1}", r#"{"a":1}"#),
            ("data=%7B%7D; ", "{}"),
            ("data={};", "{}"),
        ] {
            assert_eq!(decoded(body).as_deref(), Ok(json), "{body}");
        }
    }

    #[test]
    fn a_bad_body_is_told_apart() {
        for body in
            ["x=%7B%7D", "data", "data=", "data=+", "data=;", "data=%7", "data=%", "data=%zz", "data=%7B%g0"]
        {
            assert!(decoded(body).is_err(), "{body}");
        }
    }

    #[test]
    fn a_place_in_the_json_is_one_in_the_body() {
        let body = b"x=1&data=%7B%22a%22:+1%7D";
        let mut json = Vec::new();
        let mut places = decode(body, &mut json).unwrap().places(body);
        assert_eq!(json, br#"{"a": 1}"#);
        assert_eq!(&body[places.place(1)..][..3], b"%22");
        assert_eq!(&body[places.place(6)..][..1], b"1");
        assert_eq!(places.place(json.len()), body.len());
        let body = br#"x=1&data= {"a":1}"#;
        let mut places = decode(body, &mut json).unwrap().places(body);
        assert_eq!(body[places.place(1)], b'"');
    }

    #[test]
    fn other_fields_may_come_before_data() {
        for (text, at) in [
            ("data=%7B", Some(0)),
            ("%7b", Some(0)),
            ("token=abc&data=%7B%7D", Some(10)),
            ("a=1&b=&c%5B%5D=x%20y&data={", Some(21)),
            ("a=1&data=\n", Some(4)),
            ("a~b=1&data=\n", Some(6)),
            ("a=b=c&data=x", Some(6)),
            // Near misses.
            ("a=1&mydata=%7B\n", None),
            ("a=1 2&data=%7B", None),
            ("a=1\n&data=%7B", None),
            ("=1&data=%7B", None),
            ("a&data=%7B", None),
            (r#"a="1"&data=%7B"#, None),
            (r#"{"a=1&data=%7B"#, None),
            ("level=info msg=x data=%7B%7D", None),
            ("https://example.com/?a=1&data=%7B", None),
            ("a=1&b=2\n", None),
        ] {
            let found = match beginning(text.as_bytes()) {
                Beginning::Form(at) => Some(at),
                Beginning::Other => None,
                Beginning::Unknown => panic!("{text} is long enough"),
            };
            assert_eq!(found, at, "{text}");
        }
    }

    #[test]
    fn more_text_never_changes_what_was_said() {
        let long = format!("a={}&data=%7B", "x".repeat(MAX_FIELDS));
        let longest = format!("a={}&data=%7B", "x".repeat(MAX_FIELDS - 8));
        assert_eq!(beginning(long.as_bytes()), Beginning::Other);
        assert_eq!(beginning(longest.as_bytes()), Beginning::Form(MAX_FIELDS - 5));
        for text in
            ["token=abc&x=&data=%7B%7D", "a=1&dat=1&data={}", "a=1&b=2\n", "%7Bx", "x y", &long, &longest]
        {
            let known = beginning(text.as_bytes());
            for cut in 0..text.len() {
                let found = beginning(&text.as_bytes()[..cut]);
                assert!(found == known || found == Beginning::Unknown, "{text} {cut}");
            }
        }
    }

    #[test]
    fn a_plain_object_is_found_behind_other_fields() {
        assert_eq!(plain_object(br#"a=1&data={"b":1}"#), Some(9));
        assert_eq!(plain_object(br#"a=1&data=%7B"#), None);
        assert!(may_be_plain(b"a=1&data={ ") && may_be_plain(b"data=") && !may_be_plain(b"a=1&data={%"));
    }
}
