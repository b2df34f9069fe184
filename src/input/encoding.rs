//! Encodings that are not read, recognized by their byte order mark.

/// An encoding that is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-16, the low byte first.
    Utf16Le,
    /// UTF-16, the high byte first.
    Utf16Be,
    /// UTF-32, the low byte first.
    Utf32Le,
    /// UTF-32, the high byte first.
    Utf32Be,
}

impl Encoding {
    /// The encoding that a source's first bytes show. A payload's first character is ASCII, so a zero byte tells
    /// a byte order mark from garbage.
    pub fn of(text: &[u8]) -> Option<Encoding> {
        match text {
            [0xff, 0xfe, 0, 0, ..] => Some(Encoding::Utf32Le),
            [0, 0, 0xfe, 0xff, ..] => Some(Encoding::Utf32Be),
            [0xff, 0xfe, _, 0, ..] => Some(Encoding::Utf16Le),
            [0xfe, 0xff, 0, _, ..] => Some(Encoding::Utf16Be),
            _ => None,
        }
    }

    /// Its usual name.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf16Le => "UTF-16LE",
            Encoding::Utf16Be => "UTF-16BE",
            Encoding::Utf32Le => "UTF-32LE",
            Encoding::Utf32Be => "UTF-32BE",
        }
    }

    /// The name to give to `iconv`, which then removes the byte order mark.
    pub fn iconv_name(self) -> &'static str {
        match self {
            Encoding::Utf16Le | Encoding::Utf16Be => "UTF-16",
            Encoding::Utf32Le | Encoding::Utf32Be => "UTF-32",
        }
    }
}
