//! The content of a string, once it is decoded.

use serde::de::IgnoredAny;

use crate::json::scan;
use crate::json::value::Span;

/// The shortest JSON text with a payload in it: `{"visitor":{}}`.
pub const SHORTEST: usize = 14;

/// The JSON text that a string holds.
pub enum Decoded {
    /// It is a part of the string.
    Within(Span),
    /// It had to be decoded into a text of its own.
    Apart(Vec<u8>),
}

/// Whether a text is JSON that something can be in: an object, an array or a string.
pub fn is_json(text: &[u8]) -> bool {
    // Reads over the values without recursion, however deep they are.
    matches!(text.first(), Some(b'{' | b'[' | b'"')) && serde_json::from_slice::<IgnoredAny>(text).is_ok()
}

/// The span of a text without the white space around it.
pub fn trimmed(text: &[u8]) -> Span {
    let end = scan::trim_end(text).len();
    Span { start: scan::leading_space(&text[..end]), end }
}
