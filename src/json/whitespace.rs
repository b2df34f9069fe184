//! White space as JSON defines it: space, tab, line feed and carriage return, but not form feed.

use crate::json::simd::{VECTOR, not_space};

/// Whether a byte is white space.
#[inline(always)]
pub fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// How much white space a text begins with.
#[inline(never)]
pub fn leading(text: &[u8]) -> usize {
    let mut at = 0;
    while text.get(at).is_some_and(|byte| is_space(*byte)) {
        at += 1;
        // Pretty-printed payloads are a fifth indentation.
        while let Some(bytes) = text[at..].first_chunk::<VECTOR>() {
            let others = not_space(bytes);
            at += (others | 1 << VECTOR).trailing_zeros() as usize;
            if others != 0 {
                break;
            }
        }
    }
    at
}

/// How much white space a text begins with before its first line feed.
pub fn leading_on_line(text: &[u8]) -> usize {
    text.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count()
}

/// A text without the white space at its end.
pub fn trim_end(text: &[u8]) -> &[u8] {
    let last = text.iter().rposition(|byte| !is_space(*byte));
    &text[..last.map_or(0, |last| last + 1)]
}

/// A text without the white space around it.
pub fn trim(text: &[u8]) -> &[u8] {
    let text = trim_end(text);
    &text[leading(text)..]
}

/// Whether a text is white space only.
pub fn is_blank(text: &[u8]) -> bool {
    leading(text) == text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_is_found_however_long_it_is() {
        for len in 0..80 {
            for space in [" ", "\t", "\n", " \r\n"] {
                let blank = &space.repeat(len)[..len];
                for behind in ["", "x", "{}", "\u{c} ", "\u{a0}", "x                                "] {
                    let text = format!("{blank}{behind}");
                    assert_eq!(leading(text.as_bytes()), len, "{text:?}");
                    assert_eq!(is_blank(text.as_bytes()), behind.is_empty(), "{text:?}");
                    let trimmed = text.trim_matches([' ', '\t', '\n', '\r']);
                    assert_eq!(trim(text.as_bytes()), trimmed.as_bytes(), "{text:?}");
                }
            }
        }
        assert_eq!(leading_on_line(b" \t\r\n {"), 3);
    }
}
