//! Lines of a log: payloads in them may be quoted, and may go on over the lines that follow.

use crate::json::scan::is_blank;
use crate::payloads::quoting::{MARKUP, Quoting};
use crate::payloads::reading::{self, Evidence, Reading};
use crate::payloads::text::open_object;
use crate::records::copy::MAX_WAIT;
use crate::records::layout::Pending;
use crate::records::lines::continued_lines;
use crate::records::source_text::{Rest, Text};

/// The starts of XML and HTML.
const MARKUP_STARTS: [&[u8]; 4] = [b"<?xml", b"<!DOCTYPE", b"<html", b"<table"];

/// The lines of one log.
#[derive(Debug, Default)]
pub struct LogLines {
    /// The way in which payloads are quoted, once one shows it.
    pub quoting: Option<&'static Quoting>,
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
            self.quoting = Some(&MARKUP);
        }
        if self.quoting.is_none() {
            self.find_quoting(text, len)?;
        }
        let Some(brace) = open_object(line) else { return Ok(len) };
        let lines = continued_lines(text.bytes, len);
        // The next line shows whether the object goes on.
        let may_go_on = lines + 1 >= text.bytes.len() && text.rest == Rest::Unread;
        match reading::read(&text.bytes[..lines], brace, self.quoting) {
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

    /// Finds the way in which payloads are quoted. If that of the first line has two readings, the lines that follow may
    /// show it.
    fn find_quoting(&mut self, text: Text, len: usize) -> Result<(), Pending> {
        let looked = &text.bytes[..text.bytes.len().min(len + MAX_WAIT)];
        let mut is_ambiguous = false;
        for line in looked.split(|byte| *byte == b'\n') {
            match reading::evidence(line) {
                Evidence::For(quoting) => {
                    self.quoting = Some(quoting);
                    return Ok(());
                }
                Evidence::None if !is_ambiguous => return Ok(()),
                Evidence::None => {}
                Evidence::Ambiguous => is_ambiguous = true,
            }
        }
        let is_short = text.rest == Rest::Unread && looked.len() < len + MAX_WAIT;
        if is_short { Err(Pending::Lines) } else { Ok(()) }
    }
}
