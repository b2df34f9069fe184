//! Tables: comma-, tab- and semicolon-separated text.

mod candidate;
pub mod cells;
mod recognize;
mod rows;

use crate::payloads::quoting::COPY;
use crate::records::layout::{End, InputFormat, Layout, Part, Recognized, RecordPart, Resume, Text};
use crate::records::record::{Doubt, Kind};
use crate::records::source_quoting::{SourceQuoting, evidence_of_cells};
use candidate::{Header, Table};
use cells::{CellQuoting, Dialect};
use rows::Rows;

#[derive(Debug)]
pub struct TableLayout {
    dialect: Dialect,
    /// The first row if it is still to come.
    header: Header,
    rows: Rows,
    /// Whose backslashes are in unquoted cells.
    backslashes: SourceQuoting,
}

impl TableLayout {
    /// Recognizes a table by its rows, one of which holds a payload.
    pub fn recognize(format: InputFormat, text: Text) -> Recognized {
        let is_table = matches!(format, InputFormat::Auto | InputFormat::Csv | InputFormat::Tsv);
        if !is_table || text.bytes.is_empty() {
            return Recognized::Other;
        }
        let rows = Text { bytes: &text.bytes[preamble(text.bytes)..], ..text };
        match recognize::recognize(format, rows) {
            Recognized::Layout(Table { dialect, header }) => {
                let rows = Rows::new(dialect.separator, dialect.quoting);
                let backslashes = SourceQuoting::default();
                Recognized::Layout(Box::new(TableLayout { dialect, header, rows, backslashes }))
            }
            Recognized::Other => Recognized::Other,
            Recognized::Unknown => Recognized::Unknown,
        }
    }

    /// The record of a row. Its backslashes may be those of `COPY`, or JSON's own.
    fn record(&mut self, text: Text, len: usize) -> Part {
        let mut part = RecordPart::new(Kind::Row(self.dialect), len);
        let has_backslash = || memchr::memchr(b'\\', &text.bytes[..len]).is_some();
        if self.dialect.quoting == CellQuoting::Unknown && has_backslash() {
            let evidence = |line: &[u8]| evidence_of_cells(line, self.dialect.separator);
            let Some(doubt) = self.backslashes.look(text, len, evidence) else {
                return Part::Incomplete(Resume::StartsOver);
            };
            match self.backslashes.known {
                Some(known) => {
                    self.dialect.quoting = if *known == COPY { CellQuoting::Copy } else { CellQuoting::None };
                    part.kind = Kind::Row(self.dialect);
                }
                None if doubt == Doubt::DoubledBackslashes => {
                    part.kind = Kind::Row(Dialect { quoting: CellQuoting::Copy, ..self.dialect });
                    part.context.doubt = doubt;
                }
                None => {}
            }
        }
        Part::Record(part)
    }
}

impl Layout for TableLayout {
    fn next(&mut self, text: Text) -> Part {
        let preamble = if text.place.line == 1 { preamble(text.bytes) } else { 0 };
        // A blank line is not a row, but a tab is two empty cells.
        let blank = text.bytes.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
        if preamble + blank > 0 {
            return Part::Separator(preamble + blank);
        }
        if text.bytes.is_empty() {
            return Part::Incomplete(Resume::Continues);
        }
        match self.rows.next(text) {
            Some(len) if self.header == Header::Row => {
                self.header = Header::Missing;
                Part::Separator(len + usize::from(text.bytes.get(len) == Some(&b'\n')))
            }
            Some(len) => self.record(text, len),
            None => Part::Incomplete(Resume::Continues),
        }
    }

    fn oversize_end(&mut self, text: Text) -> End {
        self.rows.oversize_end(text)
    }
}

/// The length of Excel's line that names the separator.
fn preamble(text: &[u8]) -> usize {
    let line_feed = text.starts_with(b"sep=").then(|| memchr::memchr(b'\n', text)).flatten();
    line_feed.map_or(0, |at| at + 1)
}

#[cfg(test)]
mod tests;
