//! Lines in a text: where they end, and which of them start a record.

use crate::payloads::form;

/// How much of a line must be known to tell whether it starts a record, besides its indentation.
pub const UNDECIDED: usize = 1 + form::MOST_FIELDS;

/// Where the next line starts like a record, the first line not counted: with `{`, indented by at most this much, or
/// as a form body does.
pub fn record_line(text: &[u8], indent: usize) -> Option<usize> {
    memchr::memchr_iter(b'\n', text).map(|at| at + 1).find(|at| {
        let line = &text[*at..];
        let blank = line.iter().take(indent).take_while(|b| matches!(b, b' ' | b'\t')).count();
        line.get(blank) == Some(&b'{') || form::begins(line)
    })
}

/// The next line feed of a text that grows at its end and shrinks at its start. No text is searched twice,
/// however many records are on one line.
#[derive(Debug, Default)]
pub struct NextLineFeed {
    found: Option<usize>,
    /// There is none before this index.
    searched: usize,
}

impl NextLineFeed {
    /// Where the next line feed is.
    pub fn find(&mut self, text: &[u8]) -> Option<usize> {
        if let Some(rest) = text.get(self.searched..).filter(|_| self.found.is_none()) {
            self.found = memchr::memchr(b'\n', rest).map(|at| self.searched + at);
            self.searched = text.len();
        }
        // It may have been found in a longer text.
        self.found.filter(|at| *at < text.len())
    }

    /// Takes this much off the start of the text.
    pub fn advance(&mut self, len: usize) {
        match self.found {
            Some(at) if at < len => *self = NextLineFeed::default(),
            Some(at) => self.found = Some(at - len),
            None => self.searched = self.searched.saturating_sub(len),
        }
    }
}

/// The search for the end of an array's element that is neither an object nor an array; continues where it
/// stopped.
#[derive(Debug, Default)]
pub struct LiteralEnd {
    at: usize,
    quoted: bool,
    escaped: bool,
}

impl LiteralEnd {
    /// Where the element ends: before a comma, a closing bracket or white space outside of its quotes, or with the
    /// line.
    pub fn find(&mut self, text: &[u8]) -> Option<usize> {
        while let Some(byte) = text.get(self.at) {
            match byte {
                b'\n' => return Some(self.at),
                _ if self.escaped => self.escaped = false,
                b'\\' if self.quoted => self.escaped = true,
                b'"' => self.quoted = !self.quoted,
                b',' | b']' | b' ' | b'\t' | b'\r' if !self.quoted => return Some(self.at),
                _ => {}
            }
            self.at += 1;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_feed_is_found_however_the_text_is_taken_off() {
        let text = b"ab\n\nc\nlong line without an end";
        for step in 1..8 {
            let mut line_feeds = NextLineFeed::default();
            let mut from = 0;
            while from < text.len() {
                for end in [from + 1, text.len()] {
                    let rest = &text[from..end];
                    assert_eq!(line_feeds.find(rest), memchr::memchr(b'\n', rest), "{from} {end} {step}");
                }
                line_feeds.advance(step);
                from += step;
            }
        }
    }
}
