//! The end of an SQL literal.

use crate::records::source_text::Extent;

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

    /// The index after the closing apostrophe. What the last byte of a text means may depend on the next.
    pub fn run(&mut self, text: &[u8], is_last: bool) -> Option<usize> {
        loop {
            let rest = text.get(self.at..)?;
            let found = match self.escapes {
                Escapes::None => memchr::memchr(b'\'', rest),
                Escapes::Backslashes => memchr::memchr2(b'\'', b'\\', rest),
            };
            let Some(found) = found else {
                self.at = text.len();
                return None;
            };
            let at = self.at + found;
            let next = text.get(at + 1);
            if next.is_none() && !is_last {
                self.at = at;
                return None;
            }
            if text[at] == b'\'' && next != Some(&b'\'') {
                return Some(at + 1);
            }
            self.at = at + 2;
        }
    }

    /// The part of a text that belongs to a literal over the limit. Do not pass that text again.
    pub fn pass(&mut self, text: &[u8], is_last: bool) -> Extent {
        match self.run(text, is_last) {
            Some(len) => Extent::Ends(len),
            None => {
                let passed = self.at.min(text.len());
                self.at -= passed;
                Extent::GoesOn(passed)
            }
        }
    }
}
