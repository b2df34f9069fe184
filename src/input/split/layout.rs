//! What stands next in a source, and where it ends: a line, an object however laid out, an element of an
//! array, a form body, or a stretch of none of these.

use super::{BOM, Cut, Layout, Splitter};
use crate::input::encoding;
use crate::input::form;
use crate::input::record::Kind;
use crate::input::split::boundary::{Boundary, BoundarySearch, blanks, is_blank, record_line, trim_end};
use crate::input::split::skip::Until;

/// The most bytes that are taken for the rest of a broken object.
const MOST_REST: usize = 64 << 10;

impl Splitter {
    /// What the text at hand, which begins with no white space, begins with.
    pub(super) fn cut(&mut self, text: &[u8], end: bool) -> Cut {
        if self.place.offset == 0 && matches!(text[0], 0xff | 0xfe | 0x00) {
            match encoding::marked(text) {
                Some(name) => return self.whole_source(name, text, end),
                None if text.len() < 4 && !end => return Cut::More,
                None => {}
            }
        }
        if text[0] == BOM[0] && BOM.starts_with(text) && !end {
            return Cut::More;
        }
        match self.layout {
            Layout::Ndjson => self.line(text, end, Kind::One),
            Layout::Form => self.form(text, end),
            _ if self.in_array => self.element(text, end),
            _ if text[0] == b'{' => self.object(text, 0, Kind::Json, end),
            Layout::Auto if form::begins(text) => self.form(text, end),
            Layout::Auto if !end && form::may_begin(text) => Cut::More,
            _ => self.stretch(text, end),
        }
    }

    /// A source in an encoding that is not read is one record, kept when it is small enough.
    fn whole_source(&mut self, name: &'static str, text: &[u8], end: bool) -> Cut {
        if end {
            return Cut::Record {
                len: text.len(),
                kind: Kind::Encoding(name, text.len() as u64),
                lines: None,
            };
        }
        if text.len() <= self.max {
            return Cut::More;
        }
        Cut::TooLarge(Until::End, encoding::record(name))
    }

    /// The line at hand, whatever it holds.
    fn line(&mut self, text: &[u8], end: bool, kind: Kind) -> Cut {
        match self.line_feed(text) {
            Some(len) => {
                self.by_lines = Some(true);
                Cut::Record { len, kind, lines: Some(0) }
            }
            None if end => {
                self.by_lines = Some(true);
                Cut::Record { len: text.len(), kind, lines: None }
            }
            None => Cut::More,
        }
    }

    fn line_feed(&mut self, text: &[u8]) -> Option<usize> {
        let found = memchr::memchr(b'\n', &text[self.searched..]).map(|at| self.searched + at);
        self.searched = found.unwrap_or(text.len());
        found
    }

    /// A form body: a line, unless the JSON in it stands there as it is and spans lines.
    fn form(&mut self, text: &[u8], end: bool) -> Cut {
        match form::plain_object(text) {
            Some(object) => self.object(text, object, Kind::Form, end),
            None if !end && form::may_be_plain(text) => Cut::More,
            None => self.line(text, end, Kind::Form),
        }
    }

    /// An object that begins at an index of the text at hand.
    fn object(&mut self, text: &[u8], from: usize, kind: Kind, end: bool) -> Cut {
        // By far the most: an object on a line of its own. A line that ends in a closing bracket and
        // yet not with its object goes on with one of these three, so there is no need to look inside.
        if let Some(len) = self.line_feed(text) {
            let line = trim_end(&text[..len]);
            let next = text.get(len + blanks(&text[len..]));
            if line.last() == Some(&b'}') && next.map_or(end, |next| !b",}]".contains(next)) {
                self.by_lines = Some(true);
                return Cut::Record { len, kind, lines: Some(0) };
            }
        }
        match self.boundary(text, from) {
            Boundary::Whole(close) => self.after_object(text, from + close, kind, end),
            Boundary::Broken(_) => self.stretch(text, end),
            Boundary::More if end => {
                self.cautious_until = self.place.offset + text.len() as u64;
                self.stretch(text, end)
            }
            Boundary::More => Cut::More,
        }
    }

    fn boundary(&mut self, text: &[u8], from: usize) -> Boundary {
        let cautious = self.place.offset < self.cautious_until;
        let indent = self.indent();
        let search = self.search.get_or_insert_with(|| BoundarySearch::new(indent, cautious));
        let boundary = search.run(&text[from..]);
        if let Boundary::Broken(at) = boundary {
            self.cautious_until = self.cautious_until.max(self.place.offset + (from + at) as u64);
        }
        boundary
    }

    /// How far the record at hand stands into its line: what a like line may be indented by at most.
    pub(super) fn indent(&self) -> usize {
        // In an array the first element may stand behind the bracket, the others beneath it.
        if self.in_array { (self.place.column - 1).min(64) as usize } else { 0 }
    }

    /// What follows an object on its last line decides whether it is a record.
    fn after_object(&mut self, text: &[u8], close: usize, kind: Kind, end: bool) -> Cut {
        let one_line = memchr::memchr(b'\n', &text[..close]).is_none();
        let rest = text[close..].iter().position(|b| !matches!(b, b' ' | b'\t' | b'\r'));
        match rest.map(|at| text[close + at]) {
            None if !end => Cut::More,
            None | Some(b'\n') => {
                let early = !one_line && kind == Kind::Json && self.by_lines != Some(true);
                let rest = match early && !self.ends_like_a_document(&text[..close]) {
                    true => self.rest(&text[close..], end),
                    false => Some(0),
                };
                let Some(rest) = rest else { return Cut::More };
                self.by_lines = Some(one_line);
                match close + rest {
                    len if rest > 0 && len <= self.max => {
                        Cut::Record { len, kind: Kind::Early(close), lines: None }
                    }
                    _ => Cut::Record { len: close, kind, lines: None },
                }
            }
            Some(b'{') if kind == Kind::Json => Cut::Record { len: close, kind, lines: None },
            Some(_) if one_line => self.line(text, end, kind),
            Some(_) if kind == Kind::Form => match memchr::memchr(b'\n', &text[close..]) {
                Some(len) => Cut::Record { len: close + len, kind, lines: None },
                None if end => Cut::Record { len: text.len(), kind, lines: None },
                None => Cut::More,
            },
            Some(_) => match record_line(&text[close..], 0) {
                Some(len) => Cut::Record { len: close + len, kind, lines: None },
                None if end => Cut::Record { len: text.len(), kind, lines: None },
                None => Cut::More,
            },
        }
    }

    /// Whether an object that spans lines ends as they do: its last bracket stands alone, and as far into
    /// the line as its first.
    fn ends_like_a_document(&self, object: &[u8]) -> bool {
        let line = memchr::memrchr(b'\n', object).map_or(object, |at| &object[at + 1..]);
        is_blank(&line[..line.len() - 1]) && (line.len() as u64) == self.place.column
    }

    /// How much of what is behind an object may be the rest of it, if it was closed by a bracket too much;
    /// `None` when that cannot be said yet.
    fn rest(&self, behind: &[u8], end: bool) -> Option<usize> {
        let looked = &behind[..behind.len().min(MOST_REST)];
        let at_end = end && looked.len() == behind.len();
        let known = at_end || looked.len() == MOST_REST;
        let begins = blanks(looked);
        match looked.get(begins) {
            None => known.then_some(0),
            Some(b'{' | b'[') => Some(0),
            Some(_) if form::begins(&looked[begins..]) => Some(0),
            Some(_) => match record_line(looked, 0) {
                Some(len) => Some(len),
                None if at_end => Some(behind.len()),
                None => known.then_some(0),
            },
        }
    }

    /// Text that is no record, from here to the next line that begins one: a reject as a whole, or line
    /// by line where the records around it are lines.
    fn stretch(&mut self, text: &[u8], end: bool) -> Cut {
        let kind = match self.layout {
            Layout::Form => Kind::Form,
            Layout::Auto if form::begins(text) => Kind::Form,
            _ => Kind::Json,
        };
        if self.by_lines == Some(true) {
            return self.line(text, end, kind);
        }
        let next = self.next_record_line(text);
        let by_lines = match (self.by_lines, next) {
            (Some(by_lines), _) => by_lines,
            (None, None) if !end => return Cut::More,
            (None, None) => false,
            (None, Some(next)) => match memchr::memchr(b'\n', &text[next..]) {
                None if !end => return Cut::More,
                None => trim_end(&text[next..]).ends_with(b"}"),
                Some(len) => trim_end(&text[next..next + len]).ends_with(b"}"),
            },
        };
        if by_lines {
            return self.line(text, end, kind);
        }
        match next {
            Some(len) => Cut::Record { len, kind, lines: None },
            None if end => Cut::Record { len: text.len(), kind, lines: None },
            None => Cut::More,
        }
    }

    /// Where the next line behind the first begins like a record; what was looked through before is not
    /// again.
    fn next_record_line(&mut self, text: &[u8]) -> Option<usize> {
        let found = record_line(&text[self.looked..], self.indent()).map(|at| self.looked + at);
        self.looked = found.map_or_else(|| memchr::memrchr(b'\n', text).unwrap_or(0), |_| self.looked);
        found
    }

    /// An element of an array: any value, or what stands in its place.
    fn element(&mut self, text: &[u8], end: bool) -> Cut {
        let kind = Kind::One;
        if matches!(text[0], b'{' | b'[') {
            return match self.boundary(text, 0) {
                Boundary::Whole(len) => Cut::Record { len, kind, lines: None },
                Boundary::More if !end => Cut::More,
                _ => match self.next_record_line(text) {
                    // The comma behind it is none of its own.
                    Some(len) => {
                        let own = trim_end(&text[..len]);
                        let len = own.strip_suffix(b",").map_or(len, |own| trim_end(own).len());
                        Cut::Record { len, kind, lines: None }
                    }
                    None if end => {
                        // The array cannot be closed behind what is not.
                        self.in_array = false;
                        Cut::Record { len: text.len(), kind, lines: None }
                    }
                    None => Cut::More,
                },
            };
        }
        match scalar_end(text) {
            Some(len) => Cut::Record { len: len.max(1), kind, lines: None },
            None if end => Cut::Record { len: text.len(), kind, lines: None },
            None => Cut::More,
        }
    }
}

/// Where an element of an array that is neither an object nor an array ends.
fn scalar_end(text: &[u8]) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    text.iter().position(|byte| {
        match byte {
            b'\n' => return true,
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' | b']' | b' ' | b'\t' | b'\r' => return !quoted,
            _ => {}
        }
        false
    })
}
