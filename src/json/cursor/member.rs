//! Members that are a key and a short string, laid out as Olark does it: `"key": "value", `. A transcript is
//! made of little else, so they are passed whole.
//!
//! Each is looked for in a window of the text whose bounds were checked: where in it something stands need
//! not be checked again. Whatever is not like that is left to the way by single tokens.

use super::{Cursor, STEP};
use crate::json::error::Result;
use crate::json::extracted::Span;
use crate::json::path_tree::Key;
use crate::json::simd::BLOCK;
use crate::json::string_index::StringIndex;

/// How many bytes of text are looked at for a member.
pub const WINDOW: usize = 128;

/// The most bytes before a member that are carried over with it: brackets. A mask.
const LEAD: usize = 7;

/// The longest key that is short: with brackets before it, its quotes and a colon, it fits in one step.
const SHORT_KEY: usize = STEP - LEAD - 3;

/// The longest string that is: with its quotes, and a bracket and comma behind it, it fits in a block.
const SHORT_STRING: usize = BLOCK - 4;

/// What comes behind what was passed.
enum Next {
    /// A key, behind as many brackets.
    Key(usize),
    /// A value.
    Value,
}

/// Where the key ends that begins at an index of a window, if it is short and a string follows, with one
/// space between. The window begins at another index of the text that the strings_end are of.
#[inline(always)]
fn key_end(window: &[u8; WINDOW], at: usize, strings_end: StringIndex, from: usize) -> Option<usize> {
    let len = strings_end.near(from + at + 1);
    if len > SHORT_KEY {
        return None;
    }
    // It is not larger; but that must be seen here, so that the bounds are known.
    let end = (at & LEAD) + 1 + len;
    (window[end..end + 4] == *b"\": \"").then_some(end)
}

/// Where the string ends that begins at an index of a window, if it is short: at a quote, or what may not be
/// in it.
#[inline(always)]
fn string_end(at: usize, strings_end: StringIndex, from: usize) -> Option<usize> {
    let len = strings_end.near(from + at + 1);
    (len <= SHORT_STRING).then_some(at + 1 + len)
}

impl<'t> Cursor<'t> {
    /// Passes the member at hand, if it is a key and a short string. Gives the key, where the string came to
    /// stand in the compact text, and whether the next key is at hand.
    #[inline(always)]
    pub fn member(&mut self) -> Option<(Key<'t>, Span, bool)> {
        let text: &[u8; WINDOW] = self.next(self.at)?;
        if text[0] != b'"' {
            return None;
        }
        let key = key_end(text, 0, self.strings_end, self.at)?;
        let value = key + 3;
        let end = string_end(value, self.strings_end, self.at)?;
        let more = text[end..end + 4] == *b"\", \"";
        if !more && text[end] != b'"' {
            return None;
        }
        let start = self.len();
        self.at += if more { end + 3 } else { end + 1 };
        let span = Span { start: start + value, end: start + end + 1 };
        Some((Key::new(&text[1..], key - 1), span, more))
    }

    /// Passes the key at hand, and before it as many members as are a key and a short string with another key
    /// behind: with `siblings` also one of the object that is the next element of an array. Then a value is
    /// at hand.
    #[inline(always)]
    pub fn members(&mut self, siblings: bool) -> Result {
        if self.at - self.carried > LEAD {
            self.carry(self.at, self.at);
        }
        let mut lead = self.at - self.carried;
        if self.peek() == b'"' {
            loop {
                match self.carry_member(lead, siblings) {
                    Some(Next::Key(next)) => lead = next,
                    Some(Next::Value) => return Ok(()),
                    None => break,
                }
            }
            self.at = self.carried + lead;
        }
        self.key(true).map(drop)
    }

    /// Carries over a short key of a string, and the string if it is short with another key behind.
    #[inline(always)]
    fn carry_member(&mut self, lead: usize, siblings: bool) -> Option<Next> {
        let text: &[u8; WINDOW] = self.next(self.carried)?;
        let out: &mut [u8; WINDOW] = self.out.get_mut(self.filled..)?.first_chunk_mut()?;
        let key = key_end(text, lead, self.strings_end, self.carried)?;
        let (filled, value) = (key + 2, key + 3);
        out[..STEP].copy_from_slice(&text[..STEP]);
        if let Some(end) = string_end(value, self.strings_end, self.carried) {
            if text[end..end + 4] == *b"\", \"" {
                out[filled..filled + BLOCK].copy_from_slice(&text[value..value + BLOCK]);
                self.filled += filled + end + 2 - value;
                self.carried += end + 3;
                return Some(Next::Key(0));
            }
            if siblings && text[end..end + 6] == *b"\"}, {\"" {
                out[filled..filled + BLOCK].copy_from_slice(&text[value..value + BLOCK]);
                self.filled += filled + end + 3 - value;
                self.carried += end + 4;
                return Some(Next::Key(1));
            }
        }
        self.filled += filled;
        self.carried += value;
        self.at = self.carried;
        Some(Next::Value)
    }
}

#[cfg(test)]
mod tests {
    use crate::json::extract::extract;
    use crate::json::extracted::Extracted;
    use crate::json::path_tree::PathTree;
    use crate::json::string_index::IndexedText;

    /// What the value of `items` becomes; the tree reads it as a whole, but of `visitor` only a key.
    fn extracted(text: &str) -> Option<String> {
        let tree = PathTree::new(["items", "visitor.key"]);
        let mut extracted = Extracted::default();
        extract(IndexedText::new(text.as_bytes(), &mut Vec::new()), 0, &tree, false, &mut extracted).ok()?;
        let node = tree.node(if text.contains("items") { "items" } else { "visitor.key" })?;
        Some(String::from_utf8_lossy(extracted.get(node).unwrap_or_default()).into_owned())
    }

    #[test]
    fn members_of_any_length_are_read_alike() {
        for key in 0..30 {
            for value in (0..8).chain(50..80).chain(120..140) {
                let (key, value) = (&"k".repeat(key), &"v".repeat(value));
                for behind in ["", &format!(", \"behind\": \"{}\"", "b".repeat(200))] {
                    let member = format!(r#""{key}": "{value}""#);
                    let deep = |n| format!("{}{{{member}}}{}", "[".repeat(n), "]".repeat(n));
                    let more = format!(r#"{{{member}, "a": "b"}}, {{{member}}}, {{{member}}}, {{}}"#);
                    let last = format!(r#""{value}", {{"{key}": {{{member}, "n": 1}}}}"#);
                    let all = (0..10).map(deep).chain([more, last]);
                    let items = format!("[{}]", all.collect::<Vec<String>>().join(", "));
                    let text = format!(r#"{{"kind": "{value}", "items": {items}{behind}}}"#);
                    assert_eq!(extracted(&text), Some(items.replace(' ', "")), "{text}");

                    let visitor = format!(r#"{{{member}, "key": "{value}", {member}, "n": 1, {member}}}"#);
                    let text = format!(r#"{{"visitor": {visitor}{behind}}}"#);
                    assert_eq!(extracted(&text), Some(format!("\"{value}\"")), "{text}");
                }
            }
        }
    }

    #[test]
    fn what_is_wrong_with_a_member_is_found_wherever_it_is() {
        for value in [0, 10, 58, 59, 60, 130] {
            let value = "v".repeat(value);
            let member = format!(r#""key": "{value}""#);
            for wrong in [
                format!(r#""key": "{value}, "#),
                format!(r#""key": "{value}\x""#),
                format!("\"key\": \"{value}\n\""),
                format!(r#""key: "{value}""#),
                format!("\"key\n\": \"{value}\""),
                format!(r#"{member}, "}}, {{"a": "b""#),
                format!(r#"{member}}}, {{"a": "b""#),
                format!(r#"{member}, "a""#),
                format!(r#"{member} "a": "b""#),
            ] {
                for text in [
                    format!(r#"{{"items": {{{member}, {wrong}, {member}}}}}"#),
                    format!(r#"{{"items": [{{{member}, {wrong}]}}"#),
                    format!(r#"{{"visitor": {{{member}, {wrong}, {member}}}}}"#),
                ] {
                    assert_eq!(extracted(&text), None, "{text}");
                }
            }
        }
    }
}
