//! Splits the text of a source into records. Only the content decides, never how much of it is read at a time.

use crate::input::damage::Damage;
use crate::json::scan::{is_blank, trim_end};
use crate::records::detect::recognize;
use crate::records::input_format::InputFormat;
use crate::records::layout::{Layout, Part, Pending, RecordPart};
use crate::records::oversize::Oversize;
use crate::records::record::{Completeness, Kind, Place, Record};
use crate::records::source_text::{Extent, LOOK_AHEAD, Rest, Text};

/// Whether a text is all that is left of its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Eof {
    NotYet,
    Reached,
}

/// The most records that are split off at a time, so that tiny ones do not fill the memory.
const MAX_RECORDS: usize = 1 << 14;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Splits one source into records.
#[derive(Debug)]
pub struct Splitter {
    format: InputFormat,
    max_record: usize,
    /// The place after what was split off.
    place: Place,
    /// The layout, once the content shows it.
    layout: Option<Box<dyn Layout>>,
    oversize: Option<Oversize>,
    waiting: Waiting,
}

/// The length and the need of an incomplete record, so that its start is not looked at each time that text comes.
#[derive(Clone, Copy, Debug, Default)]
struct Waiting {
    len: usize,
    pending: Option<Pending>,
}

impl Waiting {
    /// A record shorter than this is looked at again whenever text comes.
    const SHORT: usize = 4 << 10;
    /// A record longer than this is looked at again only when it has grown by an eighth.
    const LONG: usize = 64 << 10;

    fn is_over(self, text: &[u8]) -> bool {
        let has_line_feed = || memchr::memchr(b'\n', &text[self.len..]).is_some();
        match self.pending {
            None | Some(Pending::Text) => true,
            Some(Pending::Line) => has_line_feed(),
            Some(Pending::Lines) => {
                text.len() < Self::SHORT
                    || self.len < Self::LONG && (has_line_feed() || text.len() >= Self::LONG)
                    || text.len() - self.len > self.len / 8
            }
        }
    }
}

impl Splitter {
    /// A splitter at the start of a source.
    pub fn new(format: InputFormat, max_record: usize) -> Splitter {
        let (place, waiting) = (Place::START, Waiting::default());
        Splitter { format, max_record, place, layout: None, oversize: None, waiting }
    }

    /// Appends the records that a text starts with, and returns how many bytes they take. Pass the rest again
    /// with more text after it, or as it is if `MAX_RECORDS` records were split off.
    pub fn split(&mut self, text: &[u8], eof: Eof, records: &mut Vec<Record>) -> usize {
        let is_enough = eof == Eof::Reached || self.waiting.is_over(text) || text.len() >= self.limit();
        if !is_enough {
            return 0;
        }
        self.waiting = Waiting::default();
        let mut at = 0;
        let max = records.len() + MAX_RECORDS;
        while records.len() < max {
            let rest = &text[at..];
            if rest.starts_with(BOM) && self.oversize.is_none() {
                // No character of the text, so no column either.
                self.place.offset += BOM.len() as u64;
                at += BOM.len();
                continue;
            }
            let window = self.window(rest, eof);
            if let Some(oversize) = &mut self.oversize {
                let after = if eof == Eof::Reached { Rest::Nothing } else { Rest::Unread };
                let extent = oversize.pass(Text { bytes: rest, rest: after, ..window });
                if let Extent::Ends(len) = extent {
                    records.extend(self.oversize.take().map(|oversize| oversize.record()));
                    self.advance(&rest[..len]);
                    at += len;
                    continue;
                }
                let (Extent::Ends(len) | Extent::GoesOn(len)) = extent;
                self.advance(&rest[..len]);
                return at + len;
            }
            match self.next(window) {
                Part::Incomplete(pending) if window.rest == Rest::Unread => {
                    self.waiting = Waiting { len: rest.len(), pending: Some(pending) };
                    return at;
                }
                Part::Incomplete(_) if rest.is_empty() => return at,
                Part::Incomplete(_) | Part::Oversize => {
                    let end = self.layout.as_mut().map(|layout| layout.oversize_end(window));
                    self.oversize = end.map(|end| Oversize::new(self.place, end));
                }
                Part::Separator(len) => {
                    self.advance(&rest[..len]);
                    at += len;
                }
                Part::Record(part) => {
                    records.push(self.record(&part, rest, at, eof));
                    // With its line feed: then there are no columns to count.
                    let len = part.len + usize::from(rest.get(part.len) == Some(&b'\n'));
                    match part.line_feeds {
                        Some(lines) if rest[..len].ends_with(b"\n") => self.advance_lines(len, lines + 1),
                        _ => self.advance(&rest[..len]),
                    }
                    at += len;
                }
            }
        }
        at
    }

    /// Looks at an incomplete record again at the next call, however little text has come.
    pub fn look_again(&mut self) {
        self.waiting = Waiting::default();
    }

    /// The next part of a text, in the layout of the source.
    fn next(&mut self, text: Text) -> Part {
        let is_bom_cut_off = !text.bytes.is_empty() && BOM.starts_with(text.bytes);
        if text.rest == Rest::Unread && (text.bytes.is_empty() || is_bom_cut_off) {
            return Part::Incomplete(Pending::Text);
        }
        if self.layout.is_none() {
            self.layout = recognize(self.format, text);
        }
        match &mut self.layout {
            Some(layout) => layout.next(text),
            None => Part::Incomplete(Pending::Lines),
        }
    }

    fn limit(&self) -> usize {
        self.max_record.saturating_add(LOOK_AHEAD)
    }

    /// The text that is looked at, so that the result does not depend on how much was read.
    fn window<'t>(&self, text: &'t [u8], eof: Eof) -> Text<'t> {
        let limit = self.limit();
        let rest = match eof {
            _ if text.len() >= limit && (text.len() > limit || eof == Eof::NotYet) => Rest::Ignored,
            Eof::NotYet => Rest::Unread,
            Eof::Reached => Rest::Nothing,
        };
        let bytes = &text[..text.len().min(limit)];
        Text { bytes, rest, place: self.place, max_record: self.max_record }
    }

    /// The record for the text that is left when a source cannot be read further.
    pub fn damaged(&self, damage: Option<Damage>, start: usize, end: usize) -> Record {
        let record = Record::without_text(Kind::Damaged(damage), start, self.place);
        Record { end, completeness: Completeness::MayBeCutOff, ..record }
    }

    /// The record that a text starts with, which is at this index of the whole text.
    fn record(&self, part: &RecordPart, text: &[u8], start: usize, eof: Eof) -> Record {
        let own = match part.kind {
            // White space may be a part of a character.
            Kind::Encoding(..) => part.len,
            // Tabs at its end are cells.
            Kind::Row(_) => part.len - usize::from(text[..part.len].ends_with(b"\r")),
            _ => trim_end(&text[..part.len]).len(),
        };
        let place = self.place;
        if own > self.max_record {
            let kind = Kind::TooLarge(own as u64);
            return Record::without_text(kind, start, place);
        }
        let is_last = eof == Eof::Reached && is_blank(&text[part.len..]);
        let is_whole_line = part.line_completes && own < text.len();
        let completeness =
            if is_last && !is_whole_line { Completeness::MayBeCutOff } else { Completeness::Complete };
        Record { kind: part.kind, start, end: start + own, place, completeness, context: part.context }
    }

    fn advance_lines(&mut self, bytes: usize, lines: u64) {
        let Place { offset, line, .. } = self.place;
        self.place = Place { offset: offset + bytes as u64, line: line + lines, column: 1 };
    }

    fn advance(&mut self, text: &[u8]) {
        self.place = self.place.after(text);
    }
}
