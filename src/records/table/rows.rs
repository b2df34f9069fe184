//! The rows of a table: where each ends.

use super::cells::CellQuoting;
use crate::records::layout::{End, Text};

/// The most of a line that is kept to see whether its quotes are right.
const MAX_KEPT: usize = 64 << 10;

/// The search for the end of one row after the other; it goes on where it stopped when there is more text.
#[derive(Clone, Debug)]
pub struct Rows {
    separator: u8,
    quoting: CellQuoting,
    at: usize,
    state: State,
    /// Rows that begin before this offset are lines: a quote there turned out to be plain text. So no text is searched
    /// again and again.
    lines_until: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    RowStart,
    CellStart,
    Bare,
    Quoted,
    /// After a quote in a quoted cell: the closing one, or the first of two.
    Quote,
    /// The row ends with this line, whatever is on it.
    Line,
}

enum Found {
    /// The row has this many bytes, without its line feed.
    End(usize),
    /// At this index it becomes clear that its quotes are not those of a table.
    WrongQuote(usize),
    Nothing,
}

impl Rows {
    pub fn new(separator: u8, quoting: CellQuoting) -> Rows {
        Rows { separator, quoting, at: 0, state: State::RowStart, lines_until: 0 }
    }

    /// Whether a row had quotes that are not those of a table.
    pub fn have_wrong_quotes(&self) -> bool {
        self.lines_until > 0
    }

    /// The length of the row that a text starts with; `None` if more text is needed. A row whose quotes are wrong ends
    /// with its first line, so that the rows after it are not lost with it.
    pub fn next(&mut self, text: Text) -> Option<usize> {
        match self.search(text) {
            Found::End(len) => {
                self.start_over();
                Some(len)
            }
            Found::WrongQuote(at) => {
                // A row that begins on the line of the wrong quote is searched anew.
                let line = memchr::memrchr(b'\n', &text.bytes[..at]).map_or(1, |at| at + 1);
                self.lines_until = text.place.offset + line as u64;
                self.start_over();
                self.next(text)
            }
            Found::Nothing => None,
        }
    }

    /// The end of a row over the limit. One whose quotes are wrong ends before the line of the wrong quote.
    pub fn oversize_end(&mut self, text: Text) -> End {
        let end = match self.search(text) {
            Found::End(len) => Some(len),
            Found::WrongQuote(at) => {
                let line_feed = line_feed_before(text.bytes, at);
                if line_feed.is_none() {
                    self.state = State::Line;
                    return self.oversize_end(text);
                }
                line_feed
            }
            Found::Nothing => None,
        };
        if let Some(len) = end {
            self.start_over();
            return End::At(len);
        }
        // The current line is kept, with the line feed before it: a wrong quote on it ends the row there.
        let at = self.at - text.passed;
        let kept = if self.state == State::Line { None } else { line_feed_before(text.bytes, at) };
        End::Beyond(kept.unwrap_or(at))
    }

    fn search(&mut self, text: Text) -> Found {
        let (bytes, is_last) = (text.bytes, text.is_last());
        if self.state == State::RowStart {
            self.state = if text.place.offset < self.lines_until { State::Line } else { State::CellStart };
        }
        let mut at = self.at - text.passed;
        let found = loop {
            let rest = &bytes[at..];
            let Some(first) = rest.first() else { break None };
            let (len, state) = match self.state {
                State::CellStart if self.quoting.quote() == Some(*first) => (1, State::Quoted),
                State::RowStart | State::CellStart => (0, State::Bare),
                State::Bare => match memchr::memchr2(self.separator, b'\n', rest) {
                    Some(len) if rest[len] == b'\n' => break Some(Found::End(at + len)),
                    Some(len) => (len + 1, State::CellStart),
                    None => (rest.len(), State::Bare),
                },
                State::Quoted => match self.quoting.find_quote(rest) {
                    Some(len) if rest[len] != b'\\' => (len + 1, State::Quote),
                    Some(len) if len + 1 < rest.len() => (len + 2, State::Quoted),
                    // The escaped byte is still to come.
                    Some(len) => {
                        at += len;
                        break None;
                    }
                    None => (rest.len(), State::Quoted),
                },
                State::Quote => match rest {
                    [quote, ..] if self.quoting == CellQuoting::Doubled(*quote) => (1, State::Quoted),
                    [byte, ..] if *byte == self.separator => (1, State::CellStart),
                    [b'\n', ..] => break Some(Found::End(at)),
                    [b'\r', b'\n', ..] => break Some(Found::End(at + 1)),
                    [b'\r'] if is_last => break Some(Found::End(at + 1)),
                    [b'\r'] => break None,
                    _ => break Some(Found::WrongQuote(at)),
                },
                State::Line => match memchr::memchr(b'\n', rest) {
                    Some(len) => break Some(Found::End(at + len)),
                    None => (rest.len(), State::Line),
                },
            };
            at += len;
            self.state = state;
        };
        self.at = text.passed + at;
        found.unwrap_or(match self.state {
            State::Quoted if is_last => Found::WrongQuote(at),
            _ if is_last => Found::End(at),
            _ => Found::Nothing,
        })
    }

    fn start_over(&mut self) {
        self.at = 0;
        self.state = State::RowStart;
    }
}

/// The line feed before the line that an index is on, if it is near.
fn line_feed_before(text: &[u8], at: usize) -> Option<usize> {
    let from = at.saturating_sub(MAX_KEPT);
    memchr::memrchr(b'\n', &text[from..at]).map(|found| from + found)
}
