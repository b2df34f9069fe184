//! Backslash escapes in cells, as PostgreSQL's `COPY` and MySQL's batch output write them.

use serde::de::IgnoredAny;

use crate::json::strings::HEX;

/// Decodes the escapes of a cell into `decoded`; `false` if the cell is meant literally.
///
/// People also write JSON between tabs without escaping it, where backslashes are JSON's own. So a cell that is
/// JSON only without decoding is left alone, and so is one with an escape that no database writes (`\"`, `\u`).
pub fn decode(cell: &[u8], decoded: &mut Vec<u8>) -> bool {
    decoded.clear();
    if cell == b"\\N" {
        return true;
    }
    if memchr::memchr(b'\\', cell).is_none() {
        return false;
    }
    let mut rest = cell;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        let Some((byte, len)) = escape(&rest[at..]) else { return false };
        decoded.extend_from_slice(&rest[..at]);
        decoded.push(byte);
        rest = &rest[at + len..];
    }
    decoded.extend_from_slice(rest);
    is_json(decoded) || !is_json(cell)
}

/// The byte that an escape stands for, and the escape's length.
fn escape(text: &[u8]) -> Option<(u8, usize)> {
    let byte = match text {
        [b'\\', b'\\', ..] => b'\\',
        [b'\\', b'n', ..] => b'\n',
        [b'\\', b't', ..] => b'\t',
        [b'\\', b'r', ..] => b'\r',
        [b'\\', b'b', ..] => 8,
        [b'\\', b'v', ..] => 11,
        [b'\\', b'f', ..] => 12,
        [b'\\', b'x', digits @ ..] => return number(digits, 16, 2).map(|(byte, len)| (byte, len + 2)),
        [b'\\', digits @ ..] => return number(digits, 8, 3).map(|(byte, len)| (byte, len + 1)),
        _ => return None,
    };
    Some((byte, 2))
}

/// A byte written as one or more digits; as in PostgreSQL, bits that do not fit are dropped.
fn number(digits: &[u8], base: u8, most: usize) -> Option<(u8, usize)> {
    let digits =
        digits.iter().take(most).map(|byte| HEX[usize::from(*byte)]).take_while(|digit| *digit < base);
    let (byte, len) =
        digits.fold((0_u8, 0), |(byte, len), digit| (byte.wrapping_mul(base).wrapping_add(digit), len + 1));
    (len > 0).then_some((byte, len))
}

fn is_json(text: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(cell: &str) -> String {
        let mut out = Vec::new();
        let changed = decode(cell.as_bytes(), &mut out);
        String::from_utf8(if changed { out } else { cell.into() }).unwrap()
    }

    #[test]
    fn escapes_are_what_databases_write() {
        for (cell, text) in [
            ("plain", "plain"),
            (r"\N", ""),
            (r"a\tb\nc\\d\r\b\v\f", "a\tb\nc\\d\r\u{8}\u{b}\u{c}"),
            (r"\x41\x4a\x7g\101\60\0", "AJ\u{7}gA0\0"),
            // Nothing that a database writes.
            (r"C:\dir\", r"C:\dir\"),
            (r"\q\n", r"\q\n"),
            (r"x\N", r"x\N"),
        ] {
            assert_eq!(decoded(cell), text, "{cell}");
        }
    }

    #[test]
    fn a_cell_that_is_json_only_as_it_stands_is_left_so() {
        for (cell, text) in [
            (r#"{"a":"x\\ny\\"z\\""}"#, r#"{"a":"x\ny\"z\""}"#),
            (r#"{\n "a": 1}"#, "{\n \"a\": 1}"),
            (r#"{"a":"x\ny"}"#, r#"{"a":"x\ny"}"#),
            (r#"{"a":"x\\y"}"#, r#"{"a":"x\\y"}"#),
            // Both are JSON: then it is what databases write.
            (r#"{"a":"x\\\\y"}"#, r#"{"a":"x\\y"}"#),
            (r#"{"a":"x\"y"}"#, r#"{"a":"x\"y"}"#),
            (r#"{"a":"caf\u00e9\\n"}"#, r#"{"a":"caf\u00e9\\n"}"#),
        ] {
            assert_eq!(decoded(cell), text, "{cell}");
        }
    }
}
