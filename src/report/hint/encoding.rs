//! Text that was cut or encoded on its way, and characters that are mistaken for others.

use super::text::{Text, starts_with_any};
use super::{About, Body, Reader, Row};

/// The longest line that a terminal in line mode passes on, without its line break.
const MAX_TERMINAL_LINE: usize = 4095;

pub(super) const ROWS: &[Row] = &[
    Row::new(
        is_cut_by_terminal,
        "the terminal cut the line at 4,095 bytes",
        "save the payload in a file and name that, or use a pipe",
    )
    .about(About::Body),
    Row::new(
        |text| zeros(text, 2) == 1,
        "zero bytes between the letters, as in UTF-16 without a byte order mark",
        "convert the file from UTF-16BE, or else from UTF-16LE with `iconv -f UTF-16LE -t UTF-8`",
    ),
    Row::new(
        |text| zeros(text, 4) == 3,
        "three zero bytes for each letter, as in UTF-32 without a byte order mark",
        "convert the file from UTF-32BE, or else from UTF-32LE with `iconv -f UTF-32LE -t UTF-8`",
    ),
    Row::new(
        |text| text.rest().starts_with(&[0; 8]),
        "a run of zero bytes, as a crash or a full disk leaves in a file",
        "delete them with `tr -d '\\000'`",
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
        |text| starts_with_any(text.start(), &["data%3D%25"]),
        "the form body was encoded twice, its data= too",
        "undo that with `sed 's/%3[Dd]/=/; s/%2[Bb]/+/g; s/%25/%/g'`",
    ),
    Row::new(
        |text| starts_with_any(text.start(), &["data%3D"]),
        "the form body was encoded twice, its data= too",
        "undo that with `sed 's/%3[Dd]/=/'`",
    ),
    Row::new(
        |text| is_character(text, Class::Space),
        "is not white space in JSON",
        "replace it with a plain space, throughout with `perl -CSD -pe 's/\\p{Z}/ /g'`",
    )
    .about(About::Character),
    Row::new(
        |text| is_character(text, Class::Invisible),
        "is invisible, and not allowed there",
        "delete it, throughout with `perl -CSD -pe 's/\\p{Cf}//g'`",
    )
    .about(About::Character),
    Row::new(
        |text| is_character(text, Class::Quote),
        "is a typographic quote, and JSON needs straight ones",
        "copy the text from an unformatted source, or write \" for it",
    )
    .about(About::Character),
];

fn is_cut_by_terminal(text: &Text) -> bool {
    let len = match text.context.body {
        Body::Plain => text.line_before(),
        Body::Form(body) => body.trim_ascii_end().len(),
    };
    text.context.reader == Reader::Terminal && len == MAX_TERMINAL_LINE
}

/// The zero bytes in each unit of a text, if they are at the same places and all other bytes are ASCII, over a few
/// dozen bytes; otherwise none.
fn zeros(text: &Text, unit: usize) -> usize {
    let head = &text.head()[..text.head().len().min(64)];
    let Some(first) = head.get(..unit).filter(|_| head.len() >= 3 * unit) else { return 0 };
    let is_ascii = |byte: u8| matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n');
    let is_alike =
        |(at, byte): (usize, &u8)| if first[at % unit] == 0 { *byte == 0 } else { is_ascii(*byte) };
    let zeros = first.iter().filter(|byte| **byte == 0).count();
    if head.iter().enumerate().all(is_alike) { zeros } else { 0 }
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

#[derive(PartialEq, Eq)]
enum Class {
    Space,
    Invisible,
    Quote,
}

use Class::{Invisible, Quote, Space};

/// Characters that get into JSON by accident. Only these are named: a letter is payload text.
const CHARACTERS: &[(&str, &str, Class)] = &[
    ("\u{85}", "U+0085 NEXT LINE ", Space),
    ("\u{a0}", "U+00A0 NO-BREAK SPACE ", Space),
    ("\u{2002}", "U+2002 EN SPACE ", Space),
    ("\u{2003}", "U+2003 EM SPACE ", Space),
    ("\u{2009}", "U+2009 THIN SPACE ", Space),
    ("\u{2028}", "U+2028 LINE SEPARATOR ", Space),
    ("\u{202f}", "U+202F NARROW NO-BREAK SPACE ", Space),
    ("\u{3000}", "U+3000 IDEOGRAPHIC SPACE ", Space),
    ("\u{ad}", "U+00AD SOFT HYPHEN ", Invisible),
    ("\u{200b}", "U+200B ZERO WIDTH SPACE ", Invisible),
    ("\u{200e}", "U+200E LEFT-TO-RIGHT MARK ", Invisible),
    ("\u{2060}", "U+2060 WORD JOINER ", Invisible),
    ("\u{feff}", "U+FEFF BYTE ORDER MARK ", Invisible),
    ("\u{ab}", "U+00AB LEFT-POINTING DOUBLE ANGLE QUOTATION MARK ", Quote),
    ("\u{2018}", "U+2018 LEFT SINGLE QUOTATION MARK ", Quote),
    ("\u{2019}", "U+2019 RIGHT SINGLE QUOTATION MARK ", Quote),
    ("\u{201c}", "U+201C LEFT DOUBLE QUOTATION MARK ", Quote),
    ("\u{201d}", "U+201D RIGHT DOUBLE QUOTATION MARK ", Quote),
    ("\u{201e}", "U+201E DOUBLE LOW-9 QUOTATION MARK ", Quote),
    ("\u{2033}", "U+2033 DOUBLE PRIME ", Quote),
    ("\u{ff02}", "U+FF02 FULLWIDTH QUOTATION MARK ", Quote),
];

fn find(text: &[u8]) -> Option<&'static (&'static str, &'static str, Class)> {
    CHARACTERS.iter().find(|(character, ..)| text.starts_with(character.as_bytes()))
}

/// Whether the error is at such a character. In a string there is none, unless the JSON before it is wrong.
fn is_character(text: &Text, wanted: Class) -> bool {
    (text.is_json() || text.at() == 0) && find(text.rest()).is_some_and(|(.., class)| *class == wanted)
}

/// The name of the character that a text begins with, and a space.
pub(super) fn character(text: &[u8]) -> &'static str {
    find(text).map_or("", |(_, name, _)| name)
}
