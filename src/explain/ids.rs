//! The ids of a payload's events, and how each was made.

use crate::convert::mapping::{Event, MESSAGE_ID, RUDDER_ID};
use crate::convert::options::MessageId;
use crate::explain::page::Page;
use crate::explain::tables::EventTable;
use crate::explain::{Case, shown};
use crate::json::strings::inner;
use crate::json::value::last_member;
use crate::term::width::cut;

pub fn ids(page: &mut Page, case: &Case, tables: &[EventTable]) {
    let Some(first) = tables.first() else { return };
    page.heading("ids");
    let rudder_id = id(first, RUDDER_ID);
    page.sentence(&format!(
        "rudderId {rudder_id} is the MD5 of userId and a colon, as RudderStack's gateway computes it"
    ));
    let (chat, others): (Vec<_>, Vec<_>) = tables.iter().partition(|table| table.kind == Event::Chat);
    let conversation = if case.has_id() { "the conversation's id, " } else { "" };
    let origin = format!("{conversation}the event's number and its content");
    message_ids(page, case, &others, "messageId", &origin);
    let owner = if case.has_id() { "conversation" } else { "visitor" };
    let origin = format!("the {owner}'s id, the event's name, and its item's position, timestamp and body");
    message_ids(page, case, &chat, "messageId of a live-chat event", &origin);
}

fn message_ids(page: &mut Page, case: &Case, tables: &[&EventTable], name: &str, origin: &str) {
    if tables.is_empty() {
        return;
    }
    page.sentence(&match case.plan.options.message_id {
        MessageId::Random => format!("each {name} is random (--message-id random)"),
        MessageId::Stable => format!("each {name} is a hash of {origin}"),
    });
    for table in tables {
        let heading = table.heading.strip_prefix("Live Chat ").unwrap_or(&table.heading);
        let line = format!("    {} {heading}", id(table, MESSAGE_ID));
        page.line(&cut(&line, page.width));
    }
}

fn id(table: &EventTable, key: &str) -> String {
    shown(last_member(table.event, key).and_then(inner).unwrap_or_default())
}
