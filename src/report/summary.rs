//! The totals of a run: as JSON for `--summary`, and as a line for people.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::convert::reason::Code;
use crate::convert::warning::WarningCode;
use crate::input::file_name;
use crate::report::counts::Counts;

/// What `--summary` holds.
#[derive(Debug, Serialize)]
pub struct Summary {
    payloads: u64,
    converted: u64,
    rejected: u64,
    events: Events,
    rejects: Named,
    warnings: Named,
    found: BTreeMap<String, u64>,
    files: u64,
    skipped_files: u64,
    left_out: BTreeMap<String, u64>,
    unread_inputs: u64,
    bytes_in: u64,
    bytes_out: u64,
    seconds: f64,
}

#[derive(Debug, Serialize)]
struct Events {
    track: u64,
    group: u64,
    identify: u64,
}

/// Counts by name, in a fixed order.
#[derive(Debug)]
struct Named(Vec<(&'static str, u64)>);

impl Serialize for Named {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}

impl Named {
    /// Those above zero, for people: `2 no_time, 1 no_kind`.
    fn text(&self) -> String {
        let counts = self.0.iter().filter(|(_, count)| *count > 0);
        counts.map(|(name, count)| format!("{count} {name}")).collect::<Vec<_>>().join(", ")
    }

    fn is_zero(&self) -> bool {
        self.0.iter().all(|(_, count)| *count == 0)
    }
}

/// What happened to the inputs as a whole.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// Sources that were read to their end.
    pub files: u64,
    /// Sources whose output already exists.
    pub skipped: u64,
    /// Files in directories that are not read, by their extension.
    pub left_out: BTreeMap<String, u64>,
    /// Names of such files, and how many more there are.
    pub names_left_out: (Vec<String>, u64),
    /// Sources that could not be read, or not to their end.
    pub unread: u64,
}

/// How much went through.
#[derive(Clone, Copy, Debug)]
pub struct Traffic {
    /// Bytes read.
    pub bytes_in: u64,
    /// Bytes of events written.
    pub bytes_out: u64,
    /// How long it took.
    pub seconds: f64,
}

impl Summary {
    /// The totals of what was counted.
    pub fn new(counts: &Counts, inputs: &Inputs, traffic: Traffic) -> Summary {
        Summary {
            payloads: counts.payloads(),
            converted: counts.converted,
            rejected: counts.rejected(),
            events: Events { track: counts.track, group: counts.group, identify: counts.identify },
            rejects: Named(Code::ALL.iter().map(|code| code.name()).zip(counts.rejects).collect()),
            warnings: Named(WarningCode::ALL.iter().map(|code| code.name()).zip(counts.warnings).collect()),
            found: counts.found.clone(),
            files: inputs.files,
            skipped_files: inputs.skipped,
            left_out: inputs.left_out.clone(),
            unread_inputs: inputs.unread,
            bytes_in: traffic.bytes_in,
            bytes_out: traffic.bytes_out,
            seconds: (traffic.seconds * 1000.0).round() / 1000.0,
        }
    }

    /// The totals as one line for people.
    pub fn line(&self) -> String {
        let (track, group) =
            (counted(self.events.track, "track event"), counted(self.events.group, "group event"));
        let events = match self.events.identify {
            0 => format!("{track} and {group}"),
            identify => format!("{track}, {group} and {}", counted(identify, "identify event")),
        };
        let mut line = format!("{} converted to {events}", counted(self.converted, "payload"));
        if self.rejected > 0 {
            line += &format!(", {} rejected ({})", self.rejected, self.rejects.text());
        }
        if self.skipped_files > 0 {
            line += &format!(", {} skipped", counted(self.skipped_files, "file"));
        }
        if self.unread_inputs > 0 {
            line += &format!(", {} not read", counted(self.unread_inputs, "input"));
        }
        if !self.warnings.is_zero() {
            line += &format!("; warnings: {}", self.warnings.text());
        }
        line
    }

    /// How long the run took.
    pub fn seconds(&self) -> f64 {
        self.seconds
    }
}

/// The files in directories and archives that are not read: `skipped 975 files: 970 .txt, 5 .png`.
pub fn left_out_line(left_out: &BTreeMap<String, u64>) -> Option<String> {
    let mut kinds: Vec<_> = left_out.iter().collect();
    kinds.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let total: u64 = left_out.values().sum();
    let is_countable = |kind: &str| !kind.starts_with('.') && kind != file_name::WITHOUT_EXTENSION;
    let list = kinds.iter().map(|(kind, count)| match is_countable(kind) {
        true => counted(**count, kind),
        false => format!("{count} {kind}"),
    });
    let list: Vec<_> = list.collect();
    (total > 0).then(|| format!("skipped {}: {}", counted(total, "file"), list.join(", ")))
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
}
