//! Splitting the browser's text, `Internet Explorer 11`, into its name and its version.

use std::ops::Range;

use crate::convert::mapping::Mapping;
use crate::json::strings;

/// The ranges of the name and the version in the inner text of a JSON string. In `standard` and `full` there is
/// a version only if a digit follows the last space.
///
/// In `live`, as in rudder-transformer, the last space always splits, and without a space the whole text is the
/// version.
pub fn split(inner: &[u8], mapping: Mapping) -> (Range<usize>, Option<Range<usize>>) {
    let len = inner.len();
    // A space may be written as an escape too; the parts stay as they were written.
    let (last, digit) = match inner.iter().rposition(|b| matches!(b, b' ' | b'\\')) {
        Some(at) if inner[at] == b'\\' => last_space(inner),
        Some(at) => (Some((at, at + 1)), inner.get(at + 1).is_some_and(u8::is_ascii_digit)),
        None => (None, false),
    };
    match last {
        Some((name, version)) if digit || mapping == Mapping::Live => (0..name, Some(version..len)),
        None if mapping == Mapping::Live => (0..0, Some(0..len)),
        _ => (0..len, None),
    }
}

/// The start and end of the last space of a text with escapes, and whether a digit follows it.
fn last_space(inner: &[u8]) -> (Option<(usize, usize)>, bool) {
    let mut at = 0;
    let mut last = None;
    let mut digit = false;
    for (char, len) in strings::chars(inner) {
        if last.is_some_and(|(_, end)| end == at) {
            digit = char.is_ascii_digit();
        }
        if char == ' ' {
            last = Some((at, at + len));
            digit = false;
        }
        at += len;
    }
    (last, digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_space_splits_before_a_digit_and_in_live_always() {
        for (text, standard, live) in [
            ("Internet Explorer 11", ("Internet Explorer", Some("11")), ("Internet Explorer", Some("11"))),
            ("Chrome 74.0.3729.131", ("Chrome", Some("74.0.3729.131")), ("Chrome", Some("74.0.3729.131"))),
            ("Mobile Safari", ("Mobile Safari", None), ("Mobile", Some("Safari"))),
            ("Chrome", ("Chrome", None), ("", Some("Chrome"))),
            ("Chrome ", ("Chrome ", None), ("Chrome", Some(""))),
            (" 11", ("", Some("11")), ("", Some("11"))),
            ("11", ("11", None), ("", Some("11"))),
            (r"Edge\u002012", ("Edge", Some("12")), ("Edge", Some("12"))),
            (r"Edge \u0031", ("Edge", Some(r"\u0031")), ("Edge", Some(r"\u0031"))),
            (r"Edge\u0020beta 1", (r"Edge\u0020beta", Some("1")), (r"Edge\u0020beta", Some("1"))),
            (r"A\\u0020 1", (r"A\\u0020", Some("1")), (r"A\\u0020", Some("1"))),
        ] {
            let split = |mapping| {
                let (name, version) = split(text.as_bytes(), mapping);
                (&text[name], version.map(|version| &text[version]))
            };
            assert_eq!(split(Mapping::Standard), standard, "{text}");
            assert_eq!(split(Mapping::Full), standard, "{text}");
            assert_eq!(split(Mapping::Live), live, "{text}");
        }
    }
}
