//! Strings that hold JSON: as it is, in a form body, or either of these in base64.

use std::borrow::Cow;

use crate::json::scan::{is_space, trim};
use crate::json::strings::{HEX, chars, unescape};
use crate::payloads::base64_text::MAX_DAMAGED;
use crate::payloads::piece::{SHORTEST, is_json};
use crate::payloads::{base64_text, form, visitor_key};

/// The meaning of a JSON string, given as what is between its quotes, if it may hold JSON.
pub fn unescaped(raw: &[u8]) -> Option<Cow<'_, [u8]>> {
    if raw.len() < SHORTEST {
        return None;
    }
    let may_hold = opening(raw).is_some_and(|(first, at)| match first {
        // The quotes in it would be escaped.
        b'{' | b'[' | b'"' => memchr::memchr(b'\\', raw).is_some(),
        b'\\' => raw[at..].starts_with(br"\\x"),
        _ => form::is_likely(&raw[at..]) || base64_text::is_likely(&raw[at..]),
    });
    (may_hold || visitor_key::may_be_in(raw)).then(|| unescape(raw))
}

/// The JSON that a text holds: without JSON's quotes and escapes around it, such as a cell of a table. White space may be
/// around it.
pub fn text(text: &[u8]) -> Option<Cow<'_, [u8]>> {
    let text = trim(text);
    if text.len() < SHORTEST {
        return None;
    }
    if is_json(text) {
        return Some(text.into());
    }
    if matches!(text[0], b'{' | b'[' | b'"') {
        return None;
    }
    form::json(text).or_else(|| base64_text::decode(text).map(Cow::Owned)).or_else(|| {
        let bytes = hex(text.strip_prefix(br"\x")?)?;
        (simdutf8::basic::from_utf8(&bytes).is_ok() && is_json(&bytes)).then_some(bytes.into())
    })
}

/// Whether a text is base64 or hexadecimal digits of a payload that are damaged, or that the JSON in them is.
pub fn is_damaged(text: &[u8]) -> bool {
    let text = trim(text);
    let digits = text.strip_prefix(br"\x").unwrap_or(text);
    let decoded = if digits.starts_with(b"7b") || digits.starts_with(b"7B") {
        let damaged = digits.iter().filter(|digit| HEX[usize::from(**digit)] >= 16);
        if damaged.take(MAX_DAMAGED + 1).count() > MAX_DAMAGED {
            return false;
        }
        let byte = |[high, low]: &[u8; 2]| HEX[usize::from(*high)] << 4 | HEX[usize::from(*low)] & 15;
        Some(digits.as_chunks().0.iter().map(byte).collect())
    } else {
        base64_text::decode_damaged(text)
    };
    decoded.is_some_and(|decoded: Vec<u8>| visitor_key::may_be_in(&decoded))
}

/// The bytes of hexadecimal digits: a binary column of a database.
pub fn hex(digits: &[u8]) -> Option<Vec<u8>> {
    let byte = |pair: &[u8; 2]| {
        let [high, low] = pair.map(|digit| HEX[usize::from(digit)]);
        (high < 16 && low < 16).then_some(high << 4 | low)
    };
    let (pairs, rest) = digits.as_chunks();
    if rest.is_empty() { pairs.iter().map(byte).collect() } else { None }
}

/// The first byte of a decoded JSON string that is not white space, if it is ASCII, and its index.
fn opening(raw: &[u8]) -> Option<(u8, usize)> {
    let mut at = 0;
    for (char, len) in chars(raw) {
        let byte = u8::try_from(char).ok().filter(u8::is_ascii)?;
        if !is_space(byte) {
            return Some((byte, at));
        }
        at += len;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a text holds.
    fn held(text: &str) -> Option<String> {
        let json = super::text(text.as_bytes())?;
        Some(std::str::from_utf8(&json).unwrap().trim().to_string())
    }

    /// What is held by a JSON string, given as what is between its quotes.
    fn held_as_raw(raw: &[u8]) -> Option<String> {
        held(std::str::from_utf8(&unescaped(raw)?).unwrap())
    }

    /// What a text holds when it is written as a JSON string.
    fn held_as_string(text: &str) -> Option<String> {
        let quoted = serde_json::to_string(text).unwrap();
        held_as_raw(&quoted.as_bytes()[1..quoted.len() - 1])
    }

    const PAYLOAD: &str = r#"{"visitor":{"id":"a+b&c=d;é"}}"#;
    const ENCODED: &str = "%7B%22visitor%22%3A%7B%22id%22%3A%22a%2Bb%26c%3Dd%3B%c3%A9%22%7d%7D";

    #[test]
    fn a_text_that_holds_json_is_decoded() {
        for text in [
            PAYLOAD.to_string(),
            format!(" \r\n\t{PAYLOAD}\n "),
            format!("data={ENCODED}"),
            format!("data=+%0A{ENCODED}%20"),
            format!("\n data={ENCODED}\r\n"),
            format!("data={ENCODED}&x=1"),
            format!("token=abc&a%5B0%5D=&data={ENCODED}&x=1"),
            format!("data={PAYLOAD}"),
            format!("data= {PAYLOAD} "),
            format!("data={PAYLOAD}&x=1"),
            format!("x=1&data={PAYLOAD}&x={{1}}"),
            "data={%22visitor%22:{%22id%22:%22a%2Bb%26c=d;%C3%A9%22}}&x=1".to_string(),
        ] {
            assert_eq!(held(&text).as_deref(), Some(PAYLOAD), "{text}");
            assert_eq!(held_as_string(&text).as_deref(), Some(PAYLOAD), "{text}");
        }
        let list = format!("[1,{PAYLOAD}]");
        assert_eq!(held_as_string(&list).as_ref(), Some(&list));
        let string = serde_json::to_string(PAYLOAD).unwrap();
        assert_eq!(held_as_string(&string).as_ref(), Some(&string));
    }

    #[test]
    fn other_text_is_not_decoded() {
        for text in [
            "",
            "              ",
            "just making sure that everything is still working",
            "Wwcqs2f4AQPIYR2p8D5z70UaB2bFb5rT",
            "true                    ",
            "{this is} no JSON at all",
            "[09:57:42] hi \"there\" and more",
            r#"{"visitor":{"id":"x"}} and more"#,
            r#"{"visitor":{"id":"x"}}}"#,
            r#"{"visitor":{"id":"x"}"#,
            "data=hello there, how are you",
            "data=%7B%22visitor%22%3A%7B%7D",
            "data=%7B%22visitor%22%3A%7B%7D%7",
            "data=%7B%22visitor%22%3A%7B%22id%22%3A%22%FF%22%7D%7D",
            "data=%7B%22visitor%22%3A%7B%7D%7D and more",
            r#"data={"visitor":{"id":"x"}} and more"#,
            r#"mydata={"visitor":{"id":"x"}}"#,
            r#"x=1&mydata={"visitor":{"id":"x"}}"#,
            r#"look: data={"visitor":{"id":"x"}}"#,
            "x=%7B%22visitor%22%3A%7B%22id%22%3A1%7D%7D",
        ] {
            assert_eq!(held(text), None, "{text}");
            assert_eq!(held_as_string(text), None, "{text}");
        }
    }

    #[test]
    fn a_string_is_decoded_however_its_escapes_are_written() {
        for raw in [
            r#"{\"visitor\":{\"id\":\"\/\"}}"#,
            r"\u007b\u0022visitor\u0022:{\u0022id\u0022:\u0022\/\u0022}}",
            r#"\n\t\u0020 \r{\"visitor\":{\"id\":\"\u002f\"}}\n"#,
            r"a=1\u0026data=%7B%22visitor%22:%7B%22id%22:%22%2F%22%7D%7D",
            r#"data={\"visitor\":{\"id\":\"\/\"}}\u0026x=1"#,
        ] {
            let held = held_as_raw(raw.as_bytes());
            assert_eq!(held.as_deref(), Some(r#"{"visitor":{"id":"/"}}"#), "{raw}");
        }
        let raw = r#"{\"visitor\":{\"id\":\"\\u00e9\ud800\\n\"}}"#.as_bytes();
        assert_eq!(held_as_raw(raw).as_deref(), Some(r#"{"visitor":{"id":"\u00e9\ud800\n"}}"#));
    }
}
