//! How paths are written and parsed, and where `--at` leads.

use super::*;
use crate::payloads::search::tests::{P, json_record, quoted, text_record};
use crate::payloads::search::{Found, MAX_LEVEL, Searched, search};

fn written(path: &Path) -> (String, String) {
    let written = |indices| {
        let mut out = String::new();
        path.write(indices, &mut out);
        out
    };
    (written(Indices::Written), written(Indices::Dropped))
}

#[test]
fn a_path_is_written_with_and_without_indices() {
    let record = Path::RECORD;
    assert_eq!(written(&record), (".".into(), ".".into()));
    let (hits, first) = (record.member(b"hits"), record.element(0));
    let inner = hits.member(b"hits");
    let element = inner.element(12);
    assert_eq!(
        written(&element.member(b"_source")),
        ("hits.hits[12]._source".into(), "hits.hits[]._source".into())
    );
    assert_eq!(written(&first), ("[0]".into(), "[]".into()));
    assert_eq!(written(&first.member(b"a")), ("[0].a".into(), "[].a".into()));
    assert_eq!(written(&first.element(7)), ("[0][7]".into(), "[][]".into()));
    let cell = Path::column(2);
    assert_eq!(written(&cell), ("column 3".into(), "column 3".into()));
    assert_eq!(written(&cell.element(0).member(b"a")), ("column 3: [0].a".into(), "column 3: [].a".into()));
    assert_eq!(written(&cell.member(b"a").member(b"b")).0, "column 3: a.b");
}

#[test]
fn a_key_that_is_no_plain_word_is_quoted() {
    for (key, expected) in [
        ("_id", "_id"),
        (r"caf\u00e9", "café"),
        ("", r#""""#),
        ("a.b", r#""a.b""#),
        ("a[]", r#""a[]""#),
        ("a b", r#""a b""#),
        (r#"a\"b"#, r#""a\"b""#),
        (r"\ud800", r#""\ud800""#),
        (r"\u001b", r#""\u001b""#),
    ] {
        assert_eq!(written(&Path::RECORD.member(key.as_bytes())).0, expected);
    }
}

#[test]
fn what_is_no_path_is_refused() {
    for path in [
        "",
        "..",
        ".a",
        "a.",
        "a..b",
        "a[",
        "a]",
        "a[x]",
        "a[-1]",
        "a[]b",
        "a[].",
        "a[99999999999999999999]",
        "a b",
        "\"a",
        "\"\\x\"",
        "\"a\"b",
    ] {
        assert!(At::parse(path).is_err(), "{path}");
    }
    assert!(At::parse(&["a"; MAX_STEPS].join(".")).is_ok());
    assert!(At::parse(&["a"; MAX_STEPS + 1].join(".")).is_err());
}

/// Everything that is found at a path.
fn search_at(at: &str, record: Searched, mut each: impl FnMut(Found)) {
    search(record, &Path::RECORD, Some(&At::parse(at).unwrap()), None, |found| {
        each(found);
        false
    });
}

/// The paths of what is found at a path, and whether it is always the one payload.
fn paths(at: &str, record: &str) -> Vec<String> {
    let mut paths = Vec::new();
    search_at(at, json_record(&record), |found| {
        assert_eq!(std::str::from_utf8(found.piece.text).unwrap(), P);
        paths.push(written(&found.path).0);
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
        search_at(at, text_record(&cell), |_| found += 1);
        assert_eq!(found, expected, "{at} {cell}");
    }
}

#[test]
fn at_a_path_any_visitor_makes_a_payload() {
    let mut found = Vec::new();
    let record = br#"{"a":{"visitor":null},"b":{"x":1}}"#;
    for at in ["a", "b"] {
        search_at(at, json_record(&record), |payload| found.push(payload.piece.text.to_vec()));
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
