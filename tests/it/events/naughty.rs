//! The Big List of Naughty Strings, in every field of a payload.

use std::collections::BTreeSet;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::harness::{
    Audited, Dir, audit, checkout, difference, events, events_by, form, json_lines, none, outcome, read, run,
    show,
};
use crate::shared::library::{MAPPINGS, Mapping, MappingOptions, ROWS, Via, by};

/// The Big List of Naughty Strings, and those of its strings that only base64 could keep.
fn naughty() -> Vec<String> {
    let list = |name: &str| -> Vec<String> {
        serde_json::from_slice(&read(&checkout("testdata/json-suite/blns").join(name))).unwrap()
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
    for row in ROWS {
        match row.source.split_once('.') {
            Some(("visitor", "id")) | Some(("groups[]", _)) => {}
            Some((object, key)) => payload[object][key] = text.into(),
            None if row.source == "kind" || row.source == "ip" => payload[&*row.source] = text.into(),
            None => payload[&*row.source] = json!([text, {text: text}]),
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
    for row in ROWS.iter().filter(|row| row.mappings.contains(&mapping)) {
        let lists = row.source == "items" || row.source == "tags" || row.source == "operators";
        let value = match &*row.source {
            "visitor.id" => Some("v".into()),
            _ if lists => Some(json!([text, {text: text}])),
            _ => carried.then(|| text.into()),
        };
        for kind in row.events {
            let of_kind = |event: &&Value| event["type"] == kind.type_name();
            let Some(event) = events.iter().find(of_kind) else { continue };
            match row.via {
                Via::Copy if row.source == "groups[].id" && text.is_empty() => {
                    expect(event, &row.target, Some("g".into()));
                }
                Via::Copy if row.source == "groups[].kind" && text.is_empty() => {
                    expect(event, &row.target, None);
                }
                Via::Copy | Via::CopyNull | Via::UserId => expect(event, &row.target, value.clone()),
                _ => {}
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

/// JSON text with every character of a string escaped that may be.
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
    for mapping in MAPPINGS {
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
fn a_naughty_visitor_id_is_carried_unless_it_is_blank() {
    for text in naughty() {
        let payload = json!({"visitor": {"id": &text}}).to_string();
        match outcome(&MappingOptions::default(), payload.as_bytes()) {
            Ok(events) => {
                assert_eq!(json_lines(events.as_bytes())[0]["userId"], *text);
                assert!(text.contains(|c: char| !c.is_whitespace() && !c.is_control()), "{text:?}");
            }
            Err(rejected) => {
                assert_eq!(rejected.code, "missing_visitor_id", "{text:?}");
                assert!(!text.contains(|c: char| c.is_alphanumeric() || c.is_ascii_graphic()), "{text:?}");
            }
        }
    }
}

#[test]
fn naughty_payloads_are_the_same_in_every_layout() {
    let payloads: Vec<_> = naughty().iter().map(|text| everywhere(text).to_string()).collect();
    let expected = events(&payloads);
    let forms: Vec<_> = payloads.iter().map(|json| form(json.as_bytes(), "+")).collect();
    for input in [
        payloads.join("\n").into_bytes(),
        payloads.concat().into_bytes(),
        format!("[{}]", payloads.join(",")).into_bytes(),
        forms.join(&b'\n'),
    ] {
        run(&[]).stdin(input).stdout(&expected).go();
    }
}

#[test]
fn naughty_strings_that_are_no_json_are_kept_as_they_are() {
    // A line ends at its line feed, whatever else Unicode calls a new line. A byte order mark alone is blank.
    let strings: Vec<_> = naughty().into_iter().filter(|text| !text.contains('\n')).collect();
    let blank = |text: &&str| text.trim_start_matches('\u{feff}').is_empty();
    let lines: Vec<_> = strings.iter().map(|text| text.trim_ascii()).filter(|text| !blank(text)).collect();
    let dir = Dir::new();
    let audited = audit(&dir, &["--input-format", "ndjson"], lines.join("\n").as_bytes());
    let Audited { stdout, rejects, .. } = audited.unwrap();
    assert_eq!(show(&stdout), "");
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
