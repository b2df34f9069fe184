//! Finds where a JSON document ends: from its brackets and quotes, and from lines that no value can contain. So
//! documents in any layout are split before they are checked.

use crate::json::scan::{Escapes, OpenBrackets, trim_end};
use crate::json::simd::{BLOCK, Structure};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Boundary {
    /// Its brackets match; this is the index after the last.
    Whole(usize),
    /// Its brackets cannot match: no value continues with what is at this index.
    Broken(usize),
    More,
}

/// Says whether a line starts a document of another kind, which no line of a JSON document does; `None` if the line is
/// too short to tell.
pub type StartsDocument = fn(&[u8]) -> Option<bool>;

/// The search for the end of one document. It keeps no text: each part is looked at once, as it comes.
#[derive(Clone, Debug)]
pub struct BoundarySearch {
    at: usize,
    depth: usize,
    brackets: OpenBrackets,
    in_string: bool,
    escapes: Escapes,
    /// The indentation of the document's first bracket.
    indent: usize,
    /// Whether the text was scanned before, and is broken: then a line that starts like the first one starts the next
    /// document. Otherwise it may belong to the document, if a value can start there.
    is_broken: bool,
    starts_document: StartsDocument,
    /// The last byte so far that is not white space.
    last: u8,
    /// The spaces and tabs on the last line so far, if it has nothing else.
    blank: Option<usize>,
    found: Boundary,
}

impl BoundarySearch {
    /// A search that starts at a bracket.
    pub fn new(starts_document: StartsDocument) -> BoundarySearch {
        BoundarySearch {
            at: 0,
            depth: 0,
            brackets: OpenBrackets::default(),
            in_string: false,
            escapes: Escapes::default(),
            indent: 0,
            is_broken: false,
            starts_document,
            last: 0,
            blank: None,
            found: Boundary::More,
        }
    }

    /// The same for a bracket at this index of its record, from which indices then count.
    pub fn of_record(self, at: usize, indent: usize, is_broken: bool) -> BoundarySearch {
        BoundarySearch { at, indent, is_broken, ..self }
    }

    /// The number of bytes that were looked at and are not needed again.
    pub fn consumed(&self) -> usize {
        self.at
    }

    /// Looks at the text after what was consumed. Indices count from the start of the document.
    pub fn run(&mut self, rest: &[u8]) -> Boundary {
        if self.found == Boundary::More {
            let start = self.at;
            self.found = self.search(rest);
            let text = &rest[..self.at - start];
            self.blank = self.line_indent(text);
            self.last = self.last_byte(text);
        }
        self.found
    }

    pub fn found(&self) -> Boundary {
        self.found
    }

    fn search(&mut self, text: &[u8]) -> Boundary {
        let start = self.at;
        let mut last = [0; BLOCK];
        while let Some(rest) = text.get(self.at - start..).filter(|rest| !rest.is_empty()) {
            let from = self.at - start;
            let len = rest.len().min(BLOCK);
            let block = rest.first_chunk::<BLOCK>().unwrap_or_else(|| {
                last[..len].copy_from_slice(rest);
                &last
            });
            let structure = Structure::of(block);
            let mut quotes = structure.quotes;
            if structure.backslashes != 0 || self.escapes.is_open() {
                quotes &= !self.escapes.escaped(structure.backslashes, len);
            }
            let inside = odd(quotes) ^ if self.in_string { !0 } else { 0 };
            let ended = structure.line_feeds & inside;
            // Brackets in strings are text, and so is what follows a line feed in a string.
            let outside = !inside & (ended.wrapping_sub(1) & !ended);
            // No indented line starts another document.
            let mut left = (structure.brackets | structure.unindented_lines(block)) & outside;
            while left != 0 {
                let at = from + left.trailing_zeros() as usize;
                let found = match text[at] {
                    // Asking is slow, and most of these lines close the document.
                    b'\n' if text.get(at + 1) == Some(&b'}') => Boundary::More,
                    b'\n' => match (self.starts_document)(&text[at + 1..]) {
                        Some(false) => Boundary::More,
                        Some(true) => Boundary::Broken(start + at + 1),
                        None => {
                            self.at = start + at;
                            self.in_string = false;
                            self.escapes = Escapes::default();
                            return Boundary::More;
                        }
                    },
                    _ => self.bracket(text, start, at),
                };
                if found != Boundary::More {
                    return found;
                }
                left &= left - 1;
            }
            if ended != 0 {
                return Boundary::Broken(self.at + ended.trailing_zeros() as usize);
            }
            self.in_string = inside >> (len - 1) & 1 == 1;
            self.at += len;
        }
        Boundary::More
    }

    /// Handles a bracket outside of strings, at an index of a text that starts at another; returns the boundary if it
    /// decides that.
    fn bracket(&mut self, text: &[u8], start: usize, at: usize) -> Boundary {
        let bracket = text[at];
        if let b'{' | b'[' = bracket {
            let before = &text[..at];
            let next_document = self.depth > 0
                && bracket == b'{'
                && self.line_indent(before).is_some_and(|indent| indent <= self.indent)
                && (self.is_broken || !self.value_can_start(before));
            if next_document {
                return Boundary::Broken(start + at);
            }
            self.depth += 1;
            self.brackets.open(self.depth, bracket);
            return Boundary::More;
        }
        if self.depth == 0 || !self.brackets.can_close(self.depth, bracket) {
            return Boundary::Broken(start + at);
        }
        self.depth -= 1;
        if self.depth == 0 { Boundary::Whole(start + at + 1) } else { Boundary::More }
    }

    /// The number of spaces and tabs on the last line of a text, if it has nothing else. Looks back no further than
    /// the answer can matter.
    fn line_indent(&self, text: &[u8]) -> Option<usize> {
        let blank = text.iter().rev().take(self.indent + 1).take_while(|b| matches!(b, b' ' | b'\t')).count();
        match text.len().checked_sub(blank + 1) {
            Some(before) => (text[before] == b'\n').then_some(blank),
            None => self.blank.map(|indent| indent + blank),
        }
    }

    fn last_byte(&self, text: &[u8]) -> u8 {
        trim_end(text).last().copied().unwrap_or(self.last)
    }

    fn value_can_start(&self, before: &[u8]) -> bool {
        match self.last_byte(before) {
            b':' => self.brackets.can_close(self.depth, b'}'),
            b',' | b'[' => self.brackets.can_close(self.depth, b']'),
            _ => false,
        }
    }
}

/// A bit for each place with an odd number of bits up to and with it.
#[inline(always)]
fn odd(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(line: &[u8]) -> Option<bool> {
        let starts = [&b"data="[..], b"%7B"];
        let is_short = starts.iter().any(|start| start.len() > line.len() && start.starts_with(line));
        (!is_short).then(|| starts.iter().any(|start| line.starts_with(start)))
    }

    fn boundary(text: &str) -> Boundary {
        BoundarySearch::new(form).run(text.as_bytes())
    }

    const DOCUMENTS: [&str; 5] = [
        "{}",
        "[]",
        r#"{"a": "}"}"#,
        r#"{"a\"}": [{"b": "\\"}, "]"]}"#,
        "{\"a\":\n{\"b\":\n[\n{}\n,\n{}\n]}}",
    ];

    #[test]
    fn a_document_ends_with_its_last_bracket() {
        for text in DOCUMENTS {
            assert_eq!(boundary(text), Boundary::Whole(text.len()), "{text}");
            assert_eq!(boundary(&format!("{text}}}{{")), Boundary::Whole(text.len()), "{text}");
            for cut in 1..text.len() {
                let mut search = BoundarySearch::new(form);
                assert_eq!(search.run(&text.as_bytes()[..cut]), Boundary::More, "{text} {cut}");
                let rest = &text.as_bytes()[search.consumed()..];
                assert_eq!(search.run(rest), Boundary::Whole(text.len()), "{text} {cut}");
                assert_eq!(search.run(b""), Boundary::Whole(text.len()), "{text} {cut}, again");
            }
        }
    }

    #[test]
    fn what_is_found_does_not_depend_on_how_the_text_comes() {
        let broken = [
            "{\"a\":{\"b\":1}\n  {",
            "{\"a\":[1, \n {",
            "{\"a\":[1\n\n \t{",
            "{\"a\":1}x",
            "{\"a\n",
            "{\"a\":1\ndata=",
        ];
        for text in DOCUMENTS.into_iter().chain(broken) {
            let text = text.as_bytes();
            let expected = BoundarySearch::new(form).of_record(0, 2, false).run(text);
            for cut in 1..text.len() {
                for again in cut..text.len() {
                    let mut search = BoundarySearch::new(form).of_record(0, 2, false);
                    let found = [cut, again, text.len()]
                        .map(|end| search.run(&text[search.consumed().min(end)..end]));
                    assert_eq!(found[2], expected, "{} {cut} {again}", text.escape_ascii());
                }
            }
        }
    }

    #[test]
    fn an_escape_is_one_wherever_a_block_ends() {
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
            "{\"a\":1\ndata=",
            "{\"a\":1\n%7B",
        ] {
            assert!(matches!(boundary(text), Boundary::Broken(_)), "{text}");
        }
        assert_eq!(boundary("{\"a\": 1,\n  {"), Boundary::More, "further in than the document");
        let mut search = BoundarySearch::new(form).of_record(0, 2, false);
        assert!(matches!(search.run(b"{\"a\": 1,\n  {"), Boundary::Broken(_)));
    }

    #[test]
    fn a_text_that_is_known_to_be_broken_ends_at_every_such_line() {
        assert_eq!(boundary("{\"a\":[\n{}]}"), Boundary::Whole(11));
        let mut search = BoundarySearch::new(form).of_record(0, 0, true);
        assert_eq!(search.run(b"{\"a\":[\n{}]}"), Boundary::Broken(7));
    }
}
