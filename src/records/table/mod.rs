//! Tables: comma-, tab- and semicolon-separated text.

mod candidate;
pub mod cells;
pub mod escapes;
mod recognize;

use crate::payloads::decode;
use crate::records::dialect::Dialect;
use crate::records::input_format::InputFormat;
use crate::records::layout::{Layout, Part, Pending, Recognized, RecordPart};
use crate::records::oversize::RecordEnd;
use crate::records::record::Kind;
use crate::records::row_end::{RowBoundary, RowEnd};
use crate::records::source_text::Text;
use candidate::{Header, Verdict};

/// The rows of one table.
#[derive(Debug)]
pub struct TableLayout {
    dialect: Dialect,
    /// The first row if it is still to come.
    header: Header,
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
        match recognize::recognize(format, text, &holds_payload) {
            Verdict::Table(dialect, header) => {
                Recognized::Layout(Box::new(TableLayout { dialect, header, lines_until: 0, row: None }))
            }
            Verdict::Other => Recognized::Other,
            Verdict::More => Recognized::Unknown,
        }
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
            Ok(len) => Part::Record(RecordPart::new(Kind::Row(self.dialect), len)),
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
