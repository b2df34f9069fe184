//! Whether the backslashes of a source are those of `COPY`, by the first line or cell that shows it.

use crate::json::extract;
use crate::json::scan::trim;
use crate::payloads::quoting::COPY;
use crate::records::layout::Pending;
use crate::records::source_text::{Rest, Text};

/// The text that a line with two readings waits for.
pub const MAX_WAIT: usize = 64 << 10;

/// The knowledge about a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backslashes {
    /// No line has shown it.
    Unknown,
    /// They are those of `COPY`.
    Copy,
    /// They are JSON's own.
    Json,
}

/// The readings of a cell that are JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readings {
    /// Neither, or the same.
    None,
    Copy,
    Json,
    Both,
}

/// The readings of an unquoted cell, or of a line.
pub fn readings(cell: &[u8]) -> Readings {
    let cell = trim(cell);
    if !cell.starts_with(b"{") || memchr::memchr(b'\\', cell).is_none() {
        return Readings::None;
    }
    let is_copy = COPY.undo(cell).is_some_and(|text| extract::check(&text).is_ok());
    match (extract::check(cell).is_ok(), is_copy) {
        (true, true) => Readings::Both,
        (true, false) => Readings::Json,
        (false, true) => Readings::Copy,
        (false, false) => Readings::None,
    }
}

/// The result of looking at a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// The source's backslashes are known, or those of the line do not matter.
    Known,
    /// The line has two readings, and nothing near it decides.
    Doubtful,
    /// More text is needed to tell.
    Incomplete(Pending),
}

impl Backslashes {
    /// Looks at the line that a text starts with.
    pub fn line(&mut self, text: Text) -> Look {
        let has_backslash = |at: &usize| text.bytes[*at] == b'\\';
        let at = match self {
            Backslashes::Unknown => memchr::memchr2(b'\n', b'\\', text.bytes).filter(has_backslash),
            Backslashes::Copy | Backslashes::Json => None,
        };
        let Some(at) = at else { return Look::Known };
        match memchr::memchr(b'\n', &text.bytes[at..]) {
            Some(len) => self.look(text, at + len, b'\n'),
            None if text.is_last() => self.look(text, text.bytes.len(), b'\n'),
            // JSON's escapes are no reason to wait for the line's end.
            None if text.rest == Rest::Ignored || !COPY.may_write(&text.bytes[at..]) => Look::Known,
            None => Look::Incomplete(Pending::Line),
        }
    }

    /// Looks at the line that a text starts with, which has a backslash. If it has two readings, so at the lines that
    /// follow.
    pub fn look(&mut self, text: Text, len: usize, separator: u8) -> Look {
        let mut lines =
            text.bytes[..text.bytes.len().min(MAX_WAIT + len)].split_inclusive(|byte| *byte == b'\n');
        let mut is_doubtful = false;
        for (index, line) in lines.by_ref().enumerate() {
            let is_whole = line.ends_with(b"\n") || text.is_last();
            for cell in line.split(|byte| *byte == separator).filter(|_| is_whole) {
                match readings(cell) {
                    Readings::None => {}
                    Readings::Both => is_doubtful = true,
                    Readings::Copy => *self = Backslashes::Copy,
                    Readings::Json => *self = Backslashes::Json,
                }
            }
            if *self != Backslashes::Unknown || index == 0 && !is_doubtful {
                return Look::Known;
            }
        }
        if text.bytes.len() < MAX_WAIT + len && !text.is_last() {
            Look::Incomplete(Pending::Lines)
        } else {
            Look::Doubtful
        }
    }
}
