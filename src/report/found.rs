//! The paths at which payloads were found, for standard error. A path's keys are text of the input, so only paths of
//! well-known keys are named there; `--summary` and `--explain` name all paths.

use std::collections::BTreeMap;

use crate::report::summary::counted;

/// Keys that reveal nothing about the people in a payload.
const COMMON_KEYS: &str = "_source body chat chats content conversation conversations data detail doc document documents \
    dynamodb event events form hits Item Items items json message messages NewImage params payload \
    payloads raw Records records request rows transcript transcripts";

/// A line for each path, with the number of payloads that were found there.
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

#[cfg(test)]
mod tests {
    use super::*;

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
