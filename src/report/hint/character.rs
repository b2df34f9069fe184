//! Names of the characters that get into JSON by accident. Only of these: a letter is payload text.

use std::fmt;

/// A character with its Unicode name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Character {
    char: char,
    name: &'static str,
}

impl fmt::Display for Character {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "U+{:04X} {}", u32::from(self.char), self.name)
    }
}

/// What a character is mistaken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A space, but JSON does not accept it as one.
    Space,
    /// Nothing: it is invisible.
    Invisible,
    /// A quote.
    Quote,
    /// A comma, colon or bracket.
    Punctuation,
}

impl Character {
    /// The character that a text begins with, if it is one of these.
    pub fn at(text: &[u8]) -> Option<Character> {
        row(text).map(|(char, name, _)| Character { char: *char, name })
    }
}

/// What the character that a text begins with is mistaken for.
pub fn class(text: &[u8]) -> Option<Class> {
    row(text).map(|(_, _, class)| *class)
}

fn row(text: &[u8]) -> Option<&'static (char, &'static str, Class)> {
    let chunk = text.utf8_chunks().next()?.valid();
    let char = chunk.chars().next().filter(|c| !c.is_ascii())?;
    NAMES.iter().find(|(known, ..)| *known == char)
}

use Class::{Invisible, Punctuation, Quote, Space};

const NAMES: &[(char, &str, Class)] = &[
    ('\u{85}', "NEXT LINE", Space),
    ('\u{a0}', "NO-BREAK SPACE", Space),
    ('\u{1680}', "OGHAM SPACE MARK", Space),
    ('\u{2000}', "EN QUAD", Space),
    ('\u{2001}', "EM QUAD", Space),
    ('\u{2002}', "EN SPACE", Space),
    ('\u{2003}', "EM SPACE", Space),
    ('\u{2004}', "THREE-PER-EM SPACE", Space),
    ('\u{2005}', "FOUR-PER-EM SPACE", Space),
    ('\u{2006}', "SIX-PER-EM SPACE", Space),
    ('\u{2007}', "FIGURE SPACE", Space),
    ('\u{2008}', "PUNCTUATION SPACE", Space),
    ('\u{2009}', "THIN SPACE", Space),
    ('\u{200a}', "HAIR SPACE", Space),
    ('\u{2028}', "LINE SEPARATOR", Space),
    ('\u{2029}', "PARAGRAPH SEPARATOR", Space),
    ('\u{202f}', "NARROW NO-BREAK SPACE", Space),
    ('\u{205f}', "MEDIUM MATHEMATICAL SPACE", Space),
    ('\u{3000}', "IDEOGRAPHIC SPACE", Space),
    ('\u{ad}', "SOFT HYPHEN", Invisible),
    ('\u{200b}', "ZERO WIDTH SPACE", Invisible),
    ('\u{200c}', "ZERO WIDTH NON-JOINER", Invisible),
    ('\u{200d}', "ZERO WIDTH JOINER", Invisible),
    ('\u{200e}', "LEFT-TO-RIGHT MARK", Invisible),
    ('\u{200f}', "RIGHT-TO-LEFT MARK", Invisible),
    ('\u{202a}', "LEFT-TO-RIGHT EMBEDDING", Invisible),
    ('\u{202c}', "POP DIRECTIONAL FORMATTING", Invisible),
    ('\u{2060}', "WORD JOINER", Invisible),
    ('\u{2066}', "LEFT-TO-RIGHT ISOLATE", Invisible),
    ('\u{2069}', "POP DIRECTIONAL ISOLATE", Invisible),
    ('\u{feff}', "BYTE ORDER MARK", Invisible),
    ('\u{ab}', "LEFT-POINTING DOUBLE ANGLE QUOTATION MARK", Quote),
    ('\u{bb}', "RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK", Quote),
    ('\u{b4}', "ACUTE ACCENT", Quote),
    ('\u{2018}', "LEFT SINGLE QUOTATION MARK", Quote),
    ('\u{2019}', "RIGHT SINGLE QUOTATION MARK", Quote),
    ('\u{201a}', "SINGLE LOW-9 QUOTATION MARK", Quote),
    ('\u{201c}', "LEFT DOUBLE QUOTATION MARK", Quote),
    ('\u{201d}', "RIGHT DOUBLE QUOTATION MARK", Quote),
    ('\u{201e}', "DOUBLE LOW-9 QUOTATION MARK", Quote),
    ('\u{201f}', "DOUBLE HIGH-REVERSED-9 QUOTATION MARK", Quote),
    ('\u{2032}', "PRIME", Quote),
    ('\u{2033}', "DOUBLE PRIME", Quote),
    ('\u{ff02}', "FULLWIDTH QUOTATION MARK", Quote),
    ('\u{ff07}', "FULLWIDTH APOSTROPHE", Quote),
    ('\u{3001}', "IDEOGRAPHIC COMMA", Punctuation),
    ('\u{ff0c}', "FULLWIDTH COMMA", Punctuation),
    ('\u{ff1a}', "FULLWIDTH COLON", Punctuation),
    ('\u{ff3b}', "FULLWIDTH LEFT SQUARE BRACKET", Punctuation),
    ('\u{ff3d}', "FULLWIDTH RIGHT SQUARE BRACKET", Punctuation),
    ('\u{ff5b}', "FULLWIDTH LEFT CURLY BRACKET", Punctuation),
    ('\u{ff5d}', "FULLWIDTH RIGHT CURLY BRACKET", Punctuation),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_usual_intruder_is_named_and_a_letter_is_not() {
        assert_eq!(Character::at("\u{a0}x".as_bytes()).unwrap().to_string(), "U+00A0 NO-BREAK SPACE");
        for text in [&b""[..], b" ", b"x", "é".as_bytes(), b"\xa0", b"\xe2\x80"] {
            assert_eq!(Character::at(text), None);
        }
    }
}
