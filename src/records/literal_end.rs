//! The end of an SQL literal.

use crate::records::layout::{End, Text};

/// The escapes of a literal, besides doubled apostrophes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escapes {
    None,
    /// Backslashes: in MySQL, and in PostgreSQL's `E'…'`.
    Backslashes,
}

/// The search for the end of a literal; it goes on where it stopped when there is more text.
#[derive(Clone, Debug)]
pub struct LiteralEnd {
    escapes: Escapes,
    /// The part of the literal that was looked at, the opening apostrophe included.
    at: usize,
}

impl LiteralEnd {
    /// A search that starts after the opening apostrophe, which is before this index.
    pub fn new(escapes: Escapes, at: usize) -> LiteralEnd {
        LiteralEnd { escapes, at }
    }

    /// The end of the literal in a text. What the last byte of a text means may depend on the next.
    pub fn run(&mut self, text: Text) -> End {
        let bytes = text.bytes;
        let mut at = self.at - text.passed;
        while let Some(rest) = bytes.get(at..) {
            let found = match self.escapes {
                Escapes::None => memchr::memchr(b'\'', rest),
                Escapes::Backslashes => memchr::memchr2(b'\'', b'\\', rest),
            };
            at += found.unwrap_or(rest.len());
            let next = bytes.get(at + 1);
            if found.is_none() || next.is_none() && !text.is_last() {
                break;
            }
            if bytes[at] == b'\'' && next != Some(&b'\'') {
                return End::At(at + 1);
            }
            at += 2;
        }
        self.at = text.passed + at;
        End::Beyond(at.min(bytes.len()))
    }
}
