//! One way in which a source may be written as a table, checked against its rows.

use super::cells::{CellQuoting, Dialect, MAX_CELLS, RawCells, width};
use super::rows::Rows;
use crate::payloads::{decode, text};
use crate::records::layout::{InputFormat, Recognized, Text};
use crate::records::record::Place;

const MAX_NAME: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub dialect: Dialect,
    pub header: Header,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Header {
    /// Column names, not a record.
    Row,
    Missing,
}

#[derive(Clone, Debug)]
pub(super) struct Candidate {
    format: InputFormat,
    pub dialect: Dialect,
    seen: usize,
    /// Whether the first row may be names.
    named: bool,
    /// Whether a row so far had a quoted cell.
    quoted: bool,
    /// Whether the first row holds a payload, and so is a table's if the next row is like it.
    first_holds: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cell {
    Quoted,
    Bare,
}

impl Candidate {
    pub(super) fn new(format: InputFormat, separator: u8, quoting: CellQuoting) -> Candidate {
        let dialect = Dialect { separator, quoting, width: 1 };
        Candidate { format, dialect, seen: 0, named: false, quoted: false, first_holds: false }
    }

    pub(super) fn look(&mut self, text: Text) -> Recognized<Table> {
        let separator = self.dialect.separator;
        let mut rows = Rows::new(separator, self.dialect.quoting);
        let mut at = 0;
        while at < text.bytes.len() {
            let place = Place { offset: at as u64, ..Place::START };
            let rest = Text { bytes: &text.bytes[at..], place, ..text };
            let row = rows.next(rest);
            // If the user says that it is a table, a broken row does not change that.
            if rows.have_wrong_quotes() && self.format != InputFormat::Csv {
                if separator != b'\t' {
                    return Recognized::Other;
                }
                // Then the quotes are part of the text.
                *self = Candidate::new(self.format, separator, CellQuoting::Unknown);
                return self.look(text);
            }
            let Some(len) = row else { return Recognized::Unknown };
            match self.row(&rest.bytes[..len]) {
                Recognized::Unknown => at += len + 1,
                found => return found,
            }
        }
        if !text.is_last() {
            Recognized::Unknown
        } else if self.first_holds && (separator == b'\t' || self.format != InputFormat::Auto) {
            self.table(Header::Missing)
        } else {
            // Between commas or semicolons, one row is rather a line of a log.
            Recognized::Other
        }
    }

    fn row(&mut self, row: &[u8]) -> Recognized<Table> {
        let row = row.strip_suffix(b"\r").unwrap_or(row);
        if row.is_empty() {
            return Recognized::Unknown;
        }
        let width = width(self.dialect.separator, self.dialect.quoting, row);
        let is_first = self.seen == 0;
        self.seen += 1;
        let is_auto = self.format == InputFormat::Auto;
        // A single column counts if its cells are quoted.
        let is_column = || width > 1 || is_first && is_name(row) || self.is_quoted_column(row);
        if width > MAX_CELLS || is_auto && !is_column() {
            return Recognized::Other;
        }
        if !is_first && width != self.dialect.width {
            return if is_auto { Recognized::Other } else { Recognized::Unknown };
        }
        self.dialect.width = width;
        if is_first {
            self.named = self.cells(row).all(|cell| is_name(&cell.meaning()));
        }
        let holds = self.holding_cell(row);
        if holds.is_none() && is_auto && self.is_log_line(row) {
            return Recognized::Other;
        }
        match holds {
            _ if self.first_holds => self.table(Header::Missing),
            // A single row with a payload as a cell may be a log line; a quoted payload makes it a table.
            Some(Cell::Bare) if is_first => {
                self.first_holds = true;
                Recognized::Unknown
            }
            Some(_) if self.named && !is_first => self.table(Header::Row),
            Some(_) => self.table(Header::Missing),
            None => Recognized::Unknown,
        }
    }

    fn cells<'r>(&self, row: &'r [u8]) -> RawCells<'r> {
        RawCells::of(self.dialect, row)
    }

    fn is_quoted_column(&self, row: &[u8]) -> bool {
        let is_doubled = matches!(self.dialect.quoting, CellQuoting::Doubled(_));
        is_doubled && self.cells(row).next().is_some_and(|cell| cell.unquoted().is_some())
    }

    /// A cell that holds a payload: a quoted one if there is one.
    fn holding_cell(&mut self, row: &[u8]) -> Option<Cell> {
        let mut holds = None;
        for cell in self.cells(row) {
            if let Some(text) = cell.unquoted() {
                self.quoted = true;
                if holds != Some(Cell::Quoted) && decode::text(&text).is_some() {
                    holds = Some(Cell::Quoted);
                }
            // JSON between commas is always in a quoted cell.
            } else if (self.dialect.separator == b'\t' || !cell.text.contains(&b'"'))
                && holds.is_none()
                && is_payload(cell.text)
            {
                holds = Some(Cell::Bare);
            }
        }
        holds
    }

    /// Whether an unquoted cell of a row has a payload somewhere inside: then it is a log line.
    fn is_log_line(&self, row: &[u8]) -> bool {
        self.cells(row).any(|cell| {
            let is_quoted =
                cell.text.first().is_some_and(|first| self.dialect.quoting.quote() == Some(*first));
            let is_within = |at| at > 0 || self.dialect.separator != b'\t';
            !is_quoted && text::first_part(cell.text).is_some_and(is_within)
        })
    }

    fn table(&self, header: Header) -> Recognized<Table> {
        let mut dialect = self.dialect;
        if dialect.separator == b'\t' && !self.quoted {
            dialect.quoting = CellQuoting::Unknown;
        }
        Recognized::Layout(Table { dialect, header })
    }
}

pub(super) fn is_payload(cell: &[u8]) -> bool {
    let dialect = Dialect { separator: b'\t', quoting: CellQuoting::Unknown, width: 1 };
    RawCells::of(dialect, cell).next().is_some_and(|cell| decode::text(&cell.meaning()).is_some())
}

/// Whether a cell may be the name of a column: a number, a date or a payload is data.
fn is_name(cell: &[u8]) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'_' || !byte.is_ascii();
    cell.len() <= MAX_NAME && cell.first().is_none_or(is_letter) && text::first_part(cell).is_none()
}
