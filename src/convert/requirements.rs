//! Requirements that a payload must meet to be converted.

use uuid::fmt::Hyphenated;

use crate::convert::identity;
use crate::convert::mapping::{Event, Mapping};
use crate::convert::plan::Plan;
use crate::convert::reason::{Code, Reason};
use crate::json::extract::Extracted;
use crate::json::path_tree::{NodeId, ROOT};
use crate::json::scan;
use crate::json::strings;
use crate::json::value::{ValueKind, elements};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct User {
    /// The index in [`Plan::user_ids`] of the field that says so.
    pub field: usize,
    /// The node of that field.
    pub id: NodeId,
    pub rudder_id: [u8; Hyphenated::LENGTH],
}

/// Checks that a payload can be converted; returns its user.
/// Fails when the visitor has no usable id, or a field that is read has a wrong type.
pub fn check(plan: &Plan, extracted: &Extracted) -> Result<User, Reason> {
    let payload = extracted.get(ROOT).unwrap_or_default();
    match payload.first() {
        Some(b'{') => {}
        Some(b'[' | b'"') => return Err(Reason::no_payload()),
        _ => {
            let message = format!("expected an object, found {}", ValueKind::of(payload).with_article());
            return Err(Reason::new(Code::NotAnObject, message));
        }
    }
    match extracted.get(plan.nodes.visitor) {
        Some([b'{', ..]) => {}
        Some(visitor) => return Err(wrong_type("visitor", visitor, "an object")),
        None => return Err(Reason::no_payload()),
    }
    let user = identified(plan, extracted).ok_or_else(|| missing_user_id(plan, extracted))?;
    // In `live`, what JavaScript treats as false counts as missing.
    let is_live = plan.options.mapping == Mapping::Live;
    let is_missing = |value: &[u8]| value == b"null" || is_live && is_falsy(value);
    let check_type = |path, node, first, wanted| match extracted.get(node) {
        Some(value) if value.first() != Some(&first) && !is_missing(value) => {
            Err(wrong_type(path, value, wanted))
        }
        _ => Ok(()),
    };
    check_type("visitor.browser", plan.nodes.browser, b'"', "a string")?;
    check_type("groups", plan.nodes.groups, b'[', "an array")?;
    for (index, group) in elements(extracted.get(plan.nodes.groups).unwrap_or_default()).enumerate() {
        // JavaScript looks for an id on other values, finds none and goes on; on `null` it fails.
        let is_skipped = is_live && group != b"null";
        if group.first() != Some(&b'{') && !is_skipped {
            return Err(wrong_type(&format!("groups[{index}]"), group, "an object"));
        }
    }
    Ok(user)
}

fn identified(plan: &Plan, extracted: &Extracted) -> Option<User> {
    plan.user_ids.iter().enumerate().find_map(|(field, id)| {
        let value = extracted.get(*id).filter(|value| ValueKind::of(value).can_be_id())?;
        let mut rudder_id = [0; Hyphenated::LENGTH];
        identity::rudder_id(value)?.hyphenated().encode_lower(&mut rudder_id);
        Some(User { field, id: *id, rudder_id })
    })
}

#[cold]
fn missing_user_id(plan: &Plan, extracted: &Extracted) -> Reason {
    let fields = plan.user_ids.iter().zip(&plan.options.user_ids).map(|(node, path)| {
        let problem = match extracted.get(*node) {
            None | Some(b"null") => "is missing".into(),
            Some(id) if ValueKind::of(id).can_be_id() => "is blank".into(),
            Some(id) => format!("is {}, not a string or number", ValueKind::of(id).with_article()),
        };
        format!("{path} {problem}")
    });
    Reason::new(Code::MissingVisitorId, fields.collect::<Vec<_>>().join(", "))
}

/// Checks that RudderStack accepts a request body with this event of the payload: its gateway refuses the whole body
/// for a number that Go cannot hold, and its processor fails on U+0000 in an event's name (rudder-server 1.83).
/// Fails when it does not.
pub fn sendable(plan: &Plan, extracted: &Extracted, event: Event, line: &[u8]) -> Result<(), Reason> {
    if extracted.has_huge && scan::tokens(line).filter_map(number).any(f64::is_infinite) {
        let message = "a number is beyond the range of a double, so RudderStack would refuse the whole batch";
        return Err(Reason::new(Code::Unsendable, message));
    }
    let kind = extracted.get(plan.nodes.kind).and_then(strings::inner);
    if event == Event::Conversation && kind.is_some_and(|kind| strings::decode(kind).contains('\0')) {
        let message = "kind has the character U+0000, which crashes RudderStack's processor";
        return Err(Reason::new(Code::Unsendable, message));
    }
    Ok(())
}

fn wrong_type(path: &str, value: &[u8], wanted: &str) -> Reason {
    Reason::new(Code::WrongType, format!("{path} is {}, not {wanted}", ValueKind::of(value).with_article()))
}

/// The value of a number; `None` for any other token.
fn number(token: &[u8]) -> Option<f64> {
    match token {
        [b'-' | b'0'..=b'9', ..] => std::str::from_utf8(token).ok()?.parse().ok(),
        _ => None,
    }
}

/// Whether JavaScript treats a value as false: `null`, `false`, `""` and every way to write zero.
pub fn is_falsy(value: &[u8]) -> bool {
    matches!(value, b"null" | b"false" | b"\"\"") || number(value) == Some(0.0)
}
