//! Whether a source is a table, and how it is written.

use super::candidate::{Candidate, is_payload};
use super::cells::width;
use super::{Format, Header, Quoting, Recognized};
use crate::json::boundary::{Boundary, BoundarySearch, LikeLines};
use crate::json::scan::leading_space;
use crate::payloads::form::{self, Beginning};

/// How long an unquoted array may be and still be the first cell of a table. The elements of a longer one are
/// read as they come, though a tab may follow it.
const LONGEST_ARRAY: usize = 64 << 10;

/// What a source begins with.
enum FirstCell {
    /// An unquoted record, then a tab and something else.
    Record,
    /// No record.
    Unknown,
    /// A record that is not a cell.
    None,
    /// More text is needed to tell.
    More,
}

/// Recognizes one source; continues where it stopped when there is more text.
#[derive(Debug)]
pub struct Recognizer {
    format: Format,
    /// How many bytes of the source are looked at.
    limit: usize,
    candidates: Option<Vec<Candidate>>,
    /// The first record, if the source begins with one.
    first: BoundarySearch,
    /// How much white space the source begins with.
    blank: usize,
    /// How much of the first line after that is known to have no tab.
    looked: usize,
    unescaped: Vec<u8>,
}

impl Recognizer {
    /// Starts at the beginning of a source; looks at no more than `limit` bytes.
    pub fn new(format: Format, limit: usize) -> Recognizer {
        let first = BoundarySearch::new(0, LikeLines::MayBelong, form::starts_line);
        Recognizer { format, limit, candidates: None, first, blank: 0, looked: 0, unescaped: Vec::new() }
    }

    /// Looks at what was read of a source, from its beginning (after a byte order mark); `end` says that this is
    /// all of it. `holds_payload` says whether a cell's text is a payload or has one in it.
    pub fn run(&mut self, text: &[u8], end: bool, holds_payload: impl Fn(&[u8]) -> bool) -> Recognized {
        let all = text.len() <= self.limit;
        let (text, end) = (&text[..text.len().min(self.limit)], end && all);
        match self.search(text, end, &holds_payload) {
            Recognized::More if !end && all => Recognized::More,
            Recognized::Table(dialect, header) => Recognized::Table(dialect, header),
            _ if self.format == Format::Auto => Recognized::Other,
            _ => self.forced(),
        }
    }

    fn search(&mut self, text: &[u8], end: bool, holds_payload: &dyn Fn(&[u8]) -> bool) -> Recognized {
        if self.candidates.is_none() {
            let separators: &[u8] = match self.format {
                Format::Csv => match likelier_separator(text, end) {
                    Some(b';') => b";",
                    Some(_) => b",",
                    None => return Recognized::More,
                },
                Format::Tsv => b"\t",
                Format::Auto => match self.first_cell(text, end, holds_payload) {
                    FirstCell::Record => b"\t",
                    FirstCell::Unknown => b",\t;",
                    FirstCell::None => return Recognized::Other,
                    FirstCell::More => return Recognized::More,
                },
            };
            let format = self.format;
            let candidates = separators.iter().map(|separator| Candidate::new(format, *separator));
            self.candidates = Some(candidates.collect());
        }
        for candidate in self.candidates.iter_mut().flatten() {
            match candidate.run(text, end, holds_payload, &mut self.unescaped) {
                Recognized::Other => {}
                found => return found,
            }
        }
        Recognized::Other
    }

    /// What a source that may be a table begins with. After an unquoted record there must be a tab and then no
    /// other record, since tabs are also white space between records.
    fn first_cell(&mut self, text: &[u8], end: bool, holds_payload: &dyn Fn(&[u8]) -> bool) -> FirstCell {
        self.blank += leading_space(&text[self.blank..]);
        let text = &text[self.blank..];
        match (text.first(), form::beginning(text)) {
            (None, _) | (_, Beginning::Unknown) if !end => return FirstCell::More,
            (Some(b'{' | b'['), _) | (_, Beginning::Form(_)) => {}
            _ => return FirstCell::Unknown,
        }
        let looked = std::mem::replace(&mut self.looked, text.len());
        let cell = memchr::memchr2(b'\t', b'\n', &text[looked..]).map(|at| looked + at);
        self.looked = cell.unwrap_or(text.len());
        let len = self.looked;
        let is_line = cell.map_or(end, |at| text[at] == b'\n');
        if is_line || text[0] == b'[' && len > LONGEST_ARRAY {
            return FirstCell::None;
        }
        // Live streams do not always end their lines: so what follows the record decides too. Where that is not
        // JSON, the search was misled by quotes with backslashes before them, as databases write them.
        let closes = matches!(text[0], b'{' | b'[').then(|| self.first.run(&text[..len]));
        match (closes, cell) {
            (Some(Boundary::Whole(close)), _) if close < len && b" \r{[".contains(&text[close]) => {
                FirstCell::None
            }
            (_, None) => FirstCell::More,
            _ => match second_cell(&text[len..], end) {
                FirstCell::Record if !is_payload(&text[..len], holds_payload, &mut self.unescaped) => {
                    FirstCell::None
                }
                second => second,
            },
        }
    }

    /// The result for a source that the user calls a table, when no payload was found so far.
    fn forced(&self) -> Recognized {
        match self.candidates.iter().flatten().next() {
            Some(candidate) => Recognized::Table(candidate.dialect(), Header::Missing),
            None => Recognized::Other,
        }
    }
}

/// The likelier separator of a source's first line, comma or semicolon; `None` without more text.
fn likelier_separator(text: &[u8], end: bool) -> Option<u8> {
    let text = &text[leading_space(text)..];
    let line = match memchr::memchr(b'\n', text) {
        Some(len) => &text[..len],
        None if end => text,
        None => return None,
    };
    let [commas, semicolons] = [b',', b';'].map(|separator| width(separator, Quoting::Quotes, line));
    Some(if semicolons > commas { b';' } else { b',' })
}

/// What a source begins with if an unquoted record comes first and then this text.
fn second_cell(text: &[u8], end: bool) -> FirstCell {
    let text = &text[text.iter().take_while(|byte| **byte == b'\t').count()..];
    match (text.first(), form::beginning(text)) {
        (None, _) | (_, Beginning::Unknown) if !end => FirstCell::More,
        (None | Some(b'{' | b'[' | b'\n' | b'\r' | b' '), _) | (_, Beginning::Form(_)) => FirstCell::None,
        _ => FirstCell::Record,
    }
}

#[cfg(test)]
mod tests;
