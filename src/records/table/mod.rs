//! Tables: comma-, tab- and semicolon-separated text.

mod candidate;
pub mod cells;
mod recognize;

use crate::payloads::decode;
use crate::payloads::quoting::COPY;
use crate::records::dialect::{Dialect, Quoting};
use crate::records::input_format::InputFormat;
use crate::records::layout::{Layout, Part, Pending, Recognized, RecordPart};
use crate::records::oversize::RecordEnd;
use crate::records::record::{Doubt, Kind};
use crate::records::row_end::{RowBoundary, RowEnd};
use crate::records::source_quoting::{SourceQuoting, evidence_of_cells};
use crate::records::source_text::Text;
use candidate::{Header, Verdict};

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
    /// Rows that begin before this offset are lines: a quote there turned out to be plain text. So no text is searched
    /// again and again.
    lines_until: u64,
    /// The search for the end of the next row.
    row: Option<RowEnd>,
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
        TableLayout { dialect, preamble, header, backslashes, lines_until: 0, row: None }
    }

    /// The record of a row. Its backslashes may be those of `COPY`, or JSON's own.
    fn record(&mut self, text: Text, len: usize) -> Part {
        let mut part = RecordPart::new(Kind::Row(self.dialect), len);
        let has_backslash = || memchr::memchr(b'\\', &text.bytes[..len]).is_some();
        if self.dialect.quoting == Quoting::Unknown && has_backslash() {
            let evidence = |line: &[u8]| evidence_of_cells(line, self.dialect.separator);
            let Some(doubt) = self.backslashes.look(text, len, evidence) else {
                return Part::Incomplete(Pending::Lines);
            };
            match self.backslashes.known {
                Some(known) => {
                    self.dialect.quoting = if *known == COPY { Quoting::Copy } else { Quoting::None };
                    part.kind = Kind::Row(self.dialect);
                }
                None if doubt == Doubt::DoubledBackslashes => {
                    part.kind = Kind::Row(Dialect { quoting: Quoting::Copy, ..self.dialect });
                    part.context.doubt = doubt;
                }
                None => {}
            }
        }
        Part::Record(part)
    }

    fn row_end(&self) -> RowEnd {
        RowEnd::new(self.dialect.separator, self.dialect.quoting)
    }

    /// The length of the row that a text starts with. One whose quotes are wrong ends with its first line, so that the
    /// rows after it are not lost with it.
    fn row(&mut self, text: Text) -> Result<usize, Pending> {
        if text.place.offset >= self.lines_until {
            let mut row = self.row.take().unwrap_or_else(|| self.row_end());
            match row.run(text.bytes, text.is_last()) {
                RowBoundary::Whole(len) => return Ok(len),
                RowBoundary::More => {
                    self.row = Some(row);
                    return Err(Pending::Text);
                }
                // A row that begins on the line of the wrong quote is searched anew.
                RowBoundary::Misquoted(at) => {
                    let line = memchr::memrchr(b'\n', &text.bytes[..at]).map_or(1, |at| at + 1);
                    self.lines_until = text.place.offset + line as u64;
                }
            }
        }
        match memchr::memchr(b'\n', text.bytes) {
            Some(len) => Ok(len),
            None if text.is_last() => Ok(text.bytes.len()),
            None => Err(Pending::Line),
        }
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
            return Part::Incomplete(Pending::Text);
        }
        match self.row(text) {
            Ok(len) if self.header == Header::Row => {
                self.header = Header::Missing;
                Part::Separator(len + usize::from(text.bytes.get(len) == Some(&b'\n')))
            }
            Ok(len) => self.record(text, len),
            Err(pending) => Part::Incomplete(pending),
        }
    }

    fn oversize_end(&mut self, text: Text) -> RecordEnd {
        if text.place.offset < self.lines_until {
            return RecordEnd::LineFeed;
        }
        RecordEnd::Row(self.row.take().unwrap_or_else(|| self.row_end()))
    }
}

#[cfg(test)]
mod tests;
