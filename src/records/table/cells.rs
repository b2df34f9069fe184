//! The cells of a row, without the table's quotes and escapes.

use std::borrow::Cow;

use crate::payloads::piece::is_json;
use crate::payloads::quoting::{COPY, DOUBLED, ENCLOSED, SQL_LITERAL};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    pub separator: u8,
    pub quoting: CellQuoting,
    /// The number of cells in a row; 0 if it may be any.
    pub width: usize,
}

/// The way in which cells that hold separators and line feeds are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellQuoting {
    /// Between quotes of this kind; those inside are doubled.
    Doubled(u8),
    /// Between double quotes, with backslashes before those inside: MySQL's `ENCLOSED BY`.
    Enclosed,
    /// With backslashes, as PostgreSQL's `COPY` and MySQL's batch output write them.
    Copy,
    /// As `Copy` or as they are: each cell shows it.
    Unknown,
    None,
}

impl CellQuoting {
    pub fn quote(self) -> Option<u8> {
        match self {
            CellQuoting::Doubled(quote) => Some(quote),
            CellQuoting::Enclosed => Some(b'"'),
            CellQuoting::Copy | CellQuoting::Unknown | CellQuoting::None => None,
        }
    }

    /// The next quote of a quoted cell, or the next backslash if that can escape one.
    pub fn find_quote(self, text: &[u8]) -> Option<usize> {
        match self {
            CellQuoting::Enclosed => memchr::memchr2(b'"', b'\\', text),
            _ => memchr::memchr(self.quote()?, text),
        }
    }
}

/// The most cells of a row; databases and spreadsheets allow no more.
pub const MAX_CELLS: usize = 1 << 14;

/// The reasons for which a row does not fit its table.
const WIDTH: &str = "a row with a different number of cells than the first";
const UNCLOSED: &str = "a quoted cell without its closing quote";

#[derive(Clone, Copy, Debug)]
pub struct RawCell<'r> {
    pub text: &'r [u8],
    quoting: CellQuoting,
    quotes: Quotes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quotes {
    None,
    /// The closing one is at this index.
    Closed(usize),
    Unclosed,
}

impl<'r> RawCell<'r> {
    /// The text between its quotes, if it is quoted and nothing follows its closing quote.
    pub fn unquoted(&self) -> Option<Cow<'r, [u8]>> {
        match self.quotes {
            Quotes::Closed(close) if close + 1 == self.text.len() => Some(self.inside(close)),
            _ => None,
        }
    }

    fn inside(&self, close: usize) -> Cow<'r, [u8]> {
        let inside = &self.text[1..close];
        let quoting = match self.quoting {
            CellQuoting::Doubled(b'\'') => &SQL_LITERAL,
            CellQuoting::Doubled(_) => &DOUBLED,
            _ => &ENCLOSED,
        };
        quoting.undo(inside).unwrap_or(inside.into())
    }

    /// The text that was written into it.
    pub fn meaning(&self) -> Cow<'r, [u8]> {
        match self.quotes {
            Quotes::None => self.bare(),
            Quotes::Unclosed => self.inside(self.text.len()),
            Quotes::Closed(close) => {
                let mut text = self.inside(close);
                // After a closing quote, quotes are plain text.
                if close + 1 < self.text.len() {
                    text.to_mut().extend_from_slice(&self.text[close + 1..]);
                }
                text
            }
        }
    }

    fn bare(&self) -> Cow<'r, [u8]> {
        let undone = || COPY.undo(self.text);
        let has_null = !matches!(self.quoting, CellQuoting::Doubled(_) | CellQuoting::None);
        match self.quoting {
            _ if has_null && self.text == br"\N" => Cow::Borrowed(&[]),
            CellQuoting::Copy => undone().unwrap_or(self.text.into()),
            // PostgreSQL's bytea, whose backslash COPY would have doubled.
            CellQuoting::Unknown if self.text.starts_with(br"\x7") => self.text.into(),
            // JSON between tabs is also written without escapes, and then its backslashes are its own.
            CellQuoting::Unknown => {
                undone().filter(|text| is_json(text) || !is_json(self.text)).unwrap_or(self.text.into())
            }
            _ => self.text.into(),
        }
    }
}

pub struct RawCells<'r> {
    dialect: Dialect,
    row: &'r [u8],
    /// The start of the next one, if there is one.
    at: Option<usize>,
}

impl<'r> RawCells<'r> {
    /// The cells of a row, which has no line feed at its end.
    pub fn of(dialect: Dialect, row: &'r [u8]) -> Self {
        RawCells { dialect, row, at: Some(0) }
    }
}

impl<'r> Iterator for RawCells<'r> {
    type Item = RawCell<'r>;

    fn next(&mut self) -> Option<RawCell<'r>> {
        let rest = &self.row[self.at?..];
        let quoting = self.dialect.quoting;
        let mut quotes = Quotes::None;
        let mut from = 0;
        if !rest.is_empty() && quoting.quote() == rest.first().copied() {
            let close = closing_quote(rest, quoting);
            quotes = close.map_or(Quotes::Unclosed, Quotes::Closed);
            from = close.map_or(rest.len(), |close| close + 1);
        }
        let end = memchr::memchr(self.dialect.separator, &rest[from..]).map(|len| from + len);
        self.at = end.and_then(|end| Some(self.at? + end + 1));
        Some(RawCell { text: &rest[..end.unwrap_or(rest.len())], quoting, quotes })
    }
}

fn closing_quote(cell: &[u8], quoting: CellQuoting) -> Option<usize> {
    let mut at = 1;
    loop {
        at += quoting.find_quote(cell.get(at..)?)?;
        let is_pair =
            cell[at] == b'\\' || quoting != CellQuoting::Enclosed && cell.get(at + 1) == Some(&cell[at]);
        if !is_pair {
            return Some(at);
        }
        at += 2;
    }
}

/// Hands out the text of each cell of a row, with its number from 0. The row has no line feed at its end.
///
/// # Errors
/// When the row is broken; then no cell is handed out.
pub fn each(dialect: Dialect, row: &[u8], mut take: impl FnMut(usize, &[u8])) -> Result<(), &'static str> {
    let row = row.strip_suffix(b"\r").unwrap_or(row);
    let cells = || RawCells::of(dialect, row);
    let width = if dialect.width == 0 { MAX_CELLS } else { dialect.width };
    let mut count = 0;
    let mut is_unclosed = false;
    let mut is_misquoted = false;
    for cell in cells().take(width + 2) {
        count += 1;
        is_unclosed |= cell.quotes == Quotes::Unclosed && !is_misquoted;
        is_misquoted |= matches!(cell.quotes, Quotes::Closed(close) if close + 1 < cell.text.len());
    }
    if is_unclosed && count <= width + 1 {
        return Err(UNCLOSED);
    }
    if count != dialect.width && dialect.width != 0 {
        return Err(WIDTH);
    }
    cells().enumerate().for_each(|(index, cell)| take(index, &cell.meaning()));
    Ok(())
}

/// The number of cells in a row; counting stops at one more than [`MAX_CELLS`].
pub fn width(separator: u8, quoting: CellQuoting, row: &[u8]) -> usize {
    let dialect = Dialect { separator, quoting, width: MAX_CELLS };
    RawCells::of(dialect, row).take(MAX_CELLS + 1).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(dialect: Dialect, row: &str) -> Result<Vec<String>, &'static str> {
        let mut found = Vec::new();
        each(dialect, row.as_bytes(), |index, cell| {
            assert_eq!(index, found.len());
            found.push(String::from_utf8(cell.to_vec()).unwrap());
        })?;
        Ok(found)
    }

    fn quoted(separator: u8, width: usize) -> Dialect {
        Dialect { separator, quoting: CellQuoting::Doubled(b'"'), width }
    }

    const COPY: Dialect = Dialect { separator: b'\t', quoting: CellQuoting::Unknown, width: 3 };

    #[test]
    fn cells_are_what_was_written() {
        assert_eq!(
            cells(quoted(b',', 3), "1,\"{\"\"a\"\":\"\"x\ny\"\"}\",\r").unwrap(),
            ["1", "{\"a\":\"x\ny\"}", ""]
        );
        assert_eq!(cells(quoted(b';', 2), "a\"b;\"\"").unwrap(), ["a\"b", ""]);
        assert_eq!(cells(quoted(b',', 2), r#""a"b,c"#).unwrap(), ["ab", "c"]);
        assert_eq!(cells(COPY, "1\t{\"a\":\"x\\\\ny\"}\t\\N\r").unwrap(), ["1", r#"{"a":"x\ny"}"#, ""]);
        assert_eq!(cells(COPY, "\"\t\"a\tb\"").unwrap(), ["\"", "\"a", "b\""]);
    }

    #[test]
    fn a_broken_row_is_told() {
        assert_eq!(cells(quoted(b',', 3), "1,2"), Err(WIDTH));
        assert_eq!(cells(quoted(b',', 3), "1,2,3,4"), Err(WIDTH));
        assert_eq!(cells(quoted(b',', 2), ""), Err(WIDTH));
        assert_eq!(cells(quoted(b',', 2), "1,\"2"), Err(UNCLOSED));
        assert_eq!(cells(COPY, "1\t2"), Err(WIDTH));
        assert_eq!(cells(COPY, "1\t2\t3\t4"), Err(WIDTH));
    }

    #[test]
    fn a_row_of_a_million_empty_cells_is_broken_at_once() {
        let row = ",".repeat(1 << 20);
        for _ in 0..100 {
            assert_eq!(each(quoted(b',', 3), row.as_bytes(), |_, _| ()), Err(WIDTH));
        }
    }
}
