//! One way in which a source may be written as a table, checked against its rows.

use super::cells::{CellQuoting, Dialect, MAX_CELLS, RawCells, width};
use super::rows::Rows;
use crate::payloads::text;
use crate::records::layout::{InputFormat, Text};
use crate::records::record::Place;

/// The longest name of a column.
const MAX_NAME: usize = 64;

/// The verdict on a source, as far as it was read.
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
    quoting: CellQuoting,
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
    pub(super) fn new(format: InputFormat, separator: u8, quoting: CellQuoting) -> Candidate {
        Candidate { format, separator, quoting, seen: 0, width: 0, quoted: false, named: false, found: None }
    }

    /// Looks at a source from its beginning.
    pub(super) fn look(&mut self, text: Text, holds_payload: HoldsPayload) -> Verdict {
        let mut rows = Rows::new(self.separator, self.quoting);
        let mut at = 0;
        while at < text.bytes.len() {
            let place = Place { offset: at as u64, ..Place::START };
            let rest = Text { bytes: &text.bytes[at..], place, ..text };
            let row = rows.next(rest);
            // If the user says that it is a table, a broken row does not change that.
            if rows.have_wrong_quotes() && self.format != InputFormat::Csv {
                if self.separator != b'\t' {
                    return Verdict::Other;
                }
                // Then the quotes are part of the text.
                *self = Candidate::new(self.format, self.separator, CellQuoting::Unknown);
                return self.look(text, holds_payload);
            }
            let Some(len) = row else { return Verdict::More };
            let verdict = self.row(&rest.bytes[..len], holds_payload);
            if verdict != Verdict::More {
                return verdict;
            }
            at += len + 1;
        }
        match self.found {
            _ if !text.is_last() => Verdict::More,
            // Between commas or semicolons, one row is rather a line of a log.
            Some(header) if self.separator == b'\t' || self.format != InputFormat::Auto => self.table(header),
            _ => Verdict::Other,
        }
    }

    fn row(&mut self, row: &[u8], holds_payload: HoldsPayload) -> Verdict {
        let row = row.strip_suffix(b"\r").unwrap_or(row);
        if row.is_empty() {
            return Verdict::More;
        }
        let width = width(self.separator, self.quoting, row);
        if width > MAX_CELLS {
            return Verdict::Other;
        }
        let is_like_first = self.seen == 0 || width == self.width;
        if self.format == InputFormat::Auto {
            // A single column counts if its cells are quoted.
            let is_column = width > 1 || self.seen == 0 && is_name(row) || self.is_quoted_column(row);
            if !is_column || !is_like_first {
                return Verdict::Other;
            }
        } else if !is_like_first {
            self.seen += 1;
            return Verdict::More;
        }
        self.width = width;
        self.seen += 1;
        if self.seen == 1 {
            self.named = RawCells::of(self.dialect(), row).all(|cell| is_name(&cell.meaning()));
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
            Some(Cell::Bare) if self.seen == 1 => {
                self.found = Some(header);
                Verdict::More
            }
            Some(_) => self.table(header),
        }
    }

    fn is_quoted_column(&self, row: &[u8]) -> bool {
        let is_doubled = matches!(self.quoting, CellQuoting::Doubled(_));
        is_doubled && RawCells::of(self.dialect(), row).next().is_some_and(|cell| cell.unquoted().is_some())
    }

    /// Whether a cell holds a payload: a quoted one if there is one.
    fn holding_cell(&mut self, row: &[u8], holds_payload: HoldsPayload) -> Option<Cell> {
        let mut holds = None;
        for cell in RawCells::of(self.dialect(), row) {
            if let Some(text) = cell.unquoted() {
                self.quoted = true;
                if holds != Some(Cell::Quoted) && holds_payload(&text) {
                    holds = Some(Cell::Quoted);
                }
            // JSON between commas is always in a quoted cell.
            } else if (self.separator == b'\t' || !cell.text.contains(&b'"'))
                && holds.is_none()
                && is_payload(cell.text, holds_payload)
            {
                holds = Some(Cell::Bare);
            }
        }
        holds
    }

    /// Whether an unquoted cell of a row has a payload somewhere inside: then it is a log line.
    fn is_log_line(&self, row: &[u8]) -> bool {
        RawCells::of(self.dialect(), row).any(|cell| {
            let is_quoted = cell.text.first().is_some_and(|first| self.quoting.quote() == Some(*first));
            let is_within = |at| at > 0 || self.separator != b'\t';
            !is_quoted && text::first_part(cell.text).is_some_and(is_within)
        })
    }

    fn table(&self, header: Header) -> Verdict {
        let dialect = self.dialect();
        let quoting =
            if self.separator == b'\t' && !self.quoted { CellQuoting::Unknown } else { dialect.quoting };
        Verdict::Table(Dialect { quoting, ..dialect }, header)
    }

    /// The way in which the source is written, going by its rows so far.
    pub(super) fn dialect(&self) -> Dialect {
        Dialect { separator: self.separator, quoting: self.quoting, width: self.width.max(1) }
    }
}

/// A cell that holds a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cell {
    Quoted,
    Bare,
}

/// Whether an unquoted cell holds a payload.
pub(super) fn is_payload(cell: &[u8], holds_payload: HoldsPayload) -> bool {
    let dialect = Dialect { separator: b'\t', quoting: CellQuoting::Unknown, width: 1 };
    RawCells::of(dialect, cell).next().is_some_and(|cell| holds_payload(&cell.meaning()))
}

/// Whether a cell may be the name of a column: a number, a date or a payload is data.
fn is_name(cell: &[u8]) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'_' || !byte.is_ascii();
    cell.len() <= MAX_NAME && cell.first().is_none_or(is_letter) && text::first_part(cell).is_none()
}
