//! Paths in a record: of a payload that was found, and of `--at`.

use std::fmt::Write;

use crate::json::strings::unescape;
use crate::json::value::value_end;
use crate::payloads::piece::is_json;

/// The way from a record to a value in it. Nothing is allocated until it is written.
#[derive(Clone, Copy, Debug)]
pub struct Path<'a>(Option<(&'a Path<'a>, Step<'a>)>);

#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    /// Into the cell with this index of a row.
    Column(usize),
    /// Into the member with this raw key (the text between its quotes).
    Member(&'a [u8]),
    Element(usize),
}

/// Whether a path is written with the indices of elements. Without, it is an [`At`] too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Indices {
    Written,
    Dropped,
}

impl<'a> Path<'a> {
    pub const RECORD: Path<'static> = Path(None);

    pub fn column(index: usize) -> Path<'static> {
        Path(Some((&Path::RECORD, Step::Column(index))))
    }

    pub(super) fn member(&'a self, key: &'a [u8]) -> Path<'a> {
        Path(Some((self, Step::Member(key))))
    }

    pub(super) fn element(&'a self, index: usize) -> Path<'a> {
        Path(Some((self, Step::Element(index))))
    }

    /// Whether it leads into the record, and is not the record itself.
    pub fn is_inside(&self) -> bool {
        self.0.is_some()
    }

    /// Appends it to a text: `hits.hits[12]._source`.
    pub fn write(&self, indices: Indices, out: &mut String) {
        if self.is_inside() {
            self.write_steps(indices, out);
        } else {
            out.push('.');
        }
    }

    fn write_steps(&self, indices: Indices, out: &mut String) {
        let Some((outer, step)) = self.0 else { return };
        outer.write_steps(indices, out);
        out.push_str(match (outer.0, step) {
            (None, _) => "",
            (Some((_, Step::Column(_))), _) => ": ",
            (_, Step::Member(_)) => ".",
            _ => "",
        });
        // Writing to a string cannot fail.
        let _ = match step {
            Step::Column(index) => write!(out, "column {}", index + 1),
            Step::Member(key) => write_key(out, key),
            Step::Element(index) if indices == Indices::Written => write!(out, "[{index}]"),
            Step::Element(_) => out.write_str("[]"),
        };
    }
}

/// Writes a key as it is, or in quotes if it would not be read back as one.
fn write_key(out: &mut String, raw: &[u8]) -> std::fmt::Result {
    let key = unescape(raw);
    match std::str::from_utf8(&key) {
        Ok(key) if is_plain(key) => out.write_str(key),
        _ => write!(out, "\"{}\"", String::from_utf8_lossy(raw)),
    }
}

/// `--at PATH`: the one place in a record where payloads are, such as `body`, `hits.hits[]._source` or `.`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At(pub(super) Vec<AtStep>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum AtStep {
    Member(Vec<u8>),
    Element(usize),
    /// Into every element.
    Elements,
}

const MAX_STEPS: usize = 32;

impl At {
    /// Parses a path. Keys that are not plain words are in quotes, as in JSON: `"a.b".c`.
    pub fn parse(path: &str) -> Result<At, &'static str> {
        let mut steps = Vec::new();
        if path.is_empty() {
            return Err("the path is empty (`.` is the record itself)");
        }
        if path == "." {
            return Ok(At(steps));
        }
        let mut rest = path;
        while !rest.is_empty() {
            let step;
            (step, rest) = match rest.strip_prefix('[') {
                Some(inside) => index(inside)?,
                None if steps.is_empty() => key(rest)?,
                None => key(rest.strip_prefix('.').ok_or("expected a dot or a bracket after a part")?)?,
            };
            steps.push(step);
        }
        match steps.len() {
            0..=MAX_STEPS => Ok(At(steps)),
            _ => Err("a path has at most 32 parts"),
        }
    }
}

/// The key that a text begins with, and what follows it.
fn key(text: &str) -> Result<(AtStep, &str), &'static str> {
    if text.starts_with('"') {
        let (quoted, rest) = text.split_at(value_end(text.as_bytes()));
        if !is_json(quoted.as_bytes()) {
            return Err("a key in quotes is not a JSON string");
        }
        return Ok((AtStep::Member(unescape(&quoted.as_bytes()[1..quoted.len() - 1]).into_owned()), rest));
    }
    let end = text.find(['.', '[']).unwrap_or(text.len());
    let (key, rest) = text.split_at(end);
    match key {
        "" => Err("a part of the path is empty"),
        _ if !is_plain(key) => Err("a key with white space, quotes or brackets in it must be in quotes"),
        _ => Ok((AtStep::Member(key.into()), rest)),
    }
}

/// The index before a closing bracket, and what follows the bracket. Without an index it means every element.
fn index(text: &str) -> Result<(AtStep, &str), &'static str> {
    let (inside, rest) = text.split_once(']').ok_or("a bracket is not closed")?;
    let step = match inside {
        "" => AtStep::Elements,
        _ if inside.bytes().all(|byte| byte.is_ascii_digit()) => {
            AtStep::Element(inside.parse().map_err(|_| "an index is too large")?)
        }
        _ => return Err("expected an index or nothing between brackets"),
    };
    Ok((step, rest))
}

/// Whether a key can stand in a path without quotes.
fn is_plain(key: &str) -> bool {
    let special = |c: char| matches!(c, '.' | '[' | ']' | '"' | '\\') || c.is_whitespace() || c.is_control();
    !key.is_empty() && !key.contains(special)
}

#[cfg(test)]
mod tests;
