//! JSON as Python's `json.dumps` writes it, which is how Olark posts it: a space after each comma and
//! colon, and escapes for all that is not ASCII.

use std::fmt::Write;

/// JSON text in the making.
#[derive(Debug, Default)]
pub struct Dumps {
    text: String,
}

impl Dumps {
    /// The text.
    pub fn into_text(self) -> String {
        self.text
    }

    /// Opens an object or array, with `{` or `[`.
    pub fn open(&mut self, bracket: char) {
        self.separate();
        self.text.push(bracket);
    }

    /// Closes an object or array, with `}` or `]`.
    pub fn close(&mut self, bracket: char) {
        self.text.push(bracket);
    }

    /// The key of the member that is written next.
    pub fn key(&mut self, key: &str) {
        self.string(key);
        self.text.push_str(": ");
    }

    /// A member whose value is a string.
    pub fn member(&mut self, key: &str, value: &str) {
        self.key(key);
        self.string(value);
    }

    /// A member whose value is a number, a literal or an empty object, as it stands in JSON.
    pub fn literal(&mut self, key: &str, value: &str) {
        self.key(key);
        self.text.push_str(value);
    }

    /// A string.
    pub fn string(&mut self, value: &str) {
        self.separate();
        self.text.push('"');
        for c in value.chars() {
            match c {
                '"' => self.text.push_str("\\\""),
                '\\' => self.text.push_str("\\\\"),
                '\n' => self.text.push_str("\\n"),
                '\t' => self.text.push_str("\\t"),
                ' '..='~' => self.text.push(c),
                _ => {
                    for unit in c.encode_utf16(&mut [0; 2]) {
                        write!(self.text, "\\u{unit:04x}").expect("a string takes all that is written");
                    }
                }
            }
        }
        self.text.push('"');
    }

    /// A comma, but not at the beginning, after an opening bracket or after a key.
    fn separate(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with(['{', '[', ' ']) {
            self.text.push_str(", ");
        }
    }
}
