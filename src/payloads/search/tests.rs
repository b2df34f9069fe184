//! What is found in the things that people keep payloads in.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};

use super::*;
use crate::payloads::path::Indices;

pub const P: &str = r#"{"visitor":{"id":"1"}}"#;

pub fn json_record(text: &(impl AsRef<[u8]> + ?Sized)) -> Searched<'_> {
    Searched::Json(Piece::at(0, text.as_ref()))
}

pub fn text_record(text: &(impl AsRef<[u8]> + ?Sized)) -> Searched<'_> {
    Searched::Text(Piece::at(0, text.as_ref()))
}

pub fn written(path: &Path, indices: Indices) -> String {
    let mut out = String::new();
    path.write(indices, &mut out);
    out
}

/// Searches for one who takes nothing unchecked.
pub fn search_checked(record: Searched, mut each: impl FnMut(Found)) {
    search(record, &Path::RECORD, None, None, |found| {
        if !matches!(found.state, State::Unchecked | State::Unreadable(_)) {
            each(found);
        }
        false
    });
}

/// Every payload's path and text. Checks that what stands in the record is there.
fn all(record: Searched) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let (Searched::Json(whole) | Searched::Text(whole)) = record;
    search_checked(record, |found| {
        if let Some(offset) = found.piece.offset {
            assert_eq!(whole.text.get(offset..offset + found.piece.text.len()), Some(found.piece.text));
        }
        all.push((
            written(&found.path, Indices::Written),
            String::from_utf8(found.piece.text.to_vec()).unwrap(),
        ));
    });
    all
}

pub fn in_json(record: &str) -> Vec<(String, String)> {
    serde_json::from_str::<serde::de::IgnoredAny>(record).expect("a test's record is JSON");
    all(json_record(&record))
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
            search(json_record(&record), &Path::RECORD, None, None, |found| {
                if let State::Unreadable(reason) = found.state {
                    reasons.push(reason);
                }
                false
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
    assert_eq!(all(text_record(&nested(14))).len(), 1);
    assert_eq!(all(text_record(&nested(16))).len(), 0);
}

#[test]
fn an_object_with_many_members_is_searched_in_order() {
    for n in [1, 3000] {
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
        assert_eq!(all(text_record(&cell)), [(".".to_string(), P.to_string())], "{cell}");
    }
    let cell = format!(r#"{{"a":[{P}]}}"#);
    assert_eq!(all(text_record(&cell)), [("a[0]".to_string(), P.to_string())]);
    for cell in ["", " ", "2020-01-01", "12", "x", r#"{"a":"b","#, "\\N"] {
        assert_eq!(all(text_record(&cell)), [], "{cell}");
    }
}

#[test]
fn a_payload_knows_where_it_comes_from() {
    let offsets = |record: Searched| {
        let mut offsets = Vec::new();
        search_checked(record, |found| offsets.push(found.piece.offset));
        offsets
    };
    let record = format!(r#"{{"a":{P},"b":{}}}"#, quoted(P));
    assert_eq!(offsets(json_record(&record)), [Some(5), None]);
    let cell = format!("  x=1&data={P}");
    assert_eq!(offsets(text_record(&cell)), [Some(11)]);
    let item = r#"[{"visitor":{"M":{"id":{"S":"x"}}}}]"#;
    assert_eq!(offsets(json_record(&item)), [None]);
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
        search_checked(json_record(&text), |_| found += 1);
        assert_eq!(found, count, "{}", &text[..40]);
        search_checked(text_record(&text), |_| ());
    }
}
