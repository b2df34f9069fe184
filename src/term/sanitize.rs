//! Text from outside, made safe to show: nothing in it can control a terminal or hide.

use std::borrow::Cow;
use std::error::Error;
use std::io;
use std::path::Path;

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// The text with every control, format and line separating character written as `\u{…}`: escape
/// sequences, bidirectional overrides, zero-width characters.
pub fn sanitize(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return text.into();
    }
    let shown = |c: char| if is_hidden(c) { c.escape_unicode().to_string() } else { c.to_string() };
    text.chars().map(shown).collect::<String>().into()
}

/// Appends a JSON text in which such characters are escapes; it stays the same JSON.
pub fn escape_in_json(text: &str, out: &mut Vec<u8>) {
    for c in text.chars() {
        if is_hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.extend_from_slice(format!("\\u{unit:04x}").as_bytes());
            }
        } else {
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
}

/// Whether a character is invisible, or changes how its neighbours are shown.
pub fn is_hidden(c: char) -> bool {
    use GeneralCategory::{Control, Format, LineSeparator, ParagraphSeparator, PrivateUse, Unassigned};
    match c {
        ' '..='~' => false,
        _ => matches!(
            c.general_category(),
            Control | Format | LineSeparator | ParagraphSeparator | PrivateUse | Unassigned
        ),
    }
}

/// A path as text. Bytes that are not UTF-8 are written as `\xff`, so that different names stay different.
pub fn path_text(path: &Path) -> String {
    let mut text = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    text
}

/// The system's error message, in the style of our own: lower case, no period.
pub fn describe(error: &io::Error) -> String {
    let text = system_error(error).to_string();
    let text = text.split(" (os error").next().unwrap_or_default().trim_end_matches('.');
    let mut chars = text.chars();
    let text: String =
        chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default();
    sanitize(&text).into_owned()
}

/// The system's own error, if a library wrapped it in one that repeats the path.
fn system_error(error: &io::Error) -> &io::Error {
    let mut inner: Option<&(dyn Error + 'static)> = error.get_ref().map(|inner| inner as _);
    while let Some(wrapped) = inner {
        match wrapped.downcast_ref::<io::Error>() {
            Some(system) => return system_error(system),
            None => inner = wrapped.source(),
        }
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_drives_a_terminal_is_shown_as_it_is() {
        assert_eq!(sanitize("plain Ж é 漢"), "plain Ж é 漢");
        assert_eq!(sanitize("\u{1b}[31mred"), "\\u{1b}[31mred");
        assert_eq!(sanitize("a\u{202e}b\u{200b}c\u{9b}d\n"), "a\\u{202e}b\\u{200b}c\\u{9b}d\\u{a}");
    }

    #[test]
    fn a_system_error_is_described_in_lower_case() {
        let system = || io::Error::from_raw_os_error(2);
        let words = describe(&system());
        // Other systems have words of their own.
        assert!(!cfg!(unix) || words == "no such file or directory", "{words}");
        assert!(words.starts_with(char::is_lowercase) && !words.contains(['.', '(']), "{words}");
        assert_eq!(describe(&io::Error::other(system())), words);
        let walked = walkdir::WalkDir::new("missing").into_iter().next().unwrap().unwrap_err();
        assert_eq!(describe(&walked.into()), words);
    }
}
