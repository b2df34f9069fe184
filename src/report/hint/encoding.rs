//! Texts that were cut, escaped or encoded on their way.

use super::character::{self, Class};
use super::text::{Text, contains, starts_with_any};
use super::{About, BROKEN, Body, FORM, Reader, Row, UNREADABLE};
use crate::convert::reason::Code;

/// The longest line that a terminal in line mode passes on, without its line break.
const TERMINAL_LINE: usize = 4095;

pub(super) const ROWS: &[Row] = &[
    Row::new(
        &[Code::InvalidJson, Code::Truncated, Code::InvalidUtf8, Code::InvalidForm],
        is_cut_by_terminal,
        "the terminal cut the line at 4,095 bytes",
        "save the payload in a file and name that, or use a pipe",
    )
    .about(About::Body),
    Row::new(
        UNREADABLE,
        |text| zeros(text, &[1]) && text.head().starts_with(b"{\0"),
        "UTF-16 without a byte order mark",
        "convert it with iconv -f UTF-16LE -t UTF-8",
    ),
    Row::new(
        UNREADABLE,
        |text| zeros(text, &[0]) || zeros(text, &[1]),
        "zero bytes between the letters, as in UTF-16 without a byte order mark",
        "convert the file with iconv -f UTF-16LE -t UTF-8, or from UTF-16BE",
    ),
    Row::new(
        UNREADABLE,
        |text| (0..4).any(|letter| zeros(text, &[1, 2, 3].map(|step| (letter + step) % 4))),
        "three zero bytes for each letter, as in UTF-32 without a byte order mark",
        "convert the file with iconv -f UTF-32LE -t UTF-8, or from UTF-32BE",
    ),
    Row::new(
        UNREADABLE,
        |text| text.rest().starts_with(&[0; 8]),
        "a run of zero bytes, as a crash or a full disk leaves in a file",
        "delete them with tr -d '\\000'",
    ),
    Row::new(
        &[Code::InvalidUtf8],
        |text| is_windows_1252(text) && is_single_field(text),
        "percent-encoded from Windows-1252 or Latin-1, not from UTF-8",
        "encode each line again with python3 -c 'import sys,urllib.parse as u; \
         [print(\"data=\"+u.quote(u.unquote_plus(l.strip()[5:],\"cp1252\"))) for l in sys.stdin]'",
    )
    .about(About::Body),
    Row::new(
        &[Code::InvalidUtf8],
        |text| is_windows_1252(text) && !text.is_decoded(),
        "one byte for an accented letter, as in Windows-1252 or Latin-1",
        "convert it with iconv -f WINDOWS-1252 -t UTF-8",
    ),
    Row::new(
        FORM,
        is_percent_encoded_twice,
        "the percent-encoding was applied twice",
        "undo it once with sed 's/%2[Bb]/+/g; s/%25/%/g'",
    )
    .about(About::Body),
    Row::new(
        FORM,
        |text| is_plain(text) && (first_token(text, b"%22") || starts_with_any(text.start(), &["%7B%22"])),
        "percent-encoded, but without the data= of a form body",
        "put that in front of each with sed 's/%7B/data=&/'",
    ),
    Row::new(
        FORM,
        |text| is_plain(text) && is_other_field(text.start()),
        "a form body, but its field is not called data",
        "rename the field with sed 's/^[^=]*=/data=/'",
    ),
    Row::new(
        BROKEN,
        has_html_quotes,
        "the quotes are HTML entities, as in the source of a web page",
        "decode them with python3 -c 'import html,sys; print(html.unescape(sys.stdin.read()))'",
    ),
    Row::new(
        BROKEN,
        |text| first_token(text, b"\\x22") || text.is_in_log(b"{\\x22"),
        "the quotes are written as \\x22, as nginx logs a request body",
        "decode it with perl -pe 's/\\\\x([0-9A-Fa-f]{2})/chr hex $1/ge'",
    ),
    Row::new(
        BROKEN,
        has_escaped_quotes,
        "the quotes are escaped, as inside a string",
        "make it a string with sed 's/.*/\"&\"/'",
    ),
    Row::new(
        BROKEN,
        |text| text.before().ends_with(b"{\"\"") && is_first_key(text),
        "the quotes are doubled, as in a cell of a CSV file",
        "undo that with sed 's/\"\"/\"/g'",
    ),
    Row::new(
        BROKEN,
        |text| text.start().starts_with(b"\"{\"\""),
        "a single cell of a CSV file, its quotes doubled",
        "undo that with sed 's/^\"//; s/\"$//; s/\"\"/\"/g'",
    ),
    Row::new(
        BROKEN,
        |text| at_character(text, Class::Space),
        "is not white space in JSON",
        "replace it with a plain space: perl -CSD -pe 's/\\p{Z}/ /g' does so throughout",
    )
    .about(About::Character),
    Row::new(
        BROKEN,
        |text| at_character(text, Class::Invisible),
        "is not seen, but does not belong there",
        "delete it: perl -CSD -pe 's/\\p{Cf}//g' does so throughout",
    )
    .about(About::Character),
    Row::new(
        BROKEN,
        |text| at_character(text, Class::Quote),
        "is typographic, and JSON takes straight quotes only",
        "copy the text from where it was not formatted, or write \" for it",
    )
    .about(About::Character),
    Row::new(
        BROKEN,
        |text| at_character(text, Class::Punctuation),
        "is not the ASCII character that JSON takes there",
        "type it with another keyboard layout",
    )
    .about(About::Character),
];

/// `payload=%7B%22`: a field, and then an encoded object.
fn is_other_field(text: &[u8]) -> bool {
    let name = text.iter().take_while(|b| b.is_ascii_alphanumeric() || b"_-.".contains(b)).count();
    let (name, value) = text.split_at(name);
    !name.is_empty() && name != b"data" && starts_with_any(value, &["=%7B%22"])
}

fn is_plain(text: &Text) -> bool {
    text.context.body == Body::Plain
}

/// Whether the first key, or the first value if there is none, begins with this.
fn first_token(text: &Text, token: &[u8]) -> bool {
    text.is_json() && text.at() > 0 && text.is_first_token() && text.rest().starts_with(token)
}

/// The error is never at a character in a string, unless the JSON before it is wrong.
fn at_character(text: &Text, wanted: Class) -> bool {
    (text.is_json() || text.at() == 0) && character::class(text.rest()) == Some(wanted)
}

fn is_cut_by_terminal(text: &Text) -> bool {
    text.context.reader == Reader::Terminal
        && match text.context.body {
            Body::Plain => text.line_before() == TERMINAL_LINE,
            Body::Form(body) => body.trim_ascii_end().len() == TERMINAL_LINE,
        }
}

/// Whether just these of every two or four bytes are zero, over a few dozen bytes.
fn zeros(text: &Text, zero: &[usize]) -> bool {
    let unit = if zero.len() == 1 { 2 } else { 4 };
    let head = &text.head()[..text.head().len().min(64)];
    let is_ascii = |b: &u8| matches!(b, b' '..=b'~' | b'\t' | b'\r' | b'\n');
    head.len() >= 3 * unit
        && head
            .iter()
            .enumerate()
            .all(|(at, b)| if zero.contains(&(at % unit)) { *b == 0 } else { is_ascii(b) })
}

/// Single bytes above ASCII, each a letter that Western languages use, joined to an ASCII letter. Pairs and
/// longer runs are in other alphabets too.
fn is_windows_1252(text: &Text) -> bool {
    let around = [text.before(), text.rest()].concat();
    let at = text.before().len();
    let letter =
        |index: Option<usize>| index.and_then(|index| around.get(index)).is_some_and(u8::is_ascii_alphabetic);
    let is_letter = |index: usize| {
        let both = [index.checked_sub(1), Some(index + 1)].map(letter);
        both[0] || both[1]
    };
    let fits = |(index, byte): (usize, &u8)| match byte {
        0..=0x7f => true,
        // Curly quotes, dashes, the euro sign, an ellipsis; a no-break space, quotes and question marks.
        0x80 | 0x85 | 0x91..=0x97 | 0xa0 | 0xa1 | 0xa3 | 0xa7 | 0xa9 | 0xab | 0xae | 0xb0 | 0xb4 | 0xbb => {
            true
        }
        // Letters that mean another letter in Central Europe or Turkey, and are rare in the West.
        0xd0 | 0xd7 | 0xdd | 0xde | 0xec | 0xf0 | 0xf7 | 0xfd | 0xfe => false,
        0xc0..=0xff => is_letter(index),
        _ => false,
    };
    // Two in a row are common only in German and Portuguese words.
    let is_word =
        |pair: &[u8]| pair.iter().any(u8::is_ascii) || pair[1] == 0xdf || matches!(pair, [0xe7, 0xe3 | 0xf5]);
    matches!(around.get(at), Some(0xc0..=0xff))
        && around.iter().enumerate().all(fits)
        && around.windows(2).all(is_word)
}

/// An encoded body with no field but `data`.
fn is_single_field(text: &Text) -> bool {
    let Body::Form(body) = text.context.body else { return false };
    body.starts_with(b"data=") && text.is_decoded() && !body.contains(&b'&')
}

fn is_percent_encoded_twice(text: &Text) -> bool {
    let start = text.start();
    match text.context.body {
        Body::Form(_) => starts_with_any(start, &["%7B%22", "%257B"]) || first_token(text, b"%22"),
        Body::Plain => starts_with_any(start.strip_prefix(b"data=").unwrap_or(start), &["%257B"]),
    }
}

fn has_html_quotes(text: &Text) -> bool {
    const QUOTES: [&str; 5] = ["&quot;", "&#34;", "&#x22;", "&#034;", "&amp;quot;"];
    let in_body = |body: &[u8]| {
        let value = body.strip_prefix(b"data=").unwrap_or_default();
        let inside = value.trim_ascii_start().strip_prefix(b"{").unwrap_or_default().trim_ascii_start();
        QUOTES.iter().any(|quote| inside.starts_with(quote.as_bytes()))
    };
    match text.context.body {
        Body::Form(body) if in_body(body) => true,
        _ => {
            QUOTES.iter().any(|quote| first_token(text, quote.as_bytes()))
                || QUOTES.iter().any(|quote| text.is_in_log(format!("{{{quote}").as_bytes()))
        }
    }
}

/// Every quote in the first line is escaped once, so the line in quotes is a valid string.
fn has_escaped_quotes(text: &Text) -> bool {
    if !first_token(text, b"\\\"") {
        return false;
    }
    let line = text.first_line();
    memchr::memchr_iter(b'"', line).all(|at| at > 0 && line[at - 1] == b'\\') && !contains(line, "{\\\\\"")
}

/// Whether an empty key, and nothing else, was read before a word.
fn is_first_key(text: &Text) -> bool {
    let before = text.before();
    text.is_json()
        && before.len() == text.at()
        && before.iter().filter(|b| **b == b'"').count() == 2
        && text.rest().first().is_some_and(u8::is_ascii_alphabetic)
}
