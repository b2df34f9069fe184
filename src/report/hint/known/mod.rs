//! Valid JSON that is not a payload: known things by their keys, near misses of `visitor.id`, and for
//! `--explain` the keys themselves.

pub mod overview;
mod things;
pub mod visitor;

use crate::json::value::ValueKind;
use crate::json::value::{elements, members};
use crate::report::hint::Hint;

/// Something that is recognized by its keys.
struct Thing {
    /// Keys that must be there.
    all: &'static [&'static str],
    /// Keys one of which must be there, if any are listed.
    any: &'static [&'static str],
    /// Keys that must not be there.
    none: &'static [&'static str],
    /// A key whose value must be one of these strings.
    tag: Option<(&'static str, &'static [&'static str])>,
    /// What it is.
    name: &'static str,
    /// What to do about it.
    cure: &'static str,
}

/// What a JSON value is, if it is a known thing but not an Olark payload. The hint then names the thing, not a
/// cause.
pub fn what_is(value: &[u8]) -> Option<Hint> {
    let value = value.trim_ascii();
    if ValueKind::of(value) != ValueKind::Object {
        return None;
    }
    let inside = value.strip_prefix(b"{").and_then(|rest| rest.strip_suffix(b"}"));
    if inside.is_some_and(|inside| inside.trim_ascii().is_empty()) {
        return Some(Hint::new("an empty object", "look at what wrote it"));
    }
    let found = Found::new(value);
    if is_batch(value, &found) {
        return Some(Hint::new(things::BATCH, things::CONVERTED));
    }
    things::THINGS.iter().find(|thing| found.is(thing)).map(|thing| Hint::new(thing.name, thing.cure))
}

/// A request body for `/v1/batch`: its first element is an event.
fn is_batch(object: &[u8], found: &Found) -> bool {
    let Some(batch) = found.get("batch") else { return false };
    let is_empty = ValueKind::of(batch) == ValueKind::Array && elements(batch).next().is_none();
    let is_event = |event: &[u8]| Found::new(event).is(&things::EVENT);
    elements(batch).next().is_some_and(is_event) || is_empty && members(object).count() == 1
}

/// Which of the keys in the table an object has; it is walked through once.
struct Found<'o> {
    keys: Vec<(&'static str, &'o [u8])>,
}

impl<'o> Found<'o> {
    fn new(object: &'o [u8]) -> Found<'o> {
        let mut keys: Vec<(&'static str, &'o [u8])> = Vec::new();
        for (key, value) in members(object) {
            let known = things::THINGS.iter().chain([&things::EVENT]).flat_map(Thing::keys).chain(["batch"]);
            if let Some(name) = known.into_iter().find(|name| name.as_bytes() == key) {
                match keys.iter_mut().find(|(other, _)| *other == name) {
                    Some(entry) => entry.1 = value,
                    None => keys.push((name, value)),
                }
            }
        }
        Found { keys }
    }

    fn get(&self, name: &str) -> Option<&'o [u8]> {
        self.keys.iter().find(|(key, _)| *key == name).map(|(_, value)| *value)
    }

    fn is(&self, thing: &Thing) -> bool {
        let has = |name: &&str| self.get(name).is_some();
        let is_tagged = |(key, values): (&str, &[&str])| {
            let text = self.get(key).and_then(|value| value.strip_prefix(b"\"")?.strip_suffix(b"\""));
            text.is_some_and(|text| values.iter().any(|value| value.as_bytes() == text))
        };
        thing.all.iter().all(has)
            && (thing.any.is_empty() || thing.any.iter().any(has))
            && !thing.none.iter().any(has)
            && thing.tag.is_none_or(is_tagged)
    }
}

impl Thing {
    fn keys(&self) -> impl Iterator<Item = &'static str> + use<> {
        let tag = self.tag.map(|(key, _)| key);
        self.all.iter().chain(self.any).chain(self.none).copied().chain(tag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(value: &str) -> &'static str {
        what_is(value.as_bytes()).map_or("", |hint| hint.cause)
    }

    #[test]
    fn a_known_thing_is_named() {
        for (value, expected) in [
            ("{}", "empty object"),
            (" { } ", "empty object"),
            (r#"{"batch": [{"type": "track", "userId": "x", "messageId": "y"}]}"#, "/v1/batch"),
            (r#"{"batch": []}"#, "/v1/batch"),
            (
                r#"{"type": "track", "event": "Conversation", "userId": "x", "context": {}}"#,
                "RudderStack event",
            ),
            (r#"{"messageId": "y", "anonymousId": "x", "type": "identify"}"#, "RudderStack event"),
            (r#"{"type": "identify", "userId": "x", "traits": {}}"#, "RudderStack event"),
            (r#"{"type": "page", "userId": "x", "properties": {}}"#, "RudderStack event"),
            (r#"{"type": "event_callback", "team_id": "T1", "event": {}}"#, "Slack event"),
            (r#"{"type": "url_verification", "challenge": "x"}"#, "Slack"),
            (r#"{"type": "message", "ts": "1.2", "user": "U1", "text": "x"}"#, "Slack export"),
            (r#"{"zendesk_ticket_id": 1, "visitor": {}, "history": []}"#, "Zendesk chat"),
            (r#"{"department_id": 1, "session": {}, "history": []}"#, "Zendesk chat"),
            (r#"{"requester_id": 1, "subject": "x", "status": "open"}"#, "Zendesk ticket"),
            (r#"{"tickets": [], "next_page": null}"#, "Zendesk tickets"),
            (r#"{"type": "conversation", "id": "1", "conversation_parts": {}}"#, "Intercom"),
            (r#"{"type": "notification_event", "topic": "conversation.user.created"}"#, "Intercom"),
            (r#"{"type": "conversation.list", "conversations": []}"#, "Intercom"),
            (
                r#"{"webhook_id": "1", "secret_key": "x", "action": "chat_deactivated", "payload": {}}"#,
                "LiveChat",
            ),
            (r#"{"id": "1", "users": [], "threads": [], "access": {}}"#, "LiveChat"),
            (r#"{"event_type": "chat_ended", "license_id": 1, "chat": {}, "visitor": {}}"#, "LiveChat"),
            (r#"{"orgId": 1, "type": "new_message", "data": {}}"#, "Drift"),
            (r#"{"event": "chat:end", "chatId": "1", "visitor": {}, "property": {}}"#, "tawk.to"),
            (r#"{"website_id": "1", "event": "message:send", "data": {}}"#, "Crisp"),
            (r#"{"actor": {}, "action": "message_create", "action_time": "x", "data": {}}"#, "Freshchat"),
            (r#"{"portalId": 1, "subscriptionType": "x", "objectId": 2}"#, "HubSpot"),
            (r#"{"kind": "Operator", "id": "1", "username": "x"}"#, "operator"),
            (r#"{"kind": "Visitor", "id": "1"}"#, "visitor"),
            (r#"{"kind": "Group", "id": "1", "name": "x"}"#, "group"),
            (r#"{"kind": "MessageToVisitor", "body": "x", "timestamp": "1"}"#, "message"),
            (r#"{"kind": "Conversation", "id": "1", "items": []}"#, "without its visitor"),
        ] {
            let found = name(value);
            assert!(
                found.contains(expected) && found.is_empty() == expected.is_empty(),
                "{value}: {found:?}"
            );
        }
    }

    #[test]
    fn a_thing_with_some_of_the_keys_is_not_named() {
        for value in [
            r#"{"type": "track"}"#,
            r#"{"type": "truck", "userId": "x", "messageId": "y"}"#,
            r#"{"type": "truck", "userId": "x", "traits": {}}"#,
            r#"{"type": "group", "traits": {}, "properties": {}}"#,
            r#"{"a": {"type": "track", "userId": "x", "messageId": "y"}}"#,
            r#"{"batch": [1]}"#,
            r#"{"batch": [], "other": 1}"#,
            r#"{"batch": {}}"#,
            r#"{"type": "message", "text": "x"}"#,
            r#"{"type": "conversation"}"#,
            r#"{"orgId": 1, "data": {}}"#,
            r#"{"kind": "Conversation", "visitor": {"id": 1}, "items": []}"#,
            r#"{"kind": "Other", "id": "1"}"#,
            r#"{"kind": "Visitor", "visitor": {}}"#,
            r#"{"ticket": {}}"#,
            r#"{"message": "Forbidden", "status": 403}"#,
            r#"{"visitor": {}}"#,
            r#"{"key": "type track userId messageId"}"#,
            "[]",
            "[{}]",
            "\"{}\"",
            "1",
            "",
            "{",
        ] {
            assert_eq!(name(value), "", "{value}");
        }
    }
}
