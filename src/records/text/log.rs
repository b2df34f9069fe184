//! Lines of a log: payloads in them may be quoted, and may go on over the lines that follow.

use crate::json::scan::{is_blank, starts_with_any};
use crate::payloads::quoting::MARKUP;
use crate::payloads::reading::{self, Content};
use crate::payloads::text::open_object;
use crate::records::layout::{Rest, Text};
use crate::records::source_quoting::SourceQuoting;
use crate::records::text::lines::continued_lines;

const MARKUP_STARTS: [&str; 4] = ["<?xml", "<!DOCTYPE", "<html", "<table"];

/// The length of the record of a log that a text starts with: a line, and the lines that follow if an object that starts
/// on it goes on there. `None` if more text is needed.
pub fn log_record(text: Text, quoting: &mut SourceQuoting) -> Option<usize> {
    let len = text.line()?;
    let line = &text.bytes[..len];
    if starts_with_any(line, &MARKUP_STARTS) {
        quoting.known = Some(&MARKUP);
    }
    if quoting.known.is_none() {
        quoting.look(text, len, reading::evidence)?;
    }
    let Some(brace) = open_object(line) else { return Some(len) };
    let lines = continued_lines(text.bytes, len);
    // The next line shows whether the object goes on.
    let may_go_on = lines + 1 >= text.bytes.len() && text.rest == Rest::Unread;
    let Some(part) = reading::read(&text.bytes[..lines], brace, quoting.known) else {
        let may_start = may_go_on && is_blank(&text.bytes[brace + 1..lines]);
        return (!may_start).then_some(len);
    };
    if matches!(part.content, Content::Open(_)) {
        let is_over_limit = text.rest == Rest::Ignored && lines == text.bytes.len();
        return (!may_go_on).then_some(if is_over_limit { len } else { lines });
    }
    let end = part.range.end;
    match memchr::memchr(b'\n', &text.bytes[end..]) {
        Some(rest) => Some(end + rest),
        None => (text.rest != Rest::Unread).then_some(lines),
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
