//! A payload that was converted.

use crate::convert::event_writer::Converted;
use crate::convert::plan::Plan;
use crate::convert::requirements::is_falsy;
use crate::json::extract::Extracted;
use crate::json::path_tree::ROOT;
use crate::json::value::{elements, last_member};

pub struct Case<'a> {
    pub plan: &'a Plan,
    pub extracted: &'a Extracted,
    pub converted: &'a Converted,
    /// A line each.
    pub events: &'a [u8],
}

impl<'a> Case<'a> {
    pub fn get(&self, path: &str) -> Option<&'a [u8]> {
        self.extracted.get(self.plan.tree.find(path)?)
    }

    /// Whether the conversation has an id.
    pub fn has_id(&self) -> bool {
        self.get("id").is_some_and(|id| self.plan.options.mapping.carries(id))
    }

    pub fn payload(&self) -> &'a [u8] {
        self.extracted.get(ROOT).unwrap_or_default()
    }

    /// The field that says who the user is.
    pub fn user_path(&self) -> &'a str {
        &self.plan.options.user_ids[self.converted.user_field]
    }

    /// The elements of `groups`, whatever they are.
    pub fn groups(&self) -> impl Iterator<Item = &'a [u8]> {
        elements(self.get("groups").unwrap_or_default())
    }
}

/// Whether a group has an event.
pub fn gives_event(group: &[u8]) -> bool {
    last_member(group, "id").is_some_and(|id| !is_falsy(id))
}
