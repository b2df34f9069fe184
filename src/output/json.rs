//! `--format json`: one array of all events.

use crate::output::pretty::Style;
use crate::output::{Format, each_line};

/// One array, an event a line.
#[derive(Debug)]
pub struct Json {
    style: Option<Style>,
    /// The text before the next event.
    before: &'static [u8],
}

impl Json {
    /// An array, for people where there is a style.
    pub fn new(style: Option<Style>) -> Json {
        Json { style, before: b"[\n" }
    }
}

impl Format for Json {
    fn events<'a>(&mut self, lines: &'a [u8], buffer: &'a mut Vec<u8>) -> &'a [u8] {
        for event in each_line(lines) {
            buffer.extend_from_slice(self.before);
            match self.style {
                Some(style) => style.render(event, buffer),
                None => buffer.extend_from_slice(event),
            }
            self.before = b",\n";
        }
        buffer
    }

    fn end(&mut self, buffer: &mut Vec<u8>) {
        let is_empty = self.before == b"[\n";
        buffer.extend_from_slice(if is_empty { b"[]\n" } else { b"\n]\n" });
    }
}
