//! Tables: comma-, tab- and semicolon-separated text.

mod candidate;
pub mod cells;
mod recognize;
mod rows;

use crate::payloads::quoting::COPY;
use crate::records::layout::{End, InputFormat, Layout, Part, Recognized, RecordPart, Text};
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
                return Part::StartsOver;
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
            return Part::Continues;
        }
        match self.rows.next(text) {
            Some(len) if self.header == Header::Row => {
                self.header = Header::Missing;
                Part::Separator(len + usize::from(text.bytes.get(len) == Some(&b'\n')))
            }
            Some(len) => self.record(text, len),
            None => Part::Continues,
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
mod tests {
    use super::*;
    use crate::records::layout::Rest;
    use crate::records::record::{Place, Record};
    use crate::records::splitter::Splitter;
    use proptest::prelude::*;

    fn text(bytes: &[u8], offset: usize, passed: usize, rest: Rest) -> Text<'_> {
        let place = Place { offset: offset as u64, ..Place::START };
        Text { bytes, rest, place, passed, max_record: 1 << 20 }
    }

    /// The rows of a table that comes so many bytes at a time.
    fn rows(whole: &str, quoting: CellQuoting, step: usize) -> Vec<&str> {
        let mut rows = Rows::new(b',', quoting);
        let (mut at, mut read, mut found) = (0, 0, Vec::new());
        while at < whole.len() {
            let rest = if read >= whole.len() { Rest::Nothing } else { Rest::Unread };
            match rows.next(text(&whole.as_bytes()[at..read.max(at)], at, 0, rest)) {
                Some(len) => {
                    found.push(&whole[at..at + len]);
                    at += len + 1;
                }
                None => read = whole.len().min(read + step),
            }
        }
        found
    }

    #[test]
    fn a_row_ends_at_a_line_feed_outside_of_quotes() {
        for (text, expected) in [
            ("a,b\nc,d", vec!["a,b", "c,d"]),
            ("a,\"b\nc\"\nd\r\n", vec!["a,\"b\nc\"", "d\r"]),
            ("a,\"b\"\"\n\"\"\"\r\nd", vec!["a,\"b\"\"\n\"\"\"\r", "d"]),
            ("a\"b\nc\"d\n", vec!["a\"b", "c\"d"]),
            ("\n\n,\n", vec!["", "", ","]),
        ] {
            for step in 1..=text.len() {
                assert_eq!(rows(text, CellQuoting::Doubled(b'"'), step), expected, "{text:?} {step}");
            }
        }
        assert_eq!(rows("a,\"b\nc\"\n", CellQuoting::Unknown, 3), ["a,\"b", "c\""]);
    }

    #[test]
    fn a_wrong_quote_breaks_no_row_but_its_own() {
        for (text, expected) in [
            ("5,\"abc\n6,\"{\n}\"\n7,8\n", vec!["5,\"abc", "6,\"{\n}\"", "7,8"]),
            ("5,\"abc\n6,7\n8,9", vec!["5,\"abc", "6,7", "8,9"]),
            ("5,\"a\"c\n6,7\n", vec!["5,\"a\"c", "6,7"]),
        ] {
            for step in 1..=text.len() {
                assert_eq!(rows(text, CellQuoting::Doubled(b'"'), step), expected, "{text:?} {step}");
            }
        }
    }

    /// The length of a text's first row if it is over the limit, when so many bytes come at a time.
    fn oversize_len(whole: &str, step: usize) -> usize {
        let mut rows = Rows::new(b',', CellQuoting::Doubled(b'"'));
        let (mut at, mut read) = (0, step);
        loop {
            let end = read.min(whole.len());
            let rest = if end == whole.len() { Rest::Nothing } else { Rest::Unread };
            match rows.oversize_end(text(&whole.as_bytes()[at..end], 0, at, rest)) {
                End::At(len) => return at + len,
                End::Beyond(len) if end == whole.len() => return at + len,
                End::Beyond(len) => at += len,
            }
            read += step;
        }
    }

    #[test]
    fn a_row_over_the_limit_ends_at_the_same_place_however_it_comes() {
        let long = format!("1,\"x\n{}\"y\n2,3", "x".repeat(128 << 10));
        for (text, end) in [
            ("a,\"x\ny\"\"\nz\"\r\nb,c\n", 12),
            ("1,\"x\ny\n2,\"z\"\n3,", 6),
            ("1,\"x\"y\n2,3", 6),
            ("1,\"x\ny", 4),
            ("1,\"x\n\"\ny", 6),
            (&long, long.len() - 4),
        ] {
            for step in (1..=text.len()).filter(|step| text.len() < 100 || step % 64_999 == 1000) {
                assert_eq!(oversize_len(text, step), end, "{step}");
            }
        }
    }

    proptest! {
        #[test]
        fn rows_are_the_same_however_they_come(
            text in prop::collection::vec(prop::sample::select(vec!["\"", ",", "\n", "a", "\"\"", "\r", "\r\n", "\",\""]), 0..24),
            step in 1_usize..9,
        ) {
            let text = text.concat();
            let whole = rows(&text, CellQuoting::Doubled(b'"'), text.len().max(1));
            prop_assert!(whole.iter().map(|row| row.len() + 1).sum::<usize>().abs_diff(text.len()) <= 1);
            prop_assert_eq!(rows(&text, CellQuoting::Doubled(b'"'), step), whole);
        }

        #[test]
        fn rows_are_those_of_the_csv_crate(
            table in prop::collection::vec(prop::collection::vec("[a\",\n\r ]{0,6}", 3), 1..9),
        ) {
            let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
            let mut ends = Vec::new();
            for row in &table {
                writer.write_record(row).unwrap();
                writer.flush().unwrap();
                ends.push(writer.get_ref().len());
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let mut at = 0;
            let found: Vec<usize> = rows(&text, CellQuoting::Doubled(b'"'), 7)
                .iter()
                .map(|row| { at += row.len() + 1; at })
                .collect();
            prop_assert_eq!(found, ends);
        }
    }

    #[test]
    fn hostile_tables_take_linear_time() {
        for piece in
            ["a,\"x\n", "x\",\"\n", ",", "\n", "a,b\n", "\",\n", "\"", "\"\",", "\"a\"\"\n", ",\"\n\n\n"]
        {
            for (before, after) in [("", ""), ("\"", ""), ("\"", "\"x"), ("", "\"x\"x")] {
                let text = [before, &piece.repeat((1 << 18) / piece.len()), after].concat();
                let mut splitter = Splitter::new(InputFormat::Csv, 1 << 20);
                let mut records: Vec<Record> = Vec::new();
                let (mut at, mut read) = (0, 0);
                while read < text.len() {
                    read = text.len().min(read + (64 << 10));
                    at += splitter.split(&text.as_bytes()[at..read], Rest::Unread, &mut records);
                    records.clear();
                }
            }
        }
    }
}
