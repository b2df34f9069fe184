//! Escapes in JSON strings: whether they are any.

/// Whether a text begins with an escape.
#[inline]
pub fn begins(text: &[u8]) -> bool {
    match text {
        [b'\\', b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => true,
        [b'\\', b'u', a, b, c, d, ..] => [a, b, c, d].into_iter().all(u8::is_ascii_hexdigit),
        _ => false,
    }
}

/// Whether a text that begins with a backslash ends before it is clear that this is no escape.
pub fn is_cut(text: &[u8]) -> bool {
    match text {
        [b'\\'] => true,
        [b'\\', b'u', digits @ ..] => digits.len() < 4 && digits.iter().all(u8::is_ascii_hexdigit),
        _ => false,
    }
}
