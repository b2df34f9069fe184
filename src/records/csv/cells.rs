//! The cells of a row, without the table's quotes and escapes.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder, Terminator};

use super::rows::{Row, Rows};
use super::{Dialect, MOST_CELLS, Quoting, escapes};

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadRow {
    /// It does not have as many cells as the others.
    Width,
    /// A quoted cell does not end in it.
    Unclosed,
}

impl BadRow {
    /// What is wrong, in words.
    pub fn reason(self) -> &'static str {
        match self {
            BadRow::Width => "a row with a different number of cells than the first",
            BadRow::Unclosed => "a quoted cell does not end",
        }
    }
}

/// Splits the rows of one table into cells.
#[derive(Debug)]
pub struct Cells {
    dialect: Dialect,
    reader: Reader,
    text: Vec<u8>,
    ends: Vec<usize>,
    decoded: Vec<u8>,
}

impl Cells {
    /// For the rows of a table.
    pub fn new(dialect: Dialect) -> Cells {
        let reader = ReaderBuilder::new()
            .delimiter(dialect.separator)
            .quoting(dialect.quoting == Quoting::Quotes)
            .terminator(Terminator::Any(b'\n'))
            .build();
        Cells { dialect, reader, text: Vec::new(), ends: Vec::new(), decoded: Vec::new() }
    }

    /// Hands out the text of each cell of a row, with its number from 0. The row has no line feed at its end.
    ///
    /// # Errors
    /// When the row is broken; then no cell is handed out.
    pub fn each(&mut self, row: &[u8], mut take: impl FnMut(usize, &[u8])) -> Result<(), BadRow> {
        let row = without_return(row);
        if self.dialect.quoting == Quoting::Quotes {
            self.read(row)?;
            let mut start = 0;
            for (index, end) in self.ends[..self.dialect.width].iter().enumerate() {
                take(index, &self.text[start..*end]);
                start = *end;
            }
            return Ok(());
        }
        let separators = memchr::memchr_iter(self.dialect.separator, row).take(self.dialect.width).count();
        if separators + 1 != self.dialect.width {
            return Err(BadRow::Width);
        }
        for (index, cell) in row.split(|byte| *byte == self.dialect.separator).enumerate() {
            match escapes::decode(cell, &mut self.decoded) {
                true => take(index, &self.decoded),
                false => take(index, cell),
            }
        }
        Ok(())
    }

    fn read(&mut self, row: &[u8]) -> Result<(), BadRow> {
        self.text.resize(row.len().max(1), 0);
        self.ends.resize(self.dialect.width + 1, 0);
        self.reader.reset();
        let (mut at, mut len, mut ends) = (0, 0, 0);
        loop {
            // Empty input tells the reader that the row has ended.
            let (result, read, written, ended) =
                self.reader.read_record(&row[at..], &mut self.text[len..], &mut self.ends[ends..]);
            (at, len, ends) = (at + read, len + written, ends + ended);
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.text.push(0),
                ReadRecordResult::OutputEndsFull => return Err(BadRow::Width),
                ReadRecordResult::Record | ReadRecordResult::End => break,
            }
        }
        if is_unclosed(self.dialect, row) {
            return Err(BadRow::Unclosed);
        }
        if ends == self.dialect.width { Ok(()) } else { Err(BadRow::Width) }
    }
}

/// How many cells a row has; counting stops at one more than [`MOST_CELLS`].
pub(super) fn width(separator: u8, quoting: Quoting, row: &[u8]) -> usize {
    let dialect = Dialect { separator, quoting, width: MOST_CELLS };
    RawCells::of(dialect, row).take(MOST_CELLS + 1).count()
}

fn without_return(row: &[u8]) -> &[u8] {
    row.strip_suffix(b"\r").unwrap_or(row)
}

fn is_unclosed(dialect: Dialect, row: &[u8]) -> bool {
    match Rows::new(dialect.separator, dialect.quoting).scan(row, true) {
        Row::Misquoted(at) => at == row.len(),
        Row::Whole(_) | Row::More => false,
    }
}

/// The raw cells of a row: where each begins and ends.
#[derive(Clone)]
pub(super) struct RawCells<'a> {
    dialect: Dialect,
    row: &'a [u8],
    /// Where the next one begins, if there is one.
    at: Option<usize>,
}

impl<'a> RawCells<'a> {
    /// The raw cells of a row.
    pub(super) fn of(dialect: Dialect, row: &'a [u8]) -> Self {
        RawCells { dialect, row, at: Some(0) }
    }
}

impl Iterator for RawCells<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        let start = self.at?;
        let mut at = start;
        if self.dialect.quoting == Quoting::Quotes && self.row.get(at) == Some(&b'"') {
            at += 1;
            while let Some(quote) = memchr::memchr(b'"', &self.row[at..]) {
                at += quote + 1;
                match self.row.get(at) {
                    Some(b'"') => at += 1,
                    _ => break,
                }
            }
        }
        match memchr::memchr(self.dialect.separator, &self.row[at..]) {
            Some(len) => {
                self.at = Some(at + len + 1);
                Some((start, at + len))
            }
            None => {
                self.at = None;
                Some((start, self.row.len()))
            }
        }
    }
}

#[cfg(test)]
mod tests;
