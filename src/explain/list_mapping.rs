//! `--list-mapping`: the rows of a mapping as a table, with what the user adds.

use crate::convert::chat_events::{self, CHAT_EVENTS, ChatEvent};
use crate::convert::mapping::{CHAT_ROWS, Event, Row, Via, rows};
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
    for row in rows(options.mapping).chain(&options.extra_rows) {
        line(&source(row, options), &sanitize(&row.target), row.event_name(), row.note);
    }
    if options.events.contains(&Event::Identify) {
        out.push_str(
            "\nidentify: userId, context, and visitor.organization as context.traits.organization\n",
        );
    }
    if options.events.contains(&Event::Started) {
        out.push('\n');
        live_chat(&mut out, options);
    }
    out
}

/// The live-chat events, when each is written, and their rows.
fn live_chat(out: &mut String, options: &MappingOptions) {
    let mut line = |text: String| {
        out.push_str(text.trim_end());
        out.push('\n');
    };
    line(format!("{:SOURCE$} live-chat event", chat_events::KIND));
    for ChatEvent { name, when, kinds, .. } in &CHAT_EVENTS {
        let when: &str = when.into();
        for kind in *kinds {
            line(format!("{kind:SOURCE$} {name} ({when})"));
        }
    }
    line(String::new());
    line(format!("{:SOURCE$} {:CHAT_TARGET$} on", "Olark", "live-chat property"));
    for row in CHAT_ROWS {
        line(format!("{:SOURCE$} {:CHAT_TARGET$} {}", source(row, options), row.target, row.on()));
    }
}

/// The fields that a row takes its value from.
fn source(row: &Row, options: &MappingOptions) -> String {
    let is_user = row.via == Via::UserId;
    let source = if is_user { options.user_ids.join(",") } else { row.source.to_string() };
    sanitize(&source).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray;

    use crate::convert::mapping::Mapping;

    #[test]
    fn every_row_fits_into_sixty_columns() {
        for mapping in Mapping::VARIANTS.iter().copied() {
            let extra_rows = vec!["group:id=properties.chat".parse().unwrap()];
            let list = list_mapping(&MappingOptions { mapping, extra_rows, ..MappingOptions::default() });
            assert!(list.lines().all(|line| line.len() <= 60), "{list}");
            assert!(list.contains("properties.chat         group\n  (--map)\n"), "{list}");
        }
        for row in CHAT_ROWS {
            assert!(row.source.len() <= SOURCE && row.target.len() <= CHAT_TARGET, "{}", row.source);
            assert!(SOURCE + CHAT_TARGET + 2 + row.on().len() <= 80, "{}", row.target);
        }
    }
}
