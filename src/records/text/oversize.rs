//! Records of text over the limit: their end is found without keeping their text.

use super::document::search_on;
use super::lines::{UNDECIDED, record_line};
use super::{RecordEnd, TextLayout};
use crate::json::boundary::{Boundary, BoundarySearch};
use crate::json::scan::leading_space_on_line;
use crate::payloads::form;
use crate::records::layout::{End, Text};

impl TextLayout {
    pub(super) fn find_record_end(&mut self, text: Text) -> End {
        let record_end = self.record_end.unwrap_or_else(|| self.first_record_end(text));
        let end = self.search_for(record_end, text);
        if matches!(end, End::At(_)) {
            self.record_end = None;
            self.document = None;
        }
        end
    }

    fn first_record_end(&self, text: Text) -> RecordEnd {
        match self.document.as_ref().map(BoundarySearch::found) {
            // The text after it has no end.
            Some(Boundary::Whole(close))
                if close <= text.max_record
                    && text.bytes[0] == b'{'
                    && memchr::memchr(b'\n', &text.bytes[..close]).is_some() =>
            {
                RecordEnd::RecordLine
            }
            Some(found) if self.in_array || !matches!(found, Boundary::Broken(_)) => RecordEnd::Bracket,
            _ if self.is_line() => RecordEnd::LineFeed,
            _ => RecordEnd::RecordLine,
        }
    }

    fn search_for(&mut self, record_end: RecordEnd, text: Text) -> End {
        self.record_end = Some(record_end);
        let bytes = text.bytes;
        match (record_end, &mut self.document) {
            (RecordEnd::LineFeed, _) => End::of_line(text),
            (RecordEnd::RestOfLine, _) => {
                let blank = leading_space_on_line(bytes);
                match bytes.get(blank) {
                    None => End::beyond(blank, text),
                    Some(b'\n' | b'{') => End::At(blank),
                    Some(b',' | b']') if self.in_array => End::At(blank),
                    Some(_) => self.search_for(RecordEnd::LineFeed, text),
                }
            }
            (RecordEnd::Bracket, Some(document)) => match search_on(document, text) {
                Boundary::More => End::beyond(document.consumed() - text.passed, text),
                Boundary::Whole(close) => self.search_after(close - text.passed, RecordEnd::RestOfLine, text),
                Boundary::Broken(at) => {
                    let at = at - text.passed;
                    // The line that it broke at may be the next record's first.
                    let line = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |at| at + 1);
                    if bytes[at] == b'{' || form::begins(&bytes[at..]) && line == at {
                        End::At(line)
                    } else if self.is_line() && !self.in_array {
                        self.search_after(at, RecordEnd::LineFeed, text)
                    } else {
                        self.search_after(line, RecordEnd::RecordLine, text)
                    }
                }
            },
            (RecordEnd::RecordLine | RecordEnd::Bracket, _) => {
                let indent = self.indent(text);
                record_line(bytes, indent).map_or_else(
                    || {
                        // A line that has only just started may turn out to start a record.
                        let is_short = |at: &usize| bytes.len() - at < indent + UNDECIDED;
                        let start = memchr::memrchr(b'\n', bytes).filter(is_short);
                        End::beyond(start.unwrap_or(bytes.len()), text)
                    },
                    End::At,
                )
            }
        }
    }

    fn search_after(&mut self, from: usize, record_end: RecordEnd, text: Text) -> End {
        let after = Text { bytes: &text.bytes[from..], passed: text.passed + from, ..text };
        match self.search_for(record_end, after) {
            End::At(len) => End::At(from + len),
            End::Beyond(len) => End::Beyond(from + len),
        }
    }
}
