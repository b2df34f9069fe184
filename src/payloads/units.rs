//! The units of quoted text: escapes, doubled quotes and entities, each with its meaning.
//!
//! Each function appends the meaning of the unit that a text starts with, and returns the unit's length. `None` says
//! that the program in question never writes such a unit, or that the quoted text ends there.

use crate::json::strings::{HEX, code_point};

/// A byte that stands for itself.
pub fn plain(text: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    out.push(text[0]);
    Some(1)
}

/// A quote that is doubled.
pub fn doubled(text: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    (text.get(1) == Some(&text[0])).then(|| {
        out.push(text[0]);
        2
    })
}

/// `'\''`, or `'"'"'` as Python writes it.
pub fn shell_apostrophe(text: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    let ways = [&br"'\''"[..], br#"'"'"'"#];
    let way = ways.into_iter().find(|way| text.starts_with(way))?;
    out.push(b'\'');
    Some(way.len())
}

/// `]]>` within CDATA, which ends one section and starts another.
pub fn cdata(text: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    let split = b"]]]]><![CDATA[>";
    if text.starts_with(split) {
        out.extend_from_slice(b"]]>");
        return Some(split.len());
    }
    if text.starts_with(b"]]>") { None } else { plain(text, out) }
}

/// The meaning of `\xHH`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hex {
    /// A byte, as in Go, Redis, nginx and Python's bytes.
    Byte,
    /// A character, as in Python's str and in Node.
    Character,
}

/// An escape between double quotes: Go, Redis, Ruby, JSON, nginx.
pub fn escape(text: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    string_escape(text, Hex::Byte, out)
}

/// An escape where a quote needs none: between apostrophes in Python, PHP, Node, and between Node's back-quotes. These
/// end the text.
pub fn escape_of_characters(text: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    if is_other_escape(text) { string_escape(text, Hex::Character, out) } else { None }
}

/// The same in Python's bytes.
pub fn escape_of_bytes(text: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    if is_other_escape(text) { string_escape(text, Hex::Byte, out) } else { None }
}

/// Whether a text starts with an escape, but of no quote.
fn is_other_escape(text: &[u8]) -> bool {
    matches!(text, [b'\\', escaped, ..] if *escaped != b'"')
}

/// A backslash escape in a string.
fn string_escape(text: &[u8], hex: Hex, out: &mut Vec<u8>) -> Option<usize> {
    let byte = match *text.get(1)? {
        byte @ (b'"' | b'\\' | b'/' | b'\'' | b'`' | b'#' | b'$') => byte,
        b'a' => 7,
        b'e' => 27,
        // C and SQLite.
        b'0'..=b'3' if hex == Hex::Byte && matches!(octal(text), Some((_, 3))) => {
            out.push(octal(text)?.0);
            return Some(4);
        }
        b'0' => 0,
        b'u' if text.get(2) == Some(&b'{') => return braced(text, out),
        b'u' => return unicode(text, out),
        b'U' => return character(number(text.get(2..10)?)?, 10, out),
        b'x' => {
            let code = number(text.get(2..4)?)?;
            if hex == Hex::Character {
                return character(code, 4, out);
            }
            out.push(u8::try_from(code).ok()?);
            return Some(4);
        }
        letter => control(letter)?,
    };
    out.push(byte);
    Some(2)
}

/// The control character that a letter after a backslash stands for, in all languages.
fn control(letter: u8) -> Option<u8> {
    Some(match letter {
        b'b' => 8,
        b't' => b'\t',
        b'n' => b'\n',
        b'v' => 11,
        b'f' => 12,
        b'r' => b'\r',
        _ => return None,
    })
}

/// The byte of an octal escape, and the number of its digits.
fn octal(text: &[u8]) -> Option<(u8, usize)> {
    digits_of(&text[1..], 8, 3)
}

/// `\uXXXX`, or two of these that are a pair of surrogates. A lone one stays an escape, which JSON has, too.
fn unicode(text: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    let (code, len) = code_point(text)?;
    character(code, len, out).or_else(|| {
        out.extend_from_slice(&text[..len]);
        Some(len)
    })
}

/// `\u{1f600}`, as Ruby writes it.
fn braced(text: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    let len = text.iter().take(12).position(|byte| *byte == b'}')?;
    character(number(&text[3..len])?, len + 1, out)
}

/// An escape in a literal of MySQL, or in PostgreSQL's `E'…'`: a backslash before any other byte is dropped. Apostrophes
/// may be doubled, too.
pub fn escaped_literal(text: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    if text[0] == b'\'' {
        return doubled(text, out);
    }
    let byte = match *text.get(1)? {
        b'0' => 0,
        b'Z' => 26,
        byte @ (b'v' | b'f') => byte,
        byte => control(byte).unwrap_or(byte),
    };
    out.push(byte);
    Some(2)
}

/// An escape in a cell of `COPY` or of MySQL's batch output.
pub fn copy(text: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    let [b'\\', escaped, ..] = text else { return None };
    let (byte, len) = match escaped {
        b'\\' => (b'\\', 2),
        b'x' => digits_of(&text[2..], 16, 2).map(|(byte, len)| (byte, len + 2))?,
        b'0'..=b'7' => octal(text).map(|(byte, len)| (byte, len + 1))?,
        letter => (control(*letter)?, 2),
    };
    out.push(byte);
    Some(len)
}

/// The same where bars separate the cells: one within a cell has a backslash before it.
pub fn copy_between_bars(text: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    match text {
        [b'\\', b'|', ..] => {
            out.push(b'|');
            Some(2)
        }
        [b'|', ..] => None,
        _ => copy(text, out),
    }
}

/// A byte written as one or more digits. As in PostgreSQL, bits that do not fit are dropped.
fn digits_of(digits: &[u8], base: u8, max: usize) -> Option<(u8, usize)> {
    let digits = digits.iter().take(max).map(|byte| HEX[usize::from(*byte)]);
    let (byte, len) = digits
        .take_while(|digit| *digit < base)
        .fold((0_u8, 0), |(byte, len), digit| (byte.wrapping_mul(base).wrapping_add(digit), len + 1));
    (len > 0).then_some((byte, len))
}

/// An entity of HTML or XML. A tag ends the text.
pub fn entity(text: &[u8], out: &mut Vec<u8>) -> Option<usize> {
    /// As long as `&#x10ffff;`, the longest.
    const MAX_ENTITY: usize = 10;
    let end = text.iter().take(MAX_ENTITY).position(|byte| *byte == b';')?;
    let byte = match &text[..end] {
        b"&quot" => b'"',
        b"&apos" => b'\'',
        b"&amp" => b'&',
        b"&lt" => b'<',
        b"&gt" => b'>',
        [b'&', b'#', b'x' | b'X', digits @ ..] => return character(number(digits)?, end + 1, out),
        [b'&', b'#', digits @ ..] => {
            let code = str::from_utf8(digits).ok()?.parse().ok()?;
            return character(code, end + 1, out);
        }
        _ => return None,
    };
    out.push(byte);
    Some(end + 1)
}

/// A hexadecimal number of at most eight digits.
fn number(digits: &[u8]) -> Option<u32> {
    let is_hex = (1..=8).contains(&digits.len()) && digits.iter().all(u8::is_ascii_hexdigit);
    is_hex.then(|| digits.iter().fold(0, |number, digit| number << 4 | u32::from(HEX[usize::from(*digit)])))
}

fn character(code: u32, len: usize, out: &mut Vec<u8>) -> Option<usize> {
    let character = char::from_u32(code)?;
    out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    Some(len)
}
