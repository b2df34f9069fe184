//! JSON strings as they are written, and what their escapes stand for.

use std::borrow::Cow;

use crate::json::simd::{BLOCK, find};

/// The text between the quotes of a string; `None` for any other value. Called raw below.
#[inline]
pub fn inner(value: &[u8]) -> Option<&[u8]> {
    value.strip_prefix(b"\"")?.strip_suffix(b"\"")
}

/// The decoded bytes of a raw string. A lone surrogate stays an escape, since UTF-8 cannot represent it: where the
/// text is itself JSON, the escape still means the same.
pub fn unescape(raw: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'\\', raw).is_none() {
        return Cow::Borrowed(raw);
    }
    // A decoded escape is never longer. Written by index, a block at a time, and cut afterwards.
    let mut out = vec![0; raw.len() + BLOCK];
    let (mut at, mut len) = (0, 0);
    while let Some(block) = raw[at..].first_chunk::<BLOCK>() {
        let start = at;
        let mut backslashes = find(block, b'\\');
        if backslashes == 0 {
            out[len..len + BLOCK].copy_from_slice(block);
            at += BLOCK;
            len += BLOCK;
        }
        while backslashes != 0
            && let Some(block) = raw[at..].first_chunk::<BLOCK>()
        {
            out[len..len + BLOCK].copy_from_slice(block);
            let plain = start + backslashes.trailing_zeros() as usize - at;
            let (read, written) = write_escape(&raw[at + plain..], &mut out[len + plain..]);
            at += plain + read;
            len += plain + written;
            // A backslash that is part of this escape begins no other.
            backslashes &= u64::MAX.checked_shl((at - start) as u32).unwrap_or(0);
        }
    }
    while let Some(byte) = raw.get(at) {
        let (read, written) = if *byte == b'\\' {
            write_escape(&raw[at..], &mut out[len..])
        } else {
            out[len] = *byte;
            (1, 1)
        };
        at += read;
        len += written;
    }
    out.truncate(len);
    Cow::Owned(out)
}

/// Writes what the escape that a text begins with stands for; returns the lengths of both.
#[inline(always)]
fn write_escape(text: &[u8], out: &mut [u8]) -> (usize, usize) {
    if let Some(byte) = text.get(1).and_then(|byte| simple_escape(*byte)) {
        out[0] = byte;
        return (2, 1);
    }
    let (code, read) = escape(text);
    let written = match char::from_u32(code) {
        Some(char) => char.encode_utf8(out).len(),
        None => {
            out[..read].copy_from_slice(&text[..read]);
            read
        }
    };
    (read, written)
}

/// The text of a raw string; a lone surrogate is U+FFFD, as in Go and browsers.
pub fn decode(raw: &[u8]) -> Cow<'_, str> {
    if raw.contains(&b'\\') {
        Cow::Owned(chars(raw).map(|(char, _)| char).collect())
    } else {
        String::from_utf8_lossy(raw)
    }
}

/// The characters of a raw string as [`decode`] gives them, each with its length as it is written.
pub fn chars(raw: &[u8]) -> impl Iterator<Item = (char, usize)> {
    let mut rest = raw;
    std::iter::from_fn(move || {
        let (char, len) = if *rest.first()? == b'\\' {
            let (code, len) = escape(rest);
            (char::from_u32(code), len)
        } else {
            let longest = &rest[..rest.len().min(4)];
            let char = longest.utf8_chunks().next()?.valid().chars().next();
            (char, char.map_or(1, char::len_utf8))
        };
        rest = &rest[len..];
        Some((char.unwrap_or(char::REPLACEMENT_CHARACTER), len))
    })
}

/// Whether a raw key is this name, possibly written with escapes.
pub fn is_named(raw: &[u8], name: &[u8]) -> bool {
    if raw.contains(&b'\\') { *unescape(raw) == *name } else { raw == name }
}

/// The code point of the escape that a text begins with, and the escape's length. The code point is a surrogate if
/// that has no other half. A backslash that begins no escape stands for itself.
fn escape(text: &[u8]) -> (u32, usize) {
    let simple = text.get(1).and_then(|byte| simple_escape(*byte)).map(|byte| (byte.into(), 2));
    simple.or_else(|| code_point(text)).unwrap_or((b'\\'.into(), 1))
}

/// The same for a `\u` escape, with the one after it if both are a pair of surrogates.
pub fn code_point(text: &[u8]) -> Option<(u32, usize)> {
    let unit = code_unit(text)?;
    let low = text.get(6..).and_then(code_unit);
    match char::decode_utf16([unit, low.unwrap_or_default()]).next() {
        Some(Ok(char)) => Some((char.into(), char.len_utf16() * 6)),
        _ => Some((unit.into(), 6)),
    }
}

/// The meaning of a byte after a backslash, if that alone is an escape.
#[inline(always)]
fn simple_escape(byte: u8) -> Option<u8> {
    const MEANINGS: [u8; 256] = {
        let mut table = [0; 256];
        let escapes = *b"\"\"\\\\//b\x08f\x0cn\nr\rt\t";
        let mut at = 0;
        while at < escapes.len() {
            table[escapes[at] as usize] = escapes[at + 1];
            at += 2;
        }
        table
    };
    Some(MEANINGS[usize::from(byte)]).filter(|meaning| *meaning != 0)
}

/// The number in the `\u` escape that a text begins with.
#[inline]
pub fn code_unit(text: &[u8]) -> Option<u16> {
    let [b'\\', b'u', digits @ ..] = text else { return None };
    let digits = digits.first_chunk::<4>()?.map(|digit| HEX[usize::from(digit)]);
    let unit = digits.iter().fold(0, |unit, digit| unit << 4 | u16::from(*digit));
    digits.iter().all(|digit| *digit < 16).then_some(unit)
}

#[inline]
pub fn is_escape(text: &[u8]) -> bool {
    match text.get(1) {
        Some(b'u') => code_unit(text).is_some(),
        Some(byte) => simple_escape(*byte).is_some(),
        None => false,
    }
}

/// Whether a text that begins with a backslash ends before it is clear whether this is an escape.
pub fn is_cut_off(text: &[u8]) -> bool {
    match text {
        [b'\\'] => true,
        [b'\\', b'u', digits @ ..] => digits.len() < 4 && digits.iter().all(u8::is_ascii_hexdigit),
        _ => false,
    }
}

/// The value of each hexadecimal digit, and 255 for any other byte.
pub const HEX: [u8; 256] = {
    let mut table = [255; 256];
    let mut digit = 0;
    while digit < 16 {
        table[b"0123456789abcdef"[digit as usize] as usize] = digit;
        table[b"0123456789ABCDEF"[digit as usize] as usize] = digit;
        digit += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    /// The text of both decoders, if they agree.
    fn text(raw: &str) -> String {
        let text = String::from_utf8(unescape(raw.as_bytes()).into_owned()).unwrap();
        assert_eq!(decode(raw.as_bytes()), text, "{raw}");
        assert_eq!(chars(raw.as_bytes()).map(|(_, len)| len).sum::<usize>(), raw.len(), "{raw}");
        text
    }

    #[test]
    fn each_escape_is_undone() {
        for (raw, expected) in [
            ("", ""),
            ("plain Ж€𝄞", "plain Ж€𝄞"),
            (r#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{c}\n\r\t"),
            (r"a\u00e9\u00E9\u20ac\ud83d\ude00.", "aéé€😀."),
            (r"\\u00e9 \\\u0022", "\\u00e9 \\\""),
            (
                r"a long plain run before one escape\n and a long plain run",
                "a long plain run before one escape\n and a long plain run",
            ),
        ] {
            assert_eq!(text(raw), expected, "{raw}");
            assert!(is_named(raw.as_bytes(), expected.as_bytes()));
            assert!(!is_named(raw.as_bytes(), format!("{expected}x").as_bytes()));
        }
    }

    #[test]
    fn a_lone_surrogate_stays_an_escape_or_is_the_replacement_character() {
        for (raw, unescaped, decoded) in [
            (r"\ud800", r"\ud800", "\u{fffd}"),
            (r"\uDC00x", r"\uDC00x", "\u{fffd}x"),
            (r"\ud800\ud800", r"\ud800\ud800", "\u{fffd}\u{fffd}"),
            (r"\ude00\ud83d", r"\ude00\ud83d", "\u{fffd}\u{fffd}"),
            (r"\ud800\ud83d\ude00", r"\ud800😀", "\u{fffd}😀"),
            (r"\ud800\n", "\\ud800\n", "\u{fffd}\n"),
            (r"\ud800\u0041", r"\ud800A", "\u{fffd}A"),
        ] {
            assert_eq!(*unescape(raw.as_bytes()), *unescaped.as_bytes(), "{raw}");
            assert_eq!(decode(raw.as_bytes()), decoded, "{raw}");
        }
    }

    #[test]
    fn what_serde_reads_is_what_is_read_here() {
        let all: String = (0..0x3000).chain(0xf000..0x11000).filter_map(char::from_u32).collect();
        let raw = serde_json::to_string(&all).unwrap();
        assert_eq!(text(&raw[1..raw.len() - 1]), all);
    }

    #[test]
    fn a_broken_escape_stands_for_itself() {
        for raw in ["\\", "a\\", "\\u", "\\u12", "\\uzzzz", "\\x", "\\é", "\\ud83"] {
            assert_eq!(text(raw), raw);
        }
        for raw in [r"\ud83d\u", r"\ud83d\"] {
            assert_eq!(*unescape(raw.as_bytes()), *raw.as_bytes());
        }
        assert_eq!(decode(b"\xff\\n\xff"), "\u{fffd}\n\u{fffd}");
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
