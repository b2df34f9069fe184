//! One payload explained: what went where and what did not, and why. Reads the same table, the same
//! scan and the same rules as the conversion, so that it cannot say otherwise.

use std::fmt::Write;

use crate::convert::converter::Converted;
use crate::convert::event::{Carried, carried};
use crate::convert::mapping::{self, Event, Mapping, Row};
use crate::convert::plan::Plan;
use crate::json::compact::{elements, members};
use crate::json::extracted::Extracted;
use crate::json::string;
use crate::output::pretty::Style;
use crate::term::sanitize::visible;
use crate::term::width::{columns, cut, head, pad, tail};

/// The width of a column of paths, which holds `visitor.conversationBeginPage`.
const SOURCE: usize = 29;
/// The width of a column of properties, which holds `context.browser.version`.
const TARGET: usize = 23;

/// How explanations are written.
#[derive(Clone, Copy, Debug)]
pub struct Explainer {
    /// How many columns there are.
    pub width: usize,
    /// Whether there are colours.
    pub color: bool,
}

/// What is explained.
pub struct Case<'a> {
    /// By which plan it was converted.
    pub plan: &'a Plan,
    /// What its scan found.
    pub fields: &'a Extracted,
    /// What came of it.
    pub converted: &'a Converted,
    /// Its events, a line each.
    pub events: &'a [u8],
}

impl Explainer {
    /// Explains a payload that was converted; `place` says which it is.
    pub fn payload(self, place: &str, case: &Case) -> String {
        let mapping = case.plan.choices.mapping;
        let mut out = String::new();
        self.heading(&mut out, &format!("{place}, mapping {mapping}"));
        let groups: Vec<&[u8]> = elements(case.get("groups").unwrap_or_default()).collect();
        let without_id =
            |index| case.converted.warnings.contains(&crate::convert::reason::Warning::GroupWithoutId(index));
        self.heading(&mut out, "track event");
        for row in mapping::rows(mapping).filter(|row| row.events.contains(&Event::Track)) {
            self.row(&mut out, row, case.get(row.source), row.source, mapping);
        }
        for extra in &case.plan.choices.extras {
            if let Some(value) = case.get(&extra.source).filter(|value| mapping.carries(value)) {
                self.went(&mut out, &extra.source, &extra.target, value, "--map");
            }
        }
        for (index, group) in groups.iter().enumerate().filter(|(index, _)| !without_id(*index)) {
            self.heading(&mut out, &format!("group event of groups[{index}]"));
            for row in mapping::rows(mapping).filter(|row| row.events.contains(&Event::Group)) {
                let (source, value) = match row.source.strip_prefix("groups[].") {
                    Some(key) => (format!("groups[{index}].{key}"), last_member(group, key)),
                    None => (row.source.to_owned(), case.get(row.source)),
                };
                self.row(&mut out, row, value, &source, mapping);
            }
        }
        self.left_out(&mut out, case, &groups);
        self.ids(&mut out, case);
        if !case.converted.warnings.is_empty() {
            self.heading(&mut out, "warnings");
            for warning in &case.converted.warnings {
                self.wrapped(&mut out, &warning.to_string());
            }
        }
        self.heading(&mut out, "events");
        for event in case.events.split(|b| *b == b'\n').filter(|event| !event.is_empty()) {
            let mut shown = Vec::new();
            let style = Style { indent: true, color: self.color, width: Some(self.width) };
            style.render(event, &mut shown);
            out.push_str(&String::from_utf8_lossy(&shown));
            out.push('\n');
        }
        out.push('\n');
        out
    }

    /// Explains a record that was rejected: what is wrong, and where in its line.
    pub fn reject(self, place: &str, reason: &str, line: &[u8], at: Option<usize>) -> String {
        let mut out = String::new();
        self.heading(&mut out, &format!("{place}, rejected"));
        self.wrapped(&mut out, reason);
        let Some(at) = at else { return out + "\n" };
        let room = self.width.saturating_sub(4).max(20);
        let before = String::from_utf8_lossy(&line[..at.min(line.len())]).into_owned();
        let behind = String::from_utf8_lossy(&line[at.min(line.len())..]).into_owned();
        // The place is what matters: what is cut off is far from it.
        let before = tail(&visible(&before), room * 2 / 3);
        let behind = head(&visible(&behind), room.saturating_sub(columns(&before)));
        let _ = writeln!(out, "  {before}{behind}");
        let _ = writeln!(out, "  {}{}", " ".repeat(columns(&before)), self.paint("31;1", "^"));
        out.push('\n');
        out
    }

    /// Fields of the payload that are in no event.
    fn left_out(self, out: &mut String, case: &Case, groups: &[&[u8]]) {
        let mut lines = Vec::new();
        let mut note =
            |path: String, value: &[u8], why: &str| lines.push((path, value.to_vec(), why.to_owned()));
        for (key, value) in members(case.get("").unwrap_or_default()) {
            let path = string::decode(string::inner(key).unwrap_or_default());
            match path.as_str() {
                "visitor" if !case.maps("visitor") => {
                    for (key, value) in members(value) {
                        let path =
                            format!("visitor.{}", string::decode(string::inner(key).unwrap_or_default()));
                        if let Some(why) = case.why_not(&path, value) {
                            note(path, value, why);
                        }
                    }
                }
                "groups" if value == b"[]" => note(path, value, "is empty, so there is no group event"),
                "groups" if matches!(value, [b'[', ..]) && !case.maps("groups") => {}
                _ => {
                    if let Some(why) = case.why_not(&path, value) {
                        note(path, value, why);
                    }
                }
            }
        }
        for (index, group) in groups.iter().enumerate() {
            if case.converted.warnings.contains(&crate::convert::reason::Warning::GroupWithoutId(index)) {
                note(format!("groups[{index}]"), group, "has no id, so it gives no event");
                continue;
            }
            for (key, value) in members(group) {
                let key = string::decode(string::inner(key).unwrap_or_default());
                if let Some(why) = case.why_not(&format!("groups[].{key}"), value) {
                    note(format!("groups[{index}].{key}"), value, why);
                }
            }
        }
        if lines.is_empty() {
            return;
        }
        self.heading(out, "left out");
        for (path, value, why) in lines {
            let path = cut(&visible(&path), SOURCE);
            let room = self.width.saturating_sub(2 + SOURCE + 2 + 2 + columns(&why));
            let value = cut(&visible(&String::from_utf8_lossy(&value)), room.max(6));
            let _ = writeln!(out, "  {}  {value}  {}", pad(&path, SOURCE), self.paint("33", &why));
        }
    }

    /// How the ids came about.
    fn ids(self, out: &mut String, case: &Case) {
        self.heading(out, "ids");
        let string = |event: &[u8], key: &str| {
            last_member(event, key).and_then(string::inner).unwrap_or_default().to_owned()
        };
        let events = || case.events.split(|b| *b == b'\n').filter(|event| !event.is_empty());
        let first = events().next().unwrap_or_default();
        self.wrapped(out, "userId is visitor.id, unchanged");
        self.wrapped(
            out,
            &format!(
                "rudderId {} is the MD5 of userId and a colon, as RudderStack's gateway computes it",
                string(first, mapping::RUDDER_ID)
            ),
        );
        let how = match case.plan.choices.fresh_id {
            Some(_) => "is random (--message-id random)",
            None => "comes from the conversation's id and the event's content",
        };
        for (number, event) in events().enumerate() {
            let name =
                if number == 0 { "the track event".to_owned() } else { format!("group event {number}") };
            self.wrapped(out, &format!("messageId {} of {name} {how}", string(event, mapping::MESSAGE_ID)));
        }
        if case.plan.choices.timestamp {
            match string(first, mapping::TIMES[0]).as_str() {
                "" => {}
                time => self.wrapped(out, &format!("timestamp {time} is the time of the latest item")),
            }
        }
    }

    fn row(self, out: &mut String, row: &Row, value: Option<&[u8]>, source: &str, mapping: Mapping) {
        let Some(value) = value else { return };
        match carried(value, row.via, mapping) {
            Some(Carried::Whole) => self.went(out, source, row.target, value, ""),
            Some(Carried::Part(part)) => {
                let quoted = [b"\"", &value[part], b"\""].concat();
                let note = if quoted == value { "" } else { "split" };
                self.went(out, source, row.target, &quoted, note);
            }
            None => {}
        }
    }

    fn went(self, out: &mut String, source: &str, target: &str, value: &[u8], note: &str) {
        let (source, target) = (cut(&visible(source), SOURCE), cut(&visible(target), TARGET));
        let note = if note.is_empty() { String::new() } else { format!(" ({note})") };
        let room = self.width.saturating_sub(2 + SOURCE + 1 + TARGET + 1 + note.len()).max(6);
        let value = cut(&visible(&String::from_utf8_lossy(value)), room);
        let target = self.paint("34;1", &pad(&target, TARGET));
        let _ = writeln!(out, "  {} {target} {value}{note}", pad(&source, SOURCE));
    }

    fn heading(self, out: &mut String, text: &str) {
        let text = cut(&visible(text), self.width);
        let _ = writeln!(out, "{}", self.paint("1", &text));
    }

    /// A sentence, broken between words.
    fn wrapped(self, out: &mut String, text: &str) {
        let mut line = String::new();
        for word in visible(text).split(' ') {
            if !line.is_empty() && columns(&line) + 1 + columns(word) + 2 > self.width {
                let _ = writeln!(out, "  {line}");
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        let _ = writeln!(out, "  {line}");
    }

    fn paint(self, color: &str, text: &str) -> String {
        if self.color { format!("\x1b[{color}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

impl Case<'_> {
    fn get(&self, path: &str) -> Option<&[u8]> {
        self.fields.get(self.plan.shape.node(path)?)
    }

    /// Whether the user maps a field as a whole.
    fn maps(&self, path: &str) -> bool {
        self.plan.choices.extras.iter().any(|extra| extra.source == path)
    }

    /// Why a field of the payload is in no event; `None` when it is in one.
    fn why_not(&self, path: &str, value: &[u8]) -> Option<&'static str> {
        let mapping = self.plan.choices.mapping;
        let rows = || mapping::rows(mapping).filter(|row| row.source == path);
        let extras = || self.plan.choices.extras.iter().filter(|extra| extra.source == path);
        let events = |row: &Row| row.events.contains(&Event::Track) || self.converted.groups > 0;
        if rows().any(|row| events(row) && carried(value, row.via, mapping).is_some())
            || extras().any(|_| mapping.carries(value))
        {
            return None;
        }
        if rows().next().is_some() || extras().next().is_some() {
            return Some(match value {
                b"null" => "is null",
                b"\"\"" => "is empty",
                _ if rows().any(|row| !events(row)) => "goes into group events, and there are none",
                _ => "has nothing to carry",
            });
        }
        let elsewhere = mapping::ROWS.iter().filter(|row| row.source == path);
        Some(match elsewhere.flat_map(|row| row.mappings).next() {
            Some(Mapping::Live) => "only in --mapping live",
            Some(_) => "only in --mapping full",
            None if path == "id" => "in messageId only",
            None if mapping::ROWS.iter().any(|row| is_beneath(row.source, path)) => "holds nothing to carry",
            None => "no row maps it",
        })
    }
}

/// The rows of a mapping as a table.
pub fn list_mapping(mapping: Mapping) -> String {
    let mut out = format!("{:SOURCE$} {:TARGET$} {:5} note\n", "Olark", "RudderStack", "event");
    for row in mapping::rows(mapping) {
        let event = if row.events.len() == 2 { "both" } else { row.events[0].name() };
        let line = format!("{:SOURCE$} {:TARGET$} {event:5} {}", row.source, row.target, row.note);
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// Whether a path leads through another.
fn is_beneath(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.starts_with(['.', '[']))
}

/// The value of a key in an object: the last, when there are several.
fn last_member<'o>(object: &'o [u8], key: &str) -> Option<&'o [u8]> {
    let is_key = |name: &[u8]| string::inner(name).is_some_and(|name| string::decode(name) == key);
    members(object).filter(|(name, _)| is_key(name)).map(|(_, value)| value).last()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_fits_into_eighty_columns() {
        for row in mapping::ROWS {
            assert!(row.source.len() <= SOURCE && row.target.len() <= TARGET, "{}", row.source);
            assert!(SOURCE + TARGET + 5 + 3 + row.note.len() <= 80, "{}", row.note);
        }
    }
}
