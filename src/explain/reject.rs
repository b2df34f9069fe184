//! Explains a record that was not converted: what is wrong, where, and what helps.

use crate::convert::reason::{Code, Reason};
use crate::explain::page::{Page, SOURCE};
use crate::explain::{Explainer, shown};
use crate::json::value::last_member;
use crate::report::hint::Hint;
use crate::report::hint::known::overview::{self, Overview};
use crate::term::width::{columns, cut, head, pad, tail};

/// How many keys are listed.
const MOST_KEYS: usize = 20;

/// A record that was not converted.
pub struct Rejected<'a> {
    /// Which it is.
    pub name: &'a str,
    /// What is wrong with it.
    pub reason: &'a Reason,
    /// The likely cause.
    pub hint: Option<Hint>,
    /// Its text as it was read: what a form body holds, not the body.
    pub text: &'a [u8],
    /// The index in the text where it is wrong, if there is one.
    pub at: Option<usize>,
}

impl Explainer {
    /// Explains a record that was not converted.
    pub fn reject(self, rejected: &Rejected) -> String {
        let Rejected { name, reason, hint, text, at } = rejected;
        let mut page = Page::new(self);
        page.heading(&format!("{name}, rejected ({})", reason.code));
        let (message, hint_text) = match hint {
            Some(hint) => hint.beside(&reason.message),
            None => (reason.message.clone(), String::new()),
        };
        page.painted_sentence("31", &message);
        if let Some(at) = at.filter(|at| *at <= text.len()) {
            page.excerpt(text, at, hint.and_then(|hint| hint.place).unwrap_or(at));
        }
        if !hint_text.is_empty() {
            page.painted_sentence("36", &format!("hint: {hint_text}"));
        }
        if matches!(reason.code, Code::NoPayload | Code::MissingVisitorId) {
            page.keys(text);
        }
        page.line("");
        page.text
    }
}

impl Page {
    /// The line of a byte with a caret under it, and the line before it. Where reading failed only on a later line,
    /// that one too.
    fn excerpt(&mut self, text: &[u8], failed_at: usize, caret_at: usize) {
        let room = self.width.saturating_sub(4).max(20);
        // Text that is further away cannot be seen anyway.
        let near = |at: usize| at.saturating_sub(8 * room)..text.len().min(at + 8 * room);
        let window = near(caret_at);
        let start = memchr::memrchr(b'\n', &text[window.start..caret_at]).map(|at| window.start + at + 1);
        let end = memchr::memchr(b'\n', &text[caret_at..window.end]).map_or(window.end, |at| caret_at + at);
        if let Some(start) = start {
            let before = &text[near(start - 1).start..start - 1];
            let line = before.rsplit(|b| *b == b'\n').next().unwrap_or_default().trim_ascii_end();
            if !line.is_empty() {
                self.line(&format!("  {}", head(&shown(line), room)));
            }
        }
        let start = start.unwrap_or_else(|| next_character(text, window.start));
        // Keep the text around the error, and cut what is far from it.
        let before = tail(&shown(&text[start..caret_at]), room * 2 / 3);
        let behind = head(&shown(text[caret_at..end].trim_ascii_end()), room - columns(&before));
        self.line(&format!("  {before}{behind}"));
        let caret = self.paint("31;1", "^");
        self.line(&format!("  {}{caret}", " ".repeat(columns(&before))));
        if failed_at > end {
            let window = near(failed_at);
            let start = memchr::memrchr(b'\n', &text[..failed_at]).map_or(0, |at| at + 1).max(window.start);
            let line = text[start..window.end].split(|b| *b == b'\n').next().unwrap_or_default();
            self.line(&format!("  {}", head(&shown(line.trim_ascii_end()), room)));
        }
    }

    /// The keys of an object and the types of their values; for a visitor, its own keys.
    fn keys(&mut self, text: &[u8]) {
        let visitor = last_member(text, "visitor").map(|visitor| overview::keys(visitor, MOST_KEYS));
        let Overview { members, more } = overview::keys(text, MOST_KEYS);
        if members.is_empty() {
            return;
        }
        self.heading("keys");
        for member in &members {
            self.key(&member.key, &member.what);
            let Some(visitor) = visitor.as_ref().filter(|_| member.key == "visitor") else { continue };
            for inner in &visitor.members {
                self.key(&format!("visitor.{}", inner.key), &inner.what);
            }
            if visitor.more > 0 {
                self.sentence(&format!("and {} more in visitor", visitor.more));
            }
        }
        if more > 0 {
            self.sentence(&format!("and {more} more"));
        }
    }

    fn key(&mut self, key: &str, what: &str) {
        let key = pad(&cut(&shown(key.as_bytes()), SOURCE), SOURCE);
        self.line(&format!("  {key} {what}"));
    }
}

/// The index of the first character that begins at or after an index.
fn next_character(text: &[u8], from: usize) -> usize {
    let within = text[from..].iter().take(3).take_while(|b| **b & 0xc0 == 0x80).count();
    if from == 0 { 0 } else { from + within }
}
