//! JSONTestSuite, what JSON parsers stumble over: inside payloads and alone.

use std::collections::BTreeSet;
use std::fs;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use crate::harness::{Audited, Dir, audit, checkout, compact, events, events_by, none, outcome, read, show};
use crate::shared::library::{MAPPINGS, Mapping, by};

/// A payload that nothing is wrong with.
const GOOD: &str = r#"{"kind":"Conversation","id":"c","visitor":{"id":"v"}}"#;

/// The same with one more field, whose value goes between the two texts.
const PLACES: [(&str, &str, &str); 4] = [
    ("items", r#"{"kind":"Conversation","id":"c","items":"#, r#","visitor":{"id":"v"}}"#),
    ("chat_feedback", r#"{"kind":"Conversation","id":"c","visitor":{"id":"v","chat_feedback":"#, "}}"),
    ("fullName", r#"{"visitor":{"fullName":"#, r#","id":"v"},"kind":"Conversation","id":"c"}"#),
    (UNKNOWN, r#"{"kind":"Conversation","unknown":"#, r#","id":"c","visitor":{"id":"v"}}"#),
];

/// The place that no mapping reads.
const UNKNOWN: &str = "unknown";

/// A file of JSONTestSuite.
struct Case {
    name: String,
    content: Vec<u8>,
}

impl Case {
    /// All 318.
    fn all() -> Vec<Case> {
        let directory = checkout("testdata/json-suite/test_parsing");
        let mut cases: Vec<_> = fs::read_dir(&directory)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .map(|name| Case { content: read(&directory.join(&name)), name })
            .collect();
        cases.sort_by(|a, b| a.name.cmp(&b.name));
        let count = |class| cases.iter().filter(|case| case.name.starts_with(class)).count();
        assert_eq!((count("y_"), count("n_"), count("i_"), cases.len()), (95, 188, 35, 318));
        cases
    }

    /// The codes with which a payload may be rejected that has this somewhere; none when it is to be
    /// carried over.
    fn codes(&self) -> &'static [&'static str] {
        const TOO_DEEP: [&str; 2] =
            ["n_structure_100000_opening_arrays.json", "n_structure_open_array_object.json"];
        // JSON has no byte order mark but, by our leave, at the beginning of all.
        let marked = self.content.starts_with("\u{feff}".as_bytes());
        if self.name.starts_with("y_") {
            &[]
        } else if str::from_utf8(&self.content).is_err() {
            &["invalid_utf8"]
        } else if TOO_DEEP.contains(&&*self.name) {
            &["too_deep"]
        } else if self.name.starts_with("n_") || marked {
            &["invalid_json", "truncated"]
        } else {
            &[]
        }
    }
}

fn around(value: &[u8], (_, before, behind): (&str, &str, &str)) -> Vec<u8> {
    [before.as_bytes(), value, behind.as_bytes()].concat()
}

/// Events without their messageIds, which any difference in a payload changes.
fn nameless(events: &[u8]) -> Vec<u8> {
    let key = br#""messageId":""#;
    let at = events.windows(key.len()).position(|window| window == key).unwrap() + key.len();
    [&events[..at], &events[at + 36..]].concat()
}

/// What becomes of a payload that has a value in a place.
fn expected(mapping: Mapping, place: (&str, &str, &str), value: &[u8]) -> Vec<u8> {
    let value = compact(value);
    if place.0 == UNKNOWN || value == b"null" || (value == br#""""# && mapping != Mapping::Live) {
        return nameless(&events_by(by(mapping), &[GOOD]));
    }
    let marker: &[u8] = br#""MARKER""#;
    let events = nameless(&events_by(by(mapping), &[around(marker, place)]));
    let at = events.windows(marker.len()).position(|window| window == marker).unwrap();
    [&events[..at], &value, &events[at + marker.len()..]].concat()
}

#[test]
fn a_value_is_carried_over_exactly_or_its_payload_is_rejected() {
    let cases = Case::all();
    let mut failures = Vec::new();
    for mapping in MAPPINGS {
        let options = by(mapping);
        // What is not UTF-8 does not come this far.
        for case in cases.iter().filter(|case| str::from_utf8(&case.content).is_ok()) {
            for place in PLACES {
                let result = outcome(&options, &around(&case.content, place));
                let wrong = match (result, case.codes()) {
                    (Ok(events), []) => {
                        let expected = expected(mapping, place, &case.content);
                        let got = nameless(events.as_bytes());
                        (got != expected).then(|| format!("{} is not {}", show(&got), show(&expected)))
                    }
                    (Ok(_), _) => Some("was converted".to_owned()),
                    (Err(rejected), codes) if codes.contains(&rejected.code) => None,
                    (Err(rejected), _) => Some(format!("{}: {}", rejected.code, rejected.reason)),
                };
                failures.extend(wrong.map(|wrong| format!("{mapping} {} {}: {wrong}", case.name, place.0)));
            }
        }
    }
    none(&failures);
}

#[test]
fn a_key_that_nobody_reads_leaves_even_the_message_id_as_it_is() {
    let good = events(&[GOOD]);
    for case in Case::all().iter().filter(|case| case.codes().is_empty()) {
        let payload = around(&case.content, PLACES[3]);
        assert_eq!(events(&[payload]), good, "{}", case.name);
    }
}

/// The text of a reject.
fn text(reject: &Value) -> Vec<u8> {
    match reject["payload"].as_str() {
        Some(text) => text.into(),
        None => BASE64_STANDARD.decode(reject["payload_base64"].as_str().unwrap()).unwrap(),
    }
}

#[test]
fn a_payload_with_a_file_of_the_suite_in_it_is_converted_or_one_reject() {
    // `COPY` writes a line feed as `\n`, so this is a line of its text.
    const COPIED: &str = "n_string_no_quotes_with_bad_escape.json";
    let mut failures = Vec::new();
    for case in Case::all().into_iter().filter(|case| case.name != COPIED) {
        let dir = Dir::new();
        for place in PLACES {
            dir.file(place.0, around(&case.content, place));
        }
        let Audited { stdout, rejects, .. } =
            match audit(&dir, &[&PLACES.map(|place| place.0)[..], &["--jobs", "1"]].concat(), b"") {
                Ok(audited) => audited,
                Err(failure) => {
                    failures.push(format!("{}: {failure}", case.name));
                    continue;
                }
            };
        if case.codes().is_empty() {
            let expected = events(&PLACES.map(|place| around(&case.content, place)));
            if stdout != expected || !rejects.is_empty() {
                failures.push(format!("{}: {} {rejects:?}", case.name, show(&stdout)));
            }
            continue;
        }
        if !stdout.is_empty() {
            failures.push(format!("{}: an event: {}", case.name, show(&stdout)));
        }
        for place in PLACES {
            let own: Vec<_> = rejects.iter().filter(|reject| reject["source"] == place.0).collect();
            let codes: BTreeSet<_> = own.iter().map(|reject| reject["code"].as_str().unwrap()).collect();
            let kept: Vec<_> = own.iter().flat_map(|reject| text(reject)).collect();
            let content = around(&case.content, place);
            let solid =
                |text: &[u8]| text.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect::<Vec<_>>();
            if own.is_empty() || !codes.iter().all(|code| case.codes().contains(code)) {
                failures.push(format!("{} {}: {codes:?}", case.name, place.0));
            } else if own.len() > 1 {
                failures.push(format!("{} {}: {} rejects", case.name, place.0, own.len()));
            } else if solid(&kept) != solid(&content) {
                failures.push(format!("{} {}: kept {}", case.name, place.0, show(&kept)));
            }
        }
    }
    none(&failures);
}

#[test]
fn a_file_of_the_suite_alone_is_no_payload() {
    // What holds no record at all is an empty source.
    const NO_RECORD: [&str; 5] = [
        "n_array_just_comma.json",
        "n_single_space.json",
        "n_structure_UTF8_BOM_no_data.json",
        "n_structure_double_array.json",
        "n_structure_no_data.json",
    ];
    let mut failures = Vec::new();
    for Case { name, content } in Case::all() {
        let Audited { stdout, rejects, .. } = match audit(&Dir::new(), &[], &content) {
            Ok(audited) => audited,
            Err(failure) => {
                failures.push(format!("{name}: {failure}"));
                continue;
            }
        };
        if !stdout.is_empty() {
            failures.push(format!("{name}: {}", show(&stdout)));
        }
        if name.starts_with("n_") && NO_RECORD.contains(&&*name) != rejects.is_empty() {
            failures.push(format!("{name}: {} rejects", rejects.len()));
        }
        if name.starts_with("y_") {
            let values = match serde_json::from_slice(&content) {
                Ok(Value::Array(elements)) => elements.len(),
                _ => 1,
            };
            let codes: Vec<_> = rejects.iter().map(|reject| reject["code"].as_str().unwrap()).collect();
            let known = |code: &&str| ["not_an_object", "no_payload"].contains(code);
            if codes.len() != values || !codes.iter().all(known) {
                failures.push(format!("{name}: {values} values, {codes:?}"));
            }
        }
    }
    none(&failures);
}

#[test]
fn a_good_payload_between_files_of_the_suite_is_converted() {
    let good = events(&[GOOD]);
    for format in ["auto", "ndjson", "json", "form"] {
        let dir = Dir::new();
        for (index, case) in Case::all().iter().enumerate() {
            dir.file(&format!("in/{index}-a.json"), &case.content).file(&format!("in/{index}-b.json"), GOOD);
        }
        let args = ["in", "--input-format", format, "--jobs", "1"];
        let Audited { stdout, rejects, .. } = audit(&dir, &args, b"").unwrap();
        let bad = rejects.iter().filter(|reject| reject["source"].as_str().unwrap().ends_with("-b.json"));
        // Read as form bodies, payloads that are JSON are none.
        let expected = if format == "form" { (0, 318) } else { (318, 0) };
        assert_eq!(bad.count(), expected.1, "{format}");
        assert!(stdout == good.repeat(expected.0), "{format}: {}", show(&stdout));
    }
}
