//! `--format batch`: request bodies for RudderStack's `/v1/batch`, one a line.

use crate::output::{Format, each_line};

const OPEN: &[u8] = b"{\"batch\":[";
const CLOSE: &[u8] = b"]}";

/// The most bytes that the gateway accepts in one body.
pub const MAX_BODY: usize = 4_096_000;

/// The longest event that a body of this many bytes has room for.
pub fn max_event(max_body: usize) -> usize {
    max_body.saturating_sub(OPEN.len() + CLOSE.len())
}

/// Bodies, each with as many events as fit.
#[derive(Debug)]
pub struct Batch {
    max_body: usize,
    /// The body that has room left; empty when there is none.
    body: Vec<u8>,
}

impl Batch {
    /// Bodies of at most this many bytes.
    pub fn new(max_body: usize) -> Batch {
        Batch { max_body, body: Vec::new() }
    }

    fn close(&mut self, buffer: &mut Vec<u8>) {
        buffer.append(&mut self.body);
        buffer.extend_from_slice(CLOSE);
        buffer.push(b'\n');
    }
}

impl Format for Batch {
    fn events<'a>(&mut self, lines: &'a [u8], buffer: &'a mut Vec<u8>) -> &'a [u8] {
        for event in each_line(lines) {
            // With a comma before the event, and what closes the body after it.
            if !self.body.is_empty() && self.body.len() + 1 + event.len() + CLOSE.len() > self.max_body {
                self.close(buffer);
            }
            self.body.extend_from_slice(if self.body.is_empty() { OPEN } else { b"," });
            self.body.extend_from_slice(event);
        }
        buffer
    }

    fn end(&mut self, buffer: &mut Vec<u8>) {
        if !self.body.is_empty() {
            self.close(buffer);
        }
    }
}
