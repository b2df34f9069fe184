//! Text as people keep it: lines, documents that span lines, arrays, form bodies, or a mix of these.

use crate::json::boundary::{Boundary, LikeLines};
use crate::json::scan::leading_space;
use crate::payloads::form;
use crate::payloads::quoting::COPY;
use crate::records::document::{DocumentSearch, Trailing, is_sound, trailing};
use crate::records::input_format::InputFormat;
use crate::records::layout::{Layout, Part, Pending, Recognized, RecordPart};
use crate::records::lines::{
    broken_element_end, is_one_line, is_scalar_line, is_string_line, line_before_record, opens_array,
    record_line, scalar_end,
};
use crate::records::log::LogLines;
use crate::records::oversize::{RecordEnd, Within};
use crate::records::record::{Doubt, IfEmpty, Kind};
use crate::records::source_quoting::{SourceQuoting, evidence_of_cells};
use crate::records::source_text::{Rest, Text};

/// The layout of the last record, and so, most likely, of the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LastRecord {
    None,
    /// A line.
    Line,
    /// Several lines, or a part of one.
    Document,
}

/// Lines, documents, arrays and form bodies.
#[derive(Debug)]
pub struct TextLayout {
    format: InputFormat,
    in_array: bool,
    last_record: LastRecord,
    /// Whether the last record ended within a line.
    within_line: bool,
    /// Text before this offset is known to be broken: a line there that starts like a record is the next record. So no
    /// text is searched again and again.
    broken_until: u64,
    /// The search for the end of the next record, if it is a document.
    document: Option<DocumentSearch>,
    /// Whether lines without a payload are passed over.
    in_log: bool,
    /// Whose backslashes are in objects on a line.
    backslashes: SourceQuoting,
    log: LogLines,
}

impl Layout for TextLayout {
    fn next(&mut self, text: Text) -> Part {
        if let Some(document) = &mut self.document
            && document.run(text.bytes) == Boundary::More
            && text.rest == Rest::Unread
        {
            return Part::Incomplete(Pending::Text);
        }
        let separators = self.separators(text);
        if separators > 0 {
            return Part::Separator(separators);
        }
        if text.bytes.is_empty() {
            return self.end();
        }
        let mut part = self.record(text);
        if let Part::Record(record) = &mut part {
            if self.in_log {
                record.context.if_empty = IfEmpty::PassOver;
                record.context.quoting = self.log.quoting.known;
            }
            self.document = None;
            self.within_line = !matches!(text.bytes.get(record.len), None | Some(b'\n'));
        }
        part
    }

    fn oversize_end(&mut self, text: Text) -> RecordEnd {
        let indent = self.indent(text);
        let within = if self.in_array { Within::Array } else { Within::Source };
        match self.document.take() {
            Some(document) => document.record_end(text, self.is_line(), indent, within),
            None if self.is_line() => RecordEnd::LineFeed,
            None => RecordEnd::RecordLine(indent),
        }
    }
}

impl TextLayout {
    /// Any source may be text.
    pub fn recognize(format: InputFormat, _: Text) -> Recognized {
        Recognized::Layout(Box::new(TextLayout {
            format,
            in_array: false,
            last_record: LastRecord::None,
            within_line: false,
            broken_until: 0,
            document: None,
            in_log: format == InputFormat::Log,
            backslashes: SourceQuoting::default(),
            log: LogLines::default(),
        }))
    }

    /// The end of the source. An array that is still open there was cut off.
    fn end(&mut self) -> Part {
        if std::mem::take(&mut self.in_array) {
            return Part::Record(RecordPart::new(Kind::UnclosedArray, 0));
        }
        Part::Incomplete(Pending::Text)
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
            return Part::Incomplete(Pending::Lines);
        }
        match self.format {
            InputFormat::Ndjson => self.line(text, Kind::Value),
            InputFormat::Copy => self.line(text, Kind::Copy),
            InputFormat::Form => self.form(text),
            _ if self.in_array => self.element(text),
            _ if bytes[0] == b'{' => self.object(text, 0, Kind::Objects),
            InputFormat::Auto | InputFormat::Log if form::begins(bytes) => self.form(text),
            InputFormat::Auto | InputFormat::Log if !text.is_last() && form::may_begin(bytes) => {
                Part::Incomplete(Pending::Text)
            }
            _ => self.other(text),
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

    /// A record, which is complete with its line feed if it is a line.
    fn part(&self, kind: Kind, len: usize) -> Part {
        let line_completes = self.last_record == LastRecord::Line;
        Part::Record(RecordPart { line_completes, ..RecordPart::new(kind, len) })
    }

    /// The record that ends at an index of the text, or with its source.
    fn up_to(&self, end: Option<usize>, text: Text, kind: Kind) -> Part {
        match end {
            Some(len) => self.part(kind, len),
            None if text.is_last() => self.part(kind, text.bytes.len()),
            None => Part::Incomplete(Pending::Lines),
        }
    }

    /// The current line, whatever it holds.
    fn line(&mut self, text: Text, kind: Kind) -> Part {
        match memchr::memchr(b'\n', text.bytes) {
            Some(len) => self.line_of(kind, len, Some(0)),
            None if text.is_last() => self.line_of(kind, text.bytes.len(), None),
            None => Part::Incomplete(Pending::Line),
        }
    }

    fn line_of(&mut self, kind: Kind, len: usize, line_feeds: Option<u64>) -> Part {
        self.last_record = LastRecord::Line;
        Part::Record(RecordPart { line_feeds, line_completes: true, ..RecordPart::new(kind, len) })
    }

    /// A form body: a line, unless its JSON is not encoded and spans lines.
    fn form(&mut self, text: Text) -> Part {
        match form::plain_object(text.bytes) {
            Some(object) => self.object(text, object, Kind::Form),
            None if !text.is_last() && form::may_be_plain(text.bytes) => Part::Incomplete(Pending::Text),
            None => self.line(text, Kind::Form),
        }
    }

    /// An object that starts at an index of the text.
    fn object(&mut self, text: Text, from: usize, kind: Kind) -> Part {
        let is_broken = text.place.offset < self.broken_until;
        if is_broken && self.is_line() {
            return self.line(text, kind);
        }
        if !self.within_line
            && let Some(part) = self.copy_line(text, kind)
        {
            return part;
        }
        if !self.within_line
            && self.document.is_none()
            && let Some(len) = line_before_record(text)
        {
            return self.line_of(kind, len, Some(0));
        }
        match self.boundary(text, from) {
            Boundary::Whole(close) => self.after_object(text, close, kind),
            Boundary::Broken(_) => self.other(text),
            Boundary::More if text.is_last() => {
                self.broken_until = text.place.offset + text.bytes.len() as u64;
                self.other(text)
            }
            Boundary::More => Part::Incomplete(Pending::Text),
        }
    }

    fn boundary(&mut self, text: Text, from: usize) -> Boundary {
        let is_broken = text.place.offset < self.broken_until;
        let like_lines = if is_broken { LikeLines::EndIt } else { LikeLines::MayBelong };
        let indent = self.indent(text);
        let document = self.document.get_or_insert_with(|| DocumentSearch::new(from, indent, like_lines));
        let boundary = document.run(text.bytes);
        if let Boundary::Broken(at) = boundary {
            self.broken_until = self.broken_until.max(text.place.offset + at as u64);
        }
        boundary
    }

    /// The indentation of the next record: a line like its own is indented by at most this much.
    fn indent(&self, text: Text) -> usize {
        // In an array, the first element may follow the bracket on its line, and the others start their lines.
        if self.in_array { (text.place.column - 1).min(64) as usize } else { 0 }
    }

    /// An object whose brackets match: the text after it on its last line decides whether it is a record.
    fn after_object(&mut self, text: Text, close: usize, kind: Kind) -> Part {
        if close > text.max_record {
            // Its brackets say where it ends, whatever is in it.
            return Part::Oversize;
        }
        let object = &text.bytes[..close];
        let on_one_line = memchr::memchr(b'\n', object).is_none();
        match trailing(text, close) {
            Trailing::Unknown => Part::Incomplete(Pending::Text),
            Trailing::Ignored(len) if on_one_line => {
                self.last_record = LastRecord::Line;
                self.part(kind, close + len)
            }
            Trailing::Ignored(len)
                if kind != Kind::Objects || is_sound(object, text.place.column, self.is_line()) =>
            {
                self.last_record = LastRecord::Document;
                self.part(kind, close + len)
            }
            Trailing::Object if kind == Kind::Objects => self.part(kind, close),
            Trailing::Ignored(_) => {
                // Its brackets match, and yet it is not JSON.
                self.broken_until = self.broken_until.max(text.place.offset + close as u64);
                if self.is_line() { self.line(text, kind) } else { self.up_to_record_line(text, kind) }
            }
            Trailing::Object | Trailing::Other if on_one_line => self.line(text, kind),
            Trailing::Object | Trailing::Other if kind == Kind::Form => {
                let line_feed = memchr::memchr(b'\n', &text.bytes[close..]).map(|len| close + len);
                self.up_to(line_feed, text, kind)
            }
            Trailing::Object | Trailing::Other => self.up_to_record_line(text, kind),
        }
    }

    /// A record up to the next line that starts one.
    fn up_to_record_line(&self, text: Text, kind: Kind) -> Part {
        self.up_to(record_line(text.bytes, self.indent(text)), text, kind)
    }

    /// Text that is not a record: up to the next line that starts one, or line by line where records are lines.
    fn other(&mut self, text: Text) -> Part {
        let bytes = text.bytes;
        let kind = match (self.format, bytes[0]) {
            (InputFormat::Form, _) => Kind::Form,
            (InputFormat::Auto | InputFormat::Log, _) if form::begins(bytes) => Kind::Form,
            (InputFormat::Auto | InputFormat::Log, first) if first != b'{' => Kind::LogLine,
            _ => Kind::Objects,
        };
        let is_string = bytes[0] == b'"' && is_string_line(bytes);
        if kind == Kind::LogLine && !is_string {
            // A source that does not start with a record is a log.
            self.in_log |= self.last_record == LastRecord::None && !is_scalar_line(bytes);
        }
        let by_lines = match self.last_record {
            _ if self.format == InputFormat::Form => Some(true),
            _ if kind == Kind::LogLine && (self.in_log || is_string) => return self.log_line(text),
            LastRecord::Line => Some(self.is_line()),
            LastRecord::Document => Some(false),
            LastRecord::None => match record_line(bytes, self.indent(text)) {
                None if text.is_last() => Some(false),
                None => None,
                Some(next) => is_one_line(&bytes[next..], text.rest),
            },
        };
        match by_lines {
            None => Part::Incomplete(Pending::Lines),
            Some(true) if self.format != InputFormat::Json => self.line(text, kind),
            Some(_) => self.up_to_record_line(text, if kind == Kind::LogLine { Kind::Objects } else { kind }),
        }
    }

    /// A line of a log, with the lines that follow if an object that starts on it goes on there.
    fn log_line(&mut self, text: Text) -> Part {
        match self.log.line(text) {
            Ok(len) => self.line_of(Kind::LogLine, len, None),
            Err(pending) => Part::Incomplete(pending),
        }
    }

    /// An object on a line whose backslashes are those of `COPY`, or may be; `None` if they are not.
    fn copy_line(&mut self, text: Text, kind: Kind) -> Option<Part> {
        if kind != Kind::Objects || self.in_array || self.format != InputFormat::Auto {
            return None;
        }
        let doubt = match self.backslashes.known {
            Some(_) => Doubt::None,
            None => match self.look_at_backslashes(text)? {
                Ok(doubt) => doubt,
                Err(pending) => return Some(Part::Incomplete(pending)),
            },
        };
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

    /// Looks whose backslashes are in the line that a text starts with; `None` if it has none, or none that `COPY` may
    /// have written.
    fn look_at_backslashes(&mut self, text: Text) -> Option<Result<Doubt, Pending>> {
        let at = memchr::memchr2(b'\n', b'\\', text.bytes).filter(|at| text.bytes[*at] == b'\\')?;
        let len = match memchr::memchr(b'\n', &text.bytes[at..]) {
            Some(len) => at + len,
            None if text.is_last() => text.bytes.len(),
            // JSON's escapes are no reason to wait for the line's end.
            None if text.rest == Rest::Ignored || !COPY.may_write(&text.bytes[at..]) => return None,
            None => return Some(Err(Pending::Line)),
        };
        let evidence = |line: &[u8]| evidence_of_cells(line, b'\n');
        Some(self.backslashes.look(text, len, evidence).ok_or(Pending::Lines))
    }

    /// An element of an array: any value, or something else in its place.
    fn element(&mut self, text: Text) -> Part {
        let kind = Kind::Value;
        if !matches!(text.bytes[0], b'{' | b'[') {
            return self.up_to(scalar_end(text.bytes).map(|len| len.max(1)), text, kind);
        }
        match self.boundary(text, 0) {
            Boundary::Whole(len) => return self.part(kind, len),
            Boundary::More if !text.is_last() => return Part::Incomplete(Pending::Text),
            Boundary::More => self.broken_until = text.place.offset + text.bytes.len() as u64,
            Boundary::Broken(_) => {}
        }
        let end = broken_element_end(text.bytes, self.indent(text));
        if end.is_none() && text.is_last() {
            // The array cannot be closed after an element that is not.
            self.in_array = false;
        }
        self.up_to(end, text, kind)
    }
}
