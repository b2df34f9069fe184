//! Cutting what a source holds into records, whatever its layout: lines, documents that span lines,
//! arrays, form bodies, or a mix. Only the content decides, never how much of it was read at a time.

pub mod boundary;
mod layout;
pub mod skip;

use crate::input::form;
use crate::input::record::{Kind, Place, Record};
use crate::input::split::boundary::{BoundarySearch, is_blank, trim_end};
use crate::input::split::skip::{Skip, Until};

/// What `--input-format` says a source holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// Found from the content.
    #[default]
    Auto,
    /// Objects or arrays of objects, however laid out.
    Json,
    /// One object on each line.
    Ndjson,
    /// Form bodies.
    Form,
}

/// The most records that are cut off at a time, so that tiny ones do not fill the memory.
const MOST: usize = 1 << 14;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Cuts one source into records.
#[derive(Debug)]
pub struct Splitter {
    layout: Layout,
    /// The most bytes a record may have.
    max: usize,
    /// What has been cut off.
    place: Place,
    in_array: bool,
    /// Whether records are lines, as far as the last one tells; unknown at first.
    by_lines: Option<bool>,
    /// Before this offset a broken record was looked through already: what begins there ends at the
    /// next line like it, so that no text is looked through again and again.
    cautious_until: u64,
    /// The record at hand, as far as it was looked at.
    search: Option<BoundarySearch>,
    /// How much of the text at hand is known to have no line feed.
    searched: usize,
    /// Where to go on looking in it for a line that begins as a record does.
    looked: usize,
    skipping: Option<Skip>,
}

/// What to do next with the text at hand.
enum Cut {
    /// Take this much as a record; `lines` says how many line feeds are in it, where that is known.
    Record { len: usize, kind: Kind, lines: Option<u64> },
    /// Nothing can be said without more text.
    More,
    /// The record at hand is over the limit: where it ends, and what stands for it.
    TooLarge(Until, fn(u64) -> Kind),
}

impl Splitter {
    /// A splitter at the beginning of a source.
    pub fn new(layout: Layout, max: usize) -> Splitter {
        Splitter {
            layout,
            max,
            place: Place::START,
            in_array: false,
            by_lines: None,
            cautious_until: 0,
            search: None,
            searched: 0,
            looked: 0,
            skipping: None,
        }
    }

    /// Appends the records that a text begins with, and gives how much of it they take. The rest is to
    /// be handed in again with more behind it; `end` says that there is no more, and then all is taken
    /// that is not too much at a time.
    pub fn split(&mut self, text: &[u8], end: bool, records: &mut Vec<Record>) -> usize {
        let mut at = 0;
        let most = records.len() + MOST;
        loop {
            if records.len() >= most {
                return at;
            }
            if self.skipping.is_some() {
                at += self.skip(&text[at..], end, records);
                if self.skipping.is_some() {
                    return at;
                }
            }
            at += self.separators(&text[at..], end);
            let rest = &text[at..];
            if rest.is_empty() {
                if end && std::mem::take(&mut self.in_array) {
                    records.push(self.record(Kind::Unclosed, at, at, true));
                }
                return at;
            }
            let by_lines = self.by_lines == Some(true);
            let cut = match self.cut(rest, end) {
                Cut::More if rest.len() > self.max => Cut::TooLarge(self.way_out(rest), Kind::TooLarge),
                cut => cut,
            };
            match cut {
                Cut::More => return at,
                Cut::TooLarge(until, kind) => {
                    self.skipping = Some(Skip::new(self.place, until, kind));
                }
                Cut::Record { len, kind, lines } => {
                    let record = match kind {
                        // What looks like white space may be half a character.
                        Kind::Encoding(..) => len,
                        _ => trim_end(&rest[..len]).len(),
                    };
                    let cut = end
                        && is_blank(&rest[len..])
                        && (self.by_lines != Some(true) || record == rest.len());
                    records.push(match record > self.max {
                        true => self.record(Kind::TooLarge(record as u64), at, at, false),
                        false => Record { by_lines, ..self.record(kind, at, at + record, cut) },
                    });
                    // With its line feed: then there are no columns to count.
                    let len = len + usize::from(rest.get(len) == Some(&b'\n'));
                    match lines {
                        Some(lines) if rest[len - 1] == b'\n' => self.advance_lines(len, lines + 1),
                        _ => self.advance(&rest[..len]),
                    }
                    at += len;
                }
            }
        }
    }

    /// A record that begins with the first byte that was not cut off yet.
    pub fn record(&self, kind: Kind, start: usize, end: usize, cut: bool) -> Record {
        let Place { offset, line, column } = self.place;
        Record { kind, start, end, offset, line, column, cut, by_lines: false }
    }

    fn advance_lines(&mut self, bytes: usize, lines: u64) {
        let Place { offset, line, .. } = self.place;
        self.place = Place { offset: offset + bytes as u64, line: line + lines, column: 1 };
        (self.search, self.searched, self.looked) = (None, 0, 0);
    }

    fn advance(&mut self, text: &[u8]) {
        self.place = self.place.after(text);
        (self.search, self.searched, self.looked) = (None, 0, 0);
    }

    /// How much white space stands before the next record, with what else may stand there.
    fn separators(&mut self, text: &[u8], end: bool) -> usize {
        let mut at = 0;
        while let Some(byte) = text.get(at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => at += 1,
                b',' if self.in_array => at += 1,
                b']' if self.in_array => {
                    (self.in_array, self.by_lines) = (false, Some(false));
                    at += 1;
                }
                0xef if text[at..].starts_with(BOM) => {
                    // No character of the text, so no column either.
                    self.advance(&text[..at]);
                    self.place.offset += BOM.len() as u64;
                    return at + BOM.len() + self.separators(&text[at + BOM.len()..], end);
                }
                b'[' if self.opens_array(&text[at..], end) => {
                    self.in_array = true;
                    at += 1;
                }
                _ => break,
            }
        }
        if at > 0 {
            self.advance(&text[..at]);
        }
        at
    }

    /// Whether a bracket at the top level opens an array of records. Between lines that are records, an
    /// array with something else in it is one more of these lines.
    fn opens_array(&self, text: &[u8], end: bool) -> bool {
        if self.in_array || !matches!(self.layout, Layout::Auto | Layout::Json) {
            return false;
        }
        let line = memchr::memchr(b'\n', text).map_or(text, |at| &text[..at]);
        match line[1..].trim_ascii_start().first() {
            _ if self.by_lines != Some(true) => true,
            Some(first) => *first == b'{',
            None => line.len() < text.len() || end,
        }
    }

    /// How to get past a record that is over the limit.
    fn way_out(&mut self, text: &[u8]) -> Until {
        let is_line = self.by_lines == Some(true) || !matches!(self.layout, Layout::Auto | Layout::Json);
        match self.search.take() {
            // It swallowed what look like records: better to find these again.
            Some(search) if search.met_a_line() => Until::RecordLine(self.indent()),
            Some(search) => Until::Close(search.into()),
            None if is_line || form::begins(text) => Until::LineFeed,
            None => Until::RecordLine(self.indent()),
        }
    }

    /// Drops what belongs to a record that is over the limit; gives how much that is.
    fn skip(&mut self, text: &[u8], end: bool, records: &mut Vec<Record>) -> usize {
        let indent = self.indent();
        let Some(skip) = &mut self.skipping else { return 0 };
        let (len, over) = skip.advance(text, end, indent);
        self.place = self.place.after(&text[..len]);
        if over {
            records.extend(self.skipping.take().map(|skip| skip.record(self.place)));
            (self.search, self.searched, self.looked) = (None, 0, 0);
        }
        len
    }
}
