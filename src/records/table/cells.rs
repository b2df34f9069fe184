//! The cells of a row, without the table's quotes and escapes.

use std::borrow::Cow;

use super::escapes;
use crate::records::dialect::{Dialect, Quoting};

/// The most cells of a row; databases and spreadsheets allow no more.
pub const MAX_CELLS: usize = 1 << 14;

/// A row that does not fit its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadRow {
    /// It does not have as many cells as the others.
    Width,
    /// A quoted cell does not end in it.
    Unclosed,
}

impl BadRow {
    /// The reason, in words.
    pub fn reason(self) -> &'static str {
        match self {
            BadRow::Width => "a row with a different number of cells than the first",
            BadRow::Unclosed => "a quoted cell does not end",
        }
    }
}

/// A cell as it is written.
#[derive(Clone, Copy, Debug)]
pub struct RawCell<'r> {
    /// Its text, with its quotes.
    pub text: &'r [u8],
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
    /// The text between its quotes with doubled quotes undone, if it is quoted and nothing follows its closing quote.
    pub fn unquoted(&self) -> Option<Cow<'r, [u8]>> {
        match self.quotes {
            Quotes::Closed(close) if close + 1 == self.text.len() => Some(undouble(&self.text[1..close])),
            _ => None,
        }
    }

    fn meaning(&self) -> Cow<'r, [u8]> {
        match self.quotes {
            Quotes::None => self.text.into(),
            Quotes::Unclosed => undouble(&self.text[1..]),
            Quotes::Closed(close) => {
                let mut text = undouble(&self.text[1..close]);
                // After a closing quote, quotes are plain text.
                if close + 1 < self.text.len() {
                    text.to_mut().extend_from_slice(&self.text[close + 1..]);
                }
                text
            }
        }
    }
}

/// The cells of a row, as they are written.
#[derive(Clone)]
pub struct RawCells<'r> {
    dialect: Dialect,
    row: &'r [u8],
    /// Where the next one begins, if there is one.
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
        let mut quotes = Quotes::None;
        let mut from = 0;
        if self.dialect.quoting == Quoting::Quotes && rest.first() == Some(&b'"') {
            quotes = closing_quote(rest).map_or(Quotes::Unclosed, Quotes::Closed);
            from = match quotes {
                Quotes::Closed(close) => close + 1,
                _ => rest.len(),
            };
        }
        let end = memchr::memchr(self.dialect.separator, &rest[from..]).map(|len| from + len);
        self.at = end.and_then(|end| Some(self.at? + end + 1));
        Some(RawCell { text: &rest[..end.unwrap_or(rest.len())], quotes })
    }
}

/// The quote that closes a quoted cell.
fn closing_quote(cell: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        at += memchr::memchr(b'"', cell.get(at..)?)?;
        if cell.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

fn undouble(text: &[u8]) -> Cow<'_, [u8]> {
    let Some(first) = memchr::memchr(b'"', text) else { return text.into() };
    let mut out = Vec::with_capacity(text.len());
    let (mut rest, mut at) = (text, first);
    loop {
        out.extend_from_slice(&rest[..=at]);
        rest = rest.get(at + 2..).unwrap_or_default();
        match memchr::memchr(b'"', rest) {
            Some(next) => at = next,
            None => break,
        }
    }
    out.extend_from_slice(rest);
    out.into()
}

/// Hands out the text of each cell of a row, with its number from 0. The row has no line feed at its end.
///
/// # Errors
/// When the row is broken; then no cell is handed out.
pub fn each(dialect: Dialect, row: &[u8], mut take: impl FnMut(usize, &[u8])) -> Result<(), BadRow> {
    let row = row.strip_suffix(b"\r").unwrap_or(row);
    let cells = || RawCells::of(dialect, row);
    let mut count = 0;
    let mut is_unclosed = false;
    let mut is_misquoted = false;
    for cell in cells().take(dialect.width + 2) {
        count += 1;
        is_unclosed |= cell.quotes == Quotes::Unclosed && !is_misquoted;
        is_misquoted |= matches!(cell.quotes, Quotes::Closed(close) if close + 1 < cell.text.len());
    }
    if is_unclosed && count <= dialect.width + 1 {
        return Err(BadRow::Unclosed);
    }
    if count != dialect.width {
        return Err(BadRow::Width);
    }
    let mut decoded = Vec::new();
    for (index, cell) in cells().enumerate() {
        match dialect.quoting {
            Quoting::Backslashes if escapes::decode(cell.text, &mut decoded) => take(index, &decoded),
            Quoting::Backslashes => take(index, cell.text),
            Quoting::Quotes => take(index, &cell.meaning()),
        }
    }
    Ok(())
}

/// The number of cells in a row; counting stops at one more than [`MAX_CELLS`].
pub fn width(separator: u8, quoting: Quoting, row: &[u8]) -> usize {
    let dialect = Dialect { separator, quoting, width: MAX_CELLS };
    RawCells::of(dialect, row).take(MAX_CELLS + 1).count()
}

#[cfg(test)]
mod tests;
