//! The fields of a payload that are in no event, and why.

use std::collections::BTreeSet;
use std::ops::Bound;

use crate::convert::mapping::{Event, Mapping, ROWS, Row, USER_ID, rows};
use crate::convert::options::MessageId;
use crate::convert::warning::no_id;
use crate::explain::case::{Case, gives_event};
use crate::explain::page::{Page, SOURCE, shown};
use crate::json::strings;
use crate::json::value::{last_member, members};
use crate::term::width::{columns, cut, pad};

/// The width of a column of reasons, which holds most of them.
const REASON: usize = 22;

/// The fields that are listed.
const MAX_LISTED: usize = 200;

/// A field that is in no event.
struct LeftOut<'a> {
    path: String,
    value: &'a [u8],
    reason: String,
}

/// Lists the fields that are in no event.
pub fn left_out(page: &mut Page, case: &Case, mapped: &BTreeSet<&str>) {
    let fields = fields(case, mapped);
    if fields.is_empty() {
        return;
    }
    page.heading("left out");
    for LeftOut { path, value, reason } in fields.iter().take(MAX_LISTED) {
        let path = pad(&cut(&shown(path.as_bytes()), SOURCE), SOURCE);
        let value = shown(value);
        let room = page.width.saturating_sub(2 + SOURCE + 1 + REASON.max(columns(reason)) + 1);
        let reason = page.paint("33", &pad(reason, REASON));
        if columns(&value) <= room || room >= REASON && !value.starts_with('{') {
            page.line(&format!("  {path} {reason} {}", cut(&value, room)));
        } else {
            // A value that does not fit gets its own line if the reason leaves little room, or if it is an
            // object, of which a short piece says nothing.
            page.line(&format!("  {path} {reason}"));
            page.line(&format!("    {}", cut(&value, page.width.saturating_sub(4))));
        }
    }
    if fields.len() > MAX_LISTED {
        page.line("  … and more");
    }
}

fn fields<'a>(case: &Case<'a>, mapped: &BTreeSet<&str>) -> Vec<LeftOut<'a>> {
    let field = |path: String, source: &str, value| {
        let is_used = is_mapped(mapped, &path) || path == case.user_path();
        (!is_used).then(|| LeftOut { reason: omission_reason(case, source, value).into(), path, value })
    };
    let mut fields = Vec::new();
    for (key, value) in members(case.payload()) {
        match (&*strings::decode(key), value) {
            ("visitor", _) if !mapped.contains("visitor") => {
                let paths =
                    members(value).map(|(key, value)| (format!("visitor.{}", strings::decode(key)), value));
                fields.extend(paths.filter_map(|(path, value)| field(path.clone(), &path, value)));
            }
            (path @ "groups", b"[]") => {
                let reason = "is empty, so there is no group event".into();
                fields.push(LeftOut { path: path.into(), value, reason });
            }
            ("groups", [b'[', ..]) if !mapped.contains("groups") => {}
            (path, _) => fields.extend(field(path.into(), path, value)),
        }
    }
    for (index, group) in case.groups().enumerate() {
        if fields.len() > MAX_LISTED {
            break;
        }
        if !gives_event(group) {
            let reason = no_id(last_member(group, "id")).into();
            fields.push(LeftOut { path: format!("groups[{index}]"), value: group, reason });
            continue;
        }
        for (key, value) in members(group) {
            let key = strings::decode(key);
            fields.extend(field(format!("groups[{index}].{key}"), &format!("groups[].{key}"), value));
        }
    }
    fields
}

/// Whether an event has a field, or something in it.
fn is_mapped(mapped: &BTreeSet<&str>, path: &str) -> bool {
    let has_inside = |start: String| {
        let next = mapped.range::<str, _>((Bound::Included(start.as_str()), Bound::Unbounded)).next();
        next.is_some_and(|next| next.starts_with(&start))
    };
    mapped.contains(path) || has_inside(format!("{path}.")) || has_inside(format!("{path}["))
}

/// The reason why a field, by its path in the table, is in no event.
fn omission_reason(case: &Case, source: &str, value: &[u8]) -> &'static str {
    let options = &case.plan.options;
    let rows = rows(options.mapping).chain(&options.extra_rows);
    let is_own = |row: &&Row| row.source == source && row.target != USER_ID;
    let events: Vec<_> = rows.filter(is_own).flat_map(|row| row.events).collect();
    if !events.is_empty() {
        return match value {
            b"null" => "is null",
            b"\"\"" => "is empty",
            _ if !events.iter().any(|event| options.events.contains(event)) => "--events leaves it out",
            _ if events.contains(&&Event::Group) && case.converted.events[Event::Group as usize] == 0 => {
                "only for group events, and there are none"
            }
            _ => "has nothing to copy",
        };
    }
    let mut elsewhere = ROWS.iter().filter(|row| row.source == source);
    if elsewhere.clone().any(|row| row.target == USER_ID) {
        return "another field is the userId";
    }
    match elsewhere.next().map(|row| row.mappings) {
        Some([Mapping::Live, ..]) => "only in --mapping live",
        Some(_) => "only in --mapping full",
        None if source == "id" && case.has_id() && options.message_id == MessageId::Stable => {
            "in messageId only"
        }
        None if ROWS.iter().any(|row| row.source.starts_with(&format!("{source}["))) => "has nothing to copy",
        None => "not mapped",
    }
}
