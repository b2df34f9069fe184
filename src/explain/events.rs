//! The events of a payload: which field went where, and how their ids were made.

use std::iter::zip;

use crate::convert::chat_events::{ChatEvent, ChatProgress, Trigger};
use crate::convert::mapping::{Event, MESSAGE_ID, RUDDER_ID, Row, Via};
use crate::convert::options::MessageId;
use crate::explain::case::{Case, gives_event};
use crate::explain::page::{Page, SOURCE, TARGET, shown};
use crate::json::strings::{decode, inner};
use crate::json::value::{elements, last_member};
use crate::term::width::{cut, pad};

/// An event, and the rows that filled it.
pub struct EventTable<'a> {
    event: Event,
    heading: String,
    line: &'a [u8],
    pub rows: Vec<TableRow<'a>>,
}

/// A row that carried a value into an event.
pub struct TableRow<'a> {
    pub source: String,
    target: &'a str,
    value: &'a [u8],
    note: &'static str,
}

/// The tables of all events, in their order.
pub fn tables<'a>(case: &Case<'a>) -> Vec<EventTable<'a>> {
    let lines = case.events.split(|byte| *byte == b'\n');
    zip(written(case), lines)
        .map(|((event, index), line)| EventTable::new(case, event, index, line))
        .collect()
}

/// The events, each with the index of its group or item.
fn written(case: &Case) -> Vec<(Event, usize)> {
    let is_there = |event: &Event| case.converted.events[*event as usize] > 0;
    let mut written = Vec::new();
    written
        .extend([Event::Identify, Event::Conversation].into_iter().filter(is_there).map(|event| (event, 0)));
    if is_there(&Event::Group) {
        let groups = case.groups().enumerate().filter(|(_, group)| gives_event(group));
        written.extend(groups.map(|(index, _)| (Event::Group, index)));
    }
    let items = case.get("items").filter(|_| case.plan.chat.is_some()).unwrap_or_default();
    let mut progress = ChatProgress::default();
    let mut last = 0;
    for (index, item) in elements(items).enumerate() {
        let kind = last_member(item, "kind").and_then(inner).map(decode).unwrap_or_default();
        written.extend(progress.item(kind.as_bytes()).map(|chat| (chat.event, index)));
        last = index;
    }
    written.extend(progress.end().map(|chat| (chat.event, last)));
    written
}

impl<'a> EventTable<'a> {
    fn new(case: &Case<'a>, event: Event, index: usize, line: &'a [u8]) -> EventTable<'a> {
        let chat = ChatEvent::of(event);
        // The payload's group or item that the event is about.
        let (element, own) = match (event, chat.map(|chat| chat.when)) {
            (Event::Group, _) => ("groups[]", format!("groups[{index}]")),
            (_, Some(Trigger::Each)) => ("items[]", format!("items[{index}]")),
            _ => ("", String::new()),
        };
        let row = |row: &'a Row| {
            let value = row.target.split('.').try_fold(line, last_member)?;
            let source = match (row.via, row.source.strip_prefix(element)) {
                (Via::UserId, _) => case.user_path().into(),
                (Via::Time, _) if chat.is_none() => format!("{} (latest)", row.source),
                (_, Some(rest)) => format!("{own}{rest}"),
                (_, None) => row.source.to_string(),
            };
            let note = match row.via {
                Via::BrowserName | Via::BrowserVersion => "split",
                _ if case.plan.options.extra_rows.contains(row) => row.note,
                _ => "",
            };
            // Targets of live-chat events are nearly all in `properties`.
            let in_properties = row.target.strip_prefix("properties.").filter(|_| chat.is_some());
            Some(TableRow { source, target: in_properties.unwrap_or(&row.target), value, note })
        };
        let rows = case.plan.options.rows(event).filter_map(row).collect();
        let heading = match (event, chat) {
            (_, Some(ChatEvent { name, when, .. })) => {
                let place = match when {
                    Trigger::Each => "",
                    Trigger::First => "before ",
                    Trigger::Last => "after ",
                };
                format!("{name}, {place}items[{index}]")
            }
            (Event::Group, None) => format!("group event of groups[{index}]"),
            _ => format!("{} event", event.type_name()),
        };
        EventTable { event, heading, line, rows }
    }

    pub fn write(&self, page: &mut Page) {
        page.heading(&self.heading);
        for TableRow { source, target, value, note } in &self.rows {
            let source = pad(&cut(&shown(source.as_bytes()), SOURCE), SOURCE);
            let target = pad(&cut(&shown(target.as_bytes()), TARGET), TARGET);
            let note = if note.is_empty() { String::new() } else { format!(" ({note})") };
            let room = page.width.saturating_sub(2 + SOURCE + 1 + TARGET + 1 + note.len()).max(6);
            let value = cut(&shown(value), room);
            page.line(&format!("  {source} {} {value}{note}", page.paint("34;1", &target)));
        }
    }

    fn id(&self, key: &str) -> String {
        shown(last_member(self.line, key).and_then(inner).unwrap_or_default())
    }
}

/// Lists the ids of all events.
pub fn ids(page: &mut Page, case: &Case, tables: &[EventTable]) {
    let Some(first) = tables.first() else { return };
    page.heading("ids");
    let rudder_id = first.id(RUDDER_ID);
    page.sentence(&format!(
        "rudderId {rudder_id} is the MD5 of userId and a colon, as RudderStack's gateway computes it"
    ));
    let (chat, others): (Vec<_>, Vec<_>) =
        tables.iter().partition(|table| ChatEvent::of(table.event).is_some());
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
        let line = format!("    {} {heading}", table.id(MESSAGE_ID));
        page.line(&cut(&line, page.width));
    }
}
