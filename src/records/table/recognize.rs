//! Recognizes a table, and the way in which it is written.

use super::candidate::{Candidate, Header, Table, is_payload};
use super::cells::{CellQuoting, width};
use crate::json::scan::leading_space;
use crate::payloads::form::{self, Beginning};
use crate::payloads::piece::object_len;
use crate::records::layout::{InputFormat, Recognized, Rest, Text};

/// An unquoted array that is longer cannot be the first cell of a table: its elements are read as they come.
const MAX_ARRAY: usize = 48 << 10;

/// The first cell of a source that may be a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FirstCell {
    /// An unquoted record, then a tab and something else.
    Record,
    /// No record.
    Other,
    /// A record that is not a cell.
    NoCell,
    More,
}

pub(super) fn recognize(format: InputFormat, text: Text) -> Recognized<Table> {
    let separators: &[u8] = match format {
        InputFormat::Csv => match likelier_separator(text) {
            Some(b';') => b";",
            Some(_) => b",",
            None if text.rest == Rest::Unread => return Recognized::Unknown,
            None => return Recognized::Other,
        },
        InputFormat::Tsv => b"\t",
        _ => match first_cell(text) {
            FirstCell::Record => b"\t",
            FirstCell::Other => b",\t;",
            FirstCell::More if text.rest == Rest::Unread => return Recognized::Unknown,
            FirstCell::More | FirstCell::NoCell => return Recognized::Other,
        },
    };
    let quotings = quotings(text.bytes);
    let ways = separators.iter().flat_map(|separator| quotings.iter().map(|quoting| (*separator, *quoting)));
    let mut first = None;
    for (separator, quoting) in ways {
        let mut candidate = Candidate::new(format, separator, quoting);
        match candidate.look(text) {
            Recognized::Other => {}
            Recognized::Unknown if text.rest != Rest::Unread => {}
            found => return found,
        }
        first.get_or_insert(candidate.dialect);
    }
    // If the user says that it is a table, it is one, though no payload was found so far.
    match first {
        Some(dialect) if format != InputFormat::Auto => {
            Recognized::Layout(Table { dialect, header: Header::Missing })
        }
        _ => Recognized::Other,
    }
}

/// The ways in which cells may be quoted, by the first payload between quotes.
fn quotings(text: &[u8]) -> Vec<CellQuoting> {
    let starts_cell = |at: &usize| text[..*at].last().is_none_or(|before| b",;\t\n".contains(before));
    let quoting = memchr::memmem::find_iter(text, b"\"{").filter(starts_cell).find_map(|at| {
        let inside = &text[at + 2..];
        match inside[leading_space(inside)..] {
            [b'"', b'"', ..] => Some(CellQuoting::Doubled(b'"')),
            [b'\\', b'"', ..] => Some(CellQuoting::Enclosed),
            _ => None,
        }
    });
    let has_apostrophes = memchr::memmem::find_iter(text, b"'{").any(|at| starts_cell(&at));
    let quoting = quoting.unwrap_or(CellQuoting::Doubled(b'"'));
    [quoting].into_iter().chain(has_apostrophes.then_some(CellQuoting::Doubled(b'\''))).collect()
}

/// The beginning of a source that may be a table. After an unquoted record there must be a tab and then no other record,
/// since tabs are also white space between records.
fn first_cell(text: Text) -> FirstCell {
    let is_last = text.is_last();
    let text = &text.bytes[leading_space(text.bytes)..];
    match (text.first(), form::beginning(text)) {
        (None, _) | (_, Beginning::Unknown) if !is_last => return FirstCell::More,
        (Some(b'{' | b'['), _) | (_, Beginning::Form(_)) => {}
        _ => return FirstCell::Other,
    }
    let cell_end = memchr::memchr2(b'\t', b'\n', text);
    let len = cell_end.unwrap_or(text.len());
    let is_line = cell_end.map_or(is_last, |at| text[at] == b'\n');
    if is_line || text[0] == b'[' && len > MAX_ARRAY {
        return FirstCell::NoCell;
    }
    // Live streams do not always end their lines: so what follows the record decides too. Where that is not
    // JSON, the search was misled by quotes with backslashes before them, as databases write them.
    let close = matches!(text[0], b'{' | b'[').then(|| object_len(&text[..len])).flatten();
    match (close, cell_end) {
        (Some(close), _) if close < len && b" \r{[".contains(&text[close]) => FirstCell::NoCell,
        (_, None) => FirstCell::More,
        _ => match second_cell(&text[len..], is_last) {
            FirstCell::Record if !is_payload(&text[..len]) => FirstCell::NoCell,
            second => second,
        },
    }
}

/// The beginning of a source in which an unquoted record comes first and then this text.
fn second_cell(text: &[u8], is_last: bool) -> FirstCell {
    let text = &text[text.iter().take_while(|byte| **byte == b'\t').count()..];
    match (text.first(), form::beginning(text)) {
        (None, _) | (_, Beginning::Unknown) if !is_last => FirstCell::More,
        (None | Some(b'{' | b'[' | b'\n' | b'\r' | b' '), _) | (_, Beginning::Form(_)) => FirstCell::NoCell,
        _ => FirstCell::Record,
    }
}

/// The likelier separator of a source's first line, comma or semicolon; `None` without more text.
fn likelier_separator(text: Text) -> Option<u8> {
    let bytes = &text.bytes[leading_space(text.bytes)..];
    let line = &bytes[..Text { bytes, ..text }.line()?];
    let [commas, semicolons] =
        [b',', b';'].map(|separator| width(separator, CellQuoting::Doubled(b'"'), line));
    Some(if semicolons > commas { b';' } else { b',' })
}

#[cfg(test)]
mod tests;
