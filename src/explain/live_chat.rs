//! The live-chat events of a payload, explained: which item gave which, and what went into it.

use crate::convert::chat_rows::{ChatProgress, EVENTS, Trigger};
use crate::convert::mapping::{Event, USER_ID};
use crate::explain::page::Page;
use crate::explain::{Case, extra_rows, went_to};
use crate::json::strings;
use crate::json::value::{elements, last_member};

/// Explains them, if there are any.
pub fn live_chat(page: &mut Page, case: &Case) {
    let others = case.converted.events.all() - case.converted.events.chat;
    for (event, (index, item)) in case.events().skip(others).zip(given(case)) {
        let kind = &EVENTS[index];
        let of = match kind.when {
            Trigger::Each(_) => format!("items[{item}]"),
            Trigger::First(_) => format!("before items[{item}]"),
            Trigger::Last(_) => format!("after items[{item}]"),
        };
        page.heading(&format!("{}, {of}", kind.name));
        for row in kind.rows() {
            let place = row.target.strip_prefix("properties.");
            let object = if place.is_some() { last_member(event, "properties") } else { Some(event) };
            let value = object.and_then(|object| last_member(object, place.unwrap_or(row.target)));
            if let Some(value) = value {
                let source = match (row.source.split_once("[]"), kind.when) {
                    _ if row.target == USER_ID => case.user_path().into(),
                    (Some(("items", key)), Trigger::Each(_)) => format!("items[{item}]{key}"),
                    (Some((list, key)), _) => format!("{list}[]{key}"),
                    (None, _) => row.source.into(),
                };
                went_to(page, &source, place.unwrap_or(row.target), value, "");
            }
        }
        extra_rows(page, case, Event::Chat);
    }
}

/// The places of the events in [`EVENTS`], and of their items in the payload.
fn given(case: &Case) -> Vec<(usize, usize)> {
    let mut progress = ChatProgress::default();
    let mut given = Vec::new();
    let mut last = 0;
    for (item, text) in elements(case.get("items").unwrap_or_default()).enumerate() {
        let kind =
            last_member(text, "kind").and_then(strings::inner).map(strings::decode).unwrap_or_default();
        given.extend(
            (0..EVENTS.len())
                .filter(|index| progress.gives(*index, kind.as_bytes()))
                .map(|index| (index, item)),
        );
        last = item;
    }
    given.extend((0..EVENTS.len()).filter(|index| progress.ends_with(*index)).map(|index| (index, last)));
    given
}
