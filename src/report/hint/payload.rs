//! Valid JSON that is not a payload: things that are known by their keys, and near misses of `visitor.id`.

use super::row::Hint;
use crate::json::scan::trim;
use crate::json::strings::inner;
use crate::json::value::{ValueKind, elements, last_member, members};

/// The name of a JSON value that is known but not an Olark payload.
pub fn something_else(value: &[u8]) -> Option<Hint> {
    let value = trim(value);
    if ValueKind::of(value) != ValueKind::Object {
        return None;
    }
    if members(value).next().is_none() {
        return Some(Hint::new("an empty object", "look at what wrote it"));
    }
    const CONVERTED: &str = "it is already converted: use the Olark payload it came from";
    if is_batch(value) {
        return Some(Hint::new("a request body for RudderStack's /v1/batch", CONVERTED));
    }
    const PARTS: [&str; 5] = ["messageId", "context", "integrations", "traits", "properties"];
    let is_whole = PARTS.iter().any(|key| last_member(value, key).is_some());
    let is_event = is_event(value) && is_whole;
    is_event.then(|| Hint::new("a RudderStack event, or one of Segment's", CONVERTED))
}

/// Whether the first element of a batch is an event.
fn is_batch(object: &[u8]) -> bool {
    let Some(batch) = last_member(object, "batch").filter(|batch| batch.starts_with(b"[")) else {
        return false;
    };
    elements(batch).next().map_or(members(object).count() == 1, is_event)
}

fn is_event(object: &[u8]) -> bool {
    const TYPES: [&[u8]; 6] = [b"track", b"identify", b"group", b"page", b"screen", b"alias"];
    let kind = last_member(object, "type").and_then(inner);
    let has_user = ["userId", "anonymousId"].iter().any(|key| last_member(object, key).is_some());
    has_user && kind.is_some_and(|kind| TYPES.contains(&kind))
}

/// Keys of `visitor` that may be there instead of `id`, and what else there is to say of them.
const IN_VISITOR: [(&str, &str); 7] = [
    ("ID", ", but keys are case-sensitive"),
    ("Id", ", but keys are case-sensitive"),
    ("_id", ""),
    ("uuid", ""),
    ("visitorId", ""),
    ("visitor_id", ""),
    ("emailAddress", ", which may identify the visitor"),
];

/// Keys of the payload that may be there instead of `visitor.id`.
const AT_TOP: [&str; 3] = ["visitorId", "visitor_id", "visitor.id"];

/// The key that a payload has instead of `visitor.id`, if its value could be an id.
pub fn near_miss(payload: &[u8]) -> Option<Hint> {
    let payload = trim(payload);
    let visitor = last_member(payload, "visitor");
    let in_visitor = |key: &str| visitor.and_then(|visitor| last_member(visitor, key));
    if in_visitor("id").is_some_and(is_filled) {
        return None;
    }
    if let Some((key, more)) = IN_VISITOR.iter().find(|(key, _)| in_visitor(key).is_some_and(is_id)) {
        let fix = format!("add `--user-id visitor.id,visitor.{key}`");
        return Some(Hint::new(format!("visitor.{key} is there{more}"), fix));
    }
    if visitor.is_none() && last_member(payload, "Visitor").is_some_and(is_visitor) {
        let fix = "rename it with `jq -c '.visitor = .Visitor | del(.Visitor)'`";
        return Some(Hint::new("Visitor is there, but keys are case-sensitive", fix));
    }
    let key = AT_TOP.iter().find(|key| last_member(payload, key).is_some_and(is_id))?;
    let fix = format!("move it with `jq -c '.visitor.id = .[\"{key}\"]'`");
    Some(Hint::new(format!("{key} is there in place of visitor.id"), fix))
}

fn is_filled(value: &[u8]) -> bool {
    let is_blank = inner(value).is_some_and(|text| text.trim_ascii().is_empty());
    !is_blank && !matches!(value, b"null" | b"{}" | b"[]" | b"false" | b"0")
}

fn is_id(value: &[u8]) -> bool {
    is_filled(value) && ValueKind::of(value).can_be_id()
}

fn is_visitor(value: &[u8]) -> bool {
    is_filled(value) && ValueKind::of(value) == ValueKind::Object
}
