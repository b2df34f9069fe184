//! Text that was cut or encoded on its way, and characters that are mistaken for others.

use super::row::{About, Body, Row, Text};
use crate::json::scan::starts_with_any;

/// The longest line that a terminal in line mode passes on, without its line break.
const MAX_TERMINAL_LINE: usize = 4095;

pub const ROWS: &[Row] = &[
    Row::new(
        is_cut_by_terminal,
        "the terminal cut the line at 4,095 bytes",
        "save the payload in a file and name that, or use a pipe",
    )
    .about(About::Body),
    Row::new(
        is_utf_16,
        "zero bytes between the letters, as in UTF-16 without a byte order mark",
        "convert the file from UTF-16BE, or else from UTF-16LE with `iconv -f UTF-16LE -t UTF-8`",
    ),
    Row::new(
        |text| is_windows_1252(text) && !text.is_decoded(),
        "one byte for an accented letter, as in Windows-1252 or Latin-1",
        "convert it with `iconv -f WINDOWS-1252 -t UTF-8`",
    ),
    Row::new(
        is_percent_encoded_twice,
        "the percent-encoding was applied twice",
        "undo it once with `sed 's/%2[Bb]/+/g; s/%25/%/g'`",
    )
    .about(About::Body),
    Row::new(
        |text| starts_with_any(text.start(), &["data%3D"]),
        "the form body was encoded twice, its data= too",
        "undo that with `sed 's/%3[Dd]/=/'`",
    ),
    character(|text| text.is_at("\u{a0}"), "U+00A0 NO-BREAK SPACE", SPACE),
    character(|text| text.is_at("\u{202f}"), "U+202F NARROW NO-BREAK SPACE", SPACE),
    character(|text| text.is_at("\u{2028}"), "U+2028 LINE SEPARATOR", SPACE),
    character(|text| text.is_at("\u{200b}"), "U+200B ZERO WIDTH SPACE", INVISIBLE),
    character(|text| text.is_at("\u{feff}"), "U+FEFF BYTE ORDER MARK", INVISIBLE),
    character(|text| text.is_at("\u{2018}"), "U+2018 LEFT SINGLE QUOTATION MARK", QUOTE),
    character(|text| text.is_at("\u{2019}"), "U+2019 RIGHT SINGLE QUOTATION MARK", QUOTE),
    character(|text| text.is_at("\u{201c}"), "U+201C LEFT DOUBLE QUOTATION MARK", QUOTE),
    character(|text| text.is_at("\u{201d}"), "U+201D RIGHT DOUBLE QUOTATION MARK", QUOTE),
];

/// The cause and the fix of characters that get into JSON by accident.
const SPACE: [&str; 2] = [
    "is not white space in JSON",
    "replace it with a plain space, throughout with `perl -CSD -pe 's/\\p{Z}/ /g'`",
];
const INVISIBLE: [&str; 2] =
    ["is invisible, and not allowed there", "delete it, throughout with `perl -CSD -pe 's/\\p{Cf}//g'`"];
const QUOTE: [&str; 2] = [
    "is a typographic quote, and JSON needs straight ones",
    "copy the text from an unformatted source, or write \" for it",
];

const fn character(sign: fn(&Text) -> bool, name: &'static str, [cause, fix]: [&'static str; 2]) -> Row {
    Row::new(sign, cause, fix).about(About::Character(name))
}

fn is_cut_by_terminal(text: &Text) -> bool {
    let len = match text.context.body {
        Body::Plain => text.line_before(),
        Body::Form(body) => body.trim_ascii_end().len(),
    };
    text.context.is_terminal && len == MAX_TERMINAL_LINE
}

/// Whether every other byte of the first few dozen is zero, and the others are ASCII.
fn is_utf_16(text: &Text) -> bool {
    let head = &text.head()[..text.head().len().min(64)];
    let half = |start| head.iter().skip(start).step_by(2);
    let is_ascii = |byte: &u8| matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n');
    let has_zeros = |start| half(start).all(|byte| *byte == 0) && half(1 - start).all(is_ascii);
    head.len() >= 6 && (has_zeros(0) || has_zeros(1))
}

/// Whether there are only single bytes above ASCII around the error, each a letter that Western languages use, joined
/// to an ASCII letter. Pairs and longer runs are in other alphabets too.
fn is_windows_1252(text: &Text) -> bool {
    if !matches!(text.rest().first(), Some(0xc0..=0xff)) {
        return false;
    }
    let around = [text.before(), text.rest()].concat();
    let is_letter = |index: usize| around.get(index).is_some_and(u8::is_ascii_alphabetic);
    let is_joined = |index: usize| is_letter(index + 1) || index > 0 && is_letter(index - 1);
    let is_western = |(index, byte): (usize, &u8)| match byte {
        0..=0x7f => true,
        // Curly quotes, dashes, the euro sign, an ellipsis; a no-break space, quotes and question marks.
        0x80 | 0x85 | 0x91..=0x97 | 0xa0 | 0xa1 | 0xa3 | 0xa7 | 0xa9 | 0xab | 0xae | 0xb0 | 0xb4 | 0xbb => {
            true
        }
        // Letters that mean another letter in Central Europe or Turkey, and are rare in the West.
        0xd0 | 0xd7 | 0xdd | 0xde | 0xec | 0xf0 | 0xf7 | 0xfd | 0xfe => false,
        0xc0..=0xff => is_joined(index),
        _ => false,
    };
    // Two in a row are common only in German and Portuguese words.
    let is_word =
        |pair: &[u8]| pair.iter().any(u8::is_ascii) || pair[1] == 0xdf || matches!(pair, [0xe7, 0xe3 | 0xf5]);
    around.iter().enumerate().all(is_western) && around.windows(2).all(is_word)
}

fn is_percent_encoded_twice(text: &Text) -> bool {
    let start = text.start();
    match text.context.body {
        Body::Form(_) => starts_with_any(start, &["%7B%22", "%257B"]) || text.is_first_token(b"%22"),
        Body::Plain => starts_with_any(start.strip_prefix(b"data=").unwrap_or(start), &["%257B"]),
    }
}
