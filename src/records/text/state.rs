//! The knowledge about a text so far, and the records that need no more than that: lines, and what is no record.

use super::document::DocumentSearch;
use super::lines::{is_one_line, is_scalar_line, is_string_line, record_line};
use super::log::log_record;
use crate::payloads::form;
use crate::records::layout::{InputFormat, Lines, Part, RecordPart, Resume, Text};
use crate::records::record::Kind;
use crate::records::source_quoting::SourceQuoting;

/// The layout of the last record, and so, most likely, of the next one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LastRecord {
    #[default]
    None,
    Line,
    /// Several lines, or a part of one.
    Document,
}

#[derive(Debug, Default)]
pub struct TextLayout {
    pub format: InputFormat,
    pub in_array: bool,
    pub last_record: LastRecord,
    /// Whether the last record ended within a line.
    pub within_line: bool,
    /// Text before this offset is known to be broken: a line there that starts like a record is the next record. So no
    /// text is searched again and again.
    pub broken_until: u64,
    pub document: Option<DocumentSearch>,
    pub record_end: Option<RecordEnd>,
    /// Whether lines without a payload are passed over.
    pub in_log: bool,
    /// Whose backslashes are in objects on a line.
    pub backslashes: SourceQuoting,
    /// The way in which payloads in lines of a log are quoted.
    pub log_quoting: SourceQuoting,
}

/// The end of a record over the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordEnd {
    LineFeed,
    /// The next line that starts as a record does.
    RecordLine,
    /// Its last bracket and the rest of that line, unless another record follows there.
    Bracket,
    /// After its last bracket: the white space there, or else its line feed. In an array, a comma or bracket too.
    RestOfLine,
}

impl TextLayout {
    /// Whether a record that is not complete ends with its line, whatever is in it.
    pub fn is_line(&self) -> bool {
        match self.format {
            InputFormat::Ndjson | InputFormat::Form | InputFormat::Copy => true,
            InputFormat::Json => false,
            _ => self.last_record == LastRecord::Line,
        }
    }

    /// The current line, whatever it holds.
    pub fn line(&mut self, text: Text, kind: Kind) -> Part {
        self.line_of(kind, text.line())
    }

    pub fn line_of(&mut self, kind: Kind, len: Option<usize>) -> Part {
        let Some(len) = len else { return Part::Incomplete(Resume::StartsOver) };
        self.last_record = LastRecord::Line;
        Part::Record(RecordPart { lines: Lines::One, ..RecordPart::new(kind, len) })
    }

    /// The indentation of the next record: a line like its own is indented by at most this much.
    pub fn indent(&self, text: Text) -> usize {
        // In an array, the first element may follow the bracket on its line, and the others start their lines.
        if self.in_array { (text.place.column - 1).min(64) as usize } else { 0 }
    }

    pub fn up_to_record_line(&self, text: Text, kind: Kind) -> Part {
        up_to(record_line(text.bytes, self.indent(text)), text, kind)
    }

    /// Text that is not a record: up to the next line that starts one, or line by line where records are lines.
    pub fn other(&mut self, text: Text) -> Part {
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
                if let Part::Record(record) = &mut part
                    && text.line() != len
                {
                    record.lines = Lines::Any;
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
            None => Part::Incomplete(Resume::StartsOver),
            Some(true) => self.line(text, kind),
            Some(false) => {
                self.up_to_record_line(text, if kind == Kind::LogLine { Kind::Objects } else { kind })
            }
        }
    }
}

/// The record that a text starts with and that ends here, or with the source.
pub fn up_to(end: Option<usize>, text: Text, kind: Kind) -> Part {
    match end.or(text.is_last().then_some(text.bytes.len())) {
        Some(len) => Part::Record(RecordPart::new(kind, len)),
        None => Part::Incomplete(Resume::StartsOver),
    }
}
