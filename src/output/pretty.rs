//! Events for people: indented, coloured as jq does it, and with nothing in them that drives a terminal.

use crate::compact::token;
use crate::visible::is_hidden;

/// How an event is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Whether it is spread over lines, two spaces a level.
    pub indent: bool,
    /// Whether keys, strings and other values are coloured.
    pub color: bool,
}

const KEY: &str = "\x1b[34;1m";
const STRING: &str = "\x1b[0;32m";
const NULL: &str = "\x1b[1;30m";
const OTHER: &str = "\x1b[0;39m";
const BRACKET: &str = "\x1b[1;39m";
const RESET: &str = "\x1b[0m";

impl Style {
    /// Appends a compact JSON text in this style. It stays the same JSON: characters that would not be
    /// seen are written as escapes.
    pub fn render(self, json: &[u8], out: &mut Vec<u8>) {
        let mut depth = 0;
        let mut rest = json;
        // Whether the string at hand is a key: it is behind `{`, and behind `,` in an object.
        let mut objects = Vec::new();
        let mut key = false;
        while let Some(&byte) = rest.first() {
            let len = token(rest);
            let (text, behind) = rest.split_at(len);
            match byte {
                b'{' | b'[' => {
                    self.paint(BRACKET, text, out);
                    objects.push(byte == b'{');
                    depth += 1;
                    key = byte == b'{';
                    if !matches!(behind.first(), Some(b'}' | b']')) {
                        self.line(depth, out);
                    }
                }
                b'}' | b']' => {
                    objects.pop();
                    depth -= 1;
                    if !matches!(json[json.len() - rest.len() - 1], b'{' | b'[') {
                        self.line(depth, out);
                    }
                    self.paint(BRACKET, text, out);
                }
                b',' => {
                    out.push(b',');
                    key = objects.last() == Some(&true);
                    self.line(depth, out);
                }
                b':' => {
                    out.extend_from_slice(if self.indent { b": " } else { b":" });
                    key = false;
                }
                b'"' => self.paint(if key { KEY } else { STRING }, text, out),
                b'n' => self.paint(NULL, text, out),
                _ => self.paint(OTHER, text, out),
            }
            rest = behind;
        }
    }

    fn line(self, depth: usize, out: &mut Vec<u8>) {
        if self.indent {
            out.push(b'\n');
            out.resize(out.len() + 2 * depth, b' ');
        }
    }

    fn paint(self, color: &str, text: &[u8], out: &mut Vec<u8>) {
        if self.color {
            out.extend_from_slice(color.as_bytes());
        }
        match std::str::from_utf8(text) {
            Ok(text) if text.contains(is_hidden) => escape(text, out),
            _ => out.extend_from_slice(text),
        }
        if self.color {
            out.extend_from_slice(RESET.as_bytes());
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
            assert_eq!(render(json, Style { indent: true, color: false }), expected);
            assert_eq!(render(json, Style::default()), json);
        }
    }

    #[test]
    fn keys_and_strings_have_their_colours() {
        let shown = render(r#"{"k":"v"}"#, Style { indent: false, color: true });
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
