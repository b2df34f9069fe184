//! Valid JSON that is not a payload: things that are known by their keys, and near misses of `visitor.id`.

use super::Hint;
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

enum Place {
    /// A key at the top in place of `visitor.id`.
    Top,
    /// A key at the top in place of `visitor`.
    Whole,
    /// A key in `visitor`.
    Visitor,
}

macro_rules! in_visitor {
    ($key:literal, $more:literal) => {{
        let cause = concat!("visitor.", $key, " is there", $more);
        (Place::Visitor, $key, cause, concat!("add `--user-id visitor.id,visitor.", $key, "`"))
    }};
}

macro_rules! at_top {
    ($key:literal) => {{
        let fix = concat!("move it with `jq -c '.visitor.id = .[\"", $key, "\"]'`");
        (Place::Top, $key, concat!($key, " is there in place of visitor.id"), fix)
    }};
}

/// Keys instead of `visitor.id`, each with the cause and the fix.
const NEAR_MISSES: &[(Place, &str, &str, &str)] = &[
    in_visitor!("ID", ", but keys are case-sensitive"),
    in_visitor!("Id", ", but keys are case-sensitive"),
    in_visitor!("_id", ""),
    in_visitor!("uuid", ""),
    in_visitor!("visitorId", ""),
    in_visitor!("visitor_id", ""),
    in_visitor!("emailAddress", ", which may identify the visitor"),
    (
        Place::Whole,
        "Visitor",
        "Visitor is there, but keys are case-sensitive",
        "rename it with `jq -c '.visitor = .Visitor | del(.Visitor)'`",
    ),
    at_top!("visitorId"),
    at_top!("visitor_id"),
    at_top!("visitor.id"),
];

/// The key that a payload has instead of `visitor.id`, if its value could be an id.
pub fn near_miss(payload: &[u8]) -> Option<Hint> {
    let payload = trim(payload);
    let visitor = last_member(payload, "visitor");
    let in_visitor = |key: &str| visitor.and_then(|visitor| last_member(visitor, key));
    if in_visitor("id").is_some_and(is_filled) {
        return None;
    }
    let row = NEAR_MISSES.iter().find(|(place, key, ..)| match place {
        Place::Visitor => in_visitor(key).is_some_and(is_id),
        Place::Top => last_member(payload, key).is_some_and(is_id),
        Place::Whole => visitor.is_none() && last_member(payload, key).is_some_and(is_visitor),
    });
    row.map(|(.., cause, fix)| Hint::new(cause, fix))
}

/// The hint about a visitor that is a string with the object in it.
pub fn encoded_visitor(payload: &[u8]) -> Option<Hint> {
    let visitor = last_member(payload, "visitor").and_then(inner)?;
    let object = visitor.trim_ascii_start().strip_prefix(b"{")?.trim_ascii_start();
    let hint = Hint::new(
        "the string holds JSON, encoded once more",
        "decode it with `jq -c '.visitor |= fromjson'`",
    );
    object.starts_with(b"\\\"").then_some(hint)
}

fn is_filled(value: &[u8]) -> bool {
    let is_blank = inner(value).is_some_and(|text| text.trim_ascii().is_empty());
    !is_blank && !matches!(value, b"null" | b"{}" | b"[]" | b"false" | b"0")
}

fn is_id(value: &[u8]) -> bool {
    is_filled(value) && matches!(ValueKind::of(value), ValueKind::String | ValueKind::Number)
}

fn is_visitor(value: &[u8]) -> bool {
    is_filled(value) && ValueKind::of(value) == ValueKind::Object
}
