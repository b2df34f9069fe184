//! Lines in a text: where they end, and which of them start a record.

use crate::payloads::{after_record, form, log_line};
use crate::records::source_text::{LOOK_AHEAD, Rest};

/// The part of a line, after its indentation, that tells whether it starts a record.
pub const UNDECIDED: usize = 1 + form::MOST_FIELDS;

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
pub fn is_one_line(text: &[u8], rest: Rest) -> Option<bool> {
    let looked = &text[..text.len().min(LOOK_AHEAD / 2)];
    match memchr::memchr(b'\n', looked) {
        Some(len) => Some(after_record::trim(&text[..len]).ends_with(b"}")),
        None if looked.len() == LOOK_AHEAD / 2 => Some(true),
        None if rest != Rest::Nothing => None,
        None => Some(after_record::trim(text).ends_with(b"}")),
    }
}

/// Whether a text that does not start with a record is made of lines: a line contains a payload before any line starts
/// a record, or the first record that starts a line also ends on it. `None` if more text is needed.
pub fn has_line_with_payload(text: &[u8], rest: Rest) -> Option<bool> {
    let mut at = 0;
    while at < text.len() {
        if at > 0 && (text[at] == b'{' || form::begins(&text[at..])) {
            return is_one_line(&text[at..], rest);
        }
        let line = match memchr::memchr(b'\n', &text[at..]) {
            Some(len) => &text[at..at + len],
            None if rest != Rest::Nothing => return None,
            None => &text[at..],
        };
        if log_line::find(line).is_ok() {
            return Some(true);
        }
        at += line.len() + 1;
    }
    (rest == Rest::Nothing).then_some(false)
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
