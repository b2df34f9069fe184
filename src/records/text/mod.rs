//! Text as people keep it: lines, documents that span lines, arrays, form bodies, or a mix of these.

mod document;
mod lines;
mod log;
mod object;
mod oversize;

use crate::json::boundary::{Boundary, BoundarySearch};
use crate::json::scan::leading_space;
use crate::payloads::form;
use crate::records::layout::{End, InputFormat, Layout, Part, Recognized, RecordPart, Rest, Text};
use crate::records::record::Kind;
use crate::records::source_quoting::SourceQuoting;
use document::search_on;
use lines::{is_one_line, is_scalar_line, is_string_line, opens_array, record_line};
use log::log_record;

/// The layout of the last record, and so, most likely, of the next one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum LastRecord {
    #[default]
    None,
    Line,
    /// Several lines, or a part of one.
    Document,
}

#[derive(Debug, Default)]
pub struct TextLayout {
    format: InputFormat,
    in_array: bool,
    last_record: LastRecord,
    /// Whether the last record ended within a line.
    within_line: bool,
    /// Text before this offset is known to be broken: a line there that starts like a record is the next record. So no
    /// text is searched again and again.
    broken_until: u64,
    document: Option<BoundarySearch>,
    record_end: Option<RecordEnd>,
    /// Whether lines without a payload are passed over.
    in_log: bool,
    /// Whose backslashes are in objects on a line.
    backslashes: SourceQuoting,
    /// The way in which payloads in lines of a log are quoted.
    log_quoting: SourceQuoting,
}

/// The end of a record over the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RecordEnd {
    LineFeed,
    /// The next line that starts as a record does.
    RecordLine,
    /// Its last bracket and the rest of that line, unless another record follows there.
    Bracket,
    /// After its last bracket: the white space there, or else its line feed. In an array, a comma or bracket too.
    RestOfLine,
}

impl Layout for TextLayout {
    fn next(&mut self, text: Text) -> Part {
        if let Some(document) = &mut self.document
            && search_on(document, text) == Boundary::More
            && text.rest == Rest::Unread
        {
            return Part::Continues;
        }
        let separators = self.separators(text);
        if separators > 0 {
            return Part::Separator(separators);
        }
        if text.bytes.is_empty() {
            // An array that is still open at the end of the source was cut off.
            let was_in_array = std::mem::take(&mut self.in_array);
            let unclosed = was_in_array.then(|| RecordPart::new(Kind::UnclosedArray, 0));
            return unclosed.map_or(Part::Continues, Part::Record);
        }
        let mut part = self.record(text);
        if let Part::Record(record) = &mut part {
            if self.in_log {
                record.context.pass_over_if_empty = true;
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
            return Part::StartsOver;
        }
        match self.format {
            InputFormat::Ndjson => self.line(text, Kind::Value),
            InputFormat::Copy => self.line(text, Kind::Copy),
            InputFormat::Form => self.form(text),
            _ if self.in_array => self.element(text),
            _ if bytes[0] == b'{' => self.object(text, 0, Kind::Objects),
            InputFormat::Auto | InputFormat::Log if form::begins(bytes) => self.form(text),
            InputFormat::Auto | InputFormat::Log if !text.is_last() && form::starts_line(bytes).is_none() => {
                Part::Continues
            }
            _ => self.other(text),
        }
    }

    /// A form body: a line, unless its JSON is not encoded and spans lines.
    fn form(&mut self, text: Text) -> Part {
        match form::plain_object(text.bytes) {
            Some(object) => self.object(text, object, Kind::Form),
            None if !text.is_last() && form::may_be_plain(text.bytes) => Part::Continues,
            None => self.line(text, Kind::Form),
        }
    }

    /// Whether a record that is not complete ends with its line, whatever is in it.
    fn is_line(&self) -> bool {
        match self.format {
            InputFormat::Ndjson | InputFormat::Form | InputFormat::Copy => true,
            InputFormat::Json => false,
            _ => self.last_record == LastRecord::Line,
        }
    }

    /// The current line, whatever it holds.
    fn line(&mut self, text: Text, kind: Kind) -> Part {
        self.line_of(kind, text.line())
    }

    fn line_of(&mut self, kind: Kind, len: Option<usize>) -> Part {
        let Some(len) = len else { return Part::StartsOver };
        self.last_record = LastRecord::Line;
        Part::Record(RecordPart { is_line: true, ..RecordPart::new(kind, len) })
    }

    /// The indentation of the next record: a line like its own is indented by at most this much.
    fn indent(&self, text: Text) -> usize {
        // In an array, the first element may follow the bracket on its line, and the others start their lines.
        if self.in_array { (text.place.column - 1).min(64) as usize } else { 0 }
    }

    fn up_to_record_line(&self, text: Text, kind: Kind) -> Part {
        up_to(record_line(text.bytes, self.indent(text)), text, kind)
    }

    /// Text that is not a record: up to the next line that starts one, or line by line where records are lines.
    fn other(&mut self, text: Text) -> Part {
        let bytes = text.bytes;
        let kind = match self.format {
            InputFormat::Form => return self.line(text, Kind::Form),
            InputFormat::Auto | InputFormat::Log if form::begins(bytes) => Kind::Form,
            InputFormat::Auto | InputFormat::Log if bytes[0] != b'{' => Kind::LogLine,
            _ => Kind::Objects,
        };
        if kind == Kind::LogLine {
            let is_string = bytes[0] == b'"' && is_string_line(bytes);
            // A source that does not start with a record is a log.
            self.in_log |= self.last_record == LastRecord::None && !is_string && !is_scalar_line(bytes);
            if self.in_log || is_string {
                let len = log_record(text, &mut self.log_quoting);
                let mut part = self.line_of(Kind::LogLine, len);
                if let Part::Record(record) = &mut part {
                    record.is_line = text.line() == len;
                }
                return part;
            }
        }
        let by_lines = match self.last_record {
            _ if self.format == InputFormat::Json => Some(false),
            LastRecord::Line => Some(true),
            LastRecord::Document => Some(false),
            LastRecord::None => match record_line(bytes, self.indent(text)) {
                Some(next) => is_one_line(Text { bytes: &bytes[next..], ..text }),
                None => text.is_last().then_some(false),
            },
        };
        match by_lines {
            None => Part::StartsOver,
            Some(true) => self.line(text, kind),
            Some(false) => {
                self.up_to_record_line(text, if kind == Kind::LogLine { Kind::Objects } else { kind })
            }
        }
    }
}

/// The record that a text starts with and that ends here, or with the source.
fn up_to(end: Option<usize>, text: Text, kind: Kind) -> Part {
    match end.or(text.is_last().then_some(text.bytes.len())) {
        Some(len) => Part::Record(RecordPart::new(kind, len)),
        None => Part::StartsOver,
    }
}
