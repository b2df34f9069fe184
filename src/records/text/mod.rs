//! Text as people keep it: lines, documents that span lines, arrays, form bodies, or a mix of these.

mod document;
mod lines;
mod log;
mod object;
mod oversize;
mod state;

use crate::json::boundary::Boundary;
use crate::json::scan::leading_space;
use crate::payloads::form;
use crate::records::layout::{End, InputFormat, Layout, Part, Recognized, RecordPart, Rest, Resume, Text};
use crate::records::record::{IfEmpty, Kind};
use lines::opens_array;
use state::LastRecord;
pub use state::TextLayout;

impl Layout for TextLayout {
    fn next(&mut self, text: Text) -> Part {
        if let Some(document) = &mut self.document
            && document.run(text) == Boundary::More
            && text.rest == Rest::Unread
        {
            return Part::Incomplete(Resume::Continues);
        }
        let separators = self.separators(text);
        if separators > 0 {
            return Part::Separator(separators);
        }
        if text.bytes.is_empty() {
            // An array that is still open at the end of the source was cut off.
            let was_in_array = std::mem::take(&mut self.in_array);
            let unclosed = was_in_array.then(|| RecordPart::new(Kind::UnclosedArray, 0));
            return unclosed.map_or(Part::Incomplete(Resume::Continues), Part::Record);
        }
        let mut part = self.record(text);
        if let Part::Record(record) = &mut part {
            if self.in_log {
                record.context.if_empty = IfEmpty::PassOver;
                record.context.quoting = self.log_quoting.known;
            }
            self.document = None;
            self.within_line = !matches!(text.bytes.get(record.len), None | Some(b'\n'));
        }
        part
    }

    fn oversize_end(&mut self, text: Text) -> End {
        self.find_record_end(text)
    }
}

impl TextLayout {
    /// Any source may be text.
    pub fn recognize(format: InputFormat, _: Text) -> Recognized {
        let in_log = format == InputFormat::Log;
        Recognized::Layout(Box::new(TextLayout { format, in_log, ..TextLayout::default() }))
    }

    /// The length of the text before the next record: white space, and the commas and brackets of arrays.
    fn separators(&mut self, text: Text) -> usize {
        let bytes = text.bytes;
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => {
                    let blank = leading_space(&bytes[at..]);
                    self.within_line &= memchr::memchr(b'\n', &bytes[at..at + blank]).is_none();
                    at += blank;
                }
                b',' if self.in_array => at += 1,
                b']' if self.in_array => {
                    self.in_array = false;
                    self.last_record = LastRecord::Document;
                    at += 1;
                }
                b'[' if self.opens_array(Text { bytes: &bytes[at..], ..text }) == Some(true) => {
                    self.in_array = true;
                    at += 1;
                }
                _ => break,
            }
        }
        at
    }

    /// Whether a bracket opens an array of records; `None` if more text is needed.
    fn opens_array(&self, text: Text) -> Option<bool> {
        match self.format {
            _ if self.in_array => Some(false),
            InputFormat::Json if self.last_record != LastRecord::Line => Some(true),
            InputFormat::Auto | InputFormat::Log | InputFormat::Json => {
                opens_array(text, self.last_record == LastRecord::Line)
            }
            _ => Some(false),
        }
    }

    /// The record that a text starts with; it has no white space at its start.
    fn record(&mut self, text: Text) -> Part {
        let bytes = text.bytes;
        if bytes[0] == b'[' && self.opens_array(text).is_none() {
            return Part::Incomplete(Resume::StartsOver);
        }
        match self.format {
            InputFormat::Ndjson => self.line(text, Kind::Value),
            InputFormat::Copy => self.line(text, Kind::Copy),
            InputFormat::Form => self.form(text),
            _ if self.in_array => self.element(text),
            _ if bytes[0] == b'{' => self.object(text, 0, Kind::Objects),
            InputFormat::Auto | InputFormat::Log if form::begins(bytes) => self.form(text),
            InputFormat::Auto | InputFormat::Log if !text.is_last() && form::starts_line(bytes).is_none() => {
                Part::Incomplete(Resume::Continues)
            }
            _ => self.other(text),
        }
    }

    /// A form body: a line, unless its JSON is not encoded and spans lines.
    fn form(&mut self, text: Text) -> Part {
        match form::plain_object(text.bytes) {
            Some(object) => self.object(text, object, Kind::Form),
            None if !text.is_last() && form::may_be_plain(text.bytes) => Part::Incomplete(Resume::Continues),
            None => self.line(text, Kind::Form),
        }
    }
}
