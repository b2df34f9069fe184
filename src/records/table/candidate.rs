//! One way in which a source may be written as a table, checked against its rows.

use std::borrow::Cow;

use super::cells::{MAX_CELLS, RawCells, width};
use super::escapes;
use crate::payloads::log_line;
use crate::records::dialect::{Dialect, Quoting};
use crate::records::input_format::InputFormat;
use crate::records::row_end::{RowBoundary, RowEnd};
use crate::records::source_text::Text;

/// The most rows before the first that holds a payload: in an export some have none.
const MAX_ROWS: usize = 64;

/// What a source is, as far as it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Table(Dialect, Header),
    Other,
    /// More text is needed to tell.
    More,
}

/// The first row of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Header {
    /// Column names, not a record.
    Row,
    /// A record like the others.
    Missing,
}

/// Says whether a cell's text is a payload or has one in it.
pub(super) type HoldsPayload<'f> = &'f dyn Fn(&[u8]) -> bool;

/// One way in which a source may be written.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    format: InputFormat,
    separator: u8,
    quoting: Quoting,
    /// The number of rows that were looked at.
    seen: usize,
    width: usize,
    /// Whether a row so far had a quoted cell.
    quoted: bool,
    /// Whether the first row may be names.
    named: bool,
    /// The table's header, if the next row is like the first, which holds a payload.
    found: Option<Header>,
}

impl Candidate {
    /// At the beginning of a source.
    pub(super) fn new(format: InputFormat, separator: u8) -> Candidate {
        let quoting = Quoting::Quotes;
        Candidate { format, separator, quoting, seen: 0, width: 0, quoted: false, named: false, found: None }
    }

    /// Looks at a source from its beginning.
    pub(super) fn look(&mut self, text: Text, holds_payload: HoldsPayload) -> Verdict {
        let mut rest = text.bytes;
        let mut lines_until = 0;
        loop {
            if rest.is_empty() && text.is_last() {
                return self.found.map_or(Verdict::Other, |header| self.table(header));
            }
            let at = text.bytes.len() - rest.len();
            let boundary = if at < lines_until {
                line(rest, text.is_last())
            } else {
                RowEnd::new(self.separator, self.quoting).run(rest, text.is_last())
            };
            let len = match boundary {
                RowBoundary::More => return Verdict::More,
                RowBoundary::Whole(len) => len,
                // If the user says that it is a table, a broken row does not change that.
                RowBoundary::Misquoted(wrong) if self.format == InputFormat::Csv => {
                    let line = memchr::memrchr(b'\n', &rest[..wrong]).map_or(1, |at| at + 1);
                    lines_until = at + line;
                    continue;
                }
                RowBoundary::Misquoted(_) if self.separator == b'\t' => {
                    // Then the quotes are part of the text.
                    *self = Candidate {
                        quoting: Quoting::Backslashes,
                        ..Candidate::new(self.format, self.separator)
                    };
                    rest = text.bytes;
                    continue;
                }
                RowBoundary::Misquoted(_) => return Verdict::Other,
            };
            let verdict = self.row(&rest[..len], holds_payload);
            if verdict != Verdict::More {
                return verdict;
            }
            rest = rest.get(len + 1..).unwrap_or_default();
            if rest.is_empty() && !text.is_last() {
                return Verdict::More;
            }
        }
    }

    fn row(&mut self, row: &[u8], holds_payload: HoldsPayload) -> Verdict {
        let row = row.strip_suffix(b"\r").unwrap_or(row);
        if row.is_empty() {
            return Verdict::More;
        }
        let width = width(self.separator, self.quoting, row);
        if width > MAX_CELLS || self.seen == MAX_ROWS {
            return Verdict::Other;
        }
        let is_like_first = self.seen == 0 || width == self.width;
        if self.format == InputFormat::Auto {
            if width < 2 || !is_like_first {
                return Verdict::Other;
            }
        } else if !is_like_first {
            self.seen += 1;
            return Verdict::More;
        }
        self.width = width;
        self.seen += 1;
        if self.seen == 1 {
            // A payload, even a broken one, is no name.
            self.named = !row.contains(&b'{') && log_line::beginning(row).is_none();
        }
        let holds = self.holding_cell(row, holds_payload);
        if holds.is_none() && self.format == InputFormat::Auto && self.is_log_line(row) {
            return Verdict::Other;
        }
        if let Some(header) = self.found {
            return self.table(header);
        }
        let header = if self.seen > 1 && self.named { Header::Row } else { Header::Missing };
        match holds {
            None => Verdict::More,
            // A single row with a payload as a cell may be a log line; a quoted payload makes it a table.
            Some(Quoting::Backslashes) if self.seen == 1 => {
                self.found = Some(header);
                Verdict::More
            }
            Some(_) => self.table(header),
        }
    }

    /// The quoting of a cell that holds a payload: a quoted one if there is one.
    fn holding_cell(&mut self, row: &[u8], holds_payload: HoldsPayload) -> Option<Quoting> {
        let mut holds = None;
        for cell in RawCells::of(self.dialect(), row) {
            if self.quoting == Quoting::Quotes
                && let Some(text) = cell.unquoted()
            {
                self.quoted = true;
                if holds != Some(Quoting::Quotes) && holds_payload(&text) {
                    holds = Some(Quoting::Quotes);
                }
            // JSON between commas is always in a quoted cell.
            } else if (self.separator == b'\t' || !cell.text.contains(&b'"'))
                && holds.is_none()
                && is_payload(cell.text, holds_payload)
            {
                holds = Some(Quoting::Backslashes);
            }
        }
        holds
    }

    /// Whether an unquoted cell of a row has a payload somewhere inside: then it is a log line.
    fn is_log_line(&self, row: &[u8]) -> bool {
        RawCells::of(self.dialect(), row).any(|cell| {
            let is_quoted = self.quoting == Quoting::Quotes && cell.text.first() == Some(&b'"');
            let is_within = |at| at > 0 || self.separator != b'\t';
            !is_quoted && log_line::beginning(cell.text).is_some_and(|(_, at)| is_within(at))
        })
    }

    fn table(&self, header: Header) -> Verdict {
        let dialect = self.dialect();
        let quoting =
            if self.separator == b'\t' && !self.quoted { Quoting::Backslashes } else { dialect.quoting };
        Verdict::Table(Dialect { quoting, ..dialect }, header)
    }

    /// The way in which the source is written, going by its rows so far.
    pub(super) fn dialect(&self) -> Dialect {
        Dialect { separator: self.separator, quoting: self.quoting, width: self.width.max(1) }
    }
}

fn line(text: &[u8], is_last: bool) -> RowBoundary {
    match memchr::memchr(b'\n', text) {
        Some(len) => RowBoundary::Whole(len),
        None if is_last => RowBoundary::Whole(text.len()),
        None => RowBoundary::More,
    }
}

/// Whether an unquoted cell holds a payload.
pub(super) fn is_payload(cell: &[u8], holds_payload: HoldsPayload) -> bool {
    let mut decoded = Vec::new();
    let text = if escapes::decode(cell, &mut decoded) { Cow::Owned(decoded) } else { Cow::Borrowed(cell) };
    holds_payload(&text)
}
