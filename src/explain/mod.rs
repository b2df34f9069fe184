//! Explains one payload: what went where, what was left out, and why. It reads the events themselves, so it cannot
//! disagree with the conversion.

pub mod case;
mod events;
pub mod inputs;
mod left_out;
mod list_mapping;
pub mod page;
pub mod reject;

pub use list_mapping::list_mapping;

use std::collections::BTreeSet;

use crate::convert::warning::{WarningCode, Warnings};
use crate::explain::case::Case;
use crate::explain::events::{ids, tables};
use crate::explain::left_out::left_out;
use crate::explain::page::{Explainer, Page};

/// A page that explains a payload; `place` says which it is.
pub fn explain(case: &Case, explainer: Explainer, place: &str) -> String {
    let mut page = Page::new(explainer);
    let mut mapped = BTreeSet::new();
    page.heading(&format!("{place}, mapping {}", case.plan.options.mapping));
    if case.converted.is_skipped_start {
        page.sentence("left out by --skip-starts: eventType is start");
        page.line("");
        return page.text;
    }
    let tables = tables(case);
    for table in &tables {
        table.write(&mut page);
        mapped.extend(table.rows.iter().map(|row| row.source.as_str()));
    }
    left_out(&mut page, case, &mapped);
    ids(&mut page, case, &tables);
    warnings(&mut page, &case.converted.warnings);
    page.line("");
    page.text
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
