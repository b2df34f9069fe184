//! A payload within a line that does not begin with it: a log's, a web server's, a shell's.

use std::ops::Range;

use crate::json::boundary::{Boundary, BoundarySearch, LikeLines};
use crate::json::scan::{leading_space, trim_end};
use crate::payloads::form;

/// How a payload is written in its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// As JSON.
    Json,
    /// As a form body.
    Form,
}

/// A payload within a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// How it is written.
    pub kind: Kind,
    /// Where it is: up to the end of the line if it never closes.
    pub range: Range<usize>,
}

/// Why a line has no payload to convert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Nothing in it looks like one.
    Nothing,
    /// What looks like one is a part of a broken record, whose beginning is not on this line.
    Part,
    /// After the payload, at this index, there may be more of it, or another payload.
    Behind(usize),
}

/// Finds the payload in a line, which has no line feed and begins with no record.
///
/// # Errors
/// When there is none, it may be the rest of a broken record, or there may be more of it after its end.
pub fn find(line: &[u8]) -> Result<Found, Missing> {
    let (kind, start) = beginning(line).ok_or(Missing::Nothing)?;
    if is_part_of_record(&line[..start]) {
        return Err(Missing::Part);
    }
    let text = &line[start..];
    let end = match kind {
        Kind::Json => object_end(text, 0),
        Kind::Form => match form::plain_object(text) {
            Some(object) => object_end(text, object),
            None => encoded_end(text),
        },
    };
    match remains(&text[end..]) {
        Some(at) => Err(Missing::Behind(start + end + at)),
        None => Ok(Found { kind, range: start..start + end }),
    }
}

/// The first place where a payload may begin. Many loggers and shells put a blank after the brace.
pub fn beginning(line: &[u8]) -> Option<(Kind, usize)> {
    memchr::memchr2_iter(b'{', b'%', line).find_map(|at| {
        let form = line[..at].strip_suffix(b"data=").map(|before| (Kind::Form, before.len()));
        match line[at..] {
            [b'%', b'7', b'B' | b'b', ..] => form,
            [b'{', ref inside @ ..] => {
                let json = inside.get(leading_space(inside)) == Some(&b'"');
                form.or(json.then_some((Kind::Json, at)))
            }
            _ => None,
        }
    })
}

/// Whether the text before a payload is a part of a JSON record, which then began earlier.
///
/// The rest of a record that was cut, or broken by a line feed in a string, has a key (`":`), a bracket that
/// closes what the line did not open, or an element before this one. Log text may have braces too, but closes
/// only what it opened. If the record's last bracket is on the line too, [`remains`] finds it.
fn is_part_of_record(before: &[u8]) -> bool {
    let mut open = 0_usize;
    for at in memchr::memchr3_iter(b'{', b'}', b'"', before) {
        match before[at] {
            b'{' => open += 1,
            b'}' if open == 0 => return true,
            b'}' => open -= 1,
            _ => {
                let behind = &before[at + 1..];
                if behind.get(leading_space(behind)) == Some(&b':') {
                    return true;
                }
            }
        }
    }
    let before = trim_end(before);
    let element = before.strip_suffix(b",").map(trim_end);
    element.is_some_and(|element| matches!(element.last(), Some(b'"' | b'}' | b']')))
        || (!before.is_empty() && before.iter().all(|byte| b":,[] \t".contains(byte)))
}

/// Where the object that begins at an index ends.
fn object_end(text: &[u8], from: usize) -> usize {
    match BoundarySearch::new(0, LikeLines::MayBelong, form::starts_line).run(&text[from..]) {
        Boundary::Whole(len) => from + len,
        Boundary::Broken(_) | Boundary::More => text.len(),
    }
}

/// Where an encoded form body ends.
fn encoded_end(text: &[u8]) -> usize {
    let end =
        text.iter().position(|b| matches!(b, 0..=b' ' | b'"' | b';' | b'&' | b'<')).unwrap_or(text.len());
    let text = &text[..end];
    // JavaScript does not encode single quotes, so a single quote ends only a complete payload.
    let is_end = |at: usize| {
        let payload = &text[..at];
        at + 1 == end || payload.ends_with(b"}") || payload.ends_with(b"%7D") || payload.ends_with(b"%7d")
    };
    memchr::memchr_iter(b'\'', text).find(|at| is_end(*at)).unwrap_or(end)
}

/// Where in the text after a payload there may be more of it: a brace, encoded or not, or a key.
fn remains(behind: &[u8]) -> Option<usize> {
    behind.iter().enumerate().position(|(at, byte)| match byte {
        b'{' | b'}' => true,
        b'"' => behind.get(at + 1) == Some(&b':'),
        b'%' => matches!(behind.get(at + 1..at + 3), Some([b'7', b'B' | b'b' | b'D' | b'd'])),
        _ => false,
    })
}

#[cfg(test)]
mod tests;
