//! A cursor over the tokens of a JSON text: checks each, and copies it to a compact text without white space.
//!
//! Nearly all of a run's time is spent here. The small steps are always inlined, and the slow ones take plain
//! values, never the cursor itself, so that a loop over it keeps its indices in registers.

use crate::json::error::{Error, ErrorKind, Result};
use crate::json::path_tree::Key;
use crate::json::scan;
use crate::json::string_index::IndexedText;
use crate::json::strings;

/// A text being read, and its compact form being written.
pub struct Cursor<'t> {
    indexed: IndexedText<'t>,
    text: &'t [u8],
    /// The length of the text that was read.
    at: usize,
    /// The length that was copied: in runs, from one white space to the next.
    copied: usize,
    /// The length of the compact form of that.
    filled: usize,
    out: &'t mut [u8],
    /// Whether a number may be beyond the range of a double: it has an exponent, or very many digits.
    has_huge: bool,
}

/// The bytes that are copied at once: most runs are shorter.
const RUN: usize = 32;

/// The bytes that are looked at once for a key and its surroundings.
const KEY: usize = 36;

impl<'t> Cursor<'t> {
    /// The extra room that a compact form needs, since a run is copied as a whole.
    pub const SLACK: usize = RUN;

    pub fn new(indexed: IndexedText<'t>, at: usize, out: &'t mut [u8]) -> Cursor<'t> {
        let text = indexed.text();
        Cursor { indexed, text, at, copied: at, filled: 0, out, has_huge: false }
    }

    /// The same cursor as a local variable of the caller: one that is passed in is read and written in memory at
    /// every step, which takes a tenth of all instructions.
    #[inline(always)]
    pub fn local(self) -> Cursor<'t> {
        let Cursor { indexed, text, at, copied, filled, out, has_huge } = self;
        Cursor { indexed, text, at, copied, filled, out, has_huge }
    }

    /// The length of the text that was read.
    #[inline(always)]
    pub fn at(&self) -> usize {
        self.at
    }

    /// The length of the compact form of the text that was read.
    #[inline(always)]
    pub fn compact_len(&self) -> usize {
        self.filled + (self.at - self.copied)
    }

    /// The next byte; after the end a zero, which is not part of any JSON.
    #[inline(always)]
    pub fn peek(&self) -> u8 {
        self.text.get(self.at).copied().unwrap_or(0)
    }

    #[inline(always)]
    fn chunk<const N: usize>(&self, at: usize) -> Option<&'t [u8; N]> {
        self.text.get(at..)?.first_chunk()
    }

    #[inline(always)]
    pub fn error(&self, kind: ErrorKind) -> Error {
        Error { at: self.at, kind }
    }

    /// Passes an object or array with nothing in it, if one comes next.
    #[inline(always)]
    pub fn empty(&mut self) -> bool {
        let empty = matches!(self.chunk(self.at), Some(b"{}" | b"[]"));
        self.at += if empty { 2 } else { 0 };
        empty
    }

    /// Passes an opening bracket and the white space after it.
    #[inline(always)]
    pub fn open(&mut self) {
        self.at += 1;
        self.space();
    }

    #[inline(always)]
    pub fn close(&mut self, closing: u8) -> Result {
        if self.peek() != closing {
            let is_object = closing == b'}';
            let kind =
                if is_object { ErrorKind::ExpectedCommaOrBrace } else { ErrorKind::ExpectedCommaOrBracket };
            return Err(self.error(kind));
        }
        self.at += 1;
        Ok(())
    }

    /// Copies what was read so far, and continues at another index.
    #[inline(always)]
    fn skip_to(&mut self, next: usize) {
        let len = self.at - self.copied;
        let run = self.chunk::<RUN>(self.copied);
        let out = &mut self.out[self.filled..];
        match (run, out.first_chunk_mut::<RUN>()) {
            (Some(run), Some(out)) if len <= RUN => *out = *run,
            _ => copy_long(&self.text[self.copied..self.at], out),
        }
        self.filled += len;
        (self.at, self.copied) = (next, next);
    }

    /// Copies what is left, and gives the length of the compact form, and whether a number may be huge.
    pub fn finish(mut self) -> (usize, bool) {
        self.skip_to(self.at);
        (self.filled, self.has_huge)
    }

    #[inline(always)]
    pub fn space(&mut self) {
        if self.peek() <= b' ' {
            self.skip_space();
        }
    }

    #[inline(always)]
    fn skip_space(&mut self) {
        let rest = &self.text[self.at.min(self.text.len())..];
        self.skip_to(self.at + scan::leading_space(rest));
    }

    /// Passes a comma or colon and the white space around it. Returns whether there was one; if not, only white space
    /// was passed.
    #[inline(always)]
    pub fn separator(&mut self, byte: u8) -> bool {
        if let Some(&[found, first, second]) = self.chunk(self.at)
            && found == byte
        {
            self.at += 1;
            self.space_after([first, second]);
            return true;
        }
        self.space();
        let found = self.peek() == byte;
        if found {
            self.at += 1;
            self.space();
        }
        found
    }

    /// Passes the white space after a separator, given the two bytes that come next: most often none or one space.
    #[inline(always)]
    fn space_after(&mut self, [first, second]: [u8; 2]) {
        if first > b' ' {
            return;
        }
        if first == b' ' && second > b' ' {
            self.skip_to(self.at + 1);
        } else {
            self.skip_space();
        }
    }

    /// Passes a key, its colon and the white space after it.
    #[inline(always)]
    pub fn key(&mut self) -> Result<Key<'t>> {
        let from = self.at + 1;
        if let Some(bytes) = self.chunk::<KEY>(self.at)
            && bytes[0] == b'"'
            && let len = self.indexed.near(from)
            && len <= KEY - 5
            && bytes[len + 1..len + 3] == *b"\":"
        {
            self.at += len + 3;
            self.space_after([bytes[len + 3], bytes[len + 4]]);
            return Ok(Key::new(&bytes[1..], len));
        }
        self.string(ErrorKind::ExpectedKey)?;
        let len = self.at - 1 - from;
        if self.separator(b':') {
            Ok(Key::new(&self.text[from..], len))
        } else {
            Err(self.error(ErrorKind::ExpectedColon))
        }
    }

    /// Passes a string; `missing` is the error when there is none.
    #[inline(always)]
    pub fn string(&mut self, missing: ErrorKind) -> Result {
        if self.peek() != b'"' {
            return Err(self.error(missing));
        }
        let end = self.indexed.string_end(self.at + 1);
        if self.text.get(end) != Some(&b'"') {
            return Err(unclosed(self.text, end));
        }
        self.at = end + 1;
        Ok(())
    }

    /// Passes a number, `true`, `false` or `null`.
    #[inline(always)]
    pub fn literal(&mut self) -> Result {
        let text = &self.text[self.at.min(self.text.len())..];
        match scan::literal_len(text) {
            Ok(len) => {
                self.at += len;
                if scan::may_be_huge(&text[..len]) {
                    self.has_huge = true;
                }
                Ok(())
            }
            Err(Error { at, kind }) => Err(Error { at: self.at + at, kind }),
        }
    }
}

/// Copies a run that is longer than most, or near the end of the text.
#[inline(never)]
fn copy_long(run: &[u8], out: &mut [u8]) {
    out[..run.len()].copy_from_slice(run);
}

/// The error where a string stops without a closing quote.
#[cold]
fn unclosed(text: &[u8], at: usize) -> Error {
    match text.get(at) {
        Some(b'\\') if !strings::is_cut_off(&text[at..]) => Error { at, kind: ErrorKind::InvalidEscape },
        None | Some(b'\\') => Error { at: text.len(), kind: ErrorKind::UnclosedString },
        Some(_) => Error { at, kind: ErrorKind::ControlCharacter },
    }
}
