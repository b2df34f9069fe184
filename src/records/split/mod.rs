//! Splitting what a source holds into records, whatever its layout: lines, documents that span lines, arrays, form
//! bodies, or a mix. Only the content decides, never how much of it was read at a time.

mod lines;
mod next_record;
mod skip;
mod table;

use crate::input::damage::Damage;
use crate::json::boundary::{Boundary, BoundarySearch};
use crate::json::scan;
use crate::payloads::log_line;
use crate::records::record::{Completeness, Kind, Place, Record};
use crate::records::split::lines::{LiteralEnd, NextLineFeed};
use crate::records::split::skip::{IfBroken, Skip, Skipped, Step, Until};
use crate::records::split::table::{NextRow, Table};

/// The values of `--input-format`; their comments are its help.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Layout {
    /// Found from the content
    #[default]
    Auto,
    /// Objects or arrays of objects, in any layout
    Json,
    /// One object on each line
    #[value(alias = "jsonl")]
    Ndjson,
    /// Form bodies, as Olark posts them
    Form,
    /// Rows of cells, separated by commas or semicolons
    Csv,
    /// Rows of cells, separated by tabs
    Tsv,
}

/// Whether a text is all that is left of its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Eof {
    /// More text may come.
    NotYet,
    /// There is no more.
    Reached,
}

/// How the last record was laid out, and so, most likely, the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LastRecord {
    /// There was none.
    None,
    /// On a line of its own.
    Line,
    /// Over several lines, or several on one.
    Document,
}

/// The most records that are split off at a time, so that tiny ones do not fill the memory.
const MOST: usize = 1 << 14;

/// How much text is looked at beyond the largest record to see what follows it.
const LOOK_AHEAD: usize = 64 << 10;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Splits one source into records.
#[derive(Debug)]
pub struct Splitter {
    layout: Layout,
    /// The most bytes a record may have.
    max: usize,
    /// What has been split off.
    place: Place,
    in_array: bool,
    last_record: LastRecord,
    /// Text before this offset was scanned before, and is broken: a line there that starts like a record is the
    /// next record. So no text is scanned again and again.
    broken_until: u64,
    line_feed: NextLineFeed,
    next: NextRecord,
    table: Table,
    skip: Option<Skip>,
}

/// What is known about the next record so far.
#[derive(Debug, Default)]
struct NextRecord {
    boundary: Option<BoundarySearch>,
    /// Where its object starts.
    object: usize,
    literal: LiteralEnd,
    /// Whether its brackets match and yet it is not JSON.
    invalid: bool,
    /// Where to go on looking for a line that starts a record.
    searched: usize,
    /// Where to go on looking for a line with a payload within it.
    lines_seen: usize,
}

/// What to do next with the text.
enum Split {
    /// Take this much as a record; `lines` says how many line feeds are in it, where that is known.
    Record { len: usize, kind: Kind, lines: Option<u64> },
    /// More text is needed to tell.
    More,
    /// Whatever follows, it is over the limit.
    TooLarge,
    /// Take the whole source as one record that is not kept.
    Source(Skipped),
}

impl Splitter {
    /// A splitter at the start of a source.
    pub fn new(layout: Layout, max: usize) -> Splitter {
        Splitter {
            layout,
            max,
            place: Place::START,
            in_array: false,
            last_record: LastRecord::None,
            broken_until: 0,
            line_feed: NextLineFeed::default(),
            next: NextRecord::default(),
            table: Table::new(layout, max.saturating_add(LOOK_AHEAD)),
            skip: None,
        }
    }

    /// How much text is looked at, so that the result does not depend on how much was read.
    fn limit(&self) -> usize {
        self.max.saturating_add(LOOK_AHEAD)
    }

    /// Appends the records that a text starts with, and returns how many bytes they take. Pass the rest again
    /// with more text after it, or as it is if `MOST` records were split off.
    pub fn split(&mut self, text: &[u8], eof: Eof, records: &mut Vec<Record>) -> usize {
        let mut at = 0;
        let most = records.len() + MOST;
        while records.len() < most {
            if self.skip.is_some() {
                let (len, record) = self.skip(&text[at..], eof);
                at += len;
                records.extend(record);
                if self.skip.is_some() {
                    return at;
                }
            }
            match self.next_row(&text[at..], eof) {
                NextRow::None => {}
                NextRow::More => return at,
                NextRow::Passed(len) => {
                    at += len;
                    continue;
                }
                NextRow::Record { len, kind } => {
                    records.push(self.next_as(kind, &text[at..], len, at, eof));
                    let len = len + usize::from(text.get(at + len) == Some(&b'\n'));
                    self.advance(&text[at..at + len]);
                    at += len;
                    continue;
                }
            }
            at += self.separators(&text[at..], eof);
            let rest = &text[at..];
            if rest.is_empty() {
                if eof == Eof::Reached && std::mem::take(&mut self.in_array) {
                    records.push(self.record(Kind::UnclosedArray, at..at, Completeness::MayBeCutOff));
                }
                return at;
            }
            // Look at no more than this, so that the result does not depend on how much was read.
            let window = &rest[..rest.len().min(self.limit())];
            let is_all = window.len() == rest.len();
            match self.next_record(window, if is_all { eof } else { Eof::NotYet }) {
                Split::More if is_all && window.len() < self.limit() => return at,
                Split::More | Split::TooLarge => {
                    let until = self.way_out(window);
                    self.skip = Some(Skip::new(self.place, until, self.in_array, Skipped::TooLarge));
                }
                Split::Source(skipped) => {
                    self.skip = Some(Skip::new(self.place, Until::Eof, self.in_array, skipped));
                }
                Split::Record { len, kind, lines } => {
                    records.push(self.next_as(kind, rest, len, at, eof));
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
        at
    }

    /// The record for the text that is left when a source cannot be read further.
    pub fn damaged(&self, damage: Option<Damage>, start: usize, end: usize) -> Record {
        self.record(Kind::Damaged(damage), start..end, Completeness::MayBeCutOff)
    }

    /// The record that is the first `len` bytes of `text`, which starts at this index of the whole text.
    fn next_as(&self, kind: Kind, text: &[u8], len: usize, start: usize, eof: Eof) -> Record {
        let own = match kind {
            // What looks like white space may be half a character.
            Kind::Encoding(..) => len,
            // Tabs at its end are cells.
            Kind::Row(_) => len - usize::from(text[..len].ends_with(b"\r")),
            _ => scan::trim_end(&text[..len]).len(),
        };
        if own > self.max {
            return self.record(Kind::TooLarge(own as u64), start..start, Completeness::Complete);
        }
        let is_last = eof == Eof::Reached && scan::is_blank(&text[len..]);
        let ends_as_a_line = self.last_record == LastRecord::Line && own < text.len();
        let completeness = match is_last && !ends_as_a_line {
            true => Completeness::MayBeCutOff,
            false => Completeness::Complete,
        };
        self.record(kind, start..start + own, completeness)
    }

    fn record(&self, kind: Kind, text: std::ops::Range<usize>, completeness: Completeness) -> Record {
        Record { kind, start: text.start, end: text.end, place: self.place, completeness }
    }

    fn advance_lines(&mut self, bytes: usize, lines: u64) {
        let Place { offset, line, .. } = self.place;
        self.place = Place { offset: offset + bytes as u64, line: line + lines, column: 1 };
        self.line_feed.advance(bytes);
        self.next = NextRecord::default();
    }

    fn advance(&mut self, text: &[u8]) {
        self.place = self.place.after(text);
        self.line_feed.advance(text.len());
        self.next = NextRecord::default();
    }

    /// How many bytes come before the next record: white space, byte order marks, and the commas and brackets of
    /// arrays.
    fn separators(&mut self, text: &[u8], eof: Eof) -> usize {
        let mut at = 0;
        // What is before this index was passed.
        let mut passed = 0;
        while let Some(byte) = text.get(at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => at += scan::leading_space(&text[at..]),
                b',' if self.in_array => at += 1,
                b']' if self.in_array => {
                    (self.in_array, self.last_record) = (false, LastRecord::Document);
                    at += 1;
                }
                0xef if text[at..].starts_with(BOM) => {
                    // No character of the text, so no column either.
                    self.advance(&text[passed..at]);
                    self.place.offset += BOM.len() as u64;
                    self.line_feed.advance(BOM.len());
                    at += BOM.len();
                    passed = at;
                }
                b'[' if self.opens_array(&text[at..], eof) == Some(true) => {
                    self.in_array = true;
                    at += 1;
                }
                _ => break,
            }
        }
        if at > passed {
            self.advance(&text[passed..at]);
        }
        at
    }

    /// Whether a bracket at the top level opens an array of records. Between lines that are records, an array
    /// with anything else in it is just another line, and `[2019-05-17 09:57]` before a payload belongs to a
    /// log. `None` if more text is needed.
    fn opens_array(&self, text: &[u8], eof: Eof) -> Option<bool> {
        if self.in_array || !matches!(self.layout, Layout::Auto | Layout::Json) {
            return Some(false);
        }
        let more = eof == Eof::NotYet;
        if self.last_record == LastRecord::Line {
            let blank = scan::leading_space_on_line(&text[1..]);
            return match text.get(1 + blank) {
                None if more => None,
                first => Some(first.is_none_or(|first| matches!(first, b'{' | b'\n'))),
            };
        }
        let inside = &text[1 + scan::leading_space(&text[1..])..];
        match inside.first() {
            _ if self.layout == Layout::Json => return Some(true),
            Some(b'{' | b'[' | b'"' | b']') => return Some(true),
            None => return if more { None } else { Some(true) },
            Some(_) => {}
        }
        let looked = &text[..text.len().min(self.max)];
        match memchr::memchr(b'\n', looked) {
            None if more && looked.len() < self.max => None,
            len => Some(log_line::find(&looked[..len.unwrap_or(looked.len())]).is_err()),
        }
    }

    /// How to get past a record that is over the limit, of which this much is at hand. What ends one within the limit
    /// ends it here, too.
    fn way_out(&mut self, text: &[u8]) -> Until {
        let of_line = match self.is_line() {
            true => Until::LineFeed,
            false => Until::RecordLine(self.indent()),
        };
        let Some(boundary) = self.next.boundary.take() else { return of_line };
        let boundary = boundary.behind(self.next.object);
        match boundary.found() {
            Some(Boundary::Broken(_)) if !self.in_array => of_line,
            // It is what follows that has no end.
            Some(Boundary::Whole(close)) if close <= self.max && text[0] == b'{' => {
                match memchr::memchr(b'\n', &text[..close]) {
                    None => Until::LineFeed,
                    Some(_) => Until::RecordLine(self.indent()),
                }
            }
            _ if self.is_line() && !self.in_array => Until::LastBracket(boundary.into(), IfBroken::LineFeed),
            _ => Until::LastBracket(boundary.into(), IfBroken::RecordLine(self.indent())),
        }
    }

    /// Skips what belongs to a record that is over the limit; returns how many bytes that is, and once it has
    /// ended, the record to report.
    fn skip(&mut self, text: &[u8], eof: Eof) -> (usize, Option<Record>) {
        let Some(skip) = &mut self.skip else { return (0, None) };
        let step = skip.advance(text, self.place, eof);
        let (Step::Over(len) | Step::More(len)) = step;
        let record = matches!(step, Step::Over(_)).then(|| skip.record());
        if record.is_some() {
            self.skip = None;
        }
        self.advance(&text[..len]);
        (len, record)
    }
}
