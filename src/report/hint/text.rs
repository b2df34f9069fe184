//! A rejected record as the rows of the table see it: its head, and the text around the error.

use super::{Body, Context};

/// How many bytes are looked at: at the head, and on either side of the error.
const LOOK: usize = 4096;

/// A rejected record, and the byte at which reading it failed.
pub(super) struct Text<'a> {
    bytes: &'a [u8],
    at: usize,
    pub(super) context: Context<'a>,
}

impl<'a> Text<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize, context: Context<'a>) -> Text<'a> {
        Text { bytes, at: at.min(bytes.len()), context }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn head(&self) -> &'a [u8] {
        &self.bytes[..self.bytes.len().min(LOOK)]
    }

    /// The head without white space before it.
    pub(super) fn start(&self) -> &'a [u8] {
        self.head().trim_ascii_start()
    }

    /// The text from the error on.
    pub(super) fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..self.bytes.len().min(self.at + LOOK)]
    }

    /// The text before the error.
    pub(super) fn before(&self) -> &'a [u8] {
        &self.bytes[self.at.saturating_sub(LOOK)..self.at]
    }

    /// The last byte before the error that is not white space.
    pub(super) fn previous(&self) -> Option<u8> {
        self.before().trim_ascii_end().last().copied()
    }

    /// Where the white space before the error begins.
    pub(super) fn gap(&self) -> usize {
        self.at - (self.before().len() - self.before().trim_ascii_end().len())
    }

    /// Whether the text begins like JSON, so that the error is in JSON.
    pub(super) fn is_json(&self) -> bool {
        matches!(self.start().first(), Some(b'{' | b'['))
    }

    /// Whether only opening brackets come before the error, so that it is not in a string.
    pub(super) fn is_first_token(&self) -> bool {
        self.at <= LOOK && self.before().iter().all(|b| b"{[ \t\r\n".contains(b))
    }

    /// Whether a key or value should begin at the error.
    pub(super) fn is_token(&self) -> bool {
        self.is_json() && matches!(self.previous(), Some(b'{' | b'[' | b',' | b':'))
    }

    /// Whether it was percent-encoded in the file, its brackets at least.
    pub(super) fn is_decoded(&self) -> bool {
        match self.context.body {
            Body::Plain => false,
            Body::Form(body) => !body[..body.len().min(LOOK)].contains(&b'{'),
        }
    }

    /// The first line of the head, without white space around it.
    pub(super) fn first_line(&self) -> &'a [u8] {
        split_lines(self.start()).next().unwrap_or_default().trim_ascii_end()
    }

    /// The whole lines of the head that are not blank, without their line breaks.
    pub(super) fn lines(&self) -> impl Iterator<Item = &'a [u8]> {
        let head = self.head();
        let whole = if head.len() == self.bytes.len() {
            head
        } else {
            &head[..memchr::memrchr(b'\n', head).unwrap_or(head.len())]
        };
        split_lines(whole).map(<[u8]>::trim_ascii_end).filter(|line| !line.is_empty())
    }

    /// Whether this is in the first line, which does not begin like JSON: a payload in a log line.
    pub(super) fn is_in_log(&self, payload: &[u8]) -> bool {
        !self.is_json() && memchr::memmem::find(self.first_line(), payload).is_some_and(|at| at > 0)
    }

    /// The length of the last line that ends at or before the error.
    pub(super) fn line_before(&self) -> usize {
        let end = if self.bytes.get(self.at) == Some(&b'\n') || self.at == self.bytes.len() {
            self.at
        } else {
            match memchr::memrchr(b'\n', self.before()) {
                Some(index) => self.at - self.before().len() + index,
                None => return 0,
            }
        };
        let look = &self.bytes[end.saturating_sub(LOOK)..end];
        memchr::memrchr(b'\n', look).map_or(look.len(), |index| look.len() - index - 1)
    }
}

/// The lines of a text, without their line feeds.
pub(super) fn split_lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = memchr::memchr(b'\n', text);
        rest = end.map(|end| &text[end + 1..]);
        Some(&text[..end.unwrap_or(text.len())])
    })
}

/// Whether a text begins with one of these, in upper or lower case.
pub(super) fn starts_with_any(text: &[u8], starts: &[&str]) -> bool {
    starts
        .iter()
        .any(|start| text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start.as_bytes())))
}

/// Whether a text begins with a word that ends there.
pub(super) fn has_word(text: &[u8], word: &str) -> bool {
    let rest = text.strip_prefix(word.as_bytes());
    rest.is_some_and(|rest| {
        !matches!(rest.first(), Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'$'))
    })
}

/// Whether a text contains another.
pub(super) fn contains(text: &[u8], part: &str) -> bool {
    memchr::memmem::find(text, part.as_bytes()).is_some()
}
