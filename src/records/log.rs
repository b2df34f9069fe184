//! Lines of a log: payloads in them may be quoted, and may go on over the lines that follow.

use crate::json::scan::is_blank;
use crate::payloads::quoting::MARKUP;
use crate::payloads::reading::{self, Reading};
use crate::payloads::text::open_object;
use crate::records::layout::Pending;
use crate::records::lines::continued_lines;
use crate::records::source_quoting::SourceQuoting;
use crate::records::source_text::{Rest, Text};

/// The starts of XML and HTML.
const MARKUP_STARTS: [&[u8]; 4] = [b"<?xml", b"<!DOCTYPE", b"<html", b"<table"];

/// The lines of one log.
#[derive(Debug, Default)]
pub struct LogLines {
    pub quoting: SourceQuoting,
}

impl LogLines {
    /// The length of the record that a text starts with: a line, and the lines that follow if an object that starts on it
    /// goes on there.
    pub fn line(&mut self, text: Text) -> Result<usize, Pending> {
        let len = match memchr::memchr(b'\n', text.bytes) {
            Some(len) => len,
            None if text.is_last() => text.bytes.len(),
            None => return Err(Pending::Line),
        };
        let line = &text.bytes[..len];
        let starts =
            |start: &&[u8]| line.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start));
        if MARKUP_STARTS.iter().any(starts) {
            self.quoting.known = Some(&MARKUP);
        }
        if self.quoting.known.is_none() && self.quoting.look(text, len, reading::evidence).is_none() {
            return Err(Pending::Lines);
        }
        let Some(brace) = open_object(line) else { return Ok(len) };
        let lines = continued_lines(text.bytes, len);
        // The next line shows whether the object goes on.
        let may_go_on = lines + 1 >= text.bytes.len() && text.rest == Rest::Unread;
        match reading::read(&text.bytes[..lines], brace, self.quoting.known) {
            None if may_go_on && is_blank(&text.bytes[brace + 1..lines]) => Err(Pending::Lines),
            None => Ok(len),
            Some(Reading::Open(_)) if may_go_on => Err(Pending::Lines),
            // An object over the limit.
            Some(Reading::Open(_)) if text.rest == Rest::Ignored && lines == text.bytes.len() => Ok(len),
            Some(Reading::Open(_)) => Ok(lines),
            Some(reading) => {
                let end = brace + reading.written_len();
                let rest = memchr::memchr(b'\n', &text.bytes[end..]);
                Ok(rest.map_or(lines, |rest| end + rest))
            }
        }
    }
}
