//! The end of a table's row.

use crate::records::dialect::Quoting;
use crate::records::source_text::Extent;

/// The most of a line that is kept to see whether its quotes are right.
const MAX_KEPT: usize = 64 << 10;

/// The search for the end of a row; it goes on where it stopped when there is more text.
#[derive(Clone, Debug)]
pub struct RowEnd {
    separator: u8,
    quoting: Quoting,
    /// The part of the row that was looked at.
    at: usize,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    CellStart,
    Bare,
    Quoted,
    /// After a quote in a quoted cell: the closing one, or the first of two.
    Quote,
    /// The row ends with this line, whatever is on it.
    Line,
}

/// The result of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowBoundary {
    /// The row has this many bytes, without its line feed.
    Whole(usize),
    /// At this index it becomes clear that its quotes are not those of a table.
    Misquoted(usize),
    /// The text ends first.
    More,
}

impl RowEnd {
    /// A search at the start of a row.
    pub fn new(separator: u8, quoting: Quoting) -> RowEnd {
        RowEnd { separator, quoting, at: 0, state: State::CellStart }
    }

    /// Searches the text of a row.
    pub fn run(&mut self, text: &[u8], is_last: bool) -> RowBoundary {
        while self.at < text.len() {
            let rest = &text[self.at..];
            match self.state {
                State::CellStart if self.quoting.quote() == Some(rest[0]) => self.go(1, State::Quoted),
                State::CellStart => self.state = State::Bare,
                State::Bare => match memchr::memchr2(self.separator, b'\n', rest) {
                    Some(at) if rest[at] == b'\n' => return self.whole(at),
                    Some(at) => self.go(at + 1, State::CellStart),
                    None => self.at = text.len(),
                },
                State::Quoted => match find_quote(self.quoting, rest) {
                    Some(at) if rest[at] != b'\\' => self.go(at + 1, State::Quote),
                    Some(at) if at + 1 < rest.len() => self.at += at + 2,
                    // The escaped byte is still to come.
                    Some(at) => {
                        self.at += at;
                        break;
                    }
                    None => self.at = text.len(),
                },
                State::Quote => match rest {
                    [quote, ..] if self.quoting == Quoting::Doubled(*quote) => self.go(1, State::Quoted),
                    [byte, ..] if *byte == self.separator => self.go(1, State::CellStart),
                    [b'\n', ..] => return self.whole(0),
                    [b'\r', b'\n', ..] => return self.whole(1),
                    [b'\r'] if is_last => return self.whole(1),
                    [b'\r'] => return RowBoundary::More,
                    _ => return RowBoundary::Misquoted(self.at),
                },
                State::Line => match memchr::memchr(b'\n', rest) {
                    Some(at) => return self.whole(at),
                    None => self.at = text.len(),
                },
            }
        }
        match self.state {
            State::Quoted if is_last => RowBoundary::Misquoted(self.at),
            _ if is_last => RowBoundary::Whole(self.at),
            _ => RowBoundary::More,
        }
    }

    /// The part of a text that belongs to a row over the limit. Do not pass that text again.
    pub fn pass(&mut self, text: &[u8], is_last: bool) -> Extent {
        loop {
            match self.run(text, is_last) {
                RowBoundary::Whole(len) => return Extent::Ends(len),
                RowBoundary::More => {
                    // The current line is kept, with the line feed before it: a wrong quote on it ends the row there.
                    let kept =
                        if self.state == State::Line { None } else { line_feed_before(text, text.len()) };
                    let passed = kept.unwrap_or(text.len());
                    self.at = self.at.saturating_sub(passed);
                    return Extent::GoesOn(passed);
                }
                RowBoundary::Misquoted(at) => match line_feed_before(text, at) {
                    Some(len) => return Extent::Ends(len),
                    None => self.state = State::Line,
                },
            }
        }
    }

    fn go(&mut self, len: usize, state: State) {
        self.at += len;
        self.state = state;
    }

    fn whole(&mut self, at: usize) -> RowBoundary {
        self.at += at;
        RowBoundary::Whole(self.at)
    }
}

/// The next quote of a quoted cell, or the next backslash if that can escape one.
pub fn find_quote(quoting: Quoting, text: &[u8]) -> Option<usize> {
    match quoting {
        Quoting::Enclosed => memchr::memchr2(b'"', b'\\', text),
        _ => memchr::memchr(quoting.quote()?, text),
    }
}

/// The line feed before the line that an index is on, if it is near.
fn line_feed_before(text: &[u8], at: usize) -> Option<usize> {
    let from = at.saturating_sub(MAX_KEPT);
    memchr::memrchr(b'\n', &text[from..at]).map(|found| from + found)
}
