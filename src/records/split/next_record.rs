//! What the next record is, and where it ends: a line, an object however laid out, an element of an array, a form
//! body, or text that is none of these.

use super::lines::record_line;
use super::skip::Skipped;
use super::{BOM, Eof, LOOK_AHEAD, LastRecord, Layout, Split, Splitter};
use crate::input::encoding::Encoding;
use crate::json::boundary::{Boundary, BoundarySearch, LikeLines};
use crate::json::extract;
use crate::json::scan::{is_blank, leading_space, trim_end};
use crate::payloads::after_record;
use crate::payloads::form;
use crate::payloads::log_line;
use crate::records::record::Kind;

impl Splitter {
    /// What the text starts with; it has no white space at its start.
    pub(super) fn next_record(&mut self, text: &[u8], eof: Eof) -> Split {
        let more = eof == Eof::NotYet;
        if self.place.offset == 0 && matches!(text[0], 0xff | 0xfe | 0x00) {
            match Encoding::of(text) {
                Some(encoding) => return self.source_in(encoding, text, eof),
                None if text.len() < 4 && more => return Split::More,
                None => {}
            }
        }
        if text[0] == BOM[0] && BOM.starts_with(text) && more {
            return Split::More;
        }
        if text[0] == b'[' && self.opens_array(text, eof).is_none() {
            return Split::More;
        }
        match self.layout {
            Layout::Ndjson | Layout::Csv | Layout::Tsv => self.line(text, eof, Kind::Value),
            Layout::Form => self.form(text, eof),
            _ if self.in_array => self.element(text, eof),
            _ if text[0] == b'{' => self.object(text, 0, Kind::Objects, eof),
            Layout::Auto if form::begins(text) => self.form(text, eof),
            Layout::Auto if more && form::may_begin(text) => Split::More,
            _ => self.other(text, eof),
        }
    }

    /// A source in an encoding that is not read is one record, kept when it is small enough.
    fn source_in(&self, encoding: Encoding, text: &[u8], eof: Eof) -> Split {
        match eof {
            _ if text.len() > self.max => Split::Source(Skipped::Encoding(encoding)),
            Eof::NotYet => Split::More,
            Eof::Reached => {
                let kind = Kind::Encoding(encoding, text.len() as u64);
                Split::Record { len: text.len(), kind, lines: None }
            }
        }
    }

    /// Whether a record that is not complete ends with its line, whatever is in it.
    pub(super) fn is_line(&self) -> bool {
        match self.layout {
            Layout::Ndjson | Layout::Form | Layout::Csv | Layout::Tsv => true,
            Layout::Auto => self.last_record == LastRecord::Line,
            Layout::Json => false,
        }
    }

    /// The current line, whatever it holds.
    fn line(&mut self, text: &[u8], eof: Eof, kind: Kind) -> Split {
        let (len, lines) = match self.line_feed.find(text) {
            Some(len) => (len, Some(0)),
            None if eof == Eof::Reached => (text.len(), None),
            None => return Split::More,
        };
        self.last_record = LastRecord::Line;
        Split::Record { len, kind, lines }
    }

    /// A form body: a line, unless its JSON is not encoded and spans lines.
    fn form(&mut self, text: &[u8], eof: Eof) -> Split {
        match form::plain_object(text) {
            Some(object) => self.object(text, object, Kind::Form, eof),
            None if eof == Eof::NotYet && form::may_be_plain(text) => Split::More,
            None => self.line(text, eof, Kind::Form),
        }
    }

    /// An object that starts at an index of the text.
    fn object(&mut self, text: &[u8], from: usize, kind: Kind, eof: Eof) -> Split {
        let is_broken = self.place.offset < self.broken_until;
        if is_broken && self.is_line() {
            return self.line(text, eof, kind);
        }
        // By far the most common: an object on its own line, with another after it. No object continues like
        // that without a comma, so there is no need to look inside. On a line over the limit there may be several
        // within it.
        if let Some(len) = self.line_feed.find(text).filter(|len| *len <= self.max)
            && trim_end(&text[..len]).last() == Some(&b'}')
        {
            let next = &text[len + leading_space(&text[len..])..];
            let is_next =
                if next.is_empty() { eof == Eof::Reached } else { next[0] == b'{' || form::begins(next) };
            if is_next {
                self.last_record = LastRecord::Line;
                return Split::Record { len, kind, lines: Some(0) };
            }
        }
        match self.boundary(text, from) {
            Boundary::Whole(close) => self.behind_object(text, from + close, kind, eof),
            Boundary::Broken(_) => self.other(text, eof),
            Boundary::More if eof == Eof::Reached => {
                self.broken_until = self.place.offset + text.len() as u64;
                self.other(text, eof)
            }
            Boundary::More => Split::More,
        }
    }

    fn boundary(&mut self, text: &[u8], from: usize) -> Boundary {
        let like_lines = match self.place.offset < self.broken_until {
            true => LikeLines::EndIt,
            false => LikeLines::MayBelong,
        };
        let indent = self.indent();
        self.next.object = from;
        let search = self
            .next
            .boundary
            .get_or_insert_with(|| BoundarySearch::new(indent, like_lines, form::starts_line));
        let boundary = search.run(&text[from..]);
        if let Boundary::Broken(at) = boundary {
            self.broken_until = self.broken_until.max(self.place.offset + (from + at) as u64);
        }
        boundary
    }

    /// The indentation of the next record: a line like its own is indented by at most this much.
    pub(super) fn indent(&self) -> usize {
        // In an array, the first element may follow the bracket on its line, and the others start their lines.
        if self.in_array { (self.place.column - 1).min(64) as usize } else { 0 }
    }

    /// What follows an object on its last line decides whether it is a record.
    fn behind_object(&mut self, text: &[u8], close: usize, kind: Kind, eof: Eof) -> Split {
        if close > self.max {
            // Its brackets say where it ends, whatever is in it.
            return Split::TooLarge;
        }
        let on_one_line = self.line_feed.find(text).is_none_or(|at| at >= close);
        let behind = &text[close..text.len().min(close + LOOK_AHEAD)];
        let ignored = after_record::leading_on_line(behind);
        let len = close + ignored;
        match behind.get(ignored) {
            None if eof == Eof::NotYet && behind.len() < LOOK_AHEAD => Split::More,
            None | Some(b'\n') if on_one_line => {
                self.last_record = LastRecord::Line;
                Split::Record { len, kind, lines: None }
            }
            None | Some(b'\n') if self.is_sound(&text[..close], kind) => {
                self.last_record = LastRecord::Document;
                Split::Record { len, kind, lines: None }
            }
            Some(b'{') if kind == Kind::Objects && is_blank(&behind[..ignored]) => {
                Split::Record { len: close, kind, lines: None }
            }
            Some(b'\n') | None => self.broken(text, close, kind, eof),
            Some(_) if on_one_line => self.line(text, eof, kind),
            Some(_) if kind == Kind::Form => self.through_line(text, close, kind, eof),
            Some(_) => self.through_record_line(text, kind, eof),
        }
    }

    /// Whether an object that spans lines is really one: its last bracket is alone on its line and indented like
    /// its first, or it is valid JSON. If not, an extra bracket may have closed it, or it is a series of broken
    /// lines.
    fn is_sound(&mut self, object: &[u8], kind: Kind) -> bool {
        let last_line = memchr::memrchr(b'\n', object).map_or(object, |at| &object[at + 1..]);
        let ends_like_a_document =
            is_blank(&last_line[..last_line.len() - 1]) && last_line.len() as u64 == self.place.column;
        if kind != Kind::Objects || ends_like_a_document && !self.is_line() {
            return true;
        }
        // Check only once, however often more text arrives.
        self.next.invalid |= extract::check(object).is_err();
        !self.next.invalid
    }

    /// An object whose brackets match, but which is not JSON.
    fn broken(&mut self, text: &[u8], close: usize, kind: Kind, eof: Eof) -> Split {
        self.broken_until = self.broken_until.max(self.place.offset + close as u64);
        match self.is_line() {
            true => self.line(text, eof, kind),
            false => self.through_record_line(text, kind, eof),
        }
    }

    /// Up to the end of the line that an index is on.
    fn through_line(&self, text: &[u8], from: usize, kind: Kind, eof: Eof) -> Split {
        let line_feed = memchr::memchr(b'\n', &text[from..]).map(|len| from + len);
        up_to(line_feed, text, kind, eof)
    }

    /// Up to the next line that starts a record.
    fn through_record_line(&mut self, text: &[u8], kind: Kind, eof: Eof) -> Split {
        up_to(self.next_record_line(text), text, kind, eof)
    }

    /// Text that is not a record: up to the next line that starts one, or line by line where records are lines.
    fn other(&mut self, text: &[u8], eof: Eof) -> Split {
        let kind = match (self.layout, text[0]) {
            (Layout::Form, _) => Kind::Form,
            (Layout::Auto, _) if form::begins(text) => Kind::Form,
            (Layout::Auto, first) if first != b'{' => Kind::LogLine,
            _ => Kind::Objects,
        };
        let by_lines = match self.last_record {
            _ if self.layout == Layout::Form => true,
            LastRecord::Line => self.is_line(),
            LastRecord::Document => false,
            LastRecord::None if kind == Kind::LogLine => match self.line_with_payload(text, eof) {
                Some(by_lines) => by_lines,
                None => return Split::More,
            },
            LastRecord::None => match self.next_record_line(text) {
                None if eof == Eof::NotYet => return Split::More,
                None => false,
                Some(next) => match is_one_line(&text[next..], eof) {
                    Some(by_lines) => by_lines,
                    None => return Split::More,
                },
            },
        };
        match by_lines && self.layout != Layout::Json {
            true => self.line(text, eof, kind),
            false => {
                self.through_record_line(text, if kind == Kind::LogLine { Kind::Objects } else { kind }, eof)
            }
        }
    }

    /// Whether the text, which does not start with a record, is made of lines: a line contains a payload before
    /// any line starts a record, or the first record that starts a line also ends on it. `None` if more text is
    /// needed.
    fn line_with_payload(&mut self, text: &[u8], eof: Eof) -> Option<bool> {
        let mut at = self.next.lines_seen;
        loop {
            if at > 0 && starts_record(&text[at..]) {
                return is_one_line(&text[at..], eof);
            }
            let line = match memchr::memchr(b'\n', &text[at..]) {
                Some(len) => &text[at..at + len],
                None if eof == Eof::NotYet => return None,
                None => &text[at..],
            };
            if log_line::find(line).is_ok() {
                return Some(true);
            }
            at += line.len() + 1;
            if at >= text.len() {
                self.next.lines_seen = at.min(text.len());
                return (eof == Eof::Reached).then_some(false);
            }
            self.next.lines_seen = at;
        }
    }

    /// Where the next line starts like a record, the first not counted. What was searched is not searched again.
    fn next_record_line(&mut self, text: &[u8]) -> Option<usize> {
        let from = self.next.searched;
        let found = record_line(&text[from..], self.indent()).map(|at| from + at);
        if found.is_none() {
            self.next.searched = memchr::memrchr(b'\n', text).unwrap_or(from);
        }
        found
    }

    /// An element of an array: any value, or something else in its place.
    fn element(&mut self, text: &[u8], eof: Eof) -> Split {
        let kind = Kind::Value;
        if !matches!(text[0], b'{' | b'[') {
            let end = self.next.literal.find(text).map(|len| len.max(1));
            return up_to(end, text, kind, eof);
        }
        match self.boundary(text, 0) {
            Boundary::Whole(len) => return Split::Record { len, kind, lines: None },
            Boundary::More if eof == Eof::NotYet => return Split::More,
            Boundary::More => self.broken_until = self.place.offset + text.len() as u64,
            Boundary::Broken(_) => {}
        }
        let end = self.next_record_line(text).map(|len| {
            // The comma after it is not part of it.
            let own = trim_end(&text[..len]);
            own.strip_suffix(b",").map_or(len, |own| trim_end(own).len())
        });
        if end.is_none() && eof == Eof::Reached {
            // The array cannot be closed after an element that is not.
            self.in_array = false;
        }
        up_to(end, text, kind, eof)
    }
}

/// The record that ends at an index of the text, or with its source.
fn up_to(end: Option<usize>, text: &[u8], kind: Kind, eof: Eof) -> Split {
    match end {
        Some(len) => Split::Record { len, kind, lines: None },
        None if eof == Eof::Reached => Split::Record { len: text.len(), kind, lines: None },
        None => Split::More,
    }
}

/// Whether a text starts with a record.
fn starts_record(text: &[u8]) -> bool {
    text.first() == Some(&b'{') || form::begins(text)
}

/// Whether the record that a text starts with is on one line, as far as that line tells. One that is too long to be
/// looked at is.
fn is_one_line(text: &[u8], eof: Eof) -> Option<bool> {
    let looked = &text[..text.len().min(LOOK_AHEAD / 2)];
    match memchr::memchr(b'\n', looked) {
        Some(len) => Some(after_record::trim(&text[..len]).ends_with(b"}")),
        None if looked.len() == LOOK_AHEAD / 2 => Some(true),
        None if eof == Eof::NotYet => None,
        None => Some(after_record::trim(text).ends_with(b"}")),
    }
}
