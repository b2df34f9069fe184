//! JSON texts taken apart and put together another way. What is no JSON is taken as it comes.

use std::ops::Range;

/// What a token is known by: its first byte, `b' '` for white space.
pub type First = u8;

/// The tokens of a text: strings with their quotes, brackets, commas and colons one by one, and runs of white
/// space and of anything else.
pub fn tokens(text: &[u8]) -> impl Iterator<Item = (First, Range<usize>)> {
    let mut end = 0;
    std::iter::from_fn(move || {
        let (start, first) = (end, *text.get(end)?);
        let rest = &text[start + 1..];
        let run = |belongs: fn(u8) -> bool| rest.iter().take_while(|byte| belongs(**byte)).count();
        let (first, more) = match first {
            b'"' => (first, string(rest)),
            b'{' | b'}' | b'[' | b']' | b',' | b':' => (first, 0),
            _ if is_space(first) => (b' ', run(is_space)),
            _ => (first, run(|byte| !is_space(byte) && !b"\"{}[],:".contains(&byte))),
        };
        end = start + 1 + more;
        Some((first, start..end))
    })
}

fn is_space(byte: u8) -> bool {
    b" \t\r\n".contains(&byte)
}

/// The length of what follows a string's first quote, to the last one or the end of the text.
fn string(text: &[u8]) -> usize {
    let mut at = 0;
    while at < text.len() && text[at] != b'"' {
        at += if text[at] == b'\\' { 2 } else { 1 };
    }
    text.len().min(at + 1)
}

/// A text without the white space between its tokens.
pub fn compact(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for (_, token) in tokens(text).filter(|(first, _)| *first != b' ') {
        out.extend_from_slice(&text[token]);
    }
    out
}

/// How deep the brackets of a text go.
pub fn depth(text: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for (first, _) in tokens(text) {
        match first {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// A text spread over lines, as Python's `json.dumps` indents by two.
pub fn pretty(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() * 3 / 2);
    let mut depth = 0;
    for (first, token) in tokens(text).filter(|(first, _)| *first != b' ') {
        let opened = matches!(out.last(), Some(b'{' | b'['));
        let closes = matches!(first, b'}' | b']');
        depth -= usize::from(closes);
        if opened != closes || out.last() == Some(&b',') {
            out.push(b'\n');
            out.resize(out.len() + 2 * depth, b' ');
        }
        depth += usize::from(matches!(first, b'{' | b'['));
        out.extend_from_slice(&text[token]);
        if first == b':' {
            out.push(b' ');
        }
    }
    out
}

/// An object of a text.
#[derive(Debug, PartialEq)]
pub struct Object {
    /// The keys that lead to it, joined by dots.
    pub path: String,
    /// Its keys as they are written, in their order.
    pub keys: Vec<String>,
}

/// All objects of a text, in the order in which they begin.
pub fn objects(text: &[u8]) -> Vec<Object> {
    let (mut objects, mut open, mut string) = (Vec::<Object>::new(), Vec::new(), "");
    for (first, token) in tokens(text) {
        match first {
            b'{' => {
                let around = open.iter().flatten().filter_map(|object: &usize| objects[*object].keys.last());
                let path = around.cloned().collect::<Vec<_>>().join(".");
                open.push(Some(objects.len()));
                objects.push(Object { path, keys: Vec::new() });
            }
            b'[' => open.push(None),
            b'}' | b']' => drop(open.pop()),
            b'"' => string = std::str::from_utf8(&text[token]).expect("strings are UTF-8").trim_matches('"'),
            b':' => {
                if let Some(Some(object)) = open.last() {
                    objects[*object].keys.push(string.to_owned());
                }
            }
            _ => {}
        }
    }
    objects
}
