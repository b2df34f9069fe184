//! Events for people: indented, coloured like jq's, and with nothing in them that controls a terminal.

use crate::json::scan::token_len;
use crate::term::color::Color;
use crate::term::sanitize::is_hidden;
use crate::term::width::{columns, cut};

/// How an event is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// On one line.
    #[default]
    Compact,
    /// Over lines, two spaces a level.
    Indented,
}

/// How an event is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// How it is laid out.
    pub layout: Layout,
    /// Whether keys, strings and other values are coloured.
    pub color: Color,
    /// The width to shorten text to, if any: the result is then no longer JSON.
    pub width: Option<usize>,
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
        let mut page = Page { style: self, out, column: 0 };
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
                    page.put(b",");
                    key = objects.last() == Some(&true);
                    page.line(objects.len());
                }
                b':' => {
                    page.put(if self.layout == Layout::Indented { b": " } else { b":" });
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

/// What is being written, and how far its line has come.
struct Page<'o> {
    style: Style,
    out: &'o mut Vec<u8>,
    column: usize,
}

impl Page<'_> {
    fn line(&mut self, depth: usize) {
        if self.style.layout == Layout::Indented {
            self.out.push(b'\n');
            self.out.resize(self.out.len() + 2 * depth, b' ');
            self.column = 2 * depth;
        }
    }

    fn put(&mut self, ascii: &[u8]) {
        self.out.extend_from_slice(ascii);
        self.column += ascii.len();
    }

    fn paint(&mut self, color: &str, text: &[u8]) {
        if self.style.color == Color::Always {
            self.out.extend_from_slice(color.as_bytes());
        }
        let start = self.out.len();
        match std::str::from_utf8(text) {
            Ok(text) if text.contains(is_hidden) => escape(text, self.out),
            _ => self.out.extend_from_slice(text),
        }
        if let Some(width) = self.style.width {
            // Leave room for a comma after it, and after a key for its value.
            let room = width.saturating_sub(self.column + 1);
            let room = if color == KEY { room / 2 } else { room };
            let shown = String::from_utf8_lossy(&self.out.split_off(start)).into_owned();
            let shown = cut(&shown, room);
            self.column += columns(&shown);
            self.out.extend_from_slice(shown.as_bytes());
        }
        if self.style.color == Color::Always {
            self.out.extend_from_slice(RESET.as_bytes());
        }
    }
}

fn escape(text: &str, out: &mut Vec<u8>) {
    for c in text.chars() {
        if is_hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.extend_from_slice(format!("\\u{unit:04x}").as_bytes());
            }
        } else {
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
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
    fn lines_fit_where_that_is_asked_for() {
        let json = format!(r#"{{"{0}":["{0}",{1}]}}"#, "long ".repeat(30), "1".repeat(99));
        let shown = render(&json, Style { layout: Layout::Indented, width: Some(40), ..Style::default() });
        assert!(shown.lines().all(|line| columns(line) <= 40), "{shown}");
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
