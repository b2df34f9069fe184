//! Where a broken record ends and the next one begins.

use crate::harness::{chat, chats, events, form, rejected, run};

#[test]
fn a_broken_document_ends_where_the_next_begins() {
    let good = |id: &str| format!("{{\n  \"visitor\": {{\n    \"id\": \"{id}\"\n  }}\n}}\n");
    for (bad, line) in [
        ("{\n  \"visitor\": {\n    \"id\": \"x\",\n  }\n}\n", 9),
        ("{\n  \"visitor\": {\n    \"id\": \"x\n  }\n}\n", 8),
        ("{\n  \"visitor\": {\n    \"id\": \"x\"\n", 8),
        ("log line\nanother log line\n", 6),
        ("{\n  \"visitor\": {\n    \"id\": \"x\"\n  }\n} // seen\n", 10),
    ] {
        let input = good("before") + bad + &good("after");
        let (stderr, rows) = rejected(&input, events(&[good("before"), good("after")]));
        assert!(stderr.starts_with(&format!("-:{line}:")), "{bad}: {}", stderr);
        assert_eq!(rows.len(), 1, "{rows:?}");
        assert_eq!(rows[0]["payload"], bad.trim_end());
        assert_eq!(rows[0]["code"], "invalid_json", "{bad}");
    }
}

#[test]
fn what_lies_between_a_broken_document_and_the_next_is_one_reject() {
    let good = "{\n  \"visitor\": {\n    \"id\": \"v\"\n  }\n}\n";
    for bad in ["{\n  \"visitor\": }\n}\n", "{\n  \"a\": 1,\n]\n  \"b\": 2\n}\n"] {
        let (_, rows) = rejected([good, bad, good].concat(), events(&[good; 2]));
        assert_eq!(rows.iter().map(|row| &row["payload"]).collect::<Vec<_>>(), [bad.trim_end()]);
    }
}

#[test]
fn an_object_that_is_complete_is_a_record_whatever_follows_it() {
    let good = "{\n  \"visitor\": {\n    \"id\": \"v\"\n  }\n}\n";
    for (whole, rest) in [("{\n  \"visitor\": {}}\n", "}\n"), ("{\n  \"a\": 1}\n", "  \"b\": 2\n}\n")] {
        let (_, rows) = rejected([good, whole, rest, good].concat(), events(&[good; 2]));
        let kept: Vec<_> = rows.iter().map(|row| row["payload"].as_str().unwrap().trim()).collect();
        assert_eq!(kept, [whole.trim(), rest.trim()]);
    }
}

#[test]
fn a_document_among_lines_is_rejected_as_one_and_for_what_is_wrong_with_it() {
    let lines = format!("{}\n", chat("v"));
    for (bad, code) in [
        ("{\n  \"visitor\": 7\n}", "wrong_type"),
        ("{\n  \"visitor\": {\n    \"id\": null\n  }\n}", "missing_visitor_id"),
        ("{\n  \"kind\": \"nobody\"\n}", "no_payload"),
    ] {
        let (_, rows) = rejected(format!("{lines}{bad}\n{lines}"), chats(&["v"; 2]));
        assert_eq!(rows.len(), 1, "{rows:?}");
        assert_eq!((&rows[0]["code"], &rows[0]["payload"]), (&code.into(), &bad.into()));
    }
}

#[test]
fn a_bad_object_between_others_on_one_line_is_one_reject() {
    let (a, b) = (chat("a"), chat("b"));
    for bad in ["{\"visitor\":{\"id\":\"x\",}}", "{\"visitor\":7}", "{\"}{\":{}}", "{'visitor':1}"] {
        for (input, column) in [(format!("{a}{bad}{b}\n"), a.len()), (format!("{a} {bad}\t{b}"), a.len() + 1)]
        {
            let (_, rows) = rejected(input, chats(&["a", "b"]));
            assert_eq!(rows.len(), 1, "{rows:?}");
            assert_eq!((&rows[0]["payload"], &rows[0]["offset"]), (&bad.into(), &column.into()));
        }
    }
}

#[test]
fn an_element_of_an_array_that_is_bad_leaves_the_others() {
    let (a, b) = (chat("a"), chat("b"));
    for (input, codes) in [
        (format!("[{a},5,{b}]"), vec!["not_an_object"]),
        (format!("[[7],{a},null,\"{{\",{b}]"), vec!["no_payload", "not_an_object", "no_payload"]),
        (format!("[\n{a},\n{{\"visitor\":7}},\n{b}\n]\n"), vec!["wrong_type"]),
        (format!("[\n  {a},\n  {{\"visitor\":,}},\n  {b}\n]\n"), vec!["invalid_json"]),
        (format!("[\n  {a},\n  {{\"visitor\":\n  {b}\n]\n"), vec!["invalid_json"]),
        (format!("[{a},{b}"), vec!["truncated"]),
        (format!("[{a},{b},{{\"visitor\":{{"), vec!["truncated"]),
    ] {
        let (_, rows) = rejected(&input, chats(&["a", "b"]));
        assert_eq!(
            rows.iter().map(|row| row["code"].as_str().unwrap()).collect::<Vec<_>>(),
            codes,
            "{input}"
        );
    }
}

#[test]
fn an_input_that_ends_too_early_is_truncated_and_a_line_that_does_is_broken() {
    for (input, code, place) in [
        (format!("{}\n{{\"visitor\":{{\"id\":\"x", chat("a")), "truncated", "-:2:20: "),
        (format!("{}\n{{\"visitor\":", chat("a")), "truncated", "-:2:12: "),
        (format!("{}\n{{\"visitor\":{{\"id\":\"x\n", chat("a")), "invalid_json", "-:2:20: "),
        (format!("{}\n{{\n  \"visitor\": {{\n", chat("a").replace(":{", ": {\n")), "truncated", "-:4:15: "),
        (format!("{}\ndata=%7B%22visitor%22:", chat("a")), "truncated", "-:2:"),
    ] {
        let (stderr, rows) = rejected(&input, chats(&["a"]));
        assert_eq!(rows.len(), 1, "{input}: {rows:?}");
        assert_eq!(rows[0]["code"], code, "{input}");
        assert!(stderr.starts_with(place), "{input}: {}", stderr);
    }
}

#[test]
fn only_a_payload_that_the_input_ends_in_is_truncated() {
    for (end, code) in [("", "truncated"), ("\n", "invalid_json")] {
        for payload in [r#"{"visitor":{"id":"a""#, r#"data={"visitor":{"id":"a""#, "data=%7B%22visitor%22:"] {
            for before in ["", "x "] {
                let (_, rows) = rejected(format!("{}\n{before}{payload}{end}", chat("a")), chats(&["a"]));
                assert_eq!((rows.len(), &rows[0]["code"]), (1, &code.into()), "{before}{payload}{end:?}");
            }
        }
    }
    for (line, code) in [
        ("x data=%7B%22a%22 more text", "invalid_json"),
        ("x 'data=%7B%22a%22'", "invalid_json"),
        ("data=%7B%22a%22&x=1", "invalid_json"),
        ("x data=%7B%22a%2 more text", "invalid_form"),
        ("x data=%7B%22a%2", "truncated"),
    ] {
        let (_, rows) = rejected(format!("{}\n{line}", chat("a")), chats(&["a"]));
        assert_eq!((rows.len(), &rows[0]["code"]), (1, &code.into()), "{line}");
    }
}

#[test]
fn an_element_is_kept_without_the_comma_that_follows_it() {
    let bad = "{\n    \"visitor\": {\"id\": \"x}\n  }";
    let input = format!("[\n  {},\n  {bad} ,\n  {}\n]", chat("a"), chat("b"));
    let (_, rows) = rejected(input, chats(&["a", "b"]));
    assert_eq!((rows.len(), &rows[0]["payload"]), (1, &bad.into()));
}

#[test]
fn a_form_body_behind_a_broken_document_is_a_record_again() {
    let document = "{\n  \"visitor\": {\"id\": \"x\n}";
    let whole = "data=%7B%22visitor%22%3A%7B%22id%22%3A%22v%22%7D%7D";
    let nobody = "%7B%22visitor%22";
    let events = events(&[r#"{"visitor":{"id":"v"}}"#]);
    for (body, events, rejects) in [(whole, events, vec![document]), (nobody, vec![], vec![document, nobody])]
    {
        let (_, rows) = rejected(format!("{document}\n{body}\n"), events);
        assert_eq!(rows.iter().map(|row| &row["payload"]).collect::<Vec<_>>(), rejects);
    }
}

#[test]
fn a_form_feed_is_no_white_space() {
    let input = format!("{}\n\u{c}\n{}\u{c}\n", chat("a"), chat("b"));
    let (_, rows) = rejected(input, chats(&["a"]));
    assert_eq!(
        rows.iter().map(|row| &row["payload"]).collect::<Vec<_>>(),
        ["\u{c}", &format!("{}\u{c}", chat("b"))]
    );
}

#[test]
fn lines_before_the_first_record_are_a_reject_each_where_records_are_lines() {
    let form = String::from_utf8(form(b"{}", "+")).unwrap();
    for (args, first, record) in [
        (&["--input-format", "ndjson"], "no record", "{}"),
        (&["--input-format", "form"], "no record", &*form),
        (&["--input-format", "form"], "data={\"a\": 1]", &form),
    ] {
        let input = format!("{first}\nnor this\n{record}\n");
        let stderr = run(args).stdin(input).any_stderr().status(1).go().stderr;
        let places: Vec<_> = stderr.lines().map(|line| &line[..4]).collect();
        assert_eq!(places[..3], ["-:1:", "-:2:", "-:3:"], "{stderr}");
    }
}
