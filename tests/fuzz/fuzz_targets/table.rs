//! The cells of a row, taken apart by hand.

use serde::de::IgnoredAny;

use crate::inside::{held, outcome, search};
use crate::shared::library::{Dialect, Quoting};
use crate::spec::{Options, Outcome};

/// What becomes of the payloads in the cell of a table.
pub fn outcomes(cell: Result<String, Vec<u8>>, options: &Options) -> Vec<Outcome> {
    let cell = match cell {
        Ok(cell) => cell,
        Err(bytes) => {
            let looks_like_one = held(&String::from_utf8_lossy(&bytes)).is_some();
            return looks_like_one.then(|| Err(vec!["invalid_utf8"])).into_iter().collect();
        }
    };
    let mut found = Vec::new();
    held(&cell).iter().for_each(|json| search(json, 1, &mut found));
    found.iter().map(|payload| outcome(payload, options)).collect()
}

/// The text of each cell, or the bytes that it stands for and that are none.
pub fn cells(row: &str, dialect: Dialect) -> Vec<Result<String, Vec<u8>>> {
    let row = row.strip_suffix('\r').unwrap_or(row);
    let separator = char::from(dialect.separator);
    match dialect.quoting {
        Quoting::Quotes => quoted(row, separator).into_iter().map(Ok).collect(),
        Quoting::Backslashes => row.split(separator).map(escaped).collect(),
    }
}

fn quoted(row: &str, separator: char) -> Vec<String> {
    let mut cells = vec![String::new()];
    // Files that are joined have one before a row.
    let mut chars = row.strip_prefix('\u{feff}').unwrap_or(row).chars().peekable();
    let (mut is_start, mut in_quotes) = (true, false);
    while let Some(c) = chars.next() {
        let was_start = std::mem::take(&mut is_start);
        match c {
            '"' if in_quotes && chars.peek() == Some(&'"') => cells.last_mut().unwrap().extend(chars.next()),
            '"' if in_quotes => in_quotes = false,
            '"' if was_start => in_quotes = true,
            c if c == separator && !in_quotes => {
                cells.push(String::new());
                is_start = true;
            }
            c => cells.last_mut().unwrap().push(c),
        }
    }
    cells
}

/// What a cell with backslashes stands for.
fn escaped(cell: &str) -> Result<String, Vec<u8>> {
    let is_json = |text: &[u8]| serde_json::from_slice::<IgnoredAny>(text).is_ok();
    match unescaped(cell) {
        Some(bytes) if is_json(&bytes) || !is_json(cell.as_bytes()) => {
            String::from_utf8(bytes).map_err(|error| error.into_bytes())
        }
        _ => Ok(cell.to_owned()),
    }
}

fn unescaped(cell: &str) -> Option<Vec<u8>> {
    if cell == "\\N" {
        return Some(Vec::new());
    }
    let (mut bytes, mut rest) = (Vec::new(), cell);
    while let Some((before, escape)) = rest.split_once('\\') {
        bytes.extend_from_slice(before.as_bytes());
        let code = escape.chars().next()?;
        rest = &escape[code.len_utf8()..];
        let digits = |text: &mut &str, base, most| {
            let len = text.chars().take(most).take_while(|c| c.is_digit(base)).count();
            let number = u32::from_str_radix(&text[..len], base).ok()?;
            *text = &text[len..];
            Some(number as u8)
        };
        bytes.push(match code {
            '\\' => b'\\',
            'n' => b'\n',
            't' => b'\t',
            'r' => b'\r',
            'b' => 8,
            'v' => 11,
            'f' => 12,
            'x' => digits(&mut rest, 16, 2)?,
            '0'..='7' => {
                rest = escape;
                digits(&mut rest, 8, 3)?
            }
            _ => return None,
        });
    }
    bytes.extend_from_slice(rest.as_bytes());
    Some(bytes)
}
