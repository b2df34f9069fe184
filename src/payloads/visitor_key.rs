//! The key `visitor`, by which a text shows that a payload may be in it, however the key's quotes are escaped.

use std::sync::LazyLock;

use memchr::memmem;

use crate::json::scan::leading_space;

const KEY: &[u8] = b"visitor";
const BACKSLASHES: [&[u8]; 3] = [b"\\", b"%5C", b"%5c"];
const QUOTES: [&[u8]; 7] = [b"\"", b"&quot;", b"&#34;", b"&#x22;", b"&amp;quot;", b"%22", b"%2522"];
const QUOTES_AFTER_BACKSLASH: [&[u8]; 3] = [b"x22", b"u0022", b"u{22}"];
const COLONS: [&[u8]; 3] = [b":", b"%3A", b"%3a"];

/// Whether a text may name a visitor. A key can be written with escapes, too.
pub fn may_be_in(text: &[u8]) -> bool {
    static FINDER: LazyLock<memmem::Finder> = LazyLock::new(|| memmem::Finder::new(KEY));
    FINDER.find(text).is_some() || memmem::find(text, br"\u00").is_some()
}

/// Whether a text has the key, with its colon.
pub fn is_in(text: &[u8]) -> bool {
    ends(text).any(|rest| {
        // Some programs double quotes.
        let marks = rest.iter().take_while(|byte| matches!(byte, b'\\' | b'"')).count();
        let rest = &rest[marks..];
        strip_any(&rest[leading_space(rest)..], &COLONS).is_some()
    })
}

/// The text after each such key and its quote.
pub fn ends(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    memmem::find_iter(text, KEY).filter_map(|at| {
        let after = &text[at + KEY.len()..];
        let mut rest = after;
        while let Some(next) = strip_any(rest, &BACKSLASHES) {
            rest = next;
        }
        let is_escaped = rest.len() < after.len();
        strip_any(rest, &QUOTES).or_else(|| strip_any(rest, &QUOTES_AFTER_BACKSLASH).filter(|_| is_escaped))
    })
}

fn strip_any<'t>(text: &'t [u8], starts: &[&[u8]]) -> Option<&'t [u8]> {
    starts.iter().find_map(|start| text.strip_prefix(*start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_however_its_quote_is_escaped() {
        for (text, found) in [
            (r#""visitor":"#, true),
            (r#"\"visitor\":"#, true),
            (r#"\\\\"visitor\\\\":"#, true),
            (r#"""visitor"":"#, true),
            ("&quot;visitor&quot;:", true),
            ("&#34;visitor&#34;", true),
            ("&amp;quot;visitor&amp;quot;", true),
            (r"\x22visitor\x22:", true),
            (r"\u0022visitor\u0022:", true),
            ("%22visitor%22%3A", true),
            ("%5C%22visitor%5C%22", true),
            ("%2522visitor%2522", true),
            ("visitor visitor\"", true),
            ("visitor", false),
            ("visitor:", false),
            ("visitors\"", false),
            ("visitorx22", false),
            (r"visitor\", false),
            ("visitor%2", false),
        ] {
            assert_eq!(ends(text.as_bytes()).next().is_some(), found, "{text}");
        }
    }
}
