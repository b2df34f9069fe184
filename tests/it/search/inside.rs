//! Payloads inside other things: wrappers, strings, log lines and tables.

use serde_json::{Value, json};

use crate::harness::{Dir, chat, chats, checkout, events, json_lines, none, payload, read, rejected, run};

/// The sample envelopes that hold the transcript as it was posted.
const ENVELOPES: [(&str, usize); 11] = [
    ("apigw.json", 1),
    ("apigw64.json", 1),
    ("ddb.json", 1),
    ("es.json", 1),
    ("express.json", 1),
    ("gateway.json", 1),
    ("loglines.log", 1),
    ("mongo.json", 1),
    ("phplog.log", 2),
    ("phplog_enc.log", 2),
    ("webhooksite.json", 1),
];

fn envelope(name: &str) -> Vec<u8> {
    read(&checkout("testdata/envelopes").join(name))
}

#[test]
fn each_envelope_gives_what_the_bare_payload_gives() {
    let bare = events(&[payload("transcript.json")]);
    let tables = ["pg.csv"].map(|name| (name, 1));
    let failures: Vec<_> = ENVELOPES
        .into_iter()
        .chain(tables)
        .filter_map(|(name, count)| run(&[]).stdin(envelope(name)).stdout(bare.repeat(count)).compare().err())
        .collect();
    none(&failures);
}

#[test]
fn envelopes_come_through_a_pipe_byte_by_byte_and_on_many_threads() {
    let bare = events(&[payload("transcript.json")]);
    let all: Vec<u8> = ENVELOPES.iter().flat_map(|(name, _)| envelope(name)).collect();
    let count: usize = ENVELOPES.iter().map(|(_, count)| count).sum();
    for jobs in ["1", "4"] {
        run(&["--jobs", jobs]).stdin(&all).stdout(bare.repeat(count)).go();
    }
    let mut running = run(&[]).start();
    for piece in envelope("phplog_enc.log").chunks(97) {
        running.write(piece);
    }
    running.close();
    let lines: Vec<_> = (0..4).flat_map(|_| running.line()).collect();
    assert_eq!(lines, bare.repeat(2));
}

#[test]
fn every_payload_in_a_record_stands_for_itself() {
    let dir = Dir::new();
    let dump = format!(r#"{{"chats":[{},{{"visitor":{{}}}},7,{{"x":{}}}]}}"#, chat("a"), chat("b"));
    dir.file("dump.json", format!("{dump}\n"));
    let ran = dir
        .run(&["dump.json", "--rejects", "rejects", "--summary", "summary"])
        .stdout(chats(&["a", "b"]))
        .status(1)
        .any_stderr()
        .go();
    assert!(ran.stderr.starts_with("dump.json:1 (payload 2): visitor.id is missing\n"), "{}", ran.stderr);
    let rows = dir.rejects();
    assert_eq!(rows.len(), 1);
    assert_eq!((&rows[0]["at"], &rows[0]["payload"]), (&json!("chats[1]"), &json!(r#"{"visitor":{}}"#)));
    assert_eq!(rows[0]["offset"], json!(dump.find(r#"{"visitor":{}}"#).unwrap()));
    let summary = dir.summary();
    assert_eq!(summary["found"], json!({"chats[]": 2, "chats[].x": 1}));
    assert_eq!((&summary["payloads"], &summary["rejected"]), (&json!(3), &json!(1)));
}

#[test]
fn what_is_decoded_may_come_behind_what_is_not() {
    let quoted = r#"{\"visitor\":{}}"#;
    let record =
        format!("{{\"a\":{{\"visitor\":{{}}}},\n \"b\":[\"{quoted}\",{{\"visitor\":{{}}}},\"{quoted}\"]}}");
    let (_, rows) = rejected(format!("\n{record}\n"), "");
    let places: Vec<_> = rows.iter().map(|row| (row["line"].clone(), row["offset"].clone())).collect();
    let plain = |at: usize| json!(1 + record.match_indices(r#"{"visitor":{}}"#).nth(at).unwrap().0);
    assert_eq!(
        places,
        [(json!(2), plain(0)), (json!(2), json!(1)), (json!(3), plain(1)), (json!(2), json!(1))]
    );
}

#[test]
fn a_record_whose_visitor_is_no_object_is_searched_before_it_is_rejected() {
    for visitor in ["\"x\"", "5", "[]", "null"] {
        let record = format!("{{\"visitor\":{visitor},\"data\":{}}}\n", chat("v"));
        run(&[]).stdin(record).stdout(chats(&["v"])).go();
    }
    let (stderr, rows) = rejected("{\"visitor\":5,\"data\":{\"x\":1}}\n", "");
    assert_eq!(rows[0]["code"], json!("wrong_type"), "{stderr}");
}

#[test]
fn a_record_without_a_payload_is_told_so() {
    for record in [r#"{"a":[{"b":1}]}"#, r#""text""#, r#"{"data":"hello"}"#] {
        let (stderr, rows) = rejected(format!("{record}\n"), "");
        assert!(stderr.starts_with("-:1: no Olark payload in it"), "{record}: {stderr}");
        assert_eq!((&rows[0]["code"], &rows[0]["payload"]), (&json!("no_payload"), &json!(record)));
    }
}

#[test]
fn what_a_payload_quotes_is_never_found() {
    let quoting = json!({
        "visitor": {"id": "v", "customFields": {"visitor": {"id": "no"}}},
        "items": [{"body": chat("no"), "x": {"visitor": {"id": "no"}}}],
    });
    for record in [quoting.clone(), json!({"body": quoting.to_string()}), json!([[quoting]])] {
        let ran = run(&["--input-format", "ndjson"]).stdin(format!("{record}\n")).any_stdout().go();
        let users: Vec<_> = json_lines(&ran.stdout).iter().map(|event| event["userId"].clone()).collect();
        assert_eq!(users, [json!("v")], "{record}");
    }
}

#[test]
fn at_says_where_payloads_are() {
    let bare: Value = serde_json::from_str(&chat("b")).unwrap();
    let record = json!({"body": chat("a"), "other": bare, "list": [{"p": chat("c")}]});
    for (at, users) in [("body", "a"), ("other", "b"), ("list[].p", "c"), ("list[0]", "")] {
        let run = run(&["--at", at]).stdin(format!("{record}\n"));
        match users {
            "" => drop(run.status(1).any_stderr().go()),
            user => drop(run.stdout(chats(&[user])).go()),
        }
    }
    run(&["--at", "."]).stdin(format!("{}\n", chat("a"))).stdout(chats(&["a"])).go();
    run(&["--at", "."]).stdin(format!("{record}\n")).status(1).any_stderr().go();
    run(&["--at", "a..b"]).status(2).any_stderr().go();
}

#[test]
fn a_payload_is_found_within_a_line_of_a_log() {
    let body = String::from_utf8(read(&checkout("testdata/payloads/transcript.form"))).unwrap();
    let body = body.trim_end();
    let bare = events(&[payload("transcript.json")]);
    for line in [
        format!("2019-05-17 15:42:34 INFO got {body}"),
        format!("127.0.0.1 - - [17/May/2019] \"POST /hook?{body} HTTP/1.1\" 200 12 \"-\" \"Olark\""),
        format!("curl -d '{body}' https://example.org/hook"),
        format!("token=abc&x=1&{body}"),
        format!("{body};"),
        format!("{body}&x=1"),
    ] {
        let input = [line.as_str(), "\n", &line, "\n"].concat();
        run(&[]).stdin(input).stdout(bare.repeat(2)).go();
    }
    for line in [
        format!("[app] {{req-17}} payload: {}", chat("a")),
        format!("{};", chat("a")),
        format!("{} ,\r", chat("a")),
    ] {
        run(&[]).stdin(format!("{line}\n{line}\n")).stdout(chats(&["a"; 2])).go();
    }
}

#[test]
fn a_line_of_a_log_that_names_a_visitor_is_not_passed_over() {
    for (line, code) in [
        (r#"{"a":{"visitor":1}}"#, "no_payload"),
        (r#"{"items":["{\"visitor\":1}"]}"#, "no_payload"),
        (r#"{"items":["data=%7B%22visitor%22%3A1%7D"]}"#, "no_payload"),
        (r#"22:00 {"a":{"visitor": 1}}"#, "no_payload"),
        (r#"22:00 "{\"a\":{\"visitor\":1}}""#, "no_payload"),
        (r#"22:00 '{"visitor":1}'"#, "wrong_type"),
        (r#"22:00 {"role":"visitor"}"#, ""),
        (r#"{"role":"visitor","as":"visitor: known"}"#, ""),
    ] {
        let dir = Dir::new();
        let input = format!("22:00 started\n{line}\n22:00 got {}\n", chat("a"));
        let run = dir.run(&["--rejects", "rejects"]).stdin(input).stdout(chats(&["a"])).any_stderr();
        run.status(i32::from(!code.is_empty())).go();
        let codes: Vec<_> = dir.rejects().iter().map(|row| row["code"].clone()).collect();
        let expected: Vec<_> = Some(code).filter(|code| !code.is_empty()).into_iter().collect();
        assert_eq!(codes, expected, "{line}");
    }
    // A payload that is not where --at looks is a reject, too.
    let input = format!("22:00 started\n{}\n{}\n", chat("a"), json!({"data": chat("b")}));
    run(&["--at", "data"]).stdin(input).stdout(chats(&["b"])).any_stderr().status(1).go();
}

/// The chat of visitor `a` in DynamoDB's typed JSON.
fn typed_chat() -> Value {
    json!({
        "id": {"S": "c-a"},
        "kind": {"S": "Conversation"},
        "visitor": {"M": {"id": {"S": "a"}}},
        "items": {"L": [{"M": {"body": {"S": "hi"}}}]},
    })
}

#[test]
fn a_string_that_begins_like_a_payload_is_one_only_if_it_is_a_whole_one() {
    let typed = typed_chat();
    let deep = format!(r#"{{"visitor":{{"id":"no"}},"x":{}{}}}"#, "[".repeat(512), "]".repeat(512));
    for (text, users, code) in [
        (chat("a"), vec!["a"], ""),
        (format!(" \n{}\r\n", chat("a")), vec!["a"], ""),
        (format!(r#"{{"visitor":{{"id":"no"}},"x":{}"#, "[".repeat(600)), vec![], "too_deep"),
        (typed.to_string(), vec!["a"], ""),
        (format!(r#"{{"visitor":"x","inner":{}}}"#, chat("a")), vec!["a"], ""),
        (format!(r#"{{"visitor":null,"inner":{}}}"#, json!(chat("a"))), vec!["a"], ""),
        (format!(r#"{{"chats":[{},{}]}}"#, chat("a"), chat("b")), vec!["a", "b"], ""),
        (format!("{} and more", chat("a")), vec!["a"], ""),
        (chat("no").trim_end_matches('}').to_string(), vec![], "invalid_json"),
        (r#"{"visitor":{}}"#.into(), vec![], "missing_visitor_id"),
        (r#"{"visitor":{"id":"no"},"groups":[1]}"#.into(), vec![], "wrong_type"),
        (deep, vec![], "too_deep"),
    ] {
        let record = json!({"data": text}).to_string();
        match code {
            "" => drop(run(&[]).stdin(record).stdout(chats(&users)).go()),
            code => {
                let (_, rows) = rejected(record, "");
                assert_eq!(rows.iter().map(|row| &row["code"]).collect::<Vec<_>>(), [code], "{text}");
            }
        }
    }
    // What was converted before it was known to be DynamoDB's typed JSON is taken back.
    let record = json!({"data": typed.to_string()}).to_string();
    run(&["--user-id", "visitor.M.id.S"]).stdin(record).status(1).any_stderr().go();
}

#[test]
fn an_item_of_dynamodb_is_a_payload_also_without_anything_around_it() {
    let item = typed_chat();
    run(&[]).stdin(format!("{item}\n{item}\n")).stdout(chats(&["a"; 2])).go();
}

#[test]
fn a_part_of_a_broken_record_is_no_payload() {
    for bad in [
        r#""kind":"x","visitor":{"id":1}}"#,
        r#"xx","a":{"visitor":{"id":1}}}"#,
        r#"got {"visitor":{"id":1}} and ,"kind":"x"}"#,
        r#"{"visitor":{"id":1}} and more"#,
    ] {
        let input = format!("{}\n{bad}\n{}\n", chat("a"), chat("b"));
        let (_, rows) = rejected(input, chats(&["a", "b"]));
        assert_eq!(rows.iter().map(|row| &row["payload"]).collect::<Vec<_>>(), [&json!(bad)]);
    }
}

#[test]
fn tables_are_read_whatever_separates_their_cells() {
    let quoted = |text: String| format!("\"{}\"", text.replace('"', "\"\""));
    for separator in [",", ";", "\t"] {
        let row = |id: &str| [id, &quoted(chat(id)), "x"].join(separator) + "\r\n";
        let header = ["id", "payload", "note"].join(separator) + "\n";
        for header in ["", &header] {
            let table = [header, &row("a"), &row("b"), &row("c")].concat();
            run(&[]).stdin(&table).stdout(chats(&["a", "b", "c"])).go();
            // As Excel writes it.
            run(&[]).stdin(format!("sep={separator}\r\n{table}")).stdout(chats(&["a", "b", "c"])).go();
        }
    }
    for name in ["postgres.csv", "postgres-semicolon.csv", "postgres.copy"] {
        let ran = run(&[]).stdin(envelope(name)).any_stdout().go();
        assert_eq!(json_lines(&ran.stdout).len(), 2, "{name}");
    }
}

#[test]
fn an_array_may_be_the_first_cell() {
    let table = format!("[{}]\tx\n[{}]\ty\n", chat("a"), chat("b"));
    run(&[]).stdin(table).stdout(chats(&["a", "b"])).go();
}

#[test]
fn a_form_without_a_payload_in_a_log_is_a_reject() {
    for line in ["INFO got data=", "INFO got token=x&data=abc"] {
        let dir = Dir::new();
        let log = format!("INFO got {}\n{line}\nINFO done\n", chat("a"));
        dir.run(&["--rejects", "rejects"]).stdin(log).stdout(chats(&["a"])).any_stderr().status(1).go();
        let rows = dir.rejects();
        assert_eq!(rows.len(), 1, "{line}");
        assert_eq!((&rows[0]["code"], &rows[0]["payload"]), (&"invalid_form".into(), &line.into()));
    }
}

#[test]
fn a_log_is_one_from_its_first_line_if_that_is_said() {
    let log = format!("{}\nstarted\n{}\n", chat("a"), chat("b"));
    run(&["--input-format", "log"]).stdin(&log).stdout(chats(&["a", "b"])).go();
    run(&[]).stdin(log).stdout(chats(&["a", "b"])).any_stderr().status(1).go();
}

#[test]
fn a_broken_row_of_a_table_takes_no_neighbour_along() {
    let row = |id: &str| format!("{id},\"{}\"\n", chat(id).replace('"', "\"\""));
    let table = ["id,payload\n", &row("a"), "b\n", &row("c"), "d,\n"].concat();
    let (stderr, rows) = rejected(table, chats(&["a", "c"]));
    assert_eq!(rows.iter().map(|row| row["line"].as_u64().unwrap()).collect::<Vec<_>>(), [3, 5], "{stderr}");
    assert!(rows.iter().all(|row| row["code"] == "no_payload"));
}

#[test]
fn a_first_row_that_is_broken_is_no_header() {
    let row = |id: &str, payload: &str| format!("{id},\"{}\"\n", payload.replace('"', "\"\""));
    let (cut, form) = (r#"{"visitor":{"id":1}"#, "data=%7B%22visitor%22%7D");
    for (first, own) in
        [(row("1", cut), cut), (row("1", form), form), ("1,{\\\"visitor\\\":}\n".into(), r#"{"visitor":}"#)]
    {
        let table = [&first, &row("2", &chat("a")), &row("3", &chat("b"))].map(String::as_str).concat();
        let (_, rows) = rejected(table, chats(&["a", "b"]));
        assert_eq!(rows.iter().map(|row| &row["payload"]).collect::<Vec<_>>(), [&json!(own)]);
    }
}

#[test]
fn a_cell_that_stands_for_no_text_is_a_reject_and_no_event() {
    let bad = r#"{"visitor":{"id":"\\xff"}}"#.replace("\\\\", "\\");
    let table = format!("1\t{}\n2\t{bad}\n3\t{}\n", chat("a"), chat("b"));
    let (_, rows) = rejected(table, chats(&["a", "b"]));
    assert_eq!((rows.len(), &rows[0]["code"], &rows[0]["line"]), (1, &json!("invalid_utf8"), &json!(2)));
}

#[test]
fn a_line_that_is_json_is_no_line_of_a_log() {
    let body = String::from_utf8(crate::harness::form(chat("a").as_bytes(), "+")).unwrap();
    let line = json!([body, 7, body]).to_string();
    run(&[]).stdin(format!("{}\n{line}\n", chat("b"))).stdout(chats(&["b", "a", "a"])).go();
}

#[test]
fn a_wrapper_over_the_limit_names_the_option() {
    let record = json!({"data": "x".repeat(5000), "p": {"visitor": {"id": "no"}}});
    let ran = run(&["--max-record", "1k"]).stdin(format!("{record}\n")).status(1).any_stderr().go();
    assert!(ran.stderr.contains("--max-record"), "{}", ran.stderr);
}

#[test]
fn a_payload_inside_is_explained_with_its_path() {
    let dir = Dir::new();
    dir.file("in", json!({"data": chat("a")}).to_string());
    let ran = dir.run(&["--explain", "in"]).any_stdout().any_stderr().go();
    let text = String::from_utf8(ran.stdout).unwrap();
    assert!(text.starts_with("in:1 (payload 1, found at data), mapping standard\n"), "{text}");
}
