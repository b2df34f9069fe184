//! The totals of a run: as JSON for `--summary`, and as a line for people.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use serde::ser::{Serialize, SerializeMap, Serializer};
use strum::VariantArray;

use crate::convert::reason::Code;
use crate::convert::warning::WarningCode;
use crate::input::file_name;
use crate::report::Report;

/// The totals of a run.
#[derive(Debug)]
pub struct Summary<'a> {
    pub report: &'a Report,
    pub bytes_out: u64,
    pub seconds: f64,
}

impl Serialize for Summary<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Report { counts, skips, files, unread, bytes_in, .. } = self.report;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("payloads", &counts.payloads())?;
        map.serialize_entry("converted", &counts.converted)?;
        map.serialize_entry("rejected", &counts.rejected())?;
        map.serialize_entry("events", &Named(EVENT_TYPES.map(|name| (name, counts.events(name))).to_vec()))?;
        map.serialize_entry("rejects", &self.rejects())?;
        map.serialize_entry("warnings", &self.warnings())?;
        map.serialize_entry("found", &counts.found)?;
        map.serialize_entry("files", files)?;
        map.serialize_entry("skipped_files", &skips.skipped())?;
        map.serialize_entry("skipped_lines", &counts.skipped_lines)?;
        map.serialize_entry("skipped_starts", &counts.skipped_starts)?;
        map.serialize_entry("left_out", &skips.left_out())?;
        map.serialize_entry("unread_inputs", unread)?;
        map.serialize_entry("bytes_in", &bytes_in.load(Ordering::Relaxed))?;
        map.serialize_entry("bytes_out", &self.bytes_out)?;
        map.serialize_entry("seconds", &((self.seconds * 1000.0).round() / 1000.0))?;
        map.end()
    }
}

impl Summary<'_> {
    /// The totals as one line for people.
    pub fn line(&self) -> String {
        let Report { counts, skips, unread, .. } = self.report;
        let [track, group, identify] =
            EVENT_TYPES.map(|name| counted(counts.events(name), &format!("{name} event")));
        let events = match counts.events("identify") {
            0 => format!("{track} and {group}"),
            _ => format!("{track}, {group} and {identify}"),
        };
        let mut line = match counts.converted {
            0 => "nothing converted".to_owned(),
            converted => format!("{} converted to {events}", counted(converted, "payload")),
        };
        if counts.rejected() > 0 {
            line += &format!(", {} rejected ({})", counts.rejected(), self.rejects().text());
        }
        if counts.skipped_lines > 0 {
            line += &format!(", {} skipped", counted(counts.skipped_lines, "line"));
        }
        if counts.skipped_starts > 0 {
            line += &format!(", {} skipped", counted(counts.skipped_starts, "start"));
        }
        if skips.skipped() > 0 {
            line += &format!(", {} skipped", counted(skips.skipped(), "file"));
        }
        if *unread > 0 {
            line += &format!(", {} not read", counted(*unread, "input"));
        }
        let warnings = self.warnings().text();
        if !warnings.is_empty() {
            line += &format!("; warnings: {warnings}");
        }
        line
    }

    fn rejects(&self) -> Named {
        Named::of(Code::VARIANTS, &self.report.counts.rejects)
    }

    fn warnings(&self) -> Named {
        Named::of(WarningCode::VARIANTS, &self.report.counts.warnings)
    }
}

const EVENT_TYPES: [&str; 3] = ["track", "group", "identify"];

/// Counts by name, in a fixed order.
struct Named(Vec<(&'static str, u64)>);

impl Serialize for Named {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}

impl Named {
    fn of<T: Copy + Into<&'static str>>(names: &[T], counts: &[u64]) -> Named {
        Named(names.iter().map(|name| (*name).into()).zip(counts.iter().copied()).collect())
    }

    /// Those above zero, for people: `2 no_time, 1 no_kind`.
    fn text(&self) -> String {
        let counts = self.0.iter().filter(|(_, count)| *count > 0);
        counts.map(|(name, count)| format!("{count} {name}")).collect::<Vec<_>>().join(", ")
    }
}

/// The files in directories and archives that are not read: `skipped 975 files: 970 .txt, 5 .png`.
pub fn left_out_line(left_out: &BTreeMap<String, u64>) -> Option<String> {
    let mut kinds: Vec<_> = left_out.iter().map(|(kind, count)| (kind.as_str(), *count)).collect();
    kinds.sort_by_key(|(_, count)| Reverse(*count));
    let total: u64 = left_out.values().sum();
    let in_words = |(kind, count): &(&str, u64)| {
        let is_extension = kind.starts_with('.') || *kind == file_name::WITHOUT_EXTENSION;
        if is_extension { format!("{count} {kind}") } else { counted(*count, kind) }
    };
    let list = kinds.iter().map(in_words).collect::<Vec<_>>().join(", ");
    (total > 0).then(|| format!("skipped {}: {list}", counted(total, "file")))
}

/// Keys that reveal nothing about the people in a payload.
const COMMON_KEYS: &str = "_source body chat chats content conversation conversations data detail doc document documents \
    dynamodb event events form hits Item Items items json message messages NewImage params payload \
    payloads raw Records records request rows transcript transcripts";

/// A line for each path at which payloads were found. A path's keys are text of the input, so only paths of well-known
/// keys are named on standard error.
pub fn found_lines(found: &BTreeMap<String, u64>) -> Vec<String> {
    let (common, others): (Vec<_>, Vec<_>) = found.iter().partition(|(path, _)| is_common(path));
    let line = |(path, count): (&String, &u64)| format!("found {} at {path}", counted(*count, "payload"));
    let mut lines: Vec<_> = common.into_iter().map(line).collect();
    let others: u64 = others.into_iter().map(|(_, count)| count).sum();
    if others > 0 {
        lines.push(format!("found {} at other paths, which --summary names", counted(others, "payload")));
    }
    lines
}

fn is_common(path: &str) -> bool {
    let path = match path.strip_prefix("column ") {
        Some(column) => column.split_once(": ").map_or("", |(_, path)| path),
        None => path,
    };
    let mut keys = path.split('.').map(|key| key.trim_end_matches("[]"));
    keys.all(|key| key.is_empty() || COMMON_KEYS.split(' ').any(|common| common == key))
}

/// A number and what it counts: `1 payload`, `2 payloads`.
pub fn counted(number: u64, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_left_out_are_counted_by_extension() {
        let left_out = |kinds: &[(&str, u64)]| {
            left_out_line(&kinds.iter().map(|(kind, count)| (kind.to_string(), *count)).collect())
        };
        assert_eq!(left_out(&[]), None);
        assert_eq!(
            left_out(&[(".png", 5), (".txt", 970), ("link", 2)]).unwrap(),
            "skipped 977 files: 970 .txt, 5 .png, 2 links"
        );
        assert_eq!(left_out(&[("without extension", 1)]).unwrap(), "skipped 1 file: 1 without extension");
        assert_eq!(left_out(&[(".png", 1)]).unwrap(), "skipped 1 file: 1 .png");
    }

    #[test]
    fn only_keys_that_every_service_writes_are_named() {
        let lines = |paths: &[(&str, u64)]| {
            found_lines(&paths.iter().map(|(path, count)| (path.to_string(), *count)).collect())
        };
        assert_eq!(
            lines(&[("hits.hits[]._source", 3), ("chats.ann@example.org", 1), ("column 3", 2), ("[]", 1)]),
            [
                "found 1 payload at []",
                "found 2 payloads at column 3",
                "found 3 payloads at hits.hits[]._source",
                "found 1 payload at other paths, which --summary names"
            ]
        );
        assert!(lines(&[]).is_empty());
    }
}
