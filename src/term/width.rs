//! Fitting text into columns.

use unicode_width::UnicodeWidthChar;

/// The number of columns that a text takes.
pub fn columns(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// A text in at most this many columns, cut in its middle.
pub fn cut(text: &str, room: usize) -> String {
    if columns(text) <= room {
        return text.to_owned();
    }
    let end = tail(text, room / 3);
    let end = end.trim_start_matches('…');
    let start = head(text, room.saturating_sub(columns(end)));
    format!("{start}{end}")
}

/// The beginning of a text in at most this many columns; `…` stands for the rest.
pub fn head(text: &str, room: usize) -> String {
    if columns(text) <= room {
        return text.to_owned();
    }
    let mut used = 1;
    let fits = |c: &char| {
        used += c.width().unwrap_or(0);
        used <= room
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

/// The end of a text in at most this many columns; `…` stands for the rest.
pub fn tail(text: &str, room: usize) -> String {
    let reversed: String = text.chars().rev().collect();
    head(&reversed, room).chars().rev().collect()
}

/// A text filled up with spaces to this many columns.
pub fn pad(text: &str, room: usize) -> String {
    format!("{text}{}", " ".repeat(room.saturating_sub(columns(text))))
}

/// Words on lines of at most this many columns, unless a word alone is longer.
pub fn wrap(words: impl Iterator<Item: AsRef<str>>, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        let word = word.as_ref();
        match lines.last_mut() {
            Some(line) if columns(line) + 1 + columns(word) <= width => *line += &format!(" {word}"),
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_in_its_middle() {
        assert_eq!(cut("abcdefghij", 10), "abcdefghij");
        assert_eq!(cut("abcdefghijk", 9), "abcdef…jk");
        assert_eq!(head("abcdef", 4), "abc…");
        assert_eq!(tail("abcdef", 4), "…def");
        assert!(columns(&cut("漢字漢字漢字漢字", 9)) <= 9);
    }
}
