//! The events of a payload as tables: which field went where.

use crate::convert::chat_rows::{ChatEvent, ChatProgress, EVENTS, Trigger};
use crate::convert::mapping::{self, Event, TIMES, USER_ID, Via};
use crate::convert::options::Timestamp;
use crate::explain::{Case, has_id};
use crate::json::strings;
use crate::json::value::{elements, last_member};

/// An event and the rows that filled it.
pub struct EventTable<'a> {
    pub kind: Event,
    pub heading: String,
    pub event: &'a [u8],
    pub rows: Vec<TableRow<'a>>,
}

/// A row that carried a value into an event.
pub struct TableRow<'a> {
    pub source: String,
    pub target: &'a str,
    pub value: &'a [u8],
    pub note: &'static str,
}

/// A row that may have: source, target and note.
type Candidate<'a> = (String, &'a str, &'static str);

/// The tables of all events, in their order.
pub fn tables<'a>(case: &Case<'a>) -> Vec<EventTable<'a>> {
    let counts = case.converted.events;
    let mut tables = Vec::new();
    let mut events = case.events();
    let mut add = |kind, heading: String, candidates: Vec<Candidate<'a>>| {
        let Some(event) = events.next() else { return };
        let row = |(source, target, note): Candidate<'a>| {
            let value = target.split('.').try_fold(event, last_member)?;
            // Targets of live-chat events are nearly all in `properties`.
            let in_properties = target.strip_prefix("properties.").filter(|_| kind == Event::Chat);
            Some(TableRow { source, target: in_properties.unwrap_or(target), value, note })
        };
        let rows = candidates.into_iter().filter_map(row).collect();
        tables.push(EventTable { kind, heading, event, rows });
    };
    if counts.identify > 0 {
        add(Event::Identify, "identify event".into(), candidates(case, Event::Identify, None));
    }
    if counts.conversation > 0 {
        add(Event::Track, "track event".into(), candidates(case, Event::Track, None));
    }
    if counts.group > 0 {
        for (index, _) in case.groups().enumerate().filter(|(_, group)| has_id(group)) {
            let heading = format!("group event of groups[{index}]");
            add(Event::Group, heading, candidates(case, Event::Group, Some(index)));
        }
    }
    if counts.chat > 0 {
        for (kind, item) in chat_events(case) {
            let place = match kind.when {
                Trigger::Each(_) => "",
                Trigger::First(_) => "before ",
                Trigger::Last(_) => "after ",
            };
            let heading = format!("{}, {place}items[{item}]", kind.name);
            add(Event::Chat, heading, chat_candidates(case, kind, item));
        }
    }
    tables
}

/// The rows of an event in the mapping's table, and the user's own.
fn candidates<'a>(case: &Case<'a>, event: Event, group: Option<usize>) -> Vec<Candidate<'a>> {
    let options = &case.plan.options;
    let of_mapping = mapping::rows_of(event, options.mapping).map(|row| {
        let source = match (row.source.strip_prefix("groups[]"), group) {
            (Some(key), Some(index)) => format!("groups[{index}]{key}"),
            _ if row.target == USER_ID => case.user_path().into(),
            _ => row.source.into(),
        };
        let is_split = matches!(row.via, Via::BrowserName | Via::BrowserVersion);
        (source, row.target, if is_split { "split" } else { "" })
    });
    let times = TIMES.into_iter().filter(|_| options.timestamp == Timestamp::LatestItem);
    let times = times.map(|target| ("items[].timestamp (latest)".into(), target, ""));
    of_mapping.chain(times).chain(extra_rows(case, event)).collect()
}

/// The rows of a live-chat event, and the user's own.
fn chat_candidates<'a>(case: &Case<'a>, kind: &'static ChatEvent, item: usize) -> Vec<Candidate<'a>> {
    let rows = kind.rows().map(|row| {
        let source = match (row.source.strip_prefix("items[]"), kind.when) {
            _ if row.target == USER_ID => case.user_path().into(),
            (Some(key), Trigger::Each(_)) => format!("items[{item}]{key}"),
            _ => row.source.into(),
        };
        (source, row.target, "")
    });
    rows.chain(extra_rows(case, Event::Chat)).collect()
}

fn extra_rows<'a>(case: &Case<'a>, event: Event) -> impl Iterator<Item = Candidate<'a>> {
    let rows = case.plan.options.extra_rows.iter().filter(move |row| row.event == event);
    rows.map(|row| (row.source.clone(), row.target.as_str(), "--map"))
}

/// The live-chat events, each with the index of its item.
fn chat_events(case: &Case) -> Vec<(&'static ChatEvent, usize)> {
    let mut progress = ChatProgress::default();
    let mut events = Vec::new();
    let mut last = 0;
    for (item, text) in elements(case.get("items").unwrap_or_default()).enumerate() {
        let kind =
            last_member(text, "kind").and_then(strings::inner).map(strings::decode).unwrap_or_default();
        let given = (0..EVENTS.len()).filter(|index| progress.gives(*index, kind.as_bytes()));
        events.extend(given.map(|index| (&EVENTS[index], item)));
        last = item;
    }
    let given = (0..EVENTS.len()).filter(|index| progress.ends_with(*index));
    events.extend(given.map(|index| (&EVENTS[index], last)));
    events
}
