//! Objects, which may span lines, and the elements of arrays.

use super::document::{Trailing, is_sound, search_on, trailing};
use super::lines::{broken_element_end, line_before_record, scalar_end};
use super::{LastRecord, TextLayout, up_to};
use crate::json::boundary::{Boundary, BoundarySearch};
use crate::payloads::form;
use crate::payloads::quoting::COPY;
use crate::records::layout::{InputFormat, Part, RecordPart, Rest, Text};
use crate::records::record::{Doubt, Kind};
use crate::records::source_quoting::evidence_of_cells;

impl TextLayout {
    /// An object that starts at an index of the text.
    pub(super) fn object(&mut self, text: Text, from: usize, kind: Kind) -> Part {
        let is_broken = text.place.offset < self.broken_until;
        if is_broken && self.is_line() {
            return self.line(text, kind);
        }
        if !self.within_line {
            if let Some(part) = self.copy_line(text, kind) {
                return part;
            }
            if self.document.is_none()
                && let Some(len) = line_before_record(text)
            {
                return self.line_of(kind, Some(len));
            }
        }
        match self.boundary(text, from) {
            Boundary::Whole(close) => self.after_object(text, close, kind),
            Boundary::Broken(_) => self.other(text),
            Boundary::More => Part::Continues,
        }
    }

    /// The boundary of the document at an index of the text. It is broken if the source ends in it.
    fn boundary(&mut self, text: Text, from: usize) -> Boundary {
        let is_broken = text.place.offset < self.broken_until;
        let indent = self.indent(text);
        let search = || BoundarySearch::new(form::starts_line).of_record(from, indent, is_broken);
        match search_on(self.document.get_or_insert_with(search), text) {
            Boundary::More if text.is_last() => self.broken(text, text.bytes.len()),
            Boundary::Broken(at) => self.broken(text, at),
            found => found,
        }
    }

    /// Notes that a text is broken up to an index.
    fn broken(&mut self, text: Text, at: usize) -> Boundary {
        self.broken_until = self.broken_until.max(text.place.offset + at as u64);
        Boundary::Broken(at)
    }

    /// An object whose brackets match: the text after it on its last line decides whether it is a record.
    fn after_object(&mut self, text: Text, close: usize, kind: Kind) -> Part {
        if close > text.max_record {
            // Its brackets say where it ends, whatever is in it.
            return Part::Oversize;
        }
        let object = &text.bytes[..close];
        let on_one_line = memchr::memchr(b'\n', object).is_none();
        let is_line = match trailing(text, close) {
            Trailing::Unknown => return Part::Continues,
            Trailing::Ignored(len)
                if on_one_line
                    || kind != Kind::Objects
                    || is_sound(object, text.place.column, self.is_line()) =>
            {
                if on_one_line {
                    return self.line_of(kind, Some(close + len));
                }
                self.last_record = LastRecord::Document;
                return Part::Record(RecordPart::new(kind, close + len));
            }
            Trailing::Ignored(_) => {
                // Its brackets match, and yet it is not JSON.
                self.broken(text, close);
                self.is_line()
            }
            Trailing::Object if kind == Kind::Objects => return Part::Record(RecordPart::new(kind, close)),
            Trailing::Object | Trailing::Other => on_one_line,
        };
        match kind {
            _ if is_line => self.line(text, kind),
            Kind::Form => {
                let line_feed = memchr::memchr(b'\n', &text.bytes[close..]).map(|len| close + len);
                up_to(line_feed, text, kind)
            }
            _ => self.up_to_record_line(text, kind),
        }
    }

    /// An object on a line whose backslashes are those of `COPY`, or may be; `None` if they are not.
    fn copy_line(&mut self, text: Text, kind: Kind) -> Option<Part> {
        if kind != Kind::Objects || self.in_array || self.format != InputFormat::Auto {
            return None;
        }
        let mut doubt = Doubt::None;
        if self.backslashes.known.is_none() {
            let at = memchr::memchr2(b'\n', b'\\', text.bytes).filter(|at| text.bytes[*at] == b'\\')?;
            let line = text.line();
            // JSON's escapes are no reason to wait for the line's end.
            if line.is_none() && (text.rest == Rest::Ignored || !COPY.may_write(&text.bytes[at..])) {
                return None;
            }
            let evidence = |line: &[u8]| evidence_of_cells(line, b'\n');
            match line.and_then(|len| self.backslashes.look(text, len, evidence)) {
                Some(found) => doubt = found,
                None => return Some(Part::StartsOver),
            }
        }
        let is_copy = self.backslashes.known.is_some_and(|known| *known == COPY);
        if doubt == Doubt::None && !is_copy {
            return None;
        }
        let mut part = self.line(text, if is_copy { Kind::Copy } else { kind });
        if let Part::Record(record) = &mut part {
            record.context.doubt = doubt;
        }
        Some(part)
    }

    /// An element of an array: any value, or something else in its place.
    pub(super) fn element(&mut self, text: Text) -> Part {
        let kind = Kind::Value;
        if !matches!(text.bytes[0], b'{' | b'[') {
            return up_to(scalar_end(text.bytes).map(|len| len.max(1)), text, kind);
        }
        match self.boundary(text, 0) {
            Boundary::Whole(len) => return Part::Record(RecordPart::new(kind, len)),
            Boundary::More => return Part::Continues,
            Boundary::Broken(_) => {}
        }
        let end = broken_element_end(text.bytes, self.indent(text));
        if end.is_none() && text.is_last() {
            // The array cannot be closed after an element that is not.
            self.in_array = false;
        }
        up_to(end, text, kind)
    }
}
