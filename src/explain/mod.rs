//! Explains one payload: what went where, what was left out, and why. Uses the same table, extraction and rules
//! as the conversion, so the two cannot disagree.

mod keys;
mod left_out;
mod list_mapping;
mod live_chat;
mod page;
pub mod reject;

pub use list_mapping::list_mapping;

use crate::convert::converted::Converted;
use crate::convert::event::{Carried, carried};
use crate::convert::mapping::{self, Event, MappingRow};
use crate::convert::options::{MessageId, Timestamp};
use crate::convert::plan::Plan;
use crate::convert::requirements::is_falsy;
use crate::explain::left_out::left_out;
use crate::explain::live_chat::live_chat;
use crate::explain::page::{Page, SOURCE, TARGET};
use crate::json::extract::Extracted;
use crate::json::path_tree::ROOT;
use crate::json::strings;
use crate::json::value::{elements, last_member};
use crate::output::pretty::{Layout, Style};
use crate::term::color::Color;
use crate::term::sanitize::sanitize;
use crate::term::width::{cut, pad};

/// How explanations are written.
#[derive(Clone, Copy, Debug)]
pub struct Explainer {
    /// How many columns there are.
    pub width: usize,
    /// Whether there are colours.
    pub color: Color,
}

/// What is explained.
pub struct Case<'a> {
    /// The plan by which it was converted.
    pub plan: &'a Plan,
    /// What was found in it.
    pub extracted: &'a Extracted,
    /// The result of converting it.
    pub converted: &'a Converted,
    /// Its events, a line each.
    pub events: &'a [u8],
}

impl Explainer {
    /// Explains a payload that was converted; `place` says which it is.
    pub fn payload(self, place: &str, case: &Case) -> String {
        let mapping = case.plan.options.mapping;
        let mut page = Page::new(self);
        page.heading(&format!("{place}, mapping {mapping}"));
        for event in [Event::Identify, Event::Track].into_iter().filter(|event| case.has(*event)) {
            page.heading(&format!("{} event", event.name()));
            rows(&mut page, case, event, None);
        }
        let groups = case.groups().enumerate().filter(|(_, group)| has_id(group));
        for (index, group) in groups.filter(|_| case.has(Event::Group)) {
            page.heading(&format!("group event of groups[{index}]"));
            rows(&mut page, case, Event::Group, Some((index, group)));
        }
        live_chat(&mut page, case);
        left_out(&mut page, case);
        ids(&mut page, case);
        let warnings = &case.converted.warnings;
        if !warnings.kept().is_empty() {
            page.heading("warnings");
            warnings.kept().iter().for_each(|warning| page.sentence(&warning.to_string()));
            if warnings.not_kept() > 0 {
                page.sentence(&format!("and {} more", warnings.not_kept()));
            }
        }
        page.heading("events");
        for event in case.events() {
            let mut shown = Vec::new();
            let style = Style { layout: Layout::Indented, color: self.color, width: Some(self.width) };
            style.render(event, &mut shown);
            page.line(&String::from_utf8_lossy(&shown));
        }
        page.line("");
        page.text
    }
}

impl<'a> Case<'a> {
    fn get(&self, path: &str) -> Option<&'a [u8]> {
        self.extracted.get(self.plan.tree.find(path)?)
    }

    /// Whether it has an event of a kind.
    fn has(&self, event: Event) -> bool {
        let events = self.converted.events;
        let number = match event {
            Event::Track => events.conversation,
            Event::Group => events.group,
            Event::Identify => events.identify,
            Event::Chat => events.chat,
        };
        number > 0
    }

    /// The field that says who the user is.
    fn user_path(&self) -> &'a str {
        &self.plan.options.user_id.0[self.converted.user_field].0
    }

    /// The payload itself.
    fn payload(&self) -> &'a [u8] {
        self.extracted.get(ROOT).unwrap_or_default()
    }

    /// Its groups, whatever they are.
    fn groups(&self) -> impl Iterator<Item = &'a [u8]> {
        elements(self.get("groups").unwrap_or_default())
    }

    fn events(&self) -> impl Iterator<Item = &'a [u8]> {
        self.events.split(|byte| *byte == b'\n').filter(|event| !event.is_empty())
    }
}

/// Whether a group has an event.
fn has_id(group: &[u8]) -> bool {
    last_member(group, "id").is_some_and(|id| !is_falsy(id))
}

/// Text of a payload, made safe to show.
fn shown(text: &[u8]) -> String {
    sanitize(&String::from_utf8_lossy(text)).into_owned()
}

/// The lines of an event: of its mapping, and of the user's own rows.
fn rows(page: &mut Page, case: &Case, event: Event, group: Option<(usize, &[u8])>) {
    let mapping = case.plan.options.mapping;
    for row in mapping::rows_of(event, mapping) {
        match (row.source.strip_prefix("groups[]."), group) {
            (Some(key), Some((index, group))) => {
                let source = format!("groups[{index}].{key}");
                went(page, case, row, &source, last_member(group, key));
            }
            _ if row.target == mapping::USER_ID => {
                went(page, case, row, case.user_path(), case.get(case.user_path()));
            }
            _ => went(page, case, row, row.source, case.get(row.source)),
        }
    }
    extra_rows(page, case, event);
}

/// The lines of the user's own rows for an event.
fn extra_rows(page: &mut Page, case: &Case, event: Event) {
    for row in case.plan.options.extra_rows.iter().filter(|row| row.event == event) {
        if let Some(value) = case.get(&row.source).filter(|value| case.plan.options.mapping.carries(value)) {
            went_to(page, &row.source, &row.target, value, "--map");
        }
    }
}

/// A line for what a row carried, if it carried anything.
fn went(page: &mut Page, case: &Case, row: &MappingRow, source: &str, value: Option<&[u8]>) {
    let Some(value) = value else { return };
    match carried(value, row.via, case.plan.options.mapping) {
        Some(Carried::Whole) => went_to(page, source, row.target, value, ""),
        Some(Carried::Part(part)) => {
            let quoted = [b"\"", &value[part], b"\""].concat();
            let note = if quoted == value { "" } else { "split" };
            went_to(page, source, row.target, &quoted, note);
        }
        None => {}
    }
}

fn went_to(page: &mut Page, source: &str, target: &str, value: &[u8], note: &str) {
    let (source, target) = (cut(&shown(source.as_bytes()), SOURCE), cut(&shown(target.as_bytes()), TARGET));
    let note = if note.is_empty() { String::new() } else { format!(" ({note})") };
    let room = page.width.saturating_sub(2 + SOURCE + 1 + TARGET + 1 + note.len()).max(6);
    let value = cut(&shown(value), room);
    let target = page.paint("34;1", &pad(&target, TARGET));
    page.line(&format!("  {} {target} {value}{note}", pad(&source, SOURCE)));
}

/// Where the ids come from.
fn ids(page: &mut Page, case: &Case) {
    page.heading("ids");
    let text = |event: &[u8], key: &str| {
        strings::decode(last_member(event, key).and_then(strings::inner).unwrap_or_default()).into_owned()
    };
    let first = case.events().next().unwrap_or_default();
    page.sentence(&format!("userId is {}, unchanged", case.user_path()));
    if first.is_empty() {
        return;
    }
    page.sentence(&format!(
        "rudderId {} is the MD5 of userId and a colon, as RudderStack's gateway computes it",
        text(first, mapping::RUDDER_ID)
    ));
    let origin = match case.plan.options.message_id {
        MessageId::Random => "is random (--message-id random)",
        MessageId::Stable => "comes from the conversation's id and the event's content",
    };
    let events = case.converted.events;
    let identify = std::iter::repeat_n("the identify event".to_owned(), events.identify);
    let track = std::iter::repeat_n("the track event".to_owned(), events.conversation);
    let groups = (1..=events.group).map(|number| format!("group event {number}"));
    for (event, name) in case.events().zip(identify.chain(track).chain(groups)) {
        page.sentence(&format!("messageId {} of {name} {origin}", text(event, mapping::MESSAGE_ID)));
    }
    if case.has(Event::Chat) {
        let origin = match case.plan.options.message_id {
            MessageId::Random => "random (--message-id random)",
            MessageId::Stable => {
                "made of the conversation's id, the event's name, and the position, timestamp and body of its item"
            }
        };
        page.sentence(&format!("messageIds of live-chat events are {origin}"));
    }
    let time = text(first, mapping::TIMES[0]);
    let is_dated = case.plan.options.timestamp == Timestamp::LatestItem && events.all() > events.chat;
    if is_dated && !time.is_empty() {
        page.sentence(&format!("timestamp {time} is the time of the latest item"));
    }
}
