//! Text as people keep it: lines, documents that span lines, arrays, form bodies, or a mix of these.

mod document;
mod lines;
mod log;

use crate::json::boundary::{Boundary, LikeLines};
use crate::json::scan::{leading_space, leading_space_on_line};
use crate::payloads::form;
use crate::payloads::quoting::COPY;
use crate::records::layout::{End, InputFormat, Layout, Part, Recognized, RecordPart, Rest, Search, Text};
use crate::records::record::{Doubt, IfEmpty, Kind};
use crate::records::source_quoting::{SourceQuoting, evidence_of_cells};
use document::{DocumentSearch, Trailing, is_sound, trailing};
use lines::{
    UNDECIDED, broken_element_end, is_one_line, is_scalar_line, is_string_line, line_before_record,
    opens_array, record_line, scalar_end,
};
use log::LogLines;

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
    /// What the next record goes on to, if it is over the limit.
    landmark: Option<Landmark>,
    /// Whether lines without a payload are passed over.
    in_log: bool,
    /// Whose backslashes are in objects on a line.
    backslashes: SourceQuoting,
    log: LogLines,
}

impl Layout for TextLayout {
    fn next(&mut self, text: Text) -> Part {
        if let Some(document) = &mut self.document
            && document.run(text) == Boundary::More
            && text.rest == Rest::Unread
        {
            return Part::Incomplete(Search::GoesOn);
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

    fn oversize_end(&mut self, text: Text) -> End {
        let landmark = match self.landmark {
            Some(landmark) => landmark,
            None => self.first_landmark(text),
        };
        let end = self.landmark_end(landmark, text);
        if matches!(end, End::At(_)) {
            self.landmark = None;
            self.document = None;
        }
        end
    }
}

/// What a record over the limit goes on to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Landmark {
    /// Its line feed.
    LineFeed,
    /// The next line that starts as a record does.
    RecordLine,
    /// The last bracket of its document.
    Bracket,
    /// After that bracket: the white space there, or else its line feed. In an array, a comma or bracket too.
    RestOfLine,
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
            landmark: None,
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
        Part::Incomplete(Search::GoesOn)
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
            return Part::Incomplete(Search::StartsOver);
        }
        match self.format {
            InputFormat::Ndjson => self.line(text, Kind::Value),
            InputFormat::Copy => self.line(text, Kind::Copy),
            InputFormat::Form => self.form(text),
            _ if self.in_array => self.element(text),
            _ if bytes[0] == b'{' => self.object(text, 0, Kind::Objects),
            InputFormat::Auto | InputFormat::Log if form::begins(bytes) => self.form(text),
            InputFormat::Auto | InputFormat::Log if !text.is_last() && form::may_begin(bytes) => {
                Part::Incomplete(Search::GoesOn)
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
            None => Part::Incomplete(Search::StartsOver),
        }
    }

    /// The current line, whatever it holds.
    fn line(&mut self, text: Text, kind: Kind) -> Part {
        self.line_of(kind, text.line())
    }

    fn line_of(&mut self, kind: Kind, len: Option<usize>) -> Part {
        let Some(len) = len else { return Part::Incomplete(Search::StartsOver) };
        self.last_record = LastRecord::Line;
        self.part(kind, len)
    }

    /// A form body: a line, unless its JSON is not encoded and spans lines.
    fn form(&mut self, text: Text) -> Part {
        match form::plain_object(text.bytes) {
            Some(object) => self.object(text, object, Kind::Form),
            None if !text.is_last() && form::may_be_plain(text.bytes) => Part::Incomplete(Search::GoesOn),
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
            return self.line_of(kind, Some(len));
        }
        match self.boundary(text, from) {
            Boundary::Whole(close) => self.after_object(text, close, kind),
            Boundary::Broken(_) => self.other(text),
            Boundary::More if text.is_last() => {
                self.broken_until = text.place.offset + text.bytes.len() as u64;
                self.other(text)
            }
            Boundary::More => Part::Incomplete(Search::GoesOn),
        }
    }

    fn boundary(&mut self, text: Text, from: usize) -> Boundary {
        let is_broken = text.place.offset < self.broken_until;
        let like_lines = if is_broken { LikeLines::EndIt } else { LikeLines::MayBelong };
        let indent = self.indent(text);
        let document = self.document.get_or_insert_with(|| DocumentSearch::new(from, indent, like_lines));
        let boundary = document.run(text);
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
            Trailing::Unknown => Part::Incomplete(Search::GoesOn),
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
                Some(next) => is_one_line(Text { bytes: &bytes[next..], ..text }),
            },
        };
        match by_lines {
            None => Part::Incomplete(Search::StartsOver),
            Some(true) if self.format != InputFormat::Json => self.line(text, kind),
            Some(_) => self.up_to_record_line(text, if kind == Kind::LogLine { Kind::Objects } else { kind }),
        }
    }

    /// A line of a log, with the lines that follow if an object that starts on it goes on there.
    fn log_line(&mut self, text: Text) -> Part {
        let len = self.log.line(text);
        self.line_of(Kind::LogLine, len)
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
                None => return Some(Part::Incomplete(Search::StartsOver)),
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
    fn element(&mut self, text: Text) -> Part {
        let kind = Kind::Value;
        if !matches!(text.bytes[0], b'{' | b'[') {
            return self.up_to(scalar_end(text.bytes).map(|len| len.max(1)), text, kind);
        }
        match self.boundary(text, 0) {
            Boundary::Whole(len) => return self.part(kind, len),
            Boundary::More if !text.is_last() => return Part::Incomplete(Search::GoesOn),
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

    /// What a record over the limit goes on to, from its start.
    fn first_landmark(&self, text: Text) -> Landmark {
        let of_line = |is_line: bool| if is_line { Landmark::LineFeed } else { Landmark::RecordLine };
        match self.document.as_ref().map(DocumentSearch::found) {
            None => of_line(self.is_line()),
            Some(Some(Boundary::Broken(_))) if !self.in_array => of_line(self.is_line()),
            // The text after it has no end.
            Some(Some(Boundary::Whole(close))) if close <= text.max_record && text.bytes[0] == b'{' => {
                of_line(memchr::memchr(b'\n', &text.bytes[..close]).is_none())
            }
            Some(_) => Landmark::Bracket,
        }
    }

    /// The end of a record over the limit, which goes on to a landmark.
    fn landmark_end(&mut self, landmark: Landmark, text: Text) -> End {
        self.landmark = Some(landmark);
        let bytes = text.bytes;
        match (landmark, &mut self.document) {
            (Landmark::LineFeed, _) => End::of_line(text),
            (Landmark::RestOfLine, _) => {
                let blank = leading_space_on_line(bytes);
                match bytes.get(blank) {
                    None => End::Beyond(blank),
                    Some(b'\n' | b'{') => End::At(blank),
                    Some(b',' | b']') if self.in_array => End::At(blank),
                    Some(_) => self.landmark_end(Landmark::LineFeed, text),
                }
            }
            (Landmark::Bracket, Some(document)) => match document.run(text) {
                Boundary::More if text.is_last() => End::Beyond(bytes.len()),
                Boundary::More => End::Beyond(document.looked_at(text)),
                Boundary::Whole(close) => self.landmark_after(close, Landmark::RestOfLine, text),
                Boundary::Broken(at) => {
                    // The line that it broke at may be the next record's first.
                    let line = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |at| at + 1);
                    if bytes[at] == b'{' || form::begins(&bytes[at..]) && line == at {
                        End::At(line)
                    } else if self.is_line() && !self.in_array {
                        self.landmark_after(at, Landmark::LineFeed, text)
                    } else {
                        self.landmark_after(line, Landmark::RecordLine, text)
                    }
                }
            },
            (Landmark::RecordLine | Landmark::Bracket, _) => {
                let indent = self.indent(text);
                match record_line(bytes, indent) {
                    Some(len) => End::At(len),
                    None if text.is_last() => End::Beyond(bytes.len()),
                    // A line that has only just started may turn out to start a record.
                    None => {
                        let start =
                            memchr::memrchr(b'\n', bytes).filter(|at| bytes.len() - at < indent + UNDECIDED);
                        End::Beyond(start.unwrap_or(bytes.len()))
                    }
                }
            }
        }
    }

    /// The end of a record over the limit, which goes on to a landmark after an index of a text.
    fn landmark_after(&mut self, from: usize, landmark: Landmark, text: Text) -> End {
        let after = Text { bytes: &text.bytes[from..], passed: text.passed + from, ..text };
        match self.landmark_end(landmark, after) {
            End::At(len) => End::At(from + len),
            End::Beyond(len) => End::Beyond(from + len),
        }
    }
}
