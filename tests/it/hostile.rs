//! What parsers stumble over: JSONTestSuite and the Big List of Naughty Strings, inside payloads and alone.

use std::collections::BTreeSet;
use std::fs;

use crate::harness::{Dir, compact, difference, events_by, form, json_lines, read, run, show, testdata};
use crate::shared::library::{Converter, Mapping, MappingOptions, Plan, Via, by, convert, rows};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

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
        let directory = testdata().join("json-suite/test_parsing");
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

/// All failures at once: one alone says little about its cause.
#[track_caller]
fn none(failures: &[String]) {
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn a_value_is_carried_over_exactly_or_its_payload_is_rejected() {
    let cases = Case::all();
    let mut failures = Vec::new();
    for mapping in Mapping::ALL {
        let plan = Plan::new(by(mapping)).unwrap();
        let mut converter = Converter::new(&plan);
        // What is not UTF-8 does not come this far.
        for case in cases.iter().filter(|case| str::from_utf8(&case.content).is_ok()) {
            for place in PLACES {
                let mut out = Vec::new();
                let result = convert(&mut converter, &around(&case.content, place), &mut out);
                let wrong = match (result, case.codes()) {
                    (Ok(_), []) => {
                        let expected = expected(mapping, place, &case.content);
                        let got = nameless(&out);
                        (got != expected).then(|| format!("{} is not {}", show(&got), show(&expected)))
                    }
                    (Ok(_), _) => Some("was converted".to_owned()),
                    (Err(refusal), codes) if codes.contains(&refusal.code) && out.is_empty() => None,
                    (Err(refusal), _) => Some(format!("{}: {}", refusal.code, refusal.reason)),
                };
                failures.extend(wrong.map(|wrong| format!("{mapping} {} {}: {wrong}", case.name, place.0)));
            }
        }
    }
    none(&failures);
}

#[test]
fn a_key_that_nobody_reads_leaves_even_the_message_id_as_it_is() {
    let good = events_by(MappingOptions::default(), &[GOOD]);
    for case in Case::all().iter().filter(|case| case.codes().is_empty()) {
        let payload = around(&case.content, PLACES[3]);
        assert_eq!(events_by(MappingOptions::default(), &[payload]), good, "{}", case.name);
    }
}

/// A run that ends with 0 when nothing was rejected and with 1 otherwise, in which the counts add up and
/// nothing is said that a terminal stumbles over; gives its output and its rejects, or what is wrong.
fn lawful(dir: &Dir, args: &[&str], input: &[u8]) -> Result<(Vec<u8>, Vec<Value>), String> {
    let args = [args, &["--rejects", "rejects", "--summary", "summary", "--jobs", "1"]].concat();
    let run = |status| dir.run(&args).stdin(input).any_stdout().any_stderr().status(status).compare();
    let (status, ran) = match run(1) {
        Ok(ran) => (1, ran),
        Err(_) => (0, run(0)?),
    };
    let summary: Value = serde_json::from_slice(&dir.read("summary")).unwrap();
    let count = |name: &str| summary[name].as_u64().unwrap();
    let rejects = json_lines(&dir.read("rejects"));
    if count("payloads") != count("converted") + count("rejected") {
        return Err(format!("counts differ: {summary}"));
    }
    if count("rejected") != rejects.len() as u64 || count("unread_inputs") > 0 {
        return Err(format!("{} rejects are kept: {summary}", rejects.len()));
    }
    if (status == 0) != rejects.is_empty() {
        return Err(format!("exit status {status} with {} rejects", rejects.len()));
    }
    if ran.stderr.contains(|c: char| c.is_control() && c != '\n') || ran.stderr.contains("panicked") {
        return Err(format!("standard error: {}", show(ran.stderr.as_bytes())));
    }
    Ok((ran.stdout, rejects))
}

/// The text of a reject.
fn text(reject: &Value) -> Vec<u8> {
    match reject["payload"].as_str() {
        Some(text) => text.into(),
        None => BASE64_STANDARD.decode(reject["payload_base64"].as_str().unwrap()).unwrap(),
    }
}

#[test]
fn a_file_with_such_a_payload_gives_its_events_or_its_reject() {
    let mut failures = Vec::new();
    for case in Case::all() {
        let dir = Dir::new();
        for place in PLACES {
            dir.file(place.0, around(&case.content, place));
        }
        let (output, rejects) = match lawful(&dir, &PLACES.map(|place| place.0), b"") {
            Ok(result) => result,
            Err(failure) => {
                failures.push(format!("{}: {failure}", case.name));
                continue;
            }
        };
        if case.codes().is_empty() {
            let events =
                events_by(MappingOptions::default(), &PLACES.map(|place| around(&case.content, place)));
            if output != events || !rejects.is_empty() {
                failures.push(format!("{}: {} {rejects:?}", case.name, show(&output)));
            }
            continue;
        }
        if !output.is_empty() {
            failures.push(format!("{}: an event: {}", case.name, show(&output)));
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
fn alone_it_is_no_payload_and_does_no_harm() {
    // What holds no record at all may be taken for an empty source, or refused.
    const NO_RECORD: [&str; 6] = [
        "n_array_just_comma.json",
        "n_single_space.json",
        "n_structure_UTF8_BOM_no_data.json",
        "n_structure_double_array.json",
        "n_structure_no_data.json",
        "n_structure_whitespace_formfeed.json",
    ];
    let mut failures = Vec::new();
    for Case { name, content } in Case::all() {
        let (output, rejects) = match lawful(&Dir::new(), &[], &content) {
            Ok(result) => result,
            Err(failure) => {
                failures.push(format!("{name}: {failure}"));
                continue;
            }
        };
        if !output.is_empty() {
            failures.push(format!("{name}: {}", show(&output)));
        }
        if name.starts_with("n_") && !NO_RECORD.contains(&&*name) && rejects.is_empty() {
            failures.push(format!("{name}: nothing is said of it"));
        }
        if name.starts_with("y_") {
            let values = match serde_json::from_slice(&content) {
                Ok(Value::Array(elements)) => elements.len(),
                _ => 1,
            };
            let codes: Vec<_> = rejects.iter().map(|reject| reject["code"].as_str().unwrap()).collect();
            let known = |code: &&str| ["not_an_object", "missing_visitor_id"].contains(code);
            if codes.len() != values || !codes.iter().all(known) {
                failures.push(format!("{name}: {values} values, {codes:?}"));
            }
        }
    }
    none(&failures);
}

#[test]
fn one_after_the_other_they_leave_a_good_payload_between_them_alone() {
    let good = events_by(MappingOptions::default(), &[GOOD]);
    for format in ["auto", "ndjson", "json", "form"] {
        let dir = Dir::new();
        for (index, case) in Case::all().iter().enumerate() {
            dir.file(&format!("in/{index}-a.json"), &case.content).file(&format!("in/{index}-b.json"), GOOD);
        }
        let (output, rejects) = lawful(&dir, &["in", "--input-format", format], b"").unwrap();
        let bad = rejects.iter().filter(|reject| reject["source"].as_str().unwrap().ends_with("-b.json"));
        // Read as form bodies, payloads that are JSON are none.
        let expected = if format == "form" { (0, 318) } else { (318, 0) };
        assert_eq!(bad.count(), expected.1, "{format}");
        assert!(output == good.repeat(expected.0), "{format}: {}", show(&output));
    }
}

/// The Big List of Naughty Strings, and those of its strings that only base64 could keep.
fn naughty() -> Vec<String> {
    let list = |name: &str| -> Vec<String> {
        serde_json::from_slice(&read(&testdata().join("json-suite/blns").join(name))).unwrap()
    };
    let encoded = list("blns.base64.json");
    let decoded =
        encoded.iter().filter_map(|text| String::from_utf8(BASE64_STANDARD.decode(text).ok()?).ok());
    let strings: BTreeSet<_> = list("blns.json").into_iter().chain(decoded).collect();
    assert!(strings.len() > 500, "{}", strings.len());
    strings.into_iter().collect()
}

/// A payload with a string in every field that may hold one, the visitor's id aside.
fn everywhere(text: &str) -> Value {
    let mut payload = json!({
        "id": text,
        "visitor": {"id": "v"},
        "groups": [{"id": text, "name": text, "kind": text}, {"id": "g", "name": text}],
    });
    for row in rows(Mapping::Full).chain(rows(Mapping::Live)) {
        match row.source.split_once('.') {
            Some(("visitor", "id")) | Some(("groups[]", _)) => {}
            Some((object, key)) => payload[object][key] = text.into(),
            None if row.source == "kind" || row.source == "ip" => payload[row.source] = text.into(),
            None => payload[row.source] = json!([text, {text: text}]),
        }
    }
    payload
}

/// What is wrong with the events of such a payload.
fn differences(mapping: Mapping, text: &str, events: &[Value]) -> Vec<String> {
    let carried = !text.is_empty() || mapping == Mapping::Live;
    let mut wrong = Vec::new();
    let mut expect = |event: &Value, target: &str, expected: Option<Value>| {
        let found = event.pointer(&format!("/{}", target.replace('.', "/")));
        if found != expected.as_ref() {
            wrong.push(format!("{mapping} {text:?} {target}: {found:?}, not {expected:?}"));
        }
    };
    let groups = events.iter().filter(|event| event["type"] == "group").count();
    let with_id = usize::from(!text.is_empty());
    expect(&json!({ "groups": groups }), "groups", Some((1 + with_id).into()));
    for row in rows(mapping) {
        let lists = row.source == "items" || row.source == "tags" || row.source == "operators";
        let value = match row.source {
            "visitor.id" => Some("v".into()),
            _ if lists => Some(json!([text, {text: text}])),
            _ => carried.then(|| text.into()),
        };
        for kind in row.events {
            let of_kind = |event: &&Value| event["type"] == kind.name();
            let Some(event) = events.iter().find(of_kind) else { continue };
            match row.via {
                Via::Copy if row.source == "groups[].id" && text.is_empty() => {
                    expect(event, row.target, Some("g".into()));
                }
                Via::Copy if row.source == "groups[].kind" && text.is_empty() => {
                    expect(event, row.target, None);
                }
                Via::Copy | Via::CopyNull => expect(event, row.target, value.clone()),
                Via::BrowserName | Via::BrowserVersion => {}
            }
        }
    }
    let browser = &events[0]["context"]["browser"];
    let name = browser["name"].as_str();
    let whole = match browser["version"].as_str() {
        Some(version) if mapping != Mapping::Live || text.contains(' ') => {
            format!("{} {version}", name.unwrap_or_default())
        }
        Some(version) => version.to_owned(),
        None => name.unwrap_or_default().to_owned(),
    };
    expect(&json!({ "browser": whole }), "browser", Some(text.into()));
    wrong
}

/// JSON text in which every character of a string that may be escaped is.
fn escaped(value: &Value) -> String {
    let mut out = String::new();
    for c in value.to_string().chars() {
        match c {
            '\0'..='\x7f' => out.push(c),
            _ => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out += &format!("\\u{unit:04X}")),
        }
    }
    out
}

#[test]
fn a_naughty_string_comes_out_of_every_field_as_it_went_in() {
    let mut failures = Vec::new();
    for mapping in Mapping::ALL {
        for text in naughty() {
            let payload = everywhere(&text);
            for json in [payload.to_string(), escaped(&payload)] {
                let events = json_lines(&events_by(by(mapping), &[json]));
                failures.extend(differences(mapping, &text, &events));
            }
        }
    }
    none(&failures);
}

#[test]
fn a_naughty_visitor_id_is_carried_unless_there_is_nothing_to_see_of_it() {
    let plan = Plan::new(MappingOptions::default()).unwrap();
    let mut converter = Converter::new(&plan);
    for text in naughty() {
        let mut out = Vec::new();
        let payload = json!({"visitor": {"id": &text}}).to_string();
        match convert(&mut converter, payload.as_bytes(), &mut out) {
            Ok(_) => assert_eq!(json_lines(&out)[0]["userId"], *text),
            Err(refusal) => {
                assert_eq!(refusal.code, "missing_visitor_id", "{text:?}");
                assert!(!text.contains(|c: char| c.is_alphanumeric() || c.is_ascii_graphic()), "{text:?}");
            }
        }
    }
}

#[test]
fn naughty_payloads_are_the_same_in_every_layout() {
    let payloads: Vec<_> = naughty().iter().map(|text| everywhere(text).to_string()).collect();
    let events = events_by(MappingOptions::default(), &payloads);
    let forms: Vec<_> = payloads.iter().map(|json| form(json.as_bytes(), "+")).collect();
    for input in [
        payloads.join("\n").into_bytes(),
        payloads.concat().into_bytes(),
        format!("[{}]", payloads.join(",")).into_bytes(),
        forms.join(&b'\n'),
    ] {
        run(&[]).stdin(input).stdout(&events).go();
    }
}

#[test]
fn naughty_strings_that_are_no_json_are_kept_as_they_are() {
    // A line ends at its line feed, whatever else Unicode calls a new line. A byte order mark alone is blank.
    let strings: Vec<_> = naughty().into_iter().filter(|text| !text.contains('\n')).collect();
    let blank = |text: &&str| text.trim_start_matches('\u{feff}').is_empty();
    let lines: Vec<_> = strings.iter().map(|text| text.trim_ascii()).filter(|text| !blank(text)).collect();
    let dir = Dir::new();
    let (output, rejects) = lawful(&dir, &["--input-format", "ndjson"], lines.join("\n").as_bytes()).unwrap();
    assert_eq!(show(&output), "");
    let kept: Vec<_> = rejects.iter().map(|reject| reject["payload"].as_str().unwrap()).collect();
    if let Some(difference) = difference("kept", lines.join("\n").as_bytes(), kept.join("\n").as_bytes()) {
        panic!("{difference}");
    }
}

#[test]
fn an_explanation_of_naughty_payloads_has_nothing_that_moves_a_cursor() {
    let payloads: Vec<_> = naughty().iter().map(|text| everywhere(text).to_string()).collect();
    let output = run(&["--explain", "--color", "never"]).stdin(payloads.join("\n")).any_stdout().any_stderr();
    let text = String::from_utf8(output.go().stdout).unwrap();
    let found: BTreeSet<_> = text.chars().filter(|c| c.is_control() && *c != '\n').collect();
    assert!(found.is_empty(), "{found:?}");
}
