//! Mistakes in JSON that was written or joined by hand.

use super::text::{Text, contains, has_word};
use super::{About, BROKEN, Row};
use crate::convert::reason::Code;

pub(super) const ROWS: &[Row] = &[
    Row::new(
        BROKEN,
        |text| text.is_token() && text.rest().starts_with(b"'"),
        "JSON takes double quotes only",
        "convert it with npx json5",
    ),
    Row::new(
        BROKEN,
        |text| text.is_token() && ["True", "False", "None"].iter().any(|word| has_word(text.rest(), word)),
        "a Python word",
        "write true, false or null for it",
    ),
    Row::new(
        BROKEN,
        |text| matches!(text.rest(), [b'}' | b']', ..]) && text.previous() == Some(b','),
        "a comma before the closing bracket",
        "delete it, or convert the file with npx json5",
    ),
    Row::new(
        BROKEN,
        |text| {
            let is_end = text.previous().is_some_and(|b| b"\"}]".contains(&b) || b.is_ascii_alphanumeric());
            text.is_json() && is_end && matches!(text.rest(), [b';', b' ' | b'\n' | b'\r', ..])
        },
        "a semicolon where a comma should be",
        "write a comma for it",
    ),
    Row::new(
        BROKEN,
        |text| {
            text.is_json()
                && text.rest().starts_with(b",")
                && matches!(text.previous(), Some(b',' | b'[' | b'{'))
        },
        "a comma with nothing before it",
        "delete it, or write null before it",
    ),
    Row::new(
        BROKEN,
        is_comma_between_payloads,
        "payloads separated by commas, but in no array",
        "put [ before the first and ] after the last",
    ),
    Row::new(
        BROKEN,
        |text| text.is_json() && (text.rest().starts_with(b"//") || text.rest().starts_with(b"/*")),
        "JSON has no comments",
        "delete them, or convert the file with npx json5",
    ),
    Row::new(
        BROKEN,
        |text| text.is_json() && text.rest().starts_with(b"#"),
        "JSON has no comments",
        "delete what begins with #",
    ),
    Row::new(BROKEN, is_no_number, "JSON has no undefined, NaN or Infinity", "write null for it"),
    Row::new(
        BROKEN,
        |text| number(text).is_some_and(|before| before == b"0") && text.rest()[0].is_ascii_digit(),
        "a number with leading zeros",
        "write it without them, or in quotes if it is a name",
    ),
    Row::new(
        BROKEN,
        |text| {
            number(text).is_some_and(|before| before == b"0")
                && matches!(text.rest(), [b'x' | b'X', digit, ..] if digit.is_ascii_hexdigit())
        },
        "a hexadecimal number",
        "write it as a decimal one, or in quotes",
    ),
    Row::new(
        BROKEN,
        |text| text.is_token() && matches!(text.rest(), [b'+', b'0'..=b'9' | b'.', ..]),
        "a number with a plus sign",
        "write it without",
    ),
    Row::new(
        BROKEN,
        |text| {
            let no_digit_before = text.is_token() && matches!(text.rest(), [b'.', b'0'..=b'9', ..]);
            no_digit_before || text.is_json() && is_bare_point(text)
        },
        "a decimal point without a digit on either side",
        "write a zero there, as in 0.5",
    ),
    Row::new(
        BROKEN,
        |text| in_string(text) && text.rest().starts_with(b"\\'"),
        "an apostrophe with a backslash, which JSON does not have",
        "write it without the backslash",
    ),
    Row::new(
        BROKEN,
        |text| in_string(text) && hex_escape(text).is_some_and(|byte| byte >= 0x80),
        "bytes written as \\x and two digits, as nginx and Python write them",
        "decode them with perl -pe 's/\\\\x([89A-Fa-f][0-9A-Fa-f])/chr hex $1/ge'",
    ),
    Row::new(
        BROKEN,
        |text| in_string(text) && hex_escape(text).is_some(),
        "a character written as \\x and two digits",
        "write \\u00 and the two digits: sed 's/\\\\x\\([0-9A-Fa-f]\\{2\\}\\)/\\\\u00\\1/g'",
    ),
    Row::new(BROKEN, is_windows_path, "a Windows path with single backslashes", "write each of them twice"),
    Row::new(
        BROKEN,
        |text| text.is_json() && matches!(text.rest(), [b'\n' | b'\r', ..]),
        "a line break inside a string",
        "write \\n for the line break",
    ),
    Row::new(
        BROKEN,
        |text| text.is_json() && text.rest().starts_with(b"\t"),
        "a tab inside a string",
        "write \\t for it",
    ),
    Row::new(
        BROKEN,
        |text| text.is_json() && text.rest().starts_with(b"\x1b"),
        "terminal colour codes inside a string",
        "have the program write without colours, or write \\u001b for the byte 0x1B",
    ),
    Row::new(
        BROKEN,
        is_quote_in_string,
        "a quote inside a string",
        "write \\\" for it, or have the program encode its strings as JSON",
    ),
    Row::new(
        &[Code::InvalidJson],
        is_comma_missing,
        "a comma is missing at the end of the line before",
        "put one there",
    )
    .about(About::Gap),
];

/// After a whole payload. If another key follows, there is an extra bracket instead.
fn is_comma_between_payloads(text: &Text) -> bool {
    let next = text.rest().strip_prefix(b",").map(|rest| rest.trim_ascii_start().first());
    text.is_json() && text.previous() == Some(b'}') && matches!(next, Some(None | Some(b'{')))
}

/// Whether an unquoted key with a colon after it begins at the error.
pub(super) fn is_unquoted_key(text: &Text) -> bool {
    let rest = text.rest();
    let key = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || b"_$".contains(b)).count();
    let is_key = rest.first().is_some_and(|b| b.is_ascii_alphabetic() || b"_$".contains(b));
    let is_first = matches!(text.previous(), Some(b'{' | b','));
    text.is_token() && is_first && is_key && rest[key..].trim_ascii_start().starts_with(b":")
}

fn is_no_number(text: &Text) -> bool {
    let is_word = |words: &[&str]| words.iter().any(|word| has_word(text.rest(), word));
    let is_negative = text.before().ends_with(b"-") && number(text) == Some(b"-");
    text.is_token() && is_word(&["undefined", "NaN", "Infinity", "-Infinity"])
        || is_negative && is_word(&["Infinity"])
}

/// The part of a number directly before the error, if a value begins with it.
fn number<'t>(text: &Text<'t>) -> Option<&'t [u8]> {
    let before = text.before();
    let is_part = |b: &u8| b.is_ascii_digit() || b"-+.eE".contains(b);
    let len = before.iter().rev().take_while(|b| is_part(b)).count();
    let (outside, number) = before.split_at(before.len() - len);
    let is_value = matches!(outside.trim_ascii_end().last(), Some(b':' | b',' | b'['));
    let number = if number.starts_with(b"-0") { &number[1..] } else { number };
    (text.is_json() && is_value && !text.rest().is_empty()).then_some(number)
}

fn is_bare_point(text: &Text) -> bool {
    let Some([whole @ .., b'.']) = number(text) else { return false };
    !whole.is_empty()
        && whole.iter().all(u8::is_ascii_digit)
        && matches!(text.rest(), [b',' | b'}' | b']', ..])
}

/// Whether the backslash at the error is in a string: where a token should begin, it may not be.
fn in_string(text: &Text) -> bool {
    text.is_json() && !text.is_token() && text.previous().is_some_and(|b| !b"\"}]".contains(&b))
}

fn hex_escape(text: &Text) -> Option<u8> {
    let digits = std::str::from_utf8(text.rest().strip_prefix(b"\\x")?.get(..2)?).ok()?;
    digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u8::from_str_radix(digits, 16).ok())?
}

/// A drive's letter and colon before the backslash, a quote before those.
fn is_windows_path(text: &Text) -> bool {
    let is_drive = matches!(text.before(), [.., b'"', drive, b':'] if drive.is_ascii_alphabetic());
    text.is_json() && is_drive && matches!(text.rest(), [b'\\', next, ..] if next.is_ascii_alphanumeric())
}

/// A word directly after a closing quote, and on the same line another quote without a colon after it: the quote
/// that was read as the string's end is part of the string.
fn is_quote_in_string(text: &Text) -> bool {
    let [inside @ .., b'"'] = text.before() else { return false };
    let line = text.rest().split(|b| *b == b'\n').next().unwrap_or_default();
    let Some(next) = memchr::memchr(b'"', line) else { return false };
    let Some(open) = memchr::memrchr(b'"', inside) else { return false };
    let is_value = matches!(inside[..open].trim_ascii_end().last(), Some(b':' | b',' | b'['));
    let has_curly = ["\u{201c}", "\u{201d}"].iter().any(|quote| contains(&inside[open..], quote));
    let has_brackets = line[..next].iter().any(|b| b"{}[]:".contains(b));
    text.is_json()
        && is_value
        && open + 1 < inside.len()
        && line[0].is_ascii_alphanumeric()
        && !has_curly
        && !has_brackets
        && !line[next + 1..].trim_ascii_start().starts_with(b":")
}

/// A value ends on one line, and on the next a key or a value begins.
fn is_comma_missing(text: &Text) -> bool {
    let before = text.before().trim_ascii_end();
    let gap = &text.before()[before.len()..];
    let is_indented = matches!(gap.last(), Some(b' ' | b'\t'));
    let is_value = match before {
        // At the start of a line, it may follow a whole payload.
        [.., b'}' | b']'] => is_indented,
        [inside @ .., b'"'] => is_value_before(before, opening_quote(inside)),
        _ => {
            let word =
                before.iter().rev().take_while(|b| b.is_ascii_alphanumeric() || b"+-.".contains(b)).count();
            let is_word = before.last().is_some_and(u8::is_ascii_alphanumeric);
            is_word && is_value_before(before, Some(before.len() - word))
        }
    };
    let is_next = match text.rest() {
        [b'"', ..] => true,
        [b'{', ..] => matches!(before.last(), Some(b'}')),
        _ => false,
    };
    text.is_json() && gap.contains(&b'\n') && is_value && is_next && is_before_colon(text) != Some(false)
}

/// Where the string begins whose closing quote comes after this.
fn opening_quote(inside: &[u8]) -> Option<usize> {
    let is_escaped = |at: usize| inside[..at].iter().rev().take_while(|b| **b == b'\\').count() % 2 == 1;
    memchr::memrchr_iter(b'"', inside).find(|at| !is_escaped(*at))
}

fn is_value_before(before: &[u8], start: Option<usize>) -> bool {
    start.is_some_and(|start| matches!(before[..start].trim_ascii_end().last(), Some(b':')))
}

/// Whether a colon follows the string at the error; unknown if the string does not end nearby.
fn is_before_colon(text: &Text) -> Option<bool> {
    let inside = text.rest().strip_prefix(b"\"")?;
    let mut at = 0;
    loop {
        let found = at + memchr::memchr2(b'"', b'\\', inside.get(at..)?)?;
        if inside[found] == b'"' {
            return Some(inside[found + 1..].trim_ascii_start().starts_with(b":"));
        }
        at = found + 2;
    }
}
