//! Tables: comma-, tab- and semicolon-separated text.

mod candidate;
pub mod cells;
mod recognize;
mod rows;

use crate::payloads::decode;
use crate::payloads::quoting::COPY;
use crate::records::layout::{End, InputFormat, Layout, Part, Recognized, RecordPart, Search, Text};
use crate::records::record::{Doubt, Kind};
use crate::records::source_quoting::{SourceQuoting, evidence_of_cells};
use candidate::{Header, Verdict};
use cells::{CellQuoting, Dialect};
use rows::Rows;

/// The rows of one table.
#[derive(Debug)]
pub struct TableLayout {
    dialect: Dialect,
    /// Excel's line that names the separator, if it is still to come.
    preamble: usize,
    /// The first row if it is still to come.
    header: Header,
    /// Whose backslashes are in unquoted cells.
    backslashes: SourceQuoting,
    rows: Rows,
}

impl TableLayout {
    /// Recognizes a table by its rows, one of which holds a payload.
    pub fn recognize(format: InputFormat, text: Text) -> Recognized {
        let is_table = matches!(format, InputFormat::Auto | InputFormat::Csv | InputFormat::Tsv);
        if !is_table || text.bytes.is_empty() {
            return Recognized::Other;
        }
        let holds_payload = |cell: &[u8]| decode::text(cell).is_some();
        let preamble = if text.bytes.starts_with(b"sep=") {
            text.bytes.iter().position(|byte| *byte == b'\n').map_or(0, |at| at + 1)
        } else {
            0
        };
        let rows = Text { bytes: &text.bytes[preamble..], ..text };
        match recognize::recognize(format, rows, &holds_payload) {
            Verdict::Table(dialect, header) => {
                Recognized::Layout(Box::new(TableLayout::new(dialect, header, preamble)))
            }
            Verdict::Other => Recognized::Other,
            Verdict::More => Recognized::Unknown,
        }
    }

    fn new(dialect: Dialect, header: Header, preamble: usize) -> TableLayout {
        let backslashes = SourceQuoting::default();
        let rows = Rows::new(dialect.separator, dialect.quoting);
        TableLayout { dialect, preamble, header, backslashes, rows }
    }

    /// The record of a row. Its backslashes may be those of `COPY`, or JSON's own.
    fn record(&mut self, text: Text, len: usize) -> Part {
        let mut part = RecordPart::new(Kind::Row(self.dialect), len);
        let has_backslash = || memchr::memchr(b'\\', &text.bytes[..len]).is_some();
        if self.dialect.quoting == CellQuoting::Unknown && has_backslash() {
            let evidence = |line: &[u8]| evidence_of_cells(line, self.dialect.separator);
            let Some(doubt) = self.backslashes.look(text, len, evidence) else {
                return Part::Incomplete(Search::StartsOver);
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
        if self.preamble > 0 {
            return Part::Separator(std::mem::take(&mut self.preamble));
        }
        // A blank line is not a row, but a tab is two empty cells.
        let blank = text.bytes.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
        if blank > 0 {
            return Part::Separator(blank);
        }
        if text.bytes.is_empty() {
            return Part::Incomplete(Search::GoesOn);
        }
        match self.rows.next(text) {
            Some(len) if self.header == Header::Row => {
                self.header = Header::Missing;
                Part::Separator(len + usize::from(text.bytes.get(len) == Some(&b'\n')))
            }
            Some(len) => self.record(text, len),
            None => Part::Incomplete(Search::GoesOn),
        }
    }

    fn oversize_end(&mut self, text: Text) -> End {
        self.rows.oversize_end(text)
    }
}

#[cfg(test)]
mod tests;
