//! JSON strings as written in a payload, escapes included; decoded only where a rule needs the characters.

use crate::json::unescape::code_unit;

/// One character of a JSON string, and how many bytes of its text it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Char {
    /// The character; a surrogate without its other half is U+FFFD, as in Go and browsers.
    pub char: char,
    /// Its length in the text, escapes included.
    pub len: usize,
}

/// The characters of a valid JSON string's inner text (between the quotes).
pub fn chars(inner: &str) -> impl Iterator<Item = Char> {
    let mut rest = inner;
    std::iter::from_fn(move || {
        let next = first(rest)?;
        rest = &rest[next.len..];
        Some(next)
    })
}

fn first(text: &str) -> Option<Char> {
    let char = text.chars().next()?;
    if char != '\\' {
        return Some(Char { char, len: char.len_utf8() });
    }
    let simple = |char| Some(Char { char, len: 2 });
    match text.as_bytes().get(1)? {
        b'b' => simple('\u{8}'),
        b'f' => simple('\u{c}'),
        b'n' => simple('\n'),
        b'r' => simple('\r'),
        b't' => simple('\t'),
        b'u' => {
            let high = code_unit(text.as_bytes())?;
            let low = code_unit(&text.as_bytes()[6..]);
            let pair = low.and_then(|low| char::decode_utf16([high, low]).next()?.ok());
            match (char::from_u32(high.into()), pair) {
                (Some(char), _) => Some(Char { char, len: 6 }),
                (None, Some(char)) => Some(Char { char, len: 12 }),
                (None, None) => Some(Char { char: char::REPLACEMENT_CHARACTER, len: 6 }),
            }
        }
        other => simple(char::from(*other)),
    }
}

/// The characters of a valid JSON string's inner text, joined.
pub fn decode(inner: &str) -> String {
    chars(inner).map(|c| c.char).collect()
}

/// The inner text of a JSON string; `None` for any other value.
pub fn inner(value: &[u8]) -> Option<&str> {
    std::str::from_utf8(inner_bytes(value)?).ok()
}

/// The inner text of a JSON string, as bytes.
#[inline]
pub fn inner_bytes(value: &[u8]) -> Option<&[u8]> {
    value.strip_prefix(b"\"")?.strip_suffix(b"\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_read_as_serde_json_reads_them() {
        for inner in ["", "plain", r"a\u0041\n\t\b\f\r\/\\\u0022", "Ж€𝄞", r"\uD834\uDD1E", r"x\ud834\udd1ey"]
        {
            let expected: String = serde_json::from_str(&format!("\"{inner}\"")).unwrap();
            assert_eq!(decode(inner), expected);
            assert_eq!(chars(inner).map(|c| c.len).sum::<usize>(), inner.len());
        }
    }

    #[test]
    fn a_lone_surrogate_is_the_replacement_character() {
        for (inner, expected) in [
            (r"\uD834", "\u{FFFD}"),
            (r"\uDD1E", "\u{FFFD}"),
            (r"\uD834x", "\u{FFFD}x"),
            (r"\uD834\uD834\uDD1E", "\u{FFFD}𝄞"),
            (r"\uD834\u0041", "\u{FFFD}A"),
            (r"\uD834\n", "\u{FFFD}\n"),
        ] {
            assert_eq!(decode(inner), expected);
        }
    }
}
