//! The fields of a payload that are in no event, and why.

use crate::convert::chat_rows;
use crate::convert::event::carried;
use crate::convert::mapping::{self, Event, Mapping, USER_ID};
use crate::convert::warning::NoId;
use crate::explain::page::{Page, SOURCE};
use crate::explain::{Case, has_id, shown};
use crate::json::strings;
use crate::json::value::{last_member, members};
use crate::term::width::{columns, cut, pad};

/// The width of a column of reasons, which holds most of them.
const REASON: usize = 22;

/// At most this many fields are listed.
const MOST_LISTED: usize = 200;

/// Lists the fields that are in no event.
pub fn left_out(page: &mut Page, case: &Case) {
    let lines = lines(case);
    if lines.is_empty() {
        return;
    }
    page.heading("left out");
    for (path, value, why) in lines.iter().take(MOST_LISTED) {
        let path = pad(&cut(&shown(path.as_bytes()), SOURCE), SOURCE);
        let value = shown(value);
        let room = page.width.saturating_sub(2 + SOURCE + 1 + REASON.max(columns(why)) + 1);
        let why = page.paint("33", &pad(why, REASON));
        if columns(&value) <= room || room >= REASON && !value.starts_with('{') {
            page.line(&format!("  {path} {why} {}", cut(&value, room)));
        } else {
            // A value that does not fit gets its own line if the reason leaves little room, or if it is an
            // object, of which a short piece says nothing.
            page.line(&format!("  {path} {why}"));
            page.line(&format!("    {}", cut(&value, page.width.saturating_sub(4))));
        }
    }
    if lines.len() > MOST_LISTED {
        page.line("  … and more");
    }
}

/// The fields that are in no event: path, value and reason.
fn lines<'a>(case: &Case<'a>) -> Vec<(String, &'a [u8], &'static str)> {
    let mut lines = Vec::new();
    for (key, value) in members(case.payload()) {
        let path = name(key);
        match (path.as_str(), value) {
            ("visitor", _) if !case.has_extra_row("visitor") => {
                for (key, value) in members(value) {
                    let path = format!("visitor.{}", name(key));
                    lines.extend(case.why_not(&path, value).map(|why| (path, value, why)));
                }
            }
            ("groups", b"[]") => lines.push((path, value, "is empty, so there is no group event")),
            ("groups", [b'[', ..]) if !case.has_extra_row("groups") => {}
            _ => lines.extend(case.why_not(&path, value).map(|why| (path, value, why))),
        }
    }
    for (index, group) in case.groups().enumerate() {
        if lines.len() > MOST_LISTED {
            break;
        }
        if !has_id(group) {
            let why = NoId::of(last_member(group, "id")).reason();
            lines.push((format!("groups[{index}]"), group, why));
            continue;
        }
        for (key, value) in members(group) {
            let key = name(key);
            let why = case.why_not(&format!("groups[].{key}"), value);
            lines.extend(why.map(|why| (format!("groups[{index}].{key}"), value, why)));
        }
    }
    lines
}

fn name(key: &[u8]) -> String {
    strings::decode(key).into_owned()
}

impl Case<'_> {
    /// Whether the user maps a field.
    fn has_extra_row(&self, path: &str) -> bool {
        self.plan.options.extra_rows.iter().any(|row| row.source == path)
    }

    /// Why a field of the payload is in no event; `None` when it is in one.
    fn why_not(&self, path: &str, value: &[u8]) -> Option<&'static str> {
        let mapping = self.plan.options.mapping;
        let rows_of = |event| {
            mapping::rows_of(event, mapping).filter(|row| row.source == path).map(move |row| (event, row))
        };
        let rows = || Event::ALL.into_iter().flat_map(rows_of).filter(|(_, row)| row.target != USER_ID);
        let extra_rows = || self.plan.options.extra_rows.iter().filter(|row| row.source == path);
        if path == self.user_path()
            || rows().any(|(event, row)| self.has(event) && carried(value, row.via, mapping).is_some())
            || extra_rows().any(|row| self.has(row.event)) && mapping.carries(value)
            || self.has(Event::Chat) && is_in_live_chat(path) && mapping.carries(value)
        {
            return None;
        }
        let events = || rows().map(|(event, _)| event).chain(extra_rows().map(|row| row.event));
        if events().next().is_some() {
            let is_selected = |event| self.plan.options.events.has(event);
            return Some(match value {
                b"null" => "is null",
                b"\"\"" => "is empty",
                _ if !events().any(is_selected) => "--events leaves it out",
                _ if events().any(|event| event == Event::Group && !self.has(event)) => {
                    "only for group events, and there are none"
                }
                _ => "has nothing to carry",
            });
        }
        let elsewhere = mapping::ROWS.iter().filter(|row| row.source == path);
        if elsewhere.clone().any(|row| row.target == USER_ID) {
            return Some("--user-id takes another");
        }
        Some(match elsewhere.flat_map(|row| row.mappings).next() {
            Some(Mapping::Live) => "only in --mapping live",
            Some(_) => "only in --mapping full",
            None if path == "id" => "in messageId only",
            None if mapping::ROWS.iter().any(|row| is_beneath(row.source, path)) => "holds nothing to carry",
            None => "no row maps it",
        })
    }
}

/// Whether live-chat events have a field, or something in it.
fn is_in_live_chat(path: &str) -> bool {
    let rows = chat_rows::ROWS.iter().filter(|row| row.target != USER_ID);
    rows.into_iter().any(|row| row.source == path || is_beneath(row.source, path))
}

/// Whether a path is inside another.
fn is_beneath(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.starts_with(['.', '[']))
}
