//! The one scanner of JSON text: white space, the ends of strings, tokens, literals, brackets.
//!
//! White space is what JSON says it is: space, tab, line feed and carriage return, but not form feed.

use crate::json::error::{Error, ErrorKind, MAX_DEPTH, Result};
use crate::json::simd::{VECTOR, equal};

#[inline(always)]
pub fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// The length of the white space that a text begins with.
#[inline(never)]
pub fn leading_space(text: &[u8]) -> usize {
    let mut at = 0;
    while text.get(at).is_some_and(|byte| is_space(*byte)) {
        at += 1;
        // Pretty-printed payloads are one-fifth indentation.
        while let Some(bytes) = text[at..].first_chunk::<VECTOR>() {
            let spaces = equal(bytes, b' ').trailing_ones() as usize;
            at += spaces;
            if spaces < VECTOR {
                break;
            }
        }
    }
    at
}

/// The length of the white space that a text begins with, before its first line feed.
pub fn leading_space_on_line(text: &[u8]) -> usize {
    text.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count()
}

pub fn trim_end(text: &[u8]) -> &[u8] {
    let last = text.iter().rposition(|byte| !is_space(*byte));
    &text[..last.map_or(0, |last| last + 1)]
}

pub fn trim(text: &[u8]) -> &[u8] {
    let text = trim_end(text);
    &text[leading_space(text)..]
}

pub fn is_blank(text: &[u8]) -> bool {
    leading_space(text) == text.len()
}

/// Whether a text begins with one of these, in upper or lower case.
pub fn starts_with_any(text: &[u8], starts: &[&str]) -> bool {
    let is_start = |start: &&str| {
        text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start.as_bytes()))
    };
    starts.iter().any(is_start)
}

/// The index after the quote that ends a string; the length of the text if there is none. `at` is within the
/// string. Looks at many bytes at once, since memchr is slow where quotes are dense, as in quoted JSON.
pub fn string_end(text: &[u8], mut at: usize) -> usize {
    let mut escapes = Escapes::default();
    while let Some(chunk) = text.get(at..).and_then(|rest| rest.first_chunk::<VECTOR>()) {
        let [quotes, backslashes] = [b'"', b'\\'].map(|byte| u64::from(equal(chunk, byte)));
        let ends = quotes & !escapes.escaped(backslashes, VECTOR);
        if ends != 0 {
            return at + ends.trailing_zeros() as usize + 1;
        }
        at += VECTOR;
    }
    at += usize::from(escapes.is_open());
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}

/// The escapes in a text, which is looked at part by part.
#[derive(Clone, Copy, Debug, Default)]
pub struct Escapes {
    /// 1 if the last byte so far escapes the next.
    open: u64,
}

impl Escapes {
    /// A bit for each of the next bytes that follows a backslash that is not escaped itself, given the backslashes.
    #[inline(always)]
    pub fn escaped(&mut self, backslashes: u64, len: usize) -> u64 {
        const ODD: u64 = 0xaaaa_aaaa_aaaa_aaaa;
        let escaped = self.open;
        let backslashes = backslashes & !escaped;
        // The subtraction carries through each row of backslashes, and turns every other bit of it.
        let escaping = (((backslashes << 1 | ODD).wrapping_sub(backslashes)) ^ ODD) & backslashes;
        self.open = escaping >> (len - 1) & 1;
        escaping << 1 | escaped
    }

    pub fn is_open(self) -> bool {
        self.open == 1
    }
}

/// The length of the token that a valid text begins with: a bracket, a comma, a colon, or a whole literal.
pub fn token_len(text: &[u8]) -> usize {
    match text.first() {
        Some(b'"') => string_end(text, 1),
        Some(b'{' | b'}' | b'[' | b']' | b',' | b':') => 1,
        _ => text.iter().position(|b| b",:]} \t\n\r".contains(b)).unwrap_or(text.len()),
    }
}

/// The tokens of a valid text without white space.
pub fn tokens(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (token, after) = rest.split_at(token_len(rest));
        rest = after;
        (!token.is_empty()).then_some(token)
    })
}

/// The length of the number or word that a text begins with.
#[inline(never)]
pub fn literal_len(text: &[u8]) -> Result<usize> {
    match text.first() {
        Some(b'-' | b'0'..=b'9') => number(text),
        Some(b't') => word(text, b"true"),
        Some(b'f') => word(text, b"false"),
        Some(b'n') => word(text, b"null"),
        _ => Err(Error { at: 0, kind: ErrorKind::ExpectedValue }),
    }
}

/// Whether a literal is a number that may be beyond the range of a double.
pub fn may_be_huge(literal: &[u8]) -> bool {
    /// A double has at most this many digits before its point.
    const MAX_DIGITS: usize = 309;
    let is_number = matches!(literal.first(), Some(b'-' | b'0'..=b'9'));
    is_number && (literal.len() >= MAX_DIGITS || literal.iter().any(|byte| matches!(byte, b'e' | b'E')))
}

fn number(text: &[u8]) -> Result<usize> {
    let byte = |at: usize| text.get(at).copied().unwrap_or(0);
    let invalid = |at: usize| Err(Error { at: at.min(text.len()), kind: ErrorKind::InvalidNumber });
    // The end of the digits from an index on, of which there must be some.
    let digits = |from: usize| {
        let len = text.iter().skip(from).take_while(|b| b.is_ascii_digit()).count();
        if len > 0 { Ok(from + len) } else { invalid(from) }
    };
    let whole = usize::from(byte(0) == b'-');
    let mut end = digits(whole)?;
    if byte(whole) == b'0' && end > whole + 1 {
        return invalid(whole + 1);
    }
    if byte(end) == b'.' {
        end = digits(end + 1)?;
    }
    if matches!(byte(end), b'e' | b'E') {
        end = digits(end + 1 + usize::from(matches!(byte(end + 1), b'+' | b'-')))?;
    }
    Ok(end)
}

fn word(text: &[u8], word: &[u8]) -> Result<usize> {
    if text.starts_with(word) {
        return Ok(word.len());
    }
    // A word that is cut off is wrong where the text ends.
    let at = if word.starts_with(text) { text.len() } else { 0 };
    Err(Error { at, kind: ErrorKind::ExpectedValue })
}

/// The closing brackets of the objects and arrays that are open at a place, up to [`MAX_DEPTH`].
#[derive(Clone, Debug)]
pub struct OpenBrackets([u8; MAX_DEPTH + 1]);

impl OpenBrackets {
    /// Records the bracket that opens a level, and returns the one that closes it. Levels that are too deep to be read
    /// are ignored.
    #[inline(always)]
    pub fn open(&mut self, depth: usize, open: u8) -> u8 {
        // In ASCII, a closing bracket is the second byte after its opening one.
        let closing = open + 2;
        if let Some(level) = self.0.get_mut(depth) {
            *level = closing;
        }
        closing
    }

    #[inline(always)]
    pub fn closing(&self, depth: usize) -> u8 {
        self.0[depth]
    }

    /// Whether a bracket can close a level: it does, or the level is too deep to be recorded.
    pub fn can_close(&self, depth: usize, closing: u8) -> bool {
        depth > MAX_DEPTH || self.closing(depth) == closing
    }
}

impl Default for OpenBrackets {
    #[inline(always)]
    fn default() -> Self {
        OpenBrackets([0; MAX_DEPTH + 1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn white_space_is_found_however_long_it_is() {
        for len in 0..80 {
            for space in [" ", "\t", "\n", " \r\n"] {
                let blank = &space.repeat(len)[..len];
                for after in ["", "x", "{}", "\u{c} ", "\u{a0}", "x                                "] {
                    let text = format!("{blank}{after}");
                    assert_eq!(leading_space(text.as_bytes()), len, "{text:?}");
                    assert_eq!(is_blank(text.as_bytes()), after.is_empty(), "{text:?}");
                    let trimmed = text.trim_matches([' ', '\t', '\n', '\r']);
                    assert_eq!(trim(text.as_bytes()), trimmed.as_bytes(), "{text:?}");
                }
            }
        }
        assert_eq!(leading_space_on_line(b" \t\r\n {"), 3);
    }

    proptest! {
        #[test]
        fn a_string_ends_at_the_quote_that_no_backslash_escapes(text in r##"[\\"#\]!a\u{80}\u{2222}]{0,80}"##) {
            let mut escaped = false;
            let mut quote = |byte: &u8| {
                let ends = *byte == b'"' && !escaped;
                escaped = *byte == b'\\' && !escaped;
                ends
            };
            let end = text.as_bytes().iter().position(&mut quote).map_or(text.len(), |at| at + 1);
            prop_assert_eq!(string_end(text.as_bytes(), 0), end);
        }
    }

    #[test]
    fn a_text_falls_apart_into_its_tokens() {
        let text = br#"{"a":[1,{"b":"},\""}],"d":-1.5e3,"e":null}"#;
        let found: Vec<_> = tokens(text).map(|token| std::str::from_utf8(token).unwrap()).collect();
        let expected = r#"{ "a" : [ 1 , { "b" : "},\"" } ] , "d" : -1.5e3 , "e" : null }"#;
        assert_eq!(found, expected.split(' ').collect::<Vec<_>>());
        assert_eq!(found.concat().as_bytes(), text);
    }
}
