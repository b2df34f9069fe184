//! A rejected record as rows see it: its start, and the text around the error.

use super::{Body, Context};
use crate::json::error::ErrorKind;

/// Bytes that are looked at: at the start, and on either side of the error.
const LOOK: usize = 4096;

/// A rejected record, and the byte at which reading it failed.
pub(super) struct Text<'a> {
    bytes: &'a [u8],
    at: usize,
    message: &'a str,
    pub context: Context<'a>,
}

impl<'a> Text<'a> {
    pub fn new(bytes: &'a [u8], at: usize, message: &'a str, context: Context<'a>) -> Text<'a> {
        Text { bytes, at: at.min(bytes.len()), message, context }
    }

    pub fn at(&self) -> usize {
        self.at
    }

    pub fn head(&self) -> &'a [u8] {
        &self.bytes[..self.bytes.len().min(LOOK)]
    }

    pub fn whole(&self) -> &'a [u8] {
        self.bytes
    }

    /// The head without white space before it.
    pub fn start(&self) -> &'a [u8] {
        self.head().trim_ascii_start()
    }

    /// The text from the error on.
    pub fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..self.bytes.len().min(self.at + LOOK)]
    }

    /// The text before the error.
    pub fn before(&self) -> &'a [u8] {
        &self.bytes[self.at.saturating_sub(LOOK)..self.at]
    }

    /// The last byte before the error that is not white space.
    pub fn previous(&self) -> Option<u8> {
        self.before().trim_ascii_end().last().copied()
    }

    /// The index of the white space before the error.
    pub fn gap(&self) -> usize {
        self.at - (self.before().len() - self.before().trim_ascii_end().len())
    }

    /// Whether the text begins like JSON, so that the error is in JSON.
    pub fn is_json(&self) -> bool {
        matches!(self.start().first(), Some(b'{' | b'['))
    }

    /// Whether the text begins like JSON, and this is wrong with it.
    pub fn is(&self, error: ErrorKind) -> bool {
        self.is_json() && self.message.ends_with(&error.reason())
    }

    /// Whether a key or value should begin at the error.
    pub fn is_token(&self) -> bool {
        self.is_json() && matches!(self.previous(), Some(b'{' | b'[' | b',' | b':'))
    }

    /// Whether only opening brackets come before the error, and this after it.
    pub fn is_first_token(&self, token: &[u8]) -> bool {
        let is_first = self.at <= LOOK && self.before().iter().all(|byte| b"{[ \t\r\n".contains(byte));
        self.is_json() && self.at > 0 && is_first && self.rest().starts_with(token)
    }

    /// Whether it was percent-encoded in the file, its brackets at least.
    pub fn is_decoded(&self) -> bool {
        match self.context.body {
            Body::Plain => false,
            Body::Form(body) => !body[..body.len().min(LOOK)].contains(&b'{'),
        }
    }

    /// The first line of the head, without white space around it.
    pub fn first_line(&self) -> &'a [u8] {
        lines(self.start()).next().unwrap_or_default()
    }

    /// The whole lines of the head that are not blank, without white space at their end.
    pub fn lines(&self) -> impl Iterator<Item = &'a [u8]> {
        let head = self.head();
        let is_all = head.len() == self.bytes.len();
        let last = memchr::memrchr(b'\n', head).filter(|_| !is_all);
        lines(&head[..last.unwrap_or(head.len())]).filter(|line| !line.is_empty())
    }

    /// The length of the last line that ends at or before the error.
    pub fn line_before(&self) -> usize {
        let is_end = matches!(self.rest().first(), None | Some(b'\n'));
        let behind_line = self.before().iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
        let end = if is_end { self.at } else { self.at.saturating_sub(behind_line) };
        let line = &self.bytes[end.saturating_sub(LOOK)..end];
        line.iter().rev().take_while(|byte| **byte != b'\n').count()
    }
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end)
}

/// Whether a text begins with one of these, in upper or lower case.
pub(super) fn starts_with_any(text: &[u8], starts: &[&str]) -> bool {
    let is_start = |start: &&str| {
        text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start.as_bytes()))
    };
    starts.iter().any(is_start)
}

/// Whether a text begins with one of these words, and the word ends there.
pub(super) fn starts_with_word(text: &[u8], words: &[&str]) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"_$".contains(byte);
    let rest = words.iter().find_map(|word| text.strip_prefix(word.as_bytes()));
    rest.is_some_and(|rest| !rest.first().is_some_and(is_letter))
}

/// The length of the name that a text begins with.
pub(super) fn name_len(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"_-.$".contains(byte)).count()
}
