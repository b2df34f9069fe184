//! Mistakes in JSON that was written or joined by hand.

use super::row::{About, Row, Text, starts_with_word};
use crate::json::error::ErrorKind;

pub const ROWS: &[Row] = &[
    Row::new(
        |text| text.is_token() && text.rest().starts_with(b"'"),
        "JSON needs double quotes",
        "convert it with `npx json5`",
    ),
    Row::new(
        |text| text.is_token() && starts_with_word(text.rest(), &["True", "False", "None"]),
        "a Python word",
        "write true, false or null for it",
    ),
    Row::new(
        |text| {
            text.is_json() && starts_with_word(text.rest(), &["undefined", "NaN", "Infinity", "-Infinity"])
        },
        "JSON has no undefined, NaN or Infinity",
        "write null for it",
    ),
    Row::new(
        |text| matches!(text.rest(), [b'}' | b']', ..]) && text.previous() == Some(b','),
        "a comma before the closing bracket",
        "delete it, or convert the file with `npx json5`",
    ),
    Row::new(
        |text| text.is_json() && matches!(text.rest(), [b'/', b'/' | b'*', ..] | [b'#', ..]),
        "JSON has no comments",
        "delete it, or what begins with // convert with `npx json5`",
    ),
    Row::new(
        |text| {
            let after_comma = text.rest().strip_prefix(b",").map(|rest| rest.trim_ascii_start().first());
            // If another key follows, there is an extra bracket instead.
            text.is(ErrorKind::TrailingText) && matches!(after_comma, Some(None | Some(b'{')))
        },
        "payloads separated by commas, outside an array",
        "put [ before the first and ] after the last",
    ),
    Row::new(
        |text| text.is(ErrorKind::ControlCharacter),
        "JSON writes these as escapes",
        "\\n for a line break, \\t for a tab, \\u001b for a colour code",
    ),
    Row::new(
        is_quote_in_string,
        "a quote inside a string",
        "write \\\" for it, or have the program encode its strings as JSON",
    ),
    Row::new(
        |text| {
            let is_next = matches!(text.rest().first(), Some(b'"' | b'{'));
            let is_after_value =
                text.is(ErrorKind::ExpectedCommaOrBrace) || text.is(ErrorKind::ExpectedCommaOrBracket);
            is_after_value
                && is_next
                && text.before()[text.before().trim_ascii_end().len()..].contains(&b'\n')
        },
        "a comma is missing at the end of the line before",
        "put one there",
    )
    .about(About::Gap),
];

/// Whether a word comes directly after a closing quote, and on the same line another quote without a colon after it:
/// the quote that was read as the string's end is part of the string.
fn is_quote_in_string(text: &Text) -> bool {
    let [inside @ .., b'"'] = text.before() else { return false };
    let line = text.rest().split(|byte| *byte == b'\n').next().unwrap_or_default();
    let Some(next) = memchr::memchr(b'"', line) else { return false };
    let Some(open) = memchr::memrchr(b'"', inside) else { return false };
    let has_brackets = line[..next].iter().any(|byte| b"{}[]:".contains(byte));
    (text.is(ErrorKind::ExpectedCommaOrBrace) || text.is(ErrorKind::ExpectedCommaOrBracket))
        && open + 1 < inside.len()
        && line[0].is_ascii_alphanumeric()
        && !has_brackets
        && !line[next + 1..].trim_ascii_start().starts_with(b":")
}
