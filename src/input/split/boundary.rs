//! Where a JSON value that begins here ends, found by its brackets and quotes, and by lines that no value
//! has, so that records can be told apart before they are checked and however they are laid out.

use crate::input::form;
use crate::json::depth::Brackets;
use crate::json::simd::{BLOCK, Marks};

/// What the search for a value's end found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Boundary {
    /// Its brackets match; this is the index behind the last.
    Whole(usize),
    /// Its brackets cannot match: by this index something stands that no value goes on with.
    Broken(usize),
    /// The text ends first.
    More,
}

/// The search for the end of one value; goes on where it stopped when there is more text.
#[derive(Clone, Debug)]
pub struct BoundarySearch {
    at: usize,
    depth: usize,
    objects: Brackets,
    in_string: bool,
    /// Whether the byte at hand follows a backslash.
    escaped: bool,
    /// Whether the text at hand begins a line.
    line_start: bool,
    indent: usize,
    cautious: bool,
    inner: bool,
    /// What was found; asked again, it is the answer again.
    found: Option<Boundary>,
}

impl BoundarySearch {
    /// A search that begins at a bracket, which stands this far into its line.
    ///
    /// A cautious search takes every line that begins as this record's line does for the next record;
    /// otherwise only where none can stand in a value.
    pub fn new(indent: usize, cautious: bool) -> BoundarySearch {
        BoundarySearch {
            at: 0,
            depth: 0,
            objects: Brackets::new(),
            in_string: false,
            escaped: false,
            line_start: false,
            indent,
            cautious,
            inner: false,
            found: None,
        }
    }

    /// Whether a line inside the value began as the record's own line does.
    pub fn met_a_line(&self) -> bool {
        self.inner
    }

    /// Forgets the text looked at so far, and gives how much that is; cautious from here on.
    pub fn forget(&mut self, text: &[u8]) -> usize {
        let looked = std::mem::take(&mut self.at);
        if looked > 0 {
            self.line_start = text[looked - 1] == b'\n';
        }
        self.cautious = true;
        looked
    }

    /// Looks at a text that begins where the value does, or behind what was forgotten.
    pub fn run(&mut self, text: &[u8]) -> Boundary {
        if self.found.is_none() {
            self.found = self.search(text);
        }
        self.found.unwrap_or(Boundary::More)
    }

    fn search(&mut self, text: &[u8]) -> Option<Boundary> {
        while let Some(rest) = text.get(self.at..).filter(|rest| !rest.is_empty()) {
            let len = rest.len().min(BLOCK);
            let marks = match rest.first_chunk::<BLOCK>() {
                Some(bytes) => Marks::of(bytes),
                None => {
                    let mut bytes = [0; BLOCK];
                    bytes[..len].copy_from_slice(rest);
                    Marks::of(&bytes)
                }
            };
            let quotes = marks.quotes & !self.escapes(marks.backslashes, len);
            let inside = parity(quotes) ^ if self.in_string { !0 } else { 0 };
            let ended = marks.line_feeds & inside;
            // No line of a value begins a form body; whether the next one does is not known at the last byte.
            let lines = marks.line_feeds & (marks.form_starts >> 1 | 1 << (len - 1));
            // Brackets in strings are text, and what follows a string without end is nothing.
            let mut marked = (marks.brackets | lines) & !inside & (ended.wrapping_sub(1) & !ended);
            while marked != 0 {
                let at = self.at + marked.trailing_zeros() as usize;
                let found = match text[at] {
                    b'\n' if form::begins(&text[at + 1..]) => Some(Boundary::Broken(at + 1)),
                    b'\n' if form::may_begin(&text[at + 1..]) => {
                        // With more text it will be clear what this line begins with.
                        (self.at, self.in_string, self.escaped) = (at, false, false);
                        return None;
                    }
                    b'\n' => None,
                    _ => self.bracket(text, at),
                };
                if found.is_some() {
                    return found;
                }
                marked &= marked - 1;
            }
            if ended != 0 {
                return Some(Boundary::Broken(self.at + ended.trailing_zeros() as usize));
            }
            self.in_string = inside >> (len - 1) & 1 == 1;
            self.at += len;
        }
        None
    }

    /// Which of the next bytes follow a backslash that is none itself.
    #[inline(always)]
    fn escapes(&mut self, mut backslashes: u64, len: usize) -> u64 {
        let mut escaped = u64::from(self.escaped);
        backslashes &= !escaped;
        self.escaped = false;
        while backslashes != 0 {
            let at = backslashes.trailing_zeros();
            self.escaped = at as usize + 1 == len;
            escaped |= 2_u64.wrapping_shl(at);
            backslashes &= !(3_u64.wrapping_shl(at));
        }
        escaped
    }

    /// Takes a bracket outside of strings into account; gives what it decides, if it does.
    fn bracket(&mut self, text: &[u8], at: usize) -> Option<Boundary> {
        let byte = text[at];
        if matches!(byte, b'{' | b'[') {
            if byte == b'{' && self.depth > 0 && self.begins_line(&text[..at]) {
                self.inner = true;
                if self.cautious || !self.value_may_begin(&text[..at]) {
                    return Some(Boundary::Broken(at));
                }
            }
            self.depth += 1;
            self.objects.set(self.depth, byte == b'{');
            return None;
        }
        if self.depth == 0 || !self.objects.may_be_object(self.depth, byte == b'}') {
            return Some(Boundary::Broken(at));
        }
        self.depth -= 1;
        (self.depth == 0).then_some(Boundary::Whole(at + 1))
    }

    /// Whether a bracket behind this text is the first on its line, no further in than the record.
    fn begins_line(&self, before: &[u8]) -> bool {
        match memchr::memrchr(b'\n', &before[before.len().saturating_sub(self.indent + 1)..]) {
            Some(_) => before.iter().rev().find(|b| !matches!(b, b' ' | b'\t')) == Some(&b'\n'),
            None => self.line_start && before.len() <= self.indent && is_blank(before),
        }
    }

    /// Whether the end of this text lets a value begin.
    fn value_may_begin(&self, before: &[u8]) -> bool {
        match trim_end(before).last() {
            Some(b':') => self.objects.may_be_object(self.depth, true),
            Some(b',' | b'[') => self.objects.may_be_object(self.depth, false),
            _ => false,
        }
    }
}

/// A bit for each place with an odd number of bits up to and with it.
#[inline(always)]
fn parity(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

/// Whether a text is white space only, as JSON has it: a form feed, for one, is none.
pub fn is_blank(text: &[u8]) -> bool {
    trim_end(text).is_empty()
}

/// How much white space a text begins with.
pub fn blanks(text: &[u8]) -> usize {
    text.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r')).count()
}

/// A text without the white space at its end.
pub fn trim_end(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|b| !matches!(b, b' ' | b'\t' | b'\n' | b'\r'));
    &text[..end.map_or(0, |last| last + 1)]
}

/// Where the next line behind the first begins like a record, if one does: with `{`, indented by at
/// most this much, or as a form body does.
pub fn record_line(text: &[u8], indent: usize) -> Option<usize> {
    memchr::memchr_iter(b'\n', text).map(|at| at + 1).find(|at| {
        let line = &text[*at..];
        let blank = line.iter().take(indent).take_while(|b| matches!(b, b' ' | b'\t')).count();
        line.get(blank) == Some(&b'{') || form::begins(line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boundary(text: &str) -> Boundary {
        BoundarySearch::new(0, false).run(text.as_bytes())
    }

    #[test]
    fn a_value_ends_with_its_last_bracket() {
        for text in [
            "{}",
            "[]",
            r#"{"a": "}"}"#,
            r#"{"a\"}": [{"b": "\\"}, "]"]}"#,
            "{\"a\":\n{\"b\":\n[\n{}\n,\n{}\n]}}",
        ] {
            assert_eq!(boundary(text), Boundary::Whole(text.len()), "{text}");
            assert_eq!(boundary(&format!("{text}}}{{")), Boundary::Whole(text.len()), "{text}");
            for cut in 1..text.len() {
                let mut search = BoundarySearch::new(0, false);
                assert_eq!(search.run(&text.as_bytes()[..cut]), Boundary::More, "{text} {cut}");
                assert_eq!(search.run(text.as_bytes()), Boundary::Whole(text.len()), "{text} {cut}");
                assert_eq!(search.run(text.as_bytes()), Boundary::Whole(text.len()), "{text} {cut}, again");
            }
        }
    }

    #[test]
    fn an_escape_is_one_wherever_a_step_ends() {
        for before in 0..2 * BLOCK {
            let text = format!("{{\"{}\\\"}}\\\\\":{{}}}}", "x".repeat(before));
            assert_eq!(boundary(&text), Boundary::Whole(text.len()), "{text}");
        }
    }

    #[test]
    fn any_depth_is_followed() {
        let deep = format!("{}{}", "[{\"a\":".repeat(1000), "}]".repeat(1000)).replace(":}", ":1}");
        assert_eq!(boundary(&deep), Boundary::Whole(deep.len()));
    }

    #[test]
    fn brackets_that_cannot_match_are_broken() {
        assert_eq!((boundary("]"), boundary("x}")), (Boundary::Broken(0), Boundary::Broken(1)));
        for text in [
            "{\"a\n",
            "{\"a\\\n",
            "{\"a\":[1}",
            "{\"a\":{\"b\":1}\n{",
            "{\"a\":1,\n{",
            "{\"a\":[1\n{",
            "{\"a\":{\n{",
        ] {
            assert!(matches!(boundary(text), Boundary::Broken(_)), "{text}");
        }
        assert_eq!(boundary("{\"a\": 1,\n  {"), Boundary::More, "further in than the record");
        assert!(matches!(BoundarySearch::new(2, false).run(b"{\"a\": 1,\n  {"), Boundary::Broken(_)));
    }

    #[test]
    fn a_cautious_search_stops_at_every_such_line() {
        assert_eq!(boundary("{\"a\":[\n{}]}"), Boundary::Whole(11));
        assert_eq!(BoundarySearch::new(0, true).run(b"{\"a\":[\n{}]}"), Boundary::Broken(7));
    }
}
