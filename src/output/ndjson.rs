//! `--format ndjson`: one event a line.

use crate::output::pretty::Style;
use crate::output::{Format, each_line};

/// Events as they are, or in a style.
#[derive(Debug)]
pub struct Ndjson {
    style: Option<Style>,
}

impl Ndjson {
    /// Lines, for people where there is a style.
    pub fn new(style: Option<Style>) -> Ndjson {
        Ndjson { style }
    }
}

impl Format for Ndjson {
    fn events<'a>(&mut self, lines: &'a [u8], buffer: &'a mut Vec<u8>) -> &'a [u8] {
        let Some(style) = self.style else { return lines };
        for event in each_line(lines) {
            style.render(event, buffer);
            buffer.push(b'\n');
        }
        buffer
    }

    fn end(&mut self, _: &mut Vec<u8>) {}
}
