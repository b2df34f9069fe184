//! Where payloads were found, for standard error. A path's keys are text of the input, so only paths of
//! well-known keys are named there; `--summary` and `--explain` name all paths.

use std::collections::BTreeMap;

use crate::report::summary::counted;

/// Keys that reveal nothing about the people in a payload.
const COMMON_KEYS: [&str; 34] = [
    "_source",
    "body",
    "chat",
    "chats",
    "content",
    "conversation",
    "conversations",
    "data",
    "detail",
    "doc",
    "document",
    "documents",
    "dynamodb",
    "event",
    "events",
    "form",
    "hits",
    "Item",
    "Items",
    "items",
    "json",
    "message",
    "messages",
    "NewImage",
    "params",
    "payload",
    "payloads",
    "raw",
    "Records",
    "records",
    "request",
    "rows",
    "transcript",
    "transcripts",
];

/// A line for each path, with how many payloads were found there.
pub fn found_lines(found: &BTreeMap<String, u64>) -> Vec<String> {
    let mut named = Vec::new();
    let mut others = 0;
    for (path, count) in found {
        match is_common(path) {
            true => named.push(format!("found {} at {path}", counted(*count, "payload"))),
            false => others += count,
        }
    }
    if others > 0 {
        named.push(format!("found {} at other paths, which --summary names", counted(others, "payload")));
    }
    named
}

fn is_common(path: &str) -> bool {
    let path = match path.strip_prefix("column ") {
        Some(column) => column.split_once(": ").map_or("", |(_, path)| path),
        None => path,
    };
    path.split('.').all(|key| {
        let key = key.trim_end_matches("[]");
        key.is_empty() || COMMON_KEYS.contains(&key)
    })
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
