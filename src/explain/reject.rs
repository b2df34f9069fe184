//! A record that was not converted, explained: the reason, the place and what helps.

use std::ops::Range;

use crate::convert::reason::{Code, Reason};
use crate::explain::inputs::inputs;
use crate::explain::page::{Explainer, Page, SOURCE, shown};
use crate::json::value::{ValueKind, elements, members};
use crate::report::hint::Hint;
use crate::report::summary::counted;
use crate::term::width::{columns, cut, head, pad, tail};

/// A record that was not converted.
pub struct Rejected<'a> {
    /// Its source and place.
    pub name: &'a str,
    pub reason: &'a Reason,
    pub hint: Option<&'a Hint>,
    /// Its text as it was read: the payload of a form body, not the body.
    pub text: &'a [u8],
    /// The index in the text where it is wrong.
    pub at: Option<usize>,
}

impl Rejected<'_> {
    /// A page that explains it.
    pub fn explain(&self, explainer: Explainer) -> String {
        let Rejected { name, reason, hint, text, at } = self;
        let mut page = Page::new(explainer);
        page.heading(&format!("{name}, rejected ({})", reason.code));
        let message = hint.map_or(reason.message.clone(), |hint| hint.reason(&reason.message));
        page.words("31", message.split(' '));
        if let Some(at) = at.filter(|at| *at <= text.len()) {
            excerpt(&mut page, text, at, hint.and_then(|hint| hint.place).unwrap_or(at));
        }
        if let Some(hint) = hint {
            // A command is there to be pasted, so it is not wrapped.
            let words = hint.words();
            page.words("36", ["hint:"].into_iter().chain(words.iter().map(String::as_str)));
        }
        let text = text.trim_ascii();
        let has_keys = members(text).next().is_some();
        if has_keys && matches!(reason.code, Code::NoPayload | Code::MissingVisitorId) {
            page.heading("keys");
            keys(&mut page, text, "");
        } else if reason.code == Code::NoPayload && hint.is_none() {
            page.heading("olark2rudder reads");
            page.text += &inputs(page.width);
        }
        page.line("");
        page.text
    }
}

/// The line of a byte with a caret under it, and the line before it. Where reading failed only on a later line, that
/// one too.
fn excerpt(page: &mut Page, text: &[u8], failed_at: usize, caret_at: usize) {
    let width = page.width.saturating_sub(4).max(20);
    let print_line = |page: &mut Page, line: Range<usize>| {
        page.line(&format!("  {}", head(&shown(text[line].trim_ascii_end()), width)));
    };
    let line = line_at(text, caret_at, width);
    if let Some(before) = line.start.checked_sub(1).filter(|before| text[*before] == b'\n') {
        let before = line_at(text, before, width);
        if !text[before.clone()].trim_ascii_end().is_empty() {
            print_line(page, before);
        }
    }
    // Keep the text around the error, and cut what is far from it.
    let before = tail(&shown(&text[line.start..caret_at]), width * 2 / 3);
    let after = head(&shown(text[caret_at..line.end].trim_ascii_end()), width - columns(&before));
    page.line(&format!("  {before}{after}"));
    let caret = page.paint("31;1", "^");
    page.line(&format!("  {}{caret}", " ".repeat(columns(&before))));
    if failed_at > line.end {
        print_line(page, line_at(text, failed_at, width));
    }
}

/// The line of a byte, as far as it can be seen.
fn line_at(text: &[u8], at: usize, width: usize) -> Range<usize> {
    let mut from = at.saturating_sub(8 * width);
    // Not within a character.
    while from > 0 && from < at && text[from] & 0xc0 == 0x80 {
        from += 1;
    }
    let to = text.len().min(at + 8 * width);
    let start = memchr::memrchr(b'\n', &text[from..at]).map_or(from, |before| from + before + 1);
    start..memchr::memchr(b'\n', &text[at..to]).map_or(to, |len| at + len)
}

/// The keys of an object that are listed.
const MAX_KEYS: usize = 20;

/// Lists the keys of an object, and of a visitor in it; `parent` comes before each.
fn keys(page: &mut Page, object: &[u8], parent: &str) {
    for (key, value) in members(object).take(MAX_KEYS) {
        let path = cut(&format!("{parent}{}", shown(key)), SOURCE);
        page.line(&format!("  {} {}", pad(&path, SOURCE), description(value)));
        if parent.is_empty() && key == b"visitor" {
            keys(page, value, "visitor.");
        }
    }
    let more = members(object).skip(MAX_KEYS).count();
    let place = if parent.is_empty() { "" } else { " in visitor" };
    if more > 0 {
        page.sentence(&format!("and {more} more{place}"));
    }
}

fn description(value: &[u8]) -> String {
    let kind = ValueKind::of(value);
    match kind {
        ValueKind::Array if elements(value).next().is_some() => {
            format!("array of {}", counted(elements(value).count() as u64, common_type(value)))
        }
        ValueKind::Object if members(value).next().is_some() => {
            format!("object with {}", counted(members(value).count() as u64, "key"))
        }
        ValueKind::String if value != b"\"\"" => kind.name().into(),
        ValueKind::Array | ValueKind::Object | ValueKind::String => format!("empty {}", kind.name()),
        ValueKind::Number | ValueKind::Boolean | ValueKind::Null => kind.name().into(),
    }
}

/// The type of all elements of an array, if they have the same.
fn common_type(array: &[u8]) -> &'static str {
    let mut kinds = elements(array).map(ValueKind::of);
    let first = kinds.next().filter(|first| kinds.all(|kind| kind == *first));
    first.map_or("value", ValueKind::name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_described_by_its_type() {
        for (value, expected) in [
            ("1", "number"),
            ("\"x\"", "string"),
            ("\"\"", "empty string"),
            ("null", "null"),
            ("true", "boolean"),
            ("[]", "empty array"),
            ("[{}, {\"d\": 1}]", "array of 2 objects"),
            ("[1, \"x\"]", "array of 2 values"),
            ("[[1]]", "array of 1 array"),
            ("{}", "empty object"),
            ("{\"h\": 1}", "object with 1 key"),
        ] {
            assert_eq!(description(value.as_bytes()), expected);
        }
    }
}
