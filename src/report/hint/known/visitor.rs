//! Near misses of `visitor.id`: the key is there, but spelled differently.

use crate::json::value::ValueKind;
use crate::json::value::{last_member, members};
use crate::report::hint::Hint;

/// Keys used for `visitor.id`, at the top level or in `visitor`.
const ROWS: &[(Place, &str, Hint)] = &[
    (
        Place::Visitor,
        "ID",
        Hint::new("visitor.ID is there, but keys are case-sensitive", "add --user-id visitor.id,visitor.ID"),
    ),
    (
        Place::Visitor,
        "Id",
        Hint::new("visitor.Id is there, but keys are case-sensitive", "add --user-id visitor.id,visitor.Id"),
    ),
    (Place::Visitor, "_id", Hint::new("visitor._id is there", "add --user-id visitor.id,visitor._id")),
    (Place::Visitor, "uuid", Hint::new("visitor.uuid is there", "add --user-id visitor.id,visitor.uuid")),
    (
        Place::Visitor,
        "visitorId",
        Hint::new("visitor.visitorId is there", "add --user-id visitor.id,visitor.visitorId"),
    ),
    (
        Place::Visitor,
        "visitor_id",
        Hint::new("visitor.visitor_id is there", "add --user-id visitor.id,visitor.visitor_id"),
    ),
    (
        Place::Visitor,
        "emailAddress",
        Hint::new(
            "visitor.emailAddress is there",
            "if it is to identify the visitor, add --user-id visitor.id,visitor.emailAddress",
        ),
    ),
    (
        Place::Whole,
        "Visitor",
        Hint::new(
            "Visitor is there, but keys are case-sensitive",
            "rename it with jq -c '.visitor = .Visitor | del(.Visitor)'",
        ),
    ),
    (
        Place::Whole,
        "VISITOR",
        Hint::new(
            "VISITOR is there, but keys are case-sensitive",
            "rename it with jq -c '.visitor = .VISITOR | del(.VISITOR)'",
        ),
    ),
    (
        Place::Top,
        "visitorId",
        Hint::new(
            "visitorId is there in place of visitor.id",
            "move it with jq -c '.visitor.id = .visitorId'",
        ),
    ),
    (
        Place::Top,
        "visitorID",
        Hint::new(
            "visitorID is there in place of visitor.id",
            "move it with jq -c '.visitor.id = .visitorID'",
        ),
    ),
    (
        Place::Top,
        "visitor_id",
        Hint::new(
            "visitor_id is there in place of visitor.id",
            "move it with jq -c '.visitor.id = .visitor_id'",
        ),
    ),
    (
        Place::Top,
        "visitor.id",
        Hint::new(
            "visitor.id is one key with a dot in it",
            "nest it with jq -c '.visitor.id = .[\"visitor.id\"]'",
        ),
    ),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A key at the top in place of `visitor.id`.
    Top,
    /// A key at the top in place of `visitor`.
    Whole,
    /// A key in `visitor`.
    Visitor,
}

/// What a payload has instead of a `visitor.id`. Names only keys of the table. A value that could not be one is
/// not a near miss.
pub fn near_miss(payload: &[u8]) -> Option<Hint> {
    // A payload may have very many keys, so each is looked at once.
    let is_known = |key: &[u8]| ROWS.iter().any(|(_, name, _)| name.as_bytes() == key);
    let (mut visitor, mut top) = (None, Vec::new());
    for (key, value) in members(payload.trim_ascii()) {
        match key {
            b"visitor" => visitor = Some(value),
            _ if is_known(key) => top.push((key, value)),
            _ => {}
        }
    }
    let inside = members(visitor.unwrap_or_default()).filter(|(key, _)| *key == b"id" || is_known(key));
    let inside: Vec<_> = inside.collect();
    if inside.iter().any(|(key, value)| *key == b"id" && says(value)) {
        return None;
    }
    let is_there = |(at, key, _): &&(Place, &str, Hint)| {
        let has = |members: &[(&[u8], &[u8])], fits: fn(&[u8]) -> bool| {
            members.iter().any(|(name, value)| *name == key.as_bytes() && fits(value))
        };
        match at {
            Place::Top => has(&top, is_id),
            // A second visitor does not make up for one without an id.
            Place::Whole => visitor.is_none() && has(&top, is_visitor),
            Place::Visitor => has(&inside, is_id),
        }
    };
    ROWS.iter().find(is_there).map(|(.., hint)| *hint)
}

/// A visitor that is a string with the object in it.
pub fn encoded(payload: &[u8]) -> Option<Hint> {
    let visitor = last_member(payload, "visitor")?.strip_prefix(b"\"")?;
    let inside = visitor.trim_ascii_start().strip_prefix(b"{")?.trim_ascii_start();
    inside.starts_with(b"\\\"").then_some(Hint::new(
        "the string holds JSON, encoded once more",
        "decode it with jq -c '.visitor |= fromjson'",
    ))
}

/// Whether there is anything in a value.
fn says(value: &[u8]) -> bool {
    let text = value.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\""));
    let is_blank = text.is_some_and(|text| text.trim_ascii().is_empty());
    ValueKind::of(value) != ValueKind::Null && !is_blank && !matches!(value, b"{}" | b"[]" | b"false" | b"0")
}

fn is_id(value: &[u8]) -> bool {
    says(value) && matches!(ValueKind::of(value), ValueKind::String | ValueKind::Number)
}

fn is_visitor(value: &[u8]) -> bool {
    says(value) && ValueKind::of(value) == ValueKind::Object
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_miss_is_described_as_it_is() {
        for (payload, expected) in [
            (r#"{"visitor": {"ID": "x"}}"#, "--user-id visitor.id,visitor.ID"),
            (r#"{"visitor": {"id": null, "Id": 5}}"#, "--user-id visitor.id,visitor.Id"),
            (r#"{"visitor": {"id": "", "visitor_id": "x"}}"#, "--user-id visitor.id,visitor.visitor_id"),
            (
                r#"{"visitor": {"emailAddress": "a@example.com", "uuid": "x"}}"#,
                "--user-id visitor.id,visitor.uuid",
            ),
            (
                r#"{"visitor": {"emailAddress": "a@example.com"}}"#,
                "--user-id visitor.id,visitor.emailAddress",
            ),
            (r#"{"Visitor": {"id": "x"}}"#, ".visitor = .Visitor"),
            (r#"{"visitorId": "x", "items": []}"#, ".visitor.id = .visitorId"),
            (r#"{"visitor": {}, "visitor_id": "x"}"#, ".visitor.id = .visitor_id"),
            (r#"{"visitor.id": "x"}"#, "one key with a dot"),
        ] {
            let found = near_miss(payload.as_bytes()).map(|hint| hint.to_string()).unwrap_or_default();
            assert!(found.contains(expected), "{payload}: {found:?}");
        }
    }

    #[test]
    fn a_visitor_that_was_encoded_is_told_from_other_strings() {
        assert!(encoded(br#"{"visitor": "{\"id\": 1}"}"#).is_some());
        for other in
            [r#"{"visitor": "{id}"}"#, r#"{"visitor": {"id": "{\"a\""}}"#, r#"{"visitor": "x"}"#, "{}"]
        {
            assert_eq!(encoded(other.as_bytes()), None, "{other}");
        }
    }

    #[test]
    fn a_key_elsewhere_or_with_nothing_in_it_is_no_near_miss() {
        for payload in [
            r#"{"visitor": {"id": "x", "ID": "y"}}"#,
            r#"{"visitor": {"ID": ""}}"#,
            r#"{"visitor": {"ID": null}}"#,
            r#"{"visitor": {"ID": {"x": 1}}}"#,
            r#"{"visitor": {"ip": "x"}}"#,
            r#"{"ID": "x"}"#,
            r#"{"Visitor": "x"}"#,
            r#"{"visitor": {"a": 1}, "Visitor": {"id": "x"}}"#,
            r#"{"other": {"ID": "x", "visitorId": "y"}}"#,
            r#"{"key": "visitorId"}"#,
            r#"{}"#,
            r#"[]"#,
        ] {
            assert_eq!(near_miss(payload.as_bytes()), None, "{payload}");
        }
    }
}
