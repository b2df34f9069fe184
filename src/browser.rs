//! Splitting the browser's text, `Internet Explorer 11`, into its name and its version.

use crate::mapping::Mapping;
use crate::text;

/// The name and the version in the inner text of a JSON string, escapes kept; no version in
/// `standard` and `full` unless a digit follows the last space.
///
/// In `live`, as in rudder-transformer, the last space always splits, and without one all of it is
/// the version.
pub fn split(inner: &[u8], mapping: Mapping) -> (&[u8], Option<&[u8]>) {
    // A space may be written as an escape too; what is carried over stays as it was written.
    let (last, digit) = match memchr::memchr(b'\\', inner) {
        Some(_) => last_space(&String::from_utf8_lossy(inner)),
        None => {
            let last = memchr::memrchr(b' ', inner).map(|at| (at, at + 1));
            (last, last.and_then(|(_, version)| inner.get(version)).is_some_and(u8::is_ascii_digit))
        }
    };
    match last {
        Some((name, version)) if digit || mapping == Mapping::Live => {
            (&inner[..name], Some(&inner[version..]))
        }
        None if mapping == Mapping::Live => (b"", Some(inner)),
        _ => (inner, None),
    }
}

/// Where the last space of a text with escapes begins and ends, and whether a digit follows it.
fn last_space(inner: &str) -> (Option<(usize, usize)>, bool) {
    let mut at = 0;
    let mut last = None;
    let mut digit = false;
    for next in text::chars(inner) {
        if last.is_some_and(|(_, end)| end == at) {
            digit = next.char.is_ascii_digit();
        }
        if next.char == ' ' {
            last = Some((at, at + next.len));
            digit = false;
        }
        at += next.len;
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
            (r"A\\u0020 1", (r"A\\u0020", Some("1")), (r"A\\u0020", Some("1"))),
        ] {
            let split = |mapping| {
                let (name, version) = split(text.as_bytes(), mapping);
                let text = |part| std::str::from_utf8(part).unwrap();
                (text(name), version.map(text))
            };
            assert_eq!(split(Mapping::Standard), standard, "{text}");
            assert_eq!(split(Mapping::Full), standard, "{text}");
            assert_eq!(split(Mapping::Live), live, "{text}");
        }
    }
}
