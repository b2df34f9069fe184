//! What people send instead of Olark payloads, by the keys in each vendor's documentation.

use super::Thing;

pub(super) const BATCH: &str = "a request body for RudderStack's /v1/batch";
pub(super) const CONVERTED: &str = "it is converted already, so convert the Olark payload that it came from";

const OTHER_CHAT: &str = "only what Olark posts can be converted";
const PART: &str = "convert the whole payload, which has it in one of its fields";

pub(super) const EVENT: Thing = Thing {
    all: &[],
    any: &["userId", "anonymousId"],
    none: &[],
    tag: Some(("type", &["track", "identify", "group", "page", "screen", "alias"])),
    name: "a RudderStack event, or one of Segment's",
    cure: CONVERTED,
};

/// A message or chat of another vendor.
const fn chat(all: &'static [&'static str], any: &'static [&'static str], name: &'static str) -> Thing {
    Thing { all, any, none: &[], tag: None, name, cure: OTHER_CHAT }
}

impl Thing {
    const fn tagged(self, key: &'static str, values: &'static [&'static str]) -> Thing {
        Thing { tag: Some((key, values)), ..self }
    }

    const fn cure(self, cure: &'static str) -> Thing {
        Thing { cure, ..self }
    }
}

/// A part of an Olark payload, which says by its `kind` what it is.
const fn part(kinds: &'static [&'static str], name: &'static str) -> Thing {
    Thing { none: &["visitor", "items"], ..chat(&[], &[], name).tagged("kind", kinds).cure(PART) }
}

pub(super) const THINGS: &[Thing] = &[
    Thing { all: &["messageId"], ..EVENT },
    Thing { all: &["context"], ..EVENT },
    Thing { all: &["integrations"], ..EVENT },
    Thing { all: &["traits"], ..EVENT },
    Thing { all: &["properties"], ..EVENT },
    chat(&[], &["team_id", "api_app_id", "event_id"], "a Slack event").tagged("type", &["event_callback"]),
    chat(&["challenge"], &[], "a Slack event, which checks an address").tagged("type", &["url_verification"]),
    chat(&["ts"], &["user", "bot_id", "username"], "a message of a Slack export")
        .tagged("type", &["message"]),
    chat(&["zendesk_ticket_id"], &["history", "visitor", "session"], "a Zendesk chat"),
    chat(&["department_id", "history"], &["session", "visitor"], "a Zendesk chat"),
    chat(&["requester_id", "subject", "status"], &[], "a Zendesk ticket"),
    chat(&["tickets"], &["next_page", "after_cursor", "end_of_stream"], "a page of Zendesk tickets"),
    chat(&[], &["conversation_parts", "contacts", "source"], "an Intercom conversation")
        .tagged("type", &["conversation"]),
    chat(&["conversations"], &[], "a page of Intercom conversations").tagged("type", &["conversation.list"]),
    chat(&["topic"], &[], "an Intercom notification").tagged("type", &["notification_event"]),
    chat(
        &["webhook_id", "action", "payload"],
        &["secret_key", "organization_id", "license_id"],
        "a LiveChat notification",
    ),
    chat(&["users", "access"], &["thread", "threads"], "a LiveChat chat"),
    chat(&["license_id", "chat"], &["visitor", "token"], "a LiveChat notification")
        .tagged("event_type", &["chat_started", "chat_ended"]),
    chat(&["orgId", "data", "type"], &[], "a Drift notification"),
    chat(&["chatId", "property"], &[], "a tawk.to chat").tagged("event", &["chat:start", "chat:end"]),
    chat(&["website_id", "event", "data"], &[], "a Crisp notification"),
    chat(&["actor", "action", "action_time", "data"], &[], "a Freshchat notification"),
    chat(&["portalId", "subscriptionType"], &[], "a HubSpot notification"),
    part(&["Operator"], "one operator of an Olark payload"),
    part(&["Visitor"], "the visitor of an Olark payload"),
    part(&["Group"], "one group of an Olark payload"),
    part(&["MessageToVisitor", "MessageToOperator", "OfflineMessage"], "one message of an Olark payload"),
    Thing { none: &["visitor"], ..chat(&["items"], &[], "an Olark payload without its visitor") }
        .tagged("kind", &["Conversation"])
        .cure("look at what wrote it: Olark posts the visitor in each"),
];
