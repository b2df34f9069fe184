//! What is found in the things that people keep payloads in.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::*;

pub const P: &str = r#"{"visitor":{"id":"1"}}"#;

/// Searches for one who takes nothing unchecked.
pub fn search_checked(record: Searched, mut each: impl FnMut(Found)) {
    search(record, None, None, |found| {
        if !matches!(found.origin, Origin::Unchecked | Origin::Unreadable(_)) {
            each(found);
        }
        Verdict::Other
    });
}

/// Every payload's path and text. Checks that what stands in the record is there.
fn all(record: Searched) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let (Searched::Json(whole) | Searched::Text(whole)) = record;
    search_checked(record, |found| {
        if let Origin::Record(offset) = found.origin {
            assert_eq!(whole.get(offset..offset + found.text.len()), Some(found.text));
        }
        all.push((found.path.to_string(), String::from_utf8(found.text.to_vec()).unwrap()));
    });
    all
}

pub fn in_json(record: &str) -> Vec<(String, String)> {
    serde_json::from_str::<serde::de::IgnoredAny>(record).expect("a test's record is JSON");
    all(Searched::Json(record.as_bytes()))
}

pub fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

pub fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

#[test]
fn payloads_are_found_in_each_shape() {
    let (q, qq) = (quoted(P), quoted(&quoted(P)));
    let form = format!("token=x&data={}&y=1", percent(P));
    for (record, paths) in [
        (format!(r#"{{"_source":{P}}}"#), vec!["_source"]),
        (
            format!(r#"{{"hits":{{"total":2,"hits":[{{"_source":{P}}},{{"_source":{P}}}]}}}}"#),
            vec!["hits.hits[0]._source", "hits.hits[1]._source"],
        ),
        (format!(r#"[{P},null,[{P}]]"#), vec!["[0]", "[2][0]"]),
        (format!(r#"{{"data":{q}}}"#), vec!["data"]),
        (format!(r#"{{"data":[{q}]}}"#), vec!["data[0]"]),
        (format!(r#"{{"body":{}}}"#, quoted(&form)), vec!["body"]),
        (
            format!(r#"{{"Records":[{{"body":"{}"}}]}}"#, BASE64_STANDARD.encode(&form)),
            vec!["Records[0].body"],
        ),
        (format!(r#"{{"a":{}}}"#, quoted(&format!("\n [{P}, {P}] "))), vec!["a[0]", "a[1]"]),
        (q.clone(), vec!["."]),
        (qq, vec!["."]),
        (format!(r#"{{"a b":{{"":{P}}}}}"#), vec!["\"a b\".\"\""]),
        (format!(r#"{{"visitor":null,"a":{P}}}"#), vec!["a"]),
        (format!(r#"{{"visitor":"x","a":{{"visitor":[],"b":{P}}}}}"#), vec!["a.b"]),
        (format!(r#"{{"visitor":{{}},"visitor":1,"a":{P}}}"#), vec!["a"]),
    ] {
        let found = in_json(&record);
        assert_eq!(found.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), paths, "{record}");
        assert!(found.iter().all(|(_, text)| text == P), "{record}");
    }
}

#[test]
fn a_payload_is_given_as_it_was_written() {
    for text in [
        "{ \"id\" : 1.0e400,\n \"visitor\" :{ } }",
        r#"{"visitor":1,"v\u0069sitor":{"x":"\ud800\u00e9é\/"}}"#,
        r#"{"visitor":{},"visitor":{"M":{"id":"x"}}}"#,
        r#"{"visitor":{"S":"x"},"kind":{"S":"typed"}}"#,
    ] {
        let form = format!("data={}", percent(text));
        for record in [
            format!(r#"[ {{"a" : {text} }}, 1]"#),
            quoted(text),
            quoted(&format!("\t{text}\n")),
            quoted(&quoted(text)),
            quoted(&form),
            quoted(&format!("data={text}&x=1")),
            quoted(&BASE64_URL_SAFE_NO_PAD.encode(text)),
            quoted(&BASE64_STANDARD.encode(&form)),
        ] {
            let found = in_json(&record);
            assert_eq!(found.len(), 1, "{record}");
            assert_eq!(found[0].1, text, "{record}");
        }
    }
}

#[test]
fn a_string_is_searched_like_a_line_of_text() {
    for text in [
        format!("22:00 INFO got {P}\n"),
        format!("{P} and more"),
        format!("body={}", P.replace('{', "%7B").replace('"', "%22").replace('}', "%7D")),
        P.replace('{', "%7b").replace('"', "%22").replace('}', "%7d"),
        format!("msg=\"{}\"", P.replace('"', "\\\"")),
        format!("<p>{}</p>", P.replace('"', "&quot;")),
    ] {
        assert_eq!(in_json(&format!(r#"{{"log":{}}}"#, quoted(&text))), [("log".into(), P.into())], "{text}");
    }
}

#[test]
fn what_starts_to_be_a_payload_but_cannot_be_read_does_not_vanish() {
    for (text, reason) in [
        (r#"{"visitor":{"id":1}"#, Unreadable::Json),
        (r#"got {"visitor":{"id":1}"#, Unreadable::Json),
        (r#"{"visitor":{"id":1}x}"#, Unreadable::Json),
        (r#""kind":1,"visitor":{"id":1}}"#, Unreadable::Fragment(6)),
        (r#"'{"id":"it''s","visitor":{}}'"#, Unreadable::Ambiguous),
        (r#"{"visitor":{"M":{"id":{"S":"1"},"x":{"X":1}}}}"#, Unreadable::DynamoDb),
    ] {
        for record in [format!(r#"{{"a":{},"b":{P}}}"#, quoted(text)), format!("[{}]", quoted(text))] {
            let mut reasons = Vec::new();
            search(Searched::Json(record.as_bytes()), None, None, |found| {
                if let Origin::Unreadable(reason) = found.origin {
                    reasons.push(reason);
                }
                Verdict::Other
            });
            assert_eq!(reasons, [reason], "{record}");
        }
    }
}

#[test]
fn nothing_is_found_where_no_payload_is() {
    for record in [
        "{}",
        "[]",
        r#""""#,
        r#"{"visitor":"0123456789"}"#,
        r#"{"a":{"visitors":{"id":1}},"visitor ":{"id":1}}"#,
        r#"{"visitor":{"id":1},"visitor":null}"#,
        r#"{"a":"{\"visitor\":{\"id\":1}"}"#,
        r#"{"type":"track","event":"Conversation","userId":"x","properties":{"items":[{"body":"{hi}","kind":"MessageToVisitor"}],"tags":["visitor"]},"context":{"traits":{"name":"x"}}}"#,
    ] {
        assert_eq!(in_json(record), [], "{record}");
    }
}

#[test]
fn a_payload_is_not_searched() {
    let payload = format!(
        r#"{{"items":[{{"body":{}}},{P}],"visitor":{{"customFields":{P}}},"x":{{"visitor":{{}}}}}}"#,
        quoted(P)
    );
    assert_eq!(in_json(&format!(r#"{{"a":{payload}}}"#)), [("a".to_string(), payload.clone())]);
    assert_eq!(in_json(&payload), [(".".to_string(), payload.clone())]);
}

#[test]
fn sixteen_levels_are_searched() {
    let nested = |levels: usize| format!("{}{P}{}", r#"{"a":["#.repeat(levels / 2), "]}".repeat(levels / 2));
    assert_eq!(in_json(&nested(16)).len(), 1);
    assert_eq!(in_json(&format!("[{}]", nested(16))).len(), 0);
    let string = quoted(&nested(14));
    assert_eq!(in_json(&format!("[{string}]")).len(), 1);
    assert_eq!(in_json(&format!("[[{string}]]")).len(), 0);
    assert_eq!(all(Searched::Text(nested(14).as_bytes())).len(), 1);
    assert_eq!(all(Searched::Text(nested(16).as_bytes())).len(), 0);
}

#[test]
fn an_object_with_many_members_is_searched_in_order() {
    for n in [KEPT_MEMBERS - 1, KEPT_MEMBERS, KEPT_MEMBERS + 1, 3 * KEPT_MEMBERS] {
        let members: Vec<_> = (0..n).map(|i| format!(r#""k{i}" : {{"a":{P}}}"#)).collect();
        let found = in_json(&format!("{{{}}}", members.join(" , ")));
        let expected: Vec<_> = (0..n).map(|i| (format!("k{i}.a"), P.to_string())).collect();
        assert_eq!(found, expected);
        let payload = format!(r#"{{{},"visitor":{{}}}}"#, members.join(","));
        assert_eq!(in_json(&format!("[{payload}]")), [("[0]".to_string(), payload)]);
    }
}

#[test]
fn a_cell_is_decoded_like_a_string() {
    let form = format!("data={}", percent(P));
    for cell in [P.to_string(), format!(" {P}\n"), form.clone(), BASE64_STANDARD.encode(&form), quoted(P)] {
        assert_eq!(all(Searched::Text(cell.as_bytes())), [(".".to_string(), P.to_string())], "{cell}");
    }
    let cell = format!(r#"{{"a":[{P}]}}"#);
    assert_eq!(all(Searched::Text(cell.as_bytes())), [("a[0]".to_string(), P.to_string())]);
    for cell in ["", " ", "2020-01-01", "12", "x", r#"{"a":"b","#, "\\N"] {
        assert_eq!(all(Searched::Text(cell.as_bytes())), [], "{cell}");
    }
}

#[test]
fn a_payload_knows_where_it_comes_from() {
    let origin = |record: Searched| {
        let mut origins = Vec::new();
        search_checked(record, |found| origins.push(found.origin));
        origins
    };
    let record = format!(r#"{{"a":{P},"b":{}}}"#, quoted(P));
    assert_eq!(origin(Searched::Json(record.as_bytes())), [Origin::Record(5), Origin::Decoded]);
    let cell = format!("  x=1&data={P}");
    assert_eq!(origin(Searched::Text(cell.as_bytes())), [Origin::Record(11)]);
    let item = r#"[{"visitor":{"M":{"id":{"S":"x"}}}}]"#;
    assert_eq!(origin(Searched::Json(item.as_bytes())), [Origin::DynamoDb]);
}

#[test]
fn base64_is_decoded_in_every_variant() {
    for filler in ["", "x", "xx", "é", "???>>>", "\u{ff}\u{3ff}~~~"] {
        let payload = format!(r#"{{"visitor":{{"id":"{filler}"}}}}"#);
        for text in [
            payload.clone(),
            format!("\n {payload}"),
            format!("[{payload}]"),
            quoted(&payload),
            format!("data={}", percent(&payload)),
            format!("a1=_&data={payload}"),
            format!("\n .x=1&data= {payload}&y "),
            format!(".x=1&data={payload}"),
        ] {
            let variants = [
                BASE64_STANDARD.encode(&text),
                BASE64_STANDARD_NO_PAD.encode(&text),
                BASE64_URL_SAFE.encode(&text),
                BASE64_URL_SAFE_NO_PAD.encode(&text),
            ];
            let lines =
                variants[0].as_bytes().chunks(20).map(String::from_utf8_lossy).collect::<Vec<_>>().join("\n");
            for variant in variants.into_iter().chain([format!("{lines}\n")]) {
                let escaped = quoted(&variant).replace('/', r"\/");
                for record in [quoted(&variant), escaped] {
                    let found = in_json(&record);
                    assert_eq!(found.first().map(|(_, found)| found), Some(&payload), "{text}: {record}");
                }
            }
        }
    }
}

#[test]
fn base64_may_begin_with_escapes() {
    let record = format!(r#"{{">":{P}}}"#);
    let encoded = BASE64_STANDARD.encode(&record);
    assert!(encoded.starts_with("eyI+"));
    let found = in_json(&format!("\"{}\"", encoded.replace('+', r"\u002b")));
    assert_eq!(found, [(">".to_string(), P.to_string())]);
}

#[test]
fn base64_of_other_things_is_left_alone() {
    for text in ["hello, this is no payload", r#"{"visitor":{"id":"1"}"#, "data=hello there, all of you"] {
        assert_eq!(in_json(&quoted(&BASE64_STANDARD.encode(text))), [], "{text}");
    }
    let mut bytes = BASE64_STANDARD.encode([r#"{"visitor":{"id":""#.as_bytes(), b"\xff\"}}"].concat());
    assert_eq!(in_json(&quoted(&bytes)), []);
    bytes.insert(9, '!');
    assert_eq!(in_json(&quoted(&bytes)), []);
}

/// Each sample, where the payload is in it, and whether its text there is another.
#[test]
fn each_sample_holds_the_transcript() {
    let transcript: Value =
        serde_json::from_str(include_str!("../../../testdata/payloads/transcript.json")).unwrap();
    let mut with_start = transcript.clone();
    with_start["start_timestamp"] = json!(1_558_107_754);
    for (sample, path, payload) in [
        (include_str!("../../../testdata/envelopes/express.json"), "data", &transcript),
        (include_str!("../../../testdata/envelopes/gateway.json"), "data[0]", &transcript),
        (include_str!("../../../testdata/envelopes/apigw.json"), "body", &transcript),
        (include_str!("../../../testdata/envelopes/apigw64.json"), "body", &transcript),
        (include_str!("../../../testdata/envelopes/ddb.json"), "Item", &with_start),
        (include_str!("../../../testdata/envelopes/es.json"), "_source", &transcript),
        (include_str!("../../../testdata/envelopes/webhooksite.json"), "content", &transcript),
    ] {
        let found = in_json(sample.trim());
        assert_eq!(found.len(), 1, "{path}");
        assert_eq!(found[0].0, path);
        assert_eq!(&serde_json::from_str::<Value>(&found[0].1).unwrap(), payload, "{path}");
    }
    let csv = include_str!("../../../testdata/envelopes/pg.csv");
    let cell = csv.split_once(",\"").unwrap().1.trim_end().trim_end_matches('"').replace("\"\"", "\"");
    let cell = if cell.ends_with('}') { cell } else { format!("{cell}\"") };
    assert_eq!(all(Searched::Text(cell.as_bytes())), [(".".to_string(), cell.clone())]);
    for bare in [
        include_str!("../../../testdata/envelopes/mongo.json"),
        include_str!("../../../testdata/envelopes/snow.json"),
    ] {
        assert_eq!(in_json(bare.trim()), [(".".to_string(), bare.trim().to_string())]);
    }
}

#[test]
fn hostile_records_take_no_time_and_no_stack() {
    const SIZE: usize = 1 << 18;
    let mut chain = P.to_string();
    for _ in 0..30 {
        chain = quoted(&chain.replacen(P, &format!("[{P}]"), 1));
        if chain.len() > 4 * SIZE {
            break;
        }
    }
    for (text, count) in [
        (format!("[{}1]", "{},".repeat(SIZE)), 0),
        (format!("{}1{}", "[".repeat(SIZE), "]".repeat(SIZE)), 0),
        (format!("{}{P}{}", r#"{"a":"#.repeat(SIZE), "}".repeat(SIZE)), 0),
        (quoted(&"[".repeat(SIZE)), 0),
        (quoted(&format!("{}\"\"{}", "[".repeat(SIZE), "]".repeat(SIZE))), 0),
        (quoted(&"{\"".repeat(SIZE)), 0),
        (quoted(&"data=".repeat(SIZE)), 0),
        (quoted(&format!("data={}", "%7B".repeat(SIZE))), 0),
        (quoted(&"eyJh".repeat(SIZE)), 0),
        (quoted(&"\n".repeat(SIZE)), 0),
        (format!("[{}1]", format!("{P},").repeat(SIZE / P.len())), SIZE / P.len()),
        (format!("[{}]", quoted(&format!("[{}1]", format!("{},", quoted(P)).repeat(10_000)))), 10_000),
        (chain, 0),
    ] {
        let mut found = 0;
        search_checked(Searched::Json(text.as_bytes()), |_| found += 1);
        assert_eq!(found, count, "{}", &text[..40]);
        search_checked(Searched::Text(text.as_bytes()), |_| ());
    }
}

/// Everything that is found at a path.
fn search_at(at: &str, record: Searched, mut each: impl FnMut(Found)) {
    search(record, Some(&At::parse(at).unwrap()), None, |found| {
        each(found);
        Verdict::Other
    });
}

/// The paths of what is found at a path, and whether it is always the one payload.
fn paths(at: &str, record: &str) -> Vec<String> {
    let mut paths = Vec::new();
    search_at(at, Searched::Json(record.as_bytes()), |found| {
        assert_eq!(std::str::from_utf8(found.text).unwrap(), P);
        paths.push(found.path.to_string());
    });
    paths
}

#[test]
fn a_path_is_followed_through_members_elements_and_strings() {
    let q = quoted(P);
    for (at, record, expected) in [
        ("body", format!(r#"{{"a":{P},"body":{P}}}"#), vec!["body"]),
        ("body", format!(r#"{{"body":{q}}}"#), vec!["body"]),
        ("body", format!(r#"{{"body":1,"b\u006fdy":{q}}}"#), vec!["body"]),
        ("body", format!(r#"{{"body":{P},"body":1}}"#), vec![]),
        ("a.b", format!(r#"{{"a":{}}}"#, quoted(&format!(r#"{{"b":{q}}}"#))), vec!["a.b"]),
        (
            "hits.hits[]._source",
            format!(r#"{{"hits":{{"hits":[{{"_source":{P}}},{{}},{{"_source":{P}}}]}}}}"#),
            vec!["hits.hits[0]._source", "hits.hits[2]._source"],
        ),
        ("a[1]", format!(r#"{{"a":[{P},{P}]}}"#), vec!["a[1]"]),
        ("a[2]", format!(r#"{{"a":[{P},{P}]}}"#), vec![]),
        ("[]", format!("[{P},{q}]"), vec!["[0]", "[1]"]),
        ("[1].a", format!(r#"[{P},{{"a":{P}}}]"#), vec!["[1].a"]),
        ("[][]", format!("[[{P}],{P}]"), vec!["[0][0]"]),
        ("\"a.b\".\"\"", format!(r#"{{"a.b":{{"":{P}}}}}"#), vec!["\"a.b\".\"\""]),
        ("data", format!(r#"{{"data":[{q},1,[{P}]]}}"#), vec!["data[0]", "data[2][0]"]),
        ("data", format!(r#"{{"data":{}}}"#, quoted(&format!("[{P},{P}]"))), vec!["data[0]", "data[1]"]),
        ("a", format!(r#"{{"a":{{"b":{P}}}}}"#), vec![]),
        ("a.b", format!(r#"{{"a":[{{"b":{P}}}]}}"#), vec![]),
        ("a[]", format!(r#"{{"a":{{"b":{P}}}}}"#), vec![]),
        (".", P.to_string(), vec!["."]),
        (".", q, vec!["."]),
        (".", format!(r#"{{"a":{P}}}"#), vec![]),
        (".", format!("[{P}]"), vec![]),
    ] {
        assert_eq!(paths(at, &record), expected, "{at} {record}");
    }
}

#[test]
fn a_path_leads_into_the_cells_of_a_table() {
    let cell = format!(r#"{{"a":{P},"b":{P}}}"#);
    for (at, cell, expected) in
        [("b", cell.as_str(), 1), (".", &cell, 0), (".", P, 1), (".", "no JSON at all", 0)]
    {
        let mut found = 0;
        search_at(at, Searched::Text(cell.as_bytes()), |_| found += 1);
        assert_eq!(found, expected, "{at} {cell}");
    }
}

#[test]
fn at_a_path_any_visitor_makes_a_payload() {
    let mut found = Vec::new();
    let record = br#"{"a":{"visitor":null},"b":{"x":1}}"#;
    for at in ["a", "b"] {
        search_at(at, Searched::Json(record), |payload| found.push(payload.text.to_vec()));
    }
    assert_eq!(found, [br#"{"visitor":null}"#.to_vec()]);
}

#[test]
fn strings_in_strings_are_followed_only_so_far() {
    let mut record = P.to_string();
    for _ in 0..10 {
        record = quoted(&record);
    }
    assert_eq!(paths(".", &record), ["."]);
    let deep = format!("[{}{P}{}]", "[".repeat(MAX_LEVEL), "]".repeat(MAX_LEVEL));
    assert_eq!(paths("[]", &deep).len(), 1);
    assert_eq!(paths("[]", &format!("[{deep}]")).len(), 0);
}
