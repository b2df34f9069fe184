//! Tables: whether a source is one, and where its rows end.

use crate::payloads::decode;
use crate::records::csv::recognize::Recognizer;
use crate::records::csv::rows::Rows;
use crate::records::csv::{Dialect, Format, Header, Recognized};
use crate::records::record::Kind;
use crate::records::split::skip::{Skip, Skipped, Until};
use crate::records::split::{BOM, Eof, Layout, Splitter};

/// Whether a source is a table.
#[derive(Debug)]
pub(super) enum Table {
    /// Not known yet.
    Unknown(Box<Recognizer>),
    /// It is one, and its first row is not a record.
    Header(Dialect, Rows),
    /// It is one.
    Rows(Dialect, Rows),
    /// It is none.
    None,
}

/// What the text starts with, if its source is a table.
pub(super) enum NextRow {
    /// It is none.
    None,
    /// More text is needed to tell.
    More,
    /// This much is not a record.
    Passed(usize),
    /// A row of this length.
    Record { len: usize, kind: Kind },
}

impl Table {
    /// For a source of this layout; looks at no more than `limit` bytes.
    pub(super) fn new(layout: Layout, limit: usize) -> Table {
        let format = match layout {
            Layout::Auto => Format::Auto,
            Layout::Csv => Format::Csv,
            Layout::Tsv => Format::Tsv,
            Layout::Json | Layout::Ndjson | Layout::Form => return Table::None,
        };
        Table::Unknown(Box::new(Recognizer::new(format, limit)))
    }
}

impl Splitter {
    /// What the text starts with, if its source is a table.
    pub(super) fn next_row(&mut self, text: &[u8], eof: Eof) -> NextRow {
        let at_end = eof == Eof::Reached;
        if let Table::Unknown(recognizer) = &mut self.table {
            if self.place.offset == 0 && text.starts_with(BOM) {
                // No character of the text, so no column either.
                self.place.offset += BOM.len() as u64;
                return NextRow::Passed(BOM.len());
            }
            if self.place.offset == 0 && !at_end && BOM.starts_with(text) {
                return NextRow::More;
            }
            if text.is_empty() && !at_end {
                return NextRow::More;
            }
            let is_other = text.first().is_none_or(|first| matches!(first, 0xff | 0xfe | 0));
            let holds_payload = |cell: &[u8]| decode::text(cell).is_some();
            self.table = if is_other {
                Table::None
            } else {
                match recognizer.run(text, at_end, holds_payload) {
                    Recognized::More => return NextRow::More,
                    Recognized::Other => Table::None,
                    Recognized::Table(dialect, header) => {
                        let rows = Rows::new(dialect.separator, dialect.quoting);
                        match header {
                            Header::Row => Table::Header(dialect, rows),
                            Header::Missing => Table::Rows(dialect, rows),
                        }
                    }
                }
            };
        }
        let limit = self.limit();
        let (Table::Header(dialect, rows) | Table::Rows(dialect, rows)) = &mut self.table else {
            return NextRow::None;
        };
        let dialect = *dialect;
        // A blank line is not a row, but a tab is two empty cells.
        let blank = text.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
        if blank > 0 {
            self.advance(&text[..blank]);
            return NextRow::Passed(blank);
        }
        if text.is_empty() {
            return NextRow::More;
        }
        let window = &text[..text.len().min(limit)];
        let is_all = window.len() == text.len();
        let Some(len) = rows.end(window, at_end && is_all) else {
            if is_all && window.len() < limit {
                return NextRow::More;
            }
            // What was looked at is not looked at again; the next row begins afresh.
            let rows = std::mem::replace(rows, Rows::new(dialect.separator, dialect.quoting));
            self.skip = Some(Skip::new(self.place, Until::Row(rows), self.in_array, Skipped::TooLarge));
            return NextRow::Passed(0);
        };
        if let Table::Header(dialect, rows) = &self.table {
            self.table = Table::Rows(*dialect, rows.clone());
            let len = len + usize::from(text.get(len) == Some(&b'\n'));
            self.advance(&text[..len]);
            return NextRow::Passed(len);
        }
        NextRow::Record { len, kind: Kind::Row(dialect) }
    }
}
