//! The tokens of a JSON text, one at a time: each is checked, and carried over to the compact text.
//!
//! This is where nearly all of a run's time goes. The small steps are always inlined and the slow ones
//! take plain values, never the cursor itself, so that a loop over a cursor keeps its indices in registers.

mod member;

use crate::json::error::{Error, ErrorKind, Result};
use crate::json::escape;
use crate::json::literal;
use crate::json::path_tree::Key;
use crate::json::simd::{Vector, WIDTH};
use crate::json::string_index::{IndexedText, StringIndex};

/// A text being read, and its compact form being written: what was read is carried over in as long runs
/// as white space leaves.
pub struct Cursor<'t> {
    text: &'t [u8],
    strings_end: StringIndex<'t>,
    /// How much of the text was read.
    at: usize,
    /// How much of it was carried over.
    carried: usize,
    /// How long the compact form of that is.
    filled: usize,
    /// The room that it is written into.
    out: &'t mut [u8],
}

/// How many bytes are carried over at a time: most runs are shorter.
const STEP: usize = 32;

/// How many bytes are looked up at once for a key and what surrounds it.
const KEY: usize = 36;

impl<'t> Cursor<'t> {
    /// How much longer than the text the room for its compact form must be: a step may write more than
    /// counts.
    pub const SLACK: usize = member::WINDOW;

    /// A cursor that begins at an index of a text.
    pub fn new(indexed: IndexedText<'t>, at: usize, out: &'t mut [u8]) -> Cursor<'t> {
        Cursor { text: indexed.text(), strings_end: indexed.strings_end(), at, carried: at, filled: 0, out }
    }

    /// The same cursor, as a variable of the function that calls this: one that was handed in is read and
    /// written in memory at every step, a tenth of all instructions.
    #[inline(always)]
    pub fn local(self) -> Cursor<'t> {
        let Cursor { text, strings_end, at, carried, filled, out } = self;
        Cursor { text, strings_end, at, carried, filled, out }
    }

    /// How much of the text was read.
    #[inline(always)]
    pub fn at(&self) -> usize {
        self.at
    }

    /// How long the compact form of what was read is.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.filled + (self.at - self.carried)
    }

    /// The byte at hand; past the end a zero, which is no part of any JSON.
    #[inline(always)]
    pub fn peek(&self) -> u8 {
        self.text.get(self.at).copied().unwrap_or(0)
    }

    /// The bytes from an index on, unless the text ends before.
    #[inline(always)]
    fn next<const N: usize>(&self, at: usize) -> Option<&'t [u8; N]> {
        self.text.get(at..)?.first_chunk()
    }

    /// What is wrong at hand.
    #[inline(always)]
    pub fn error(&self, kind: ErrorKind) -> Error {
        Error { at: self.at, kind }
    }

    /// Passes the bracket at hand.
    #[inline(always)]
    pub fn bracket(&mut self) {
        self.at += 1;
    }

    /// Passes an object or array with nothing in it, if that is at hand.
    #[inline(always)]
    pub fn empty(&mut self) -> bool {
        let empty = matches!(self.next(self.at), Some(b"{}" | b"[]"));
        self.at += if empty { 2 } else { 0 };
        empty
    }

    /// Carries over what stands before an index; behind it the text goes on at another.
    #[inline(always)]
    fn carry(&mut self, end: usize, next: usize) {
        let len = end - self.carried;
        let run = self.next::<STEP>(self.carried);
        let out = &mut self.out[self.filled..];
        match (run, out.first_chunk_mut::<STEP>()) {
            (Some(run), Some(out)) if len <= STEP => *out = *run,
            _ => carry_long(&self.text[self.carried..end], out),
        }
        self.filled += len;
        (self.at, self.carried) = (next, next);
    }

    /// Carries over what is left, and gives the length of the compact form.
    pub fn finish(mut self) -> usize {
        self.carry(self.at, self.at);
        self.len()
    }

    /// Goes on at another index; what stands before it is white space, to be kept or not.
    #[inline(always)]
    fn pass(&mut self, next: usize, compact: bool) {
        if compact {
            self.carry(self.at, next);
        } else {
            self.at = next;
        }
    }

    /// Passes white space, and drops it if the text is to be compact.
    #[inline(always)]
    pub fn space(&mut self, compact: bool) {
        if self.peek() <= b' ' {
            self.pass(behind_space(self.text, self.at), compact);
        }
    }

    /// Passes a comma, with white space around it; whether there was one.
    #[inline(always)]
    pub fn comma(&mut self, compact: bool) -> bool {
        self.separator(b',', compact)
    }

    /// Passes a comma or colon, with white space around it: by far the most often nothing before and one
    /// space behind. Whether there was one; if not, white space was passed.
    #[inline(always)]
    fn separator(&mut self, byte: u8, compact: bool) -> bool {
        if let Some(&[first, second, third]) = self.next(self.at)
            && [first, second] == [byte, b' ']
            && third > b' '
        {
            self.at += 1;
            self.pass(self.at + 1, compact);
            return true;
        }
        self.space(compact);
        let found = self.peek() == byte;
        if found {
            self.at += 1;
            self.space(compact);
        }
        found
    }

    /// Passes the key at hand, with the colon and white space behind it.
    #[inline(always)]
    pub fn key(&mut self, compact: bool) -> Result<Key<'t>> {
        let from = self.at + 1;
        if let Some(bytes) = self.next::<KEY>(self.at)
            && bytes[0] == b'"'
            && let len = self.strings_end.near(from)
            && len <= KEY - 5
            && bytes[len + 1..len + 3] == *b"\":"
            && bytes[len + 3] == b' '
            && bytes[len + 4] > b' '
        {
            self.at += len + 3;
            self.pass(self.at + 1, compact);
            return Ok(Key::new(&bytes[1..], len));
        }
        self.string(ErrorKind::NoKey)?;
        let len = self.at - 1 - from;
        match self.separator(b':', compact) {
            true => Ok(Key::new(&self.text[from..], len)),
            false => Err(self.error(ErrorKind::NoColon)),
        }
    }

    /// Passes a string.
    #[inline(always)]
    pub fn string(&mut self, missing: ErrorKind) -> Result {
        if self.peek() != b'"' {
            return Err(self.error(missing));
        }
        let end = self.strings_end.next(self.at + 1);
        if self.text.get(end) != Some(&b'"') {
            return Err(no_end(self.text, end));
        }
        self.at = end + 1;
        Ok(())
    }

    /// Passes a number, `true`, `false` or `null`.
    #[inline(always)]
    pub fn literal(&mut self) -> Result {
        match literal::end(&self.text[self.at..]) {
            Ok(len) => {
                self.at += len;
                Ok(())
            }
            Err(Error { at, kind }) => Err(Error { at: self.at + at, kind }),
        }
    }
}

/// Carries over a run that is longer than a step, or near the end of the text.
#[inline(never)]
fn carry_long(run: &[u8], out: &mut [u8]) {
    out[..run.len()].copy_from_slice(run);
}

/// Where the white space ends that begins at an index.
#[inline(never)]
fn behind_space(text: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\n' | b'\r' | b'\t') = text.get(at) {
        at += 1;
        // Pretty-printed payloads are a fifth indentation.
        while let Some(bytes) = text[at..].first_chunk::<WIDTH>() {
            let strings_end = Vector::new(*bytes).not_space();
            at += (strings_end | 1 << WIDTH).trailing_zeros() as usize;
            if strings_end != 0 {
                break;
            }
        }
    }
    at
}

/// What is wrong where a string's plain bytes and escapes end, which is not with a quote.
#[cold]
fn no_end(text: &[u8], at: usize) -> Error {
    match text.get(at) {
        None => Error { at: text.len(), kind: ErrorKind::OpenString },
        Some(b'\\') if escape::is_cut(&text[at..]) => Error { at: text.len(), kind: ErrorKind::OpenString },
        Some(b'\\') => Error { at, kind: ErrorKind::BadEscape },
        Some(_) => Error { at, kind: ErrorKind::ControlCharacter },
    }
}
