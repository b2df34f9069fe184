//! Explains one payload: what went where, what was left out, and why. It reads the events themselves, so it cannot
//! disagree with the conversion.

mod events;
pub mod inputs;
mod left_out;
mod list_mapping;
mod page;
pub mod reject;

pub use list_mapping::list_mapping;

use std::collections::BTreeSet;

use crate::convert::event_writer::Converted;
use crate::convert::plan::Plan;
use crate::convert::requirements::is_falsy;
use crate::convert::warning::{WarningCode, Warnings};
use crate::explain::events::{ids, tables};
use crate::explain::left_out::left_out;
use crate::explain::page::Page;
use crate::json::extract::Extracted;
use crate::json::path_tree::ROOT;
use crate::json::value::{elements, last_member};
use crate::term::Color;
use crate::term::sanitize::sanitize;

/// The look of an explanation.
#[derive(Clone, Copy, Debug)]
pub struct Explainer {
    /// In columns.
    pub width: usize,
    pub color: Color,
}

/// A payload that was converted.
pub struct Case<'a> {
    pub plan: &'a Plan,
    pub extracted: &'a Extracted,
    pub converted: &'a Converted,
    /// A line each.
    pub events: &'a [u8],
}

impl<'a> Case<'a> {
    /// A page that explains it; `place` says which payload it is.
    pub fn explain(&self, explainer: Explainer, place: &str) -> String {
        let mut page = Page::new(explainer);
        let mut mapped = BTreeSet::new();
        page.heading(&format!("{place}, mapping {}", self.plan.options.mapping));
        if self.converted.is_skipped_start {
            page.sentence("left out by --skip-starts: eventType is start");
            page.line("");
            return page.text;
        }
        let tables = tables(self);
        for table in &tables {
            table.write(&mut page);
            mapped.extend(table.rows.iter().map(|row| row.source.as_str()));
        }
        left_out(&mut page, self, &mapped);
        ids(&mut page, self, &tables);
        warnings(&mut page, &self.converted.warnings);
        page.line("");
        page.text
    }

    fn get(&self, path: &str) -> Option<&'a [u8]> {
        self.extracted.get(self.plan.tree.find(path)?)
    }

    /// Whether the conversation has an id.
    fn has_id(&self) -> bool {
        self.get("id").is_some_and(|id| self.plan.options.mapping.carries(id))
    }

    fn payload(&self) -> &'a [u8] {
        self.extracted.get(ROOT).unwrap_or_default()
    }

    /// The field that says who the user is.
    fn user_path(&self) -> &'a str {
        &self.plan.options.user_ids[self.converted.user_field]
    }

    /// The elements of `groups`, whatever they are.
    fn groups(&self) -> impl Iterator<Item = &'a [u8]> {
        elements(self.get("groups").unwrap_or_default())
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

/// The warnings, but not those that are reasons to leave a field out.
fn warnings(page: &mut Page, warnings: &Warnings) {
    let of_groups = warnings.counts()[WarningCode::GroupWithoutId as usize];
    let mut more = warnings.counts().iter().sum::<u64>() - of_groups;
    if more > 0 {
        page.heading("warnings");
    }
    for warning in warnings.kept().iter().filter(|warning| warning.code() != WarningCode::GroupWithoutId) {
        page.sentence(&warning.to_string());
        more -= 1;
    }
    if more > 0 {
        page.sentence(&format!("and {more} more"));
    }
}
