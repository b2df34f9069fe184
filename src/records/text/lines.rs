//! Lines in a text: where they end, and which of them start a record.

use crate::json::scan::{leading_space, leading_space_on_line, literal_len, string_end, trim_end};
use crate::payloads::form;
use crate::payloads::text::first_part;
use crate::records::layout::{LOOK_AHEAD, Text};

/// The part of a line, after its indentation, that tells whether it starts a record.
pub const UNDECIDED: usize = 1 + form::MAX_FIELDS;

/// The start of the next line that starts like a record, the first line not counted: with `{`, indented by at most
/// this much, or as a form body does.
pub fn record_line(text: &[u8], indent: usize) -> Option<usize> {
    memchr::memchr_iter(b'\n', text).map(|at| at + 1).find(|at| {
        let line = &text[*at..];
        let blank = line.iter().take(indent).take_while(|b| matches!(b, b' ' | b'\t')).count();
        line.get(blank) == Some(&b'{') || form::begins(line)
    })
}

/// Whether the record that a text starts with is on one line, as far as that line tells. One that is too long to be
/// looked at is. `None` if more text is needed.
pub fn is_one_line(text: Text) -> Option<bool> {
    let bytes = &text.bytes[..text.bytes.len().min(LOOK_AHEAD / 2)];
    match (Text { bytes, ..text }).line() {
        _ if bytes.len() == LOOK_AHEAD / 2 && memchr::memchr(b'\n', bytes).is_none() => Some(true),
        line => line.map(|len| form::trim_ignored(&bytes[..len]).ends_with(b"}")),
    }
}

/// Whether the line that a text starts with is a number, `true`, `false` or `null`: JSON, and no line of a log.
pub fn is_scalar_line(text: &[u8]) -> bool {
    let line = own_line(text);
    literal_len(line).is_ok_and(|len| len == line.len())
}

pub fn is_string_line(text: &[u8]) -> bool {
    let line = own_line(text);
    string_end(line, 1) == line.len()
}

fn own_line(text: &[u8]) -> &[u8] {
    form::trim_ignored(&text[..memchr::memchr(b'\n', text).unwrap_or(text.len())])
}

/// The length of the line that a text starts with, if it ends with a brace and another line that starts a record comes
/// next: by far the most common layout. No object continues like that without a comma, so there is no need to look
/// inside. A line over the limit may hold several records within it.
pub fn line_before_record(text: Text) -> Option<usize> {
    let len = memchr::memchr(b'\n', text.bytes).filter(|len| *len <= text.max_record)?;
    let next = &text.bytes[len + leading_space(&text.bytes[len..])..];
    let is_before_record =
        if next.is_empty() { text.is_last() } else { next[0] == b'{' || form::begins(next) };
    (trim_end(&text.bytes[..len]).last() == Some(&b'}') && is_before_record).then_some(len)
}

/// Whether a bracket at the top level opens an array of records. Between lines that are records, an array with anything
/// else in it is just another line, and `[2019-05-17 09:57]` before a payload belongs to a log. `None` if more text is
/// needed.
pub fn opens_array(text: Text, after_line: bool) -> Option<bool> {
    let bytes = text.bytes;
    let inside = &bytes[1 + leading_space(&bytes[1..])..];
    if after_line {
        let blank = leading_space_on_line(&bytes[1..]);
        return match (bytes.get(1 + blank), inside.first()) {
            (None, _) | (Some(b'\n'), None) if !text.is_last() => None,
            (Some(b'\n'), Some(b'\'' | b'`')) => Some(false),
            (first, _) => Some(first.is_none_or(|first| matches!(first, b'{' | b'\n'))),
        };
    }
    match inside.first() {
        Some(b'{' | b'[' | b'"' | b']') => return Some(true),
        // Node and Python write strings so.
        Some(b'\'' | b'`') => return Some(false),
        None => return if text.is_last() { Some(true) } else { None },
        // `[17-May-2019]`
        Some(b'0'..=b'9') if !is_number(inside) => return Some(false),
        Some(_) => {}
    }
    let looked = &bytes[..bytes.len().min(text.max_record)];
    match memchr::memchr(b'\n', looked) {
        None if !text.is_last() && looked.len() < text.max_record => None,
        len => Some(first_part(&looked[..len.unwrap_or(looked.len())]).is_none()),
    }
}

/// Whether the number that a text starts with ends where JSON's do.
fn is_number(text: &[u8]) -> bool {
    literal_len(text).is_ok_and(|len| text.get(len).is_none_or(|after| b",] \t\r\n".contains(after)))
}

/// The end of the lines after a line that may belong to an object on it: those that begin with white space or a closing
/// bracket.
pub fn continued_lines(text: &[u8], mut line_end: usize) -> usize {
    while let Some(b' ' | b'\t' | b'}' | b']') = text.get(line_end + 1) {
        let next = memchr::memchr(b'\n', &text[line_end + 1..]);
        line_end = next.map_or(text.len(), |len| line_end + 1 + len);
    }
    line_end
}

/// The end of an array's element whose brackets do not match: the next line that starts like a record, less the comma
/// before it.
pub fn broken_element_end(text: &[u8], indent: usize) -> Option<usize> {
    let len = record_line(text, indent)?;
    let own = trim_end(&text[..len]);
    Some(own.strip_suffix(b",").map_or(len, |own| trim_end(own).len()))
}

/// The end of an array's element that is neither an object nor an array: before a comma, a closing bracket or white
/// space outside of its quotes, or with its line.
pub fn scalar_end(text: &[u8]) -> Option<usize> {
    let mut quoted = false;
    let mut escaped = false;
    text.iter().position(|byte| {
        match byte {
            b'\n' => return true,
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' | b']' | b' ' | b'\t' | b'\r' => return !quoted,
            _ => {}
        }
        false
    })
}
