//! A record: one payload's text, or what stands in its place, and where it came from.

/// What a record's text is to be read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// JSON objects, one or more on the line.
    Json,
    /// One JSON value: a line, or an element of an array.
    One,
    /// A JSON object of this length on several lines, whose last bracket does not stand alone on its line,
    /// and text behind it that is no record. If the object is broken, as by a bracket too much in
    /// `{\n"a": }\n}`, that text is the rest of it; if not, it stands for itself.
    Early(usize),
    /// A form body.
    Form,
    /// Too large to be kept: its length in bytes.
    TooLarge(u64),
    /// A whole source in an encoding that is not read: its name and length in bytes.
    Encoding(&'static str, u64),
    /// No text: the source ends before the array that it holds does.
    Unclosed,
    /// No text: the source cannot be read further, being damaged or cut off.
    Damaged,
}

/// One record of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// What it is.
    pub kind: Kind,
    /// Where its text begins in the block; a too large one has none.
    pub start: usize,
    /// Where its text ends in the block.
    pub end: usize,
    /// Where its text begins in the source, in bytes.
    pub offset: u64,
    /// The line it begins on, counted from 1.
    pub line: u64,
    /// The column it begins at, in characters, counted from 1.
    pub column: u64,
    /// Whether the source ends with it, and not as a line does.
    pub cut: bool,
    /// Whether the record before it was a line. Then this one, if it spans lines and is broken, is no
    /// document but so many broken lines.
    pub by_lines: bool,
}

/// A place in a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Bytes before it.
    pub offset: u64,
    /// Its line, counted from 1.
    pub line: u64,
    /// Its column in characters, counted from 1.
    pub column: u64,
}

impl Place {
    /// Where a source begins.
    pub const START: Place = Place { offset: 0, line: 1, column: 1 };

    /// The place behind a text that begins here.
    pub fn after(self, text: &[u8]) -> Place {
        let mut place = Place { offset: self.offset + text.len() as u64, ..self };
        let last = match memchr::memrchr(b'\n', text) {
            Some(last) => {
                place.line += memchr::memchr_iter(b'\n', text).count() as u64;
                place.column = 1;
                &text[last + 1..]
            }
            None => text,
        };
        // Every byte that does not continue a character begins one; most often that is every byte.
        place.column += match last.is_ascii() {
            true => last.len() as u64,
            false => last.iter().filter(|b| **b & 0xc0 != 0x80).count() as u64,
        };
        place
    }
}
