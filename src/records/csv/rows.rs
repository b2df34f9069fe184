//! Where the rows of a table end.

use super::Quoting;

/// Finds where the rows of one source end, one after the other; continues where it stopped when there is more
/// text.
#[derive(Clone, Debug)]
pub struct Rows {
    separator: u8,
    quoting: Quoting,
    /// How much of the current row was looked at.
    at: usize,
    state: State,
    /// Rows that begin before this index, counted from the current row, are lines: a quote there turned out to
    /// be plain text. So no text is scanned again and again.
    lines_until: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    CellStart,
    Bare,
    Quoted,
    /// After a quote in a quoted cell: the closing one, or the first of two.
    Quote,
}

/// What was found of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// It has this many bytes, without its line feed.
    Whole(usize),
    /// At this index it becomes clear that its quotes are not those of a table.
    Misquoted(usize),
    /// The text ends first.
    More,
}

impl Rows {
    /// At the start of a row.
    pub fn new(separator: u8, quoting: Quoting) -> Rows {
        Rows { separator, quoting, at: 0, state: State::CellStart, lines_until: 0 }
    }

    /// The length of the row that a text begins with, without its line feed; `None` if more text is needed. The
    /// next call takes the text after the row and its line feed.
    ///
    /// A row whose quotes are wrong ends with its first line, so that the rows after it are not lost with it.
    pub fn end(&mut self, text: &[u8], end: bool) -> Option<usize> {
        if self.lines_until == 0 {
            match self.scan(text, end) {
                Row::Whole(len) => return Some(self.finish(len)),
                Row::More => return None,
                Row::Misquoted(at) => {
                    // A row that begins on the line of the wrong quote is scanned anew.
                    self.lines_until = line_start(text, at).unwrap_or(1);
                    self.at = 0;
                }
            }
        }
        let found = memchr::memchr(b'\n', &text[self.at..]).map(|at| self.at + at);
        self.at = text.len();
        found.or(end.then_some(text.len())).map(|len| self.finish(len))
    }

    fn finish(&mut self, len: usize) -> usize {
        self.lines_until = self.lines_until.saturating_sub(len + 1);
        (self.at, self.state) = (0, State::CellStart);
        len
    }

    /// How much of a text belongs to a row that is too large to be kept, and whether the row ends there. Do not
    /// pass that text again.
    pub fn skip(&mut self, text: &[u8], end: bool) -> (usize, bool) {
        if self.lines_until == 0 {
            match self.scan(text, end) {
                Row::Whole(len) => return (self.finish(len), true),
                Row::More => {
                    // The line at hand is kept, with the line feed before it: a wrong quote on it ends the row there.
                    let taken = line_feed(text, text.len()).unwrap_or(text.len());
                    self.at = self.at.saturating_sub(taken);
                    return (taken, false);
                }
                Row::Misquoted(at) => match line_feed(text, at) {
                    Some(len) => return (self.finish(len), true),
                    None => (self.at, self.lines_until) = (at, 1),
                },
            }
        }
        let from = std::mem::take(&mut self.at);
        match memchr::memchr(b'\n', &text[from..]) {
            Some(at) => (self.finish(from + at), true),
            None => (text.len(), end),
        }
    }

    /// Looks for the end of the row, by its quotes where it may have any.
    pub(super) fn scan(&mut self, text: &[u8], end: bool) -> Row {
        while self.at < text.len() {
            let rest = &text[self.at..];
            match self.state {
                State::CellStart => match (self.quoting, rest[0]) {
                    (Quoting::Quotes, b'"') => self.go(1, State::Quoted),
                    _ => self.state = State::Bare,
                },
                State::Bare => match memchr::memchr2(self.separator, b'\n', rest) {
                    Some(at) if rest[at] == b'\n' => return self.whole(at),
                    Some(at) => self.go(at + 1, State::CellStart),
                    None => self.at = text.len(),
                },
                State::Quoted => match memchr::memchr(b'"', rest) {
                    Some(at) => self.go(at + 1, State::Quote),
                    None => self.at = text.len(),
                },
                State::Quote => match rest {
                    [b'"', ..] => self.go(1, State::Quoted),
                    [byte, ..] if *byte == self.separator => self.go(1, State::CellStart),
                    [b'\n', ..] => return self.whole(0),
                    [b'\r', b'\n', ..] => return self.whole(1),
                    [b'\r'] if end => return self.whole(1),
                    [b'\r'] => return Row::More,
                    _ => return Row::Misquoted(self.at),
                },
            }
        }
        match end {
            true if self.state == State::Quoted => Row::Misquoted(self.at),
            true => Row::Whole(self.at),
            false => Row::More,
        }
    }

    fn go(&mut self, len: usize, state: State) {
        (self.at, self.state) = (self.at + len, state);
    }

    fn whole(&mut self, at: usize) -> Row {
        self.at += at;
        Row::Whole(self.at)
    }
}

/// The most of a line that is kept to see whether its quotes are right.
const MOST_KEPT: usize = 64 << 10;

/// The line feed before the line that an index is on, if it is near.
fn line_feed(text: &[u8], at: usize) -> Option<usize> {
    let from = at.saturating_sub(MOST_KEPT);
    memchr::memrchr(b'\n', &text[from..at]).map(|found| from + found)
}

/// Where the line of an index begins; `None` for the first line.
fn line_start(text: &[u8], at: usize) -> Option<usize> {
    memchr::memrchr(b'\n', &text[..at]).map(|at| at + 1)
}

#[cfg(test)]
mod tests;
