//! Text after a record on its line that means nothing.

/// The number of ignored bytes that a text starts with, before its first line feed.
pub fn leading_on_line(text: &[u8]) -> usize {
    text.iter().take_while(|byte| **byte != b'\n' && is_ignored(**byte)).count()
}

/// A text without what is ignored at its end.
pub fn trim(text: &[u8]) -> &[u8] {
    let last = text.iter().rposition(|byte| !is_ignored(*byte));
    &text[..last.map_or(0, |last| last + 1)]
}

fn is_ignored(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b';' | b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_white_space_and_separators_are_ignored() {
        for (text, len) in
            [("", 0), (" \t\r;", 4), (",", 1), ("; x", 2), ("}", 0), (";;\u{a0}", 2), (" ,\n ", 2)]
        {
            assert_eq!(leading_on_line(text.as_bytes()), len, "{text:?}");
        }
        assert_eq!(trim(b"a;b ,;\r\n"), b"a;b");
    }
}
