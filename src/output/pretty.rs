//! Events for people: indented, coloured like jq's, and with nothing in them that controls a terminal.

use crate::json::scan::token_len;
use crate::term::Color;
use crate::term::sanitize::{escape_in_json, is_hidden};

/// The layout of an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// On one line.
    #[default]
    Compact,
    /// Over lines, two spaces a level.
    Indented,
}

/// The style of an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    pub layout: Layout,
    /// Whether keys, strings and other values are coloured.
    pub color: Color,
}

const KEY: &str = "\x1b[34;1m";
const STRING: &str = "\x1b[0;32m";
const NULL: &str = "\x1b[1;30m";
const OTHER: &str = "\x1b[0;39m";
const BRACKET: &str = "\x1b[1;39m";
const RESET: &str = "\x1b[0m";

impl Style {
    /// Appends a compact JSON text in this style. It stays the same JSON: invisible characters are written as
    /// escapes.
    pub fn render(self, json: &[u8], out: &mut Vec<u8>) {
        let mut page = Page { style: self, out };
        // Whether each open bracket is an object's, and whether the current string is a key of one.
        let mut objects = Vec::new();
        let mut key = false;
        let mut rest = json;
        let mut last = b',';
        while let Some(&byte) = rest.first() {
            let (text, behind) = rest.split_at(token_len(rest));
            match byte {
                b'{' | b'[' => {
                    page.paint(BRACKET, text);
                    objects.push(byte == b'{');
                    key = byte == b'{';
                    if !matches!(behind.first(), Some(b'}' | b']')) {
                        page.line(objects.len());
                    }
                }
                b'}' | b']' => {
                    objects.pop();
                    if !matches!(last, b'{' | b'[') {
                        page.line(objects.len());
                    }
                    page.paint(BRACKET, text);
                }
                b',' => {
                    page.out.push(b',');
                    key = objects.last() == Some(&true);
                    page.line(objects.len());
                }
                b':' => {
                    page.out.extend_from_slice(if self.layout == Layout::Indented { b": " } else { b":" });
                    key = false;
                }
                b'"' => page.paint(if key { KEY } else { STRING }, text),
                b'n' => page.paint(NULL, text),
                _ => page.paint(OTHER, text),
            }
            (rest, last) = (behind, byte);
        }
    }
}

struct Page<'o> {
    style: Style,
    out: &'o mut Vec<u8>,
}

impl Page<'_> {
    fn line(&mut self, depth: usize) {
        if self.style.layout == Layout::Indented {
            self.out.push(b'\n');
            self.out.resize(self.out.len() + 2 * depth, b' ');
        }
    }

    fn paint(&mut self, color: &str, text: &[u8]) {
        if self.style.color == Color::Always {
            self.out.extend_from_slice(color.as_bytes());
        }
        match std::str::from_utf8(text) {
            Ok(text) if text.contains(is_hidden) => escape_in_json(text, self.out),
            _ => self.out.extend_from_slice(text),
        }
        if self.style.color == Color::Always {
            self.out.extend_from_slice(RESET.as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(json: &str, style: Style) -> String {
        let mut out = Vec::new();
        style.render(json.as_bytes(), &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn indentation_is_serde_jsons() {
        for json in [r#"{"a":[1,"x,{",{}],"b":{"c":null,"d":[]},"e":"\"\\"}"#, "[]", "{}", "[[],[[true]]]"] {
            let value: serde_json::Value = serde_json::from_str(json).unwrap();
            let expected = serde_json::to_string_pretty(&value).unwrap();
            assert_eq!(render(json, Style { layout: Layout::Indented, ..Style::default() }), expected);
            assert_eq!(render(json, Style::default()), json);
        }
    }

    #[test]
    fn keys_and_strings_have_their_colours() {
        let shown = render(r#"{"k":"v"}"#, Style { color: Color::Always, ..Style::default() });
        assert_eq!(
            shown,
            "\x1b[1;39m{\x1b[0m\x1b[34;1m\"k\"\x1b[0m:\x1b[0;32m\"v\"\x1b[0m\x1b[1;39m}\x1b[0m"
        );
    }

    #[test]
    fn what_is_not_seen_is_written_as_an_escape() {
        let json = "{\"a\":\"x\u{9b}31m\u{202e}\u{e0001}\u{7f}Ж\"}";
        let shown = render(json, Style::default());
        assert_eq!(shown, r#"{"a":"x\u009b31m\u202e\udb40\udc01\u007fЖ"}"#);
        let same = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(same(&shown), same(json));
    }
}
