//! `--list-mapping`: the rows of a mapping as a table, with what the user adds.

use std::borrow::Cow;

use crate::convert::chat_rows;
use crate::convert::mapping::{self, Event, MappingRow, USER_ID};
use crate::convert::options::MappingOptions;
use crate::explain::page::{SOURCE, TARGET};
use crate::term::sanitize::sanitize;

/// The width of the column of live-chat properties, enough for `properties.conversation_duration`.
const CHAT_TARGET: usize = 32;

/// The rows of a mapping and the user's own, one per line, each with its note below, then those of live-chat
/// events.
pub fn list_mapping(options: &MappingOptions) -> String {
    let mut out = String::new();
    let mut line = |source: &str, target: &str, event: &str, note: &str| {
        out.push_str(&format!("{source:SOURCE$} {target:TARGET$} {event}\n"));
        if !note.is_empty() {
            out.push_str(&format!("  ({note})\n"));
        }
    };
    line("Olark", "RudderStack", "event", "");
    let user_id = options.user_id.0.iter().map(|path| path.0.as_str()).collect::<Vec<_>>().join(",");
    let source = |source: &'static str, target: &str| match target {
        USER_ID => sanitize(&user_id),
        _ => source.into(),
    };
    for row in mapping::rows(options.mapping) {
        line(&source(row.source, row.target), row.target, events(row), row.note);
    }
    for row in &options.extra_rows {
        let (source, target) = (sanitize(&row.source), sanitize(&row.target));
        let event = if row.event == Event::Track { "track" } else { row.event.option() };
        line(&source, &target, event, "--map");
    }
    if options.events.has(Event::Identify) {
        out.push_str(
            "\nidentify: userId, context, and visitor.organization as context.traits.organization\n",
        );
    }
    if options.events.has(Event::Chat) {
        out.push('\n');
        live_chat(&mut out, source);
    }
    out
}

/// The live-chat events, when each is written, and their rows.
fn live_chat<'a>(out: &mut String, source: impl Fn(&'static str, &str) -> Cow<'a, str>) {
    let mut line = |text: String| {
        out.push_str(text.trim_end());
        out.push('\n');
    };
    line(format!("{:SOURCE$} live-chat event", "items[].kind"));
    for event in chat_rows::EVENTS {
        for kind in event.when.kinds() {
            line(format!("{kind:SOURCE$} {} ({})", event.name, event.when.text()));
        }
    }
    line(String::new());
    line(format!("{:SOURCE$} {:CHAT_TARGET$} on", "Olark", "live-chat property"));
    for row in chat_rows::ROWS {
        let source = source(row.source, row.target);
        line(format!("{source:SOURCE$} {:CHAT_TARGET$} {}", row.target, row.on()));
    }
}

/// The events of a row in a word.
fn events(row: &MappingRow) -> &'static str {
    if row.events.len() == 2 { "both" } else { row.events[0].name() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convert::mapping::Mapping;

    #[test]
    fn every_row_fits_into_sixty_columns() {
        for mapping in Mapping::ALL {
            let extra_rows = vec!["group:id=properties.chat".parse().unwrap()];
            let list = list_mapping(&MappingOptions { mapping, extra_rows, ..MappingOptions::default() });
            assert!(list.lines().all(|line| line.len() <= 60), "{list}");
            assert!(list.contains("properties.chat         group\n  (--map)\n"), "{list}");
        }
        for row in chat_rows::ROWS {
            assert!(row.source.len() <= SOURCE && row.target.len() <= CHAT_TARGET, "{}", row.source);
            assert!(SOURCE + CHAT_TARGET + 2 + row.on().len() <= 80, "{}", row.target);
        }
    }
}
