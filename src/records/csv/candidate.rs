//! One way in which a source may be written as a table, checked against its rows.

use super::cells::{RawCells, width};
use super::rows::{Row, Rows};
use super::{Dialect, Format, Header, MOST_CELLS, Quoting, Recognized, escapes};
use crate::payloads::log_line;

/// How many rows may come before the first that holds a payload: in an export some have none.
const MOST_ROWS: usize = 64;

/// One way in which a source may be written.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    format: Format,
    rows: Rows,
    separator: u8,
    quoting: Quoting,
    /// Where the current row begins.
    at: usize,
    /// How many rows were looked at.
    seen: usize,
    width: usize,
    /// Whether a row so far had a quoted cell.
    quoted: bool,
    /// Whether the first row may be names.
    named: bool,
    /// What the table is if the next row is like the first, which holds a payload.
    found: Option<Header>,
    verdict: Recognized,
}

impl Candidate {
    /// At the beginning of a source.
    pub(super) fn new(format: Format, separator: u8) -> Candidate {
        let rows = Rows::new(separator, Quoting::Quotes);
        Candidate {
            format,
            rows,
            separator,
            quoting: Quoting::Quotes,
            at: 0,
            seen: 0,
            width: 0,
            quoted: false,
            named: false,
            found: None,
            verdict: Recognized::More,
        }
    }

    /// Looks at what was read of a source so far.
    pub(super) fn run(
        &mut self,
        text: &[u8],
        end: bool,
        holds_payload: &dyn Fn(&[u8]) -> bool,
        unescaped: &mut Vec<u8>,
    ) -> Recognized {
        while self.verdict == Recognized::More {
            let rest = &text[self.at..];
            if rest.is_empty() && end {
                self.verdict = self.found.map_or(Recognized::Other, |header| self.table(header));
                break;
            }
            // If the user says that it is a table, a broken row does not change that.
            let row = match self.format {
                Format::Csv => self.rows.end(rest, end).map_or(Row::More, Row::Whole),
                Format::Auto | Format::Tsv => self.rows.scan(rest, end),
            };
            match row {
                Row::Whole(len) => {
                    self.verdict = self.row(&rest[..len], holds_payload, unescaped);
                    self.at = text.len().min(self.at + len + 1);
                    if self.format != Format::Csv {
                        self.rows = Rows::new(self.separator, self.quoting);
                    }
                }
                Row::Misquoted(_) if self.separator == b'\t' => {
                    // Then the quotes are part of the text.
                    *self = Candidate {
                        quoting: Quoting::Backslashes,
                        ..Candidate::new(self.format, self.separator)
                    };
                    self.rows = Rows::new(self.separator, self.quoting);
                }
                Row::Misquoted(_) => self.verdict = Recognized::Other,
                Row::More => break,
            }
        }
        self.verdict
    }

    fn row(
        &mut self,
        row: &[u8],
        holds_payload: &dyn Fn(&[u8]) -> bool,
        unescaped: &mut Vec<u8>,
    ) -> Recognized {
        let row = row.strip_suffix(b"\r").unwrap_or(row);
        if row.is_empty() {
            return Recognized::More;
        }
        let width = width(self.separator, self.quoting, row);
        if width > MOST_CELLS || self.seen == MOST_ROWS {
            return Recognized::Other;
        }
        let like = self.seen == 0 || width == self.width;
        match self.format {
            Format::Auto if width < 2 || !like => return Recognized::Other,
            Format::Csv | Format::Tsv if !like => {
                self.seen += 1;
                return Recognized::More;
            }
            Format::Auto | Format::Csv | Format::Tsv => {}
        }
        (self.width, self.seen) = (width, self.seen + 1);
        if self.seen == 1 {
            // What is a payload, or would be one if it were not broken, is nobody's name.
            self.named = !row.contains(&b'{') && log_line::beginning(row).is_none();
        }
        let dialect = self.dialect();
        let cells = RawCells::of(dialect, row).map(|(start, end)| &row[start..end]);
        let mut holds = None;
        for cell in cells.clone() {
            let inside = cell.strip_prefix(b"\"").and_then(|cell| cell.strip_suffix(b"\""));
            match (self.quoting, inside) {
                (Quoting::Quotes, Some(inside)) => {
                    self.quoted = true;
                    undouble(inside, unescaped);
                    if holds != Some(Quoting::Quotes) && holds_payload(unescaped) {
                        holds = Some(Quoting::Quotes);
                    }
                }
                // JSON between commas is always in a quoted cell.
                _ if self.separator != b'\t' && cell.contains(&b'"') => {}
                _ if holds.is_none() && is_payload(cell, holds_payload, unescaped) => {
                    holds = Some(Quoting::Backslashes);
                }
                _ => {}
            }
        }
        if holds.is_none() && self.format == Format::Auto && cells.clone().any(|cell| self.is_log_text(cell))
        {
            return Recognized::Other;
        }
        if let Some(header) = self.found {
            return self.table(header);
        }
        let header = if self.seen > 1 && self.named { Header::Row } else { Header::Missing };
        match holds {
            None => Recognized::More,
            // A single row with a payload as a cell may be a log line; a quoted payload makes it a table.
            Some(Quoting::Backslashes) if self.seen == 1 => {
                self.found = Some(header);
                Recognized::More
            }
            Some(_) => self.table(header),
        }
    }

    /// Whether a cell is unquoted and has a payload somewhere inside: then its row is a log line.
    fn is_log_text(&self, cell: &[u8]) -> bool {
        let quoted = self.quoting == Quoting::Quotes && cell.first() == Some(&b'"');
        let within = |at| at > 0 || self.separator != b'\t';
        !quoted && log_line::beginning(cell).is_some_and(|(_, at)| within(at))
    }

    fn table(&self, header: Header) -> Recognized {
        let dialect = self.dialect();
        let quoting =
            if self.separator == b'\t' && !self.quoted { Quoting::Backslashes } else { dialect.quoting };
        Recognized::Table(Dialect { quoting, ..dialect }, header)
    }

    /// How the source is written, going by its rows so far.
    pub(super) fn dialect(&self) -> Dialect {
        Dialect { separator: self.separator, quoting: self.quoting, width: self.width.max(1) }
    }
}

/// Whether an unquoted cell holds a payload.
pub(super) fn is_payload(
    cell: &[u8],
    holds_payload: &dyn Fn(&[u8]) -> bool,
    unescaped: &mut Vec<u8>,
) -> bool {
    if escapes::decode(cell, unescaped) { holds_payload(unescaped) } else { holds_payload(cell) }
}

fn undouble(inside: &[u8], text: &mut Vec<u8>) {
    text.clear();
    let mut rest = inside;
    while let Some(at) = memchr::memchr(b'"', rest) {
        text.extend_from_slice(&rest[..=at]);
        rest = &rest[(at + 2).min(rest.len())..];
    }
    text.extend_from_slice(rest);
}
