//! Splits the text of a source into records. Only the content decides, never how much of it is read at a time.

use crate::input::damage::Damage;
use crate::json::scan::{is_blank, trim_end};
use crate::records::layout::{
    End, InputFormat, LOOK_AHEAD, Layout, Part, Recognized, RecordPart, Rest, Text,
};
use crate::records::record::{Kind, Place, Record};
use crate::records::sql::SqlLayout;
use crate::records::table::TableLayout;
use crate::records::text::TextLayout;
use crate::records::utf32::Utf32Layout;

/// The layouts in the order in which they are tried. Whatever no other recognizes is text.
const LAYOUTS: [fn(InputFormat, Text) -> Recognized; 4] =
    [Utf32Layout::recognize, SqlLayout::recognize, TableLayout::recognize, TextLayout::recognize];

/// The most records that are split off at a time, so that tiny ones do not fill the memory.
const MAX_RECORDS: usize = 1 << 14;

/// A record longer than this that has several lines does not start over with each that comes.
const MAX_EACH_LINE: usize = 64 << 10;

const BOM: &[u8] = b"\xef\xbb\xbf";

#[derive(Debug)]
pub struct Splitter {
    format: InputFormat,
    max_record: usize,
    place: Place,
    /// The layout, once the content shows it.
    layout: Option<Box<dyn Layout>>,
    oversize: Option<Oversize>,
    /// The length of an incomplete record whose search starts over.
    waiting: Option<usize>,
}

/// A record over the limit, whose text is not kept.
#[derive(Debug)]
struct Oversize {
    start: Place,
    passed: usize,
    own: usize,
}

impl Splitter {
    pub fn new(format: InputFormat, max_record: usize) -> Splitter {
        Splitter { format, max_record, place: Place::START, layout: None, oversize: None, waiting: None }
    }

    /// Appends the records that a text starts with, and returns how many bytes they take. Pass the rest again
    /// with more text after it, or as it is if `MAX_RECORDS` records were split off.
    pub fn split(&mut self, text: &[u8], rest: Rest, records: &mut Vec<Record>) -> usize {
        if rest == Rest::Unread && text.len() < self.limit() && self.waits(text) {
            return 0;
        }
        self.waiting = None;
        let mut at = 0;
        let max = records.len() + MAX_RECORDS;
        while records.len() < max {
            let own = &text[at..];
            if own.starts_with(BOM) && self.oversize.is_none() {
                // No character of the text, so no column either.
                self.place.offset += BOM.len() as u64;
                at += BOM.len();
                continue;
            }
            let Some(len) = self.part(own, at, rest, records) else { break };
            at += len;
        }
        at
    }

    /// Looks at an incomplete record again at the next call, however little text has come.
    pub fn look_again(&mut self) {
        self.waiting = None;
    }

    /// Whether too little text has come for a search that starts over.
    fn waits(&self, text: &[u8]) -> bool {
        let Some(len) = self.waiting else { return false };
        let has_line_feed = |text| memchr::memchr(b'\n', text).is_some();
        let (looked, new) = text.split_at(len);
        let is_line = has_line_feed(new) && (len < MAX_EACH_LINE || !has_line_feed(looked));
        !is_line && new.len() <= len / 8
    }

    /// Splits off the part that a text starts with, which is at this index of the whole text, and returns its length;
    /// `None` if more text is needed.
    fn part(&mut self, text: &[u8], at: usize, rest: Rest, records: &mut Vec<Record>) -> Option<usize> {
        if self.oversize.is_some() {
            return self.oversize(text, rest, records);
        }
        let window = self.window(text, rest);
        match self.next(window) {
            Part::StartsOver if window.rest == Rest::Unread => {
                self.waiting = Some(text.len());
                None
            }
            Part::Continues if window.rest == Rest::Unread => None,
            Part::StartsOver | Part::Continues if text.is_empty() => None,
            Part::StartsOver | Part::Continues | Part::Oversize => {
                self.oversize = Some(Oversize { start: self.place, passed: 0, own: 0 });
                self.oversize(text, rest, records)
            }
            Part::Separator(len) => Some(self.pass(&text[..len])),
            Part::Record(part) => {
                records.push(self.record(&part, text, at, rest));
                let has_line_feed = text.get(part.len) == Some(&b'\n');
                let len = part.len + usize::from(has_line_feed);
                if has_line_feed && part.is_line {
                    self.place = self.place.after_line(len);
                    return Some(len);
                }
                Some(self.pass(&text[..len]))
            }
        }
    }

    /// Goes on after a text, and returns its length.
    fn pass(&mut self, text: &[u8]) -> usize {
        self.place = self.place.after(text);
        text.len()
    }

    fn next(&mut self, text: Text) -> Part {
        // Nothing yet, or a byte order mark that is cut off.
        if text.rest == Rest::Unread && BOM.starts_with(text.bytes) {
            return Part::Continues;
        }
        if self.layout.is_none() {
            self.layout = recognize(self.format, text);
        }
        match &mut self.layout {
            Some(layout) => layout.next(text),
            None => Part::StartsOver,
        }
    }

    /// The part of a text that belongs to a record over the limit.
    fn oversize(&mut self, text: &[u8], rest: Rest, records: &mut Vec<Record>) -> Option<usize> {
        let layout = self.layout.as_mut()?;
        let Oversize { start: place, passed, own } = self.oversize.take()?;
        let end = layout.oversize_end(Text { bytes: text, rest, place, passed, max_record: self.max_record });
        let (End::At(len) | End::Beyond(len)) = end;
        let own = match own_len(layout.oversize_kind(0), &text[..len]) {
            0 => own,
            more => passed + more,
        };
        if matches!(end, End::At(_)) {
            records.push(Record::without_text(layout.oversize_kind(own as u64), 0, place));
            return Some(self.pass(&text[..len]));
        }
        self.oversize = Some(Oversize { start: place, passed: passed + len, own });
        Some(self.pass(&text[..len])).filter(|len| *len > 0)
    }

    fn limit(&self) -> usize {
        self.max_record.saturating_add(LOOK_AHEAD)
    }

    /// The text that is looked at, so that the result does not depend on how much was read.
    fn window<'t>(&self, text: &'t [u8], rest: Rest) -> Text<'t> {
        let limit = self.limit();
        let is_enough = text.len() > limit || text.len() == limit && rest == Rest::Unread;
        let rest = if is_enough { Rest::Ignored } else { rest };
        let bytes = &text[..text.len().min(limit)];
        Text { bytes, rest, place: self.place, passed: 0, max_record: self.max_record }
    }

    /// The record for the text that is left when a source cannot be read further.
    pub fn damaged(&self, damage: Option<Damage>, start: usize, end: usize) -> Record {
        let record = Record::without_text(Kind::Damaged(damage), start, self.place);
        Record { end, may_be_cut_off: true, ..record }
    }

    /// The record that a text starts with, which is at this index of the whole text.
    fn record(&self, part: &RecordPart, text: &[u8], start: usize, rest: Rest) -> Record {
        let (kind, place, context) = (part.kind, self.place, part.context);
        let own = own_len(kind, &text[..part.len]);
        if own > self.max_record {
            return Record::without_text(Kind::TooLarge(own as u64), start, place);
        }
        let is_last = rest == Rest::Nothing && is_blank(&text[part.len..]);
        let is_whole_line = part.is_line && own < text.len();
        let may_be_cut_off = is_last && !is_whole_line;
        Record { kind, start, end: start + own, place, may_be_cut_off, context }
    }
}

/// The layout of the source that a text starts; `None` if more text is needed to tell.
fn recognize(format: InputFormat, text: Text) -> Option<Box<dyn Layout>> {
    for recognize in LAYOUTS {
        match recognize(format, text) {
            Recognized::Layout(layout) => return Some(layout),
            Recognized::Other => {}
            Recognized::Unknown => return None,
        }
    }
    None
}

/// The length of a record without the white space at its end.
fn own_len(kind: Kind, text: &[u8]) -> usize {
    match kind {
        // White space may be a part of a character.
        Kind::Encoding(..) => text.len(),
        // Tabs at its end are cells.
        Kind::Row(_) => text.len() - usize::from(text.ends_with(b"\r")),
        _ => trim_end(text).len(),
    }
}
