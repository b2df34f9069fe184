//! The way in which a source quotes its payloads, by the first line that shows it.

use crate::json::extract;
use crate::json::scan::trim;
use crate::payloads::quoting::{COPY, PLAIN, Quoting};
use crate::payloads::reading::Evidence;
use crate::records::layout::{Rest, Text};
use crate::records::record::Doubt;

/// The text that a line with two readings waits for.
const MAX_WAIT: usize = 64 << 10;

#[derive(Debug, Default)]
pub struct SourceQuoting {
    pub known: Option<&'static Quoting>,
    /// The lines before this offset do not show it.
    looked_until: u64,
}

impl SourceQuoting {
    /// Looks at the line that a text starts with. If it has two readings, so at the lines that follow. `None` if more
    /// text is needed to tell.
    pub fn look(&mut self, text: Text, len: usize, evidence: impl Fn(&[u8]) -> Evidence) -> Option<Doubt> {
        match evidence(&text.bytes[..len]) {
            Evidence::None => return Some(Doubt::None),
            Evidence::For(quoting) => self.known = Some(quoting),
            Evidence::Ambiguous => {}
        }
        let looked = &text.bytes[..text.bytes.len().min(len + MAX_WAIT)];
        let is_short = looked.len() < len + MAX_WAIT;
        let mut at = (len + 1).max(self.looked_until.saturating_sub(text.place.offset) as usize);
        while self.known.is_none() && at < looked.len() {
            let end = match memchr::memchr(b'\n', &looked[at..]) {
                Some(len) => at + len,
                None if is_short && text.is_last() => looked.len(),
                None => break,
            };
            if let Evidence::For(quoting) = evidence(&looked[at..end]) {
                self.known = Some(quoting);
            }
            at = end + 1;
            self.looked_until = text.place.offset + at as u64;
        }
        match self.known {
            Some(_) => Some(Doubt::None),
            None if is_short && text.rest == Rest::Unread => None,
            None => Some(Doubt::DoubledBackslashes),
        }
    }
}

/// The evidence of a line's unquoted cells for the backslashes of `COPY` or for JSON's own.
pub fn evidence_of_cells(line: &[u8], separator: u8) -> Evidence {
    let mut is_ambiguous = false;
    for cell in line.rsplit(|byte| *byte == separator) {
        match evidence_of_cell(cell) {
            Evidence::None => {}
            Evidence::Ambiguous => is_ambiguous = true,
            found => return found,
        }
    }
    if is_ambiguous { Evidence::Ambiguous } else { Evidence::None }
}

fn evidence_of_cell(cell: &[u8]) -> Evidence {
    let cell = trim(cell);
    if !cell.starts_with(b"{") || memchr::memchr(b'\\', cell).is_none() {
        return Evidence::None;
    }
    let is_copy = COPY.undo(cell).is_some_and(|text| extract::is_value(&text));
    match (extract::is_value(cell), is_copy) {
        (true, true) => Evidence::Ambiguous,
        (true, false) => Evidence::For(&PLAIN),
        (false, true) => Evidence::For(&COPY),
        (false, false) => Evidence::None,
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::records::record::Place;

    #[test]
    fn each_line_is_read_twice_at_most_however_many_have_two_readings() {
        let source = "x\n".repeat(100_000);
        let mut quoting = SourceQuoting::default();
        let read = Cell::new(0);
        let ambiguous = |_: &[u8]| {
            read.set(read.get() + 1);
            Evidence::Ambiguous
        };
        for at in (0..source.len()).step_by(2) {
            let (bytes, place) = (&source.as_bytes()[at..], Place { offset: at as u64, ..Place::START });
            let text = Text { bytes, rest: Rest::Nothing, place, passed: 0, max_record: 1 << 20 };
            assert_eq!(quoting.look(text, 1, ambiguous), Some(Doubt::DoubledBackslashes));
        }
        assert!(read.get() <= 200_000, "{}", read.get());
    }
}
