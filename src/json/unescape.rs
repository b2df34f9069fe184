//! Decodes the escapes of JSON strings.

use std::borrow::Cow;

use crate::json::simd::{BLOCK, find};

/// The decoded text of a JSON string. A lone surrogate stays an escape, since UTF-8 cannot represent it; if the
/// text is itself JSON, the escape still means the same there.
pub fn unescape(raw: &[u8]) -> Cow<'_, [u8]> {
    let Some(first) = memchr::memchr(b'\\', raw) else { return Cow::Borrowed(raw) };
    // A decoded escape is never longer. Written by index, a block at a time, and cut afterwards.
    let mut out = vec![0; raw.len() + BLOCK];
    out[..first].copy_from_slice(&raw[..first]);
    let (mut at, mut len) = (first, first);
    while let Some(block) = raw[at..].first_chunk::<BLOCK>() {
        let start = at;
        let mut escapes = find(block, b'\\');
        if escapes == 0 {
            out[len..len + BLOCK].copy_from_slice(block);
            (at, len) = (at + BLOCK, len + BLOCK);
        }
        while escapes != 0
            && let Some(block) = raw[at..].first_chunk::<BLOCK>()
        {
            let plain = start + escapes.trailing_zeros() as usize - at;
            out[len..len + BLOCK].copy_from_slice(block);
            let (meaning, written, read) = escape(&raw[at + plain..]);
            len += plain;
            out[len..len + 6].copy_from_slice(&meaning);
            (at, len) = (at + plain + read, len + written);
            // A backslash that is part of this escape begins no other.
            escapes &= u64::MAX.checked_shl((at - start) as u32).unwrap_or(0);
        }
    }
    while let Some(byte) = raw.get(at) {
        let (meaning, written, read) = match byte {
            b'\\' => escape(&raw[at..]),
            byte => ([*byte, 0, 0, 0, 0, 0], 1, 1),
        };
        out[len..len + 6].copy_from_slice(&meaning);
        (at, len) = (at + read, len + written);
    }
    out.truncate(len);
    Cow::Owned(out)
}

/// Whether a raw key (the text between its quotes) is this name, possibly written with escapes.
pub fn is_named(raw: &[u8], name: &[u8]) -> bool {
    if raw.contains(&b'\\') { *unescape(raw) == *name } else { raw == name }
}

/// The decoded bytes of the escape that a text begins with, how many they are, and the escape's own length.
fn escape(text: &[u8]) -> ([u8; 6], usize, usize) {
    let byte = match text.get(1) {
        Some(b'b') => 8,
        Some(b'f') => 12,
        Some(b'n') => b'\n',
        Some(b'r') => b'\r',
        Some(b't') => b'\t',
        Some(b'u') => return unicode(text),
        Some(other) => *other,
        None => b'\\',
    };
    ([byte, 0, 0, 0, 0, 0], 1, text.len().min(2))
}

/// The same of `\u` and four digits, or two of these that are a pair of surrogates.
fn unicode(text: &[u8]) -> ([u8; 6], usize, usize) {
    let mut meaning = [b'\\', b'u', 0, 0, 0, 0];
    let Some(unit) = code_unit(text) else { return (meaning, 2, 2) };
    let low = text.get(6..).and_then(code_unit);
    match char::decode_utf16([unit, low.unwrap_or_default()]).next() {
        Some(Ok(char)) => {
            let len = char.encode_utf8(&mut meaning).len();
            (meaning, len, char.len_utf16() * 6)
        }
        _ => {
            meaning.copy_from_slice(&text[..6]);
            (meaning, 6, 6)
        }
    }
}

/// The number in the `\u` escape that a text begins with.
pub fn code_unit(text: &[u8]) -> Option<u16> {
    let digits = text.strip_prefix(b"\\u")?.get(..4)?;
    digits.iter().try_fold(0, |unit, digit| {
        let value = char::from(*digit).to_digit(16)?;
        Some(unit << 4 | u16::try_from(value).ok()?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(raw: &str) -> String {
        String::from_utf8(unescape(raw.as_bytes()).into_owned()).unwrap()
    }

    #[test]
    fn each_escape_is_undone() {
        for (raw, expected) in [
            ("", ""),
            ("plain", "plain"),
            (r#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{c}\n\r\t"),
            (r"a\u00e9\u00E9\u20ac\ud83d\ude00.", "aéé€😀."),
            (r"\\u00e9 \\\u0022", "\\u00e9 \\\""),
            (
                r"a long plain run before one escape\n and a long plain run",
                "a long plain run before one escape\n and a long plain run",
            ),
        ] {
            assert_eq!(text(raw), expected, "{raw}");
        }
    }

    #[test]
    fn a_lone_surrogate_stays_an_escape() {
        for raw in [r"\ud800", r"\uDC00x", r"\ud800A", r"\ud800\ud800", r"\ude00\ud83d"] {
            assert_eq!(text(raw), raw);
        }
        assert_eq!(text(r"\ud800\ud83d\ude00"), r"\ud800😀");
        assert_eq!(text(r"\ud800\n"), "\\ud800\n");
        assert_eq!(text(r"\ud800\u0041"), r"\ud800A");
    }

    #[test]
    fn what_serde_reads_is_what_is_read_here() {
        let all: String = (0..0x3000).chain(0xf000..0x11000).filter_map(char::from_u32).collect();
        let raw = serde_json::to_string(&all).unwrap();
        assert_eq!(text(&raw[1..raw.len() - 1]), all);
    }

    #[test]
    fn a_broken_escape_does_no_harm() {
        for raw in ["\\", "a\\", "\\u", "\\u12", "\\uzzzz", "\\ud83d\\u", "\\ud83d\\"] {
            let _ = unescape(raw.as_bytes());
        }
    }

    proptest::proptest! {
        #[test]
        fn what_serde_reads_is_what_is_read_wherever_the_escapes_are(
            text in r#"([\\\\"a\n\u{1}é😀]|x{1,70}){0,40}"#,
        ) {
            let raw = serde_json::to_string(&text).unwrap();
            let escaped = serde_json::to_string(&raw).unwrap();
            proptest::prop_assert_eq!(self::text(&raw[1..raw.len() - 1]), text);
            proptest::prop_assert_eq!(self::text(&escaped[1..escaped.len() - 1]), raw);
        }
    }
}
