//! Text from outside, made safe to show: nothing in it can drive a terminal or hide.

use std::borrow::Cow;
use std::io;

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// The text with every control, format and line separating character written as `\u{…}`: escape
/// sequences, bidirectional overrides, zero-width characters.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return text.into();
    }
    let shown = |c: char| if is_hidden(c) { c.escape_unicode().to_string() } else { c.to_string() };
    text.chars().map(shown).collect::<String>().into()
}

/// Whether a character would not be seen, or would do something to what is around it.
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

/// What the system says is wrong, the way our own messages are written.
pub fn describe(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_drives_a_terminal_is_shown_as_it_is() {
        assert_eq!(visible("plain Ж é 漢"), "plain Ж é 漢");
        assert_eq!(visible("\u{1b}[31mred"), "\\u{1b}[31mred");
        assert_eq!(visible("a\u{202e}b\u{200b}c\u{9b}d\n"), "a\\u{202e}b\\u{200b}c\\u{9b}d\\u{a}");
    }

    #[test]
    fn a_system_error_is_described_in_lower_case() {
        assert_eq!(describe(&io::Error::from_raw_os_error(2)), "no such file or directory");
    }
}
