//! Numbers, `true`, `false` and `null`: whether they are written as JSON writes them, and where they end.

use crate::json::error::{Error, ErrorKind, Result};

/// The length of the number or word that a text begins with.
#[inline(never)]
pub fn len(text: &[u8]) -> Result<usize> {
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
    let digits = |from: usize| from + text.iter().skip(from).take_while(|b| b.is_ascii_digit()).count();
    let invalid = |at: usize| Err(Error { at: at.min(text.len()), kind: ErrorKind::InvalidNumber });
    let whole = usize::from(byte(0) == b'-');
    let mut end = digits(whole);
    if end == whole {
        return invalid(end);
    }
    if byte(whole) == b'0' && end > whole + 1 {
        return invalid(whole + 1);
    }
    if byte(end) == b'.' {
        let fraction = end + 1;
        end = digits(fraction);
        if end == fraction {
            return invalid(end);
        }
    }
    if matches!(byte(end), b'e' | b'E') {
        let exponent = end + 1 + usize::from(matches!(byte(end + 1), b'+' | b'-'));
        end = digits(exponent);
        if end == exponent {
            return invalid(end);
        }
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
