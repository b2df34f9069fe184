//! `--list-mapping`: the rows of a mapping as a table.

use crate::convert::mapping::{self, Mapping};
use crate::explain::page::{SOURCE, TARGET};

/// The rows of a mapping, one a line.
pub fn list_mapping(mapping: Mapping) -> String {
    let mut out = format!("{:SOURCE$} {:TARGET$} {:5} note\n", "Olark", "RudderStack", "event");
    for row in mapping::rows(mapping) {
        let event = if row.events.len() == 2 { "both" } else { row.events[0].name() };
        let line = format!("{:SOURCE$} {:TARGET$} {event:5} {}", row.source, row.target, row.note);
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_fits_into_eighty_columns() {
        for row in mapping::ROWS {
            assert!(row.source.len() <= SOURCE && row.target.len() <= TARGET, "{}", row.source);
            assert!(SOURCE + TARGET + 5 + 3 + row.note.len() <= 80, "{}", row.note);
        }
    }
}
