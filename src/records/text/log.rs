//! Lines of a log: payloads in them may be quoted, and may go on over the lines that follow.

use crate::json::scan::is_blank;
use crate::payloads::quoting::MARKUP;
use crate::payloads::reading::{self, Content, Part};
use crate::payloads::text::open_object;
use crate::records::layout::{Rest, Text};
use crate::records::source_quoting::SourceQuoting;
use crate::records::text::lines::continued_lines;

const MARKUP_STARTS: [&[u8]; 4] = [b"<?xml", b"<!DOCTYPE", b"<html", b"<table"];

/// The length of the record of a log that a text starts with: a line, and the lines that follow if an object that starts
/// on it goes on there. `None` if more text is needed.
pub fn log_record(text: Text, quoting: &mut SourceQuoting) -> Option<usize> {
    let len = text.line()?;
    let line = &text.bytes[..len];
    let starts = |start: &&[u8]| line.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start));
    if MARKUP_STARTS.iter().any(starts) {
        quoting.known = Some(&MARKUP);
    }
    if quoting.known.is_none() {
        quoting.look(text, len, reading::evidence)?;
    }
    let Some(brace) = open_object(line) else { return Some(len) };
    let lines = continued_lines(text.bytes, len);
    // The next line shows whether the object goes on.
    let may_go_on = lines + 1 >= text.bytes.len() && text.rest == Rest::Unread;
    match reading::read(&text.bytes[..lines], brace, quoting.known) {
        None if may_go_on && is_blank(&text.bytes[brace + 1..lines]) => None,
        None => Some(len),
        Some(Part { content: Content::Open(_), .. }) if may_go_on => None,
        // An object over the limit.
        Some(Part { content: Content::Open(_), .. })
            if text.rest == Rest::Ignored && lines == text.bytes.len() =>
        {
            Some(len)
        }
        Some(Part { content: Content::Open(_), .. }) => Some(lines),
        Some(Part { range, .. }) => match memchr::memchr(b'\n', &text.bytes[range.end..]) {
            Some(rest) => Some(range.end + rest),
            None if text.rest == Rest::Unread => None,
            None => Some(lines),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::record::Place;

    #[test]
    fn a_record_waits_for_the_end_of_its_last_line() {
        let source = "got {\"a\":\n {\"b\": 1}\n }, and more\n";
        for at in 0..=source.len() {
            let bytes = &source.as_bytes()[..at];
            let text =
                Text { bytes, rest: Rest::Unread, place: Place::START, passed: 0, max_record: 1 << 20 };
            let expected = (at == source.len()).then(|| at - 1);
            assert_eq!(log_record(text, &mut SourceQuoting::default()), expected, "{at}");
        }
    }
}
