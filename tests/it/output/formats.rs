//! Formats: NDJSON, an array, request bodies, and what is pretty.

use serde_json::Value;

use crate::harness::{Dir, chat, chats, events, json_lines, run};

#[test]
fn an_array_holds_all_events_and_is_one_even_when_there_are_none() {
    let dir = Dir::new();
    dir.file("a", chat("a")).file("b", chat("b"));
    let output = dir.run(&["a", "b", "--format", "json"]).any_stdout().go().stdout;
    let array: Vec<Value> = serde_json::from_slice(&output).unwrap();
    assert_eq!(array, json_lines(&chats(&["a", "b"])));
    for input in ["", "\n", "[]"] {
        run(&["--format", "json", "-q"]).stdin(input).stdout("[]\n").go();
    }
    run(&["--format", "json"]).stdin("5").stdout("[]\n").any_stderr().status(1).go();
}

#[test]
fn a_request_body_is_as_long_as_allowed_and_no_longer() {
    let payloads = ["a", "b", "c", "d", "e", "f", "g"].map(chat);
    let event = chats(&["a"]).len() - 1;
    let body = |events: usize| r#"{"batch":[]}"#.len() + events * event + events - 1;
    for (limit, sizes) in [
        (body(1), vec![1; 7]),
        (body(2) - 1, vec![1; 7]),
        (body(2), vec![2, 2, 2, 1]),
        (body(3) - 1, vec![2, 2, 2, 1]),
        (body(3), vec![3, 3, 1]),
        (body(7) - 1, vec![6, 1]),
        (body(7), vec![7]),
    ] {
        for jobs in ["1", "4"] {
            let limit = limit.to_string();
            let args = ["--format", "batch", "--batch-bytes", &limit, "--jobs", jobs];
            let output = run(&args).stdin(payloads.join("\n")).any_stdout().go().stdout;
            let lengths = output.split_inclusive(|byte| *byte == b'\n').map(|line| line.len() - 1);
            assert_eq!(lengths.collect::<Vec<_>>(), sizes.iter().map(|size| body(*size)).collect::<Vec<_>>());
            let bodies = json_lines(&output);
            let events = bodies.iter().flat_map(|body| body["batch"].as_array().unwrap().clone());
            assert_eq!(events.collect::<Vec<_>>(), json_lines(&chats(&["a", "b", "c", "d", "e", "f", "g"])));
        }
    }
    let limit = (body(1) - 1).to_string();
    let args = ["--format", "batch", "--batch-bytes", &limit, "-q"];
    run(&args).stdin(payloads.join("\n")).status(1).go();
}

#[test]
fn the_default_request_body_is_what_the_gateway_takes() {
    let input: String = (0..9).map(|n| format!("{}\n", wide(n, 1_000_000))).collect();
    let output = run(&["--format", "batch"]).stdin(input).any_stdout().go().stdout;
    let bodies = json_lines(&output);
    let counts: Vec<_> = bodies.iter().map(|body| body["batch"].as_array().unwrap().len()).collect();
    assert_eq!(counts, [4, 4, 1]);
    assert!(output.split(|byte| *byte == b'\n').all(|line| line.len() <= 4_096_000));
}

/// A payload with about this many bytes.
fn wide(n: usize, bytes: usize) -> String {
    format!(r#"{{"visitor":{{"id":"v{n}","city":"{}"}}}}"#, "x".repeat(bytes))
}

#[test]
fn a_payload_with_one_event_that_no_body_can_hold_gives_none() {
    let dir = Dir::new();
    let groups = format!(
        r#"{{"visitor":{{"id":"v"}},"groups":[{{"id":"small"}},{{"id":"large","name":"{}"}}]}}"#,
        "x".repeat(1000)
    );
    let args = ["--format", "batch", "--batch-bytes", "1000", "--rejects", "rejects"];
    let input = format!("{}\n{groups}\n{}\n", chat("a"), chat("b"));
    let output = dir.run(&args).stdin(input).any_stdout().any_stderr().status(1).go().stdout;
    let users: Vec<_> = json_lines(&output)
        .iter()
        .flat_map(|body| body["batch"].as_array().unwrap().clone())
        .map(|e| e["userId"].clone())
        .collect();
    assert_eq!(users, ["a", "b"]);
    let rows = dir.rejects();
    assert_eq!((rows.len(), &rows[0]["code"], &rows[0]["line"]), (1, &"event_too_large".into(), &2.into()));
    assert_eq!(rows[0]["payload"], groups);
}

#[test]
fn a_request_body_is_one_line_within_its_limit() {
    let input = ["a", "b", "c"].map(chat).join("\n");
    let args = ["--format", "batch", "--batch-bytes", "700"];
    let output = run(&args).stdin(&input).any_stdout().go().stdout;
    assert!(output.split(|byte| *byte == b'\n').all(|line| line.len() <= 700));
    assert_eq!(json_lines(&output).len(), 2);
}

#[test]
fn pretty_events_are_the_same_events() {
    let input = format!("{}\n{}", chat("a"), r#"{"visitor":{"id":"é\u001b\u009b"},"items":[[],{}]}"#);
    let compact = run(&[]).stdin(&input).any_stdout().go().stdout;
    for args in [&["--pretty"] as &[&str], &["--pretty", "--color", "never"]] {
        let output = run(args).stdin(&input).any_stdout().go().stdout;
        let values: Vec<Value> =
            serde_json::Deserializer::from_slice(&output).into_iter().map(Result::unwrap).collect();
        assert_eq!(values, json_lines(&compact));
        assert!(output.windows(3).any(|window| window == b"\n  "));
    }
}

#[test]
fn colour_is_for_terminals_unless_asked_for() {
    for args in [&[] as &[&str], &["--pretty"], &["--color", "auto"], &["--color", "never"]] {
        let output = run(args).stdin(chat("a")).any_stdout().go().stdout;
        assert!(!output.contains(&0x1b), "{args:?}");
    }
    let always = run(&["--color", "always"]).env("NO_COLOR", "1").stdin(chat("a")).any_stdout().go().stdout;
    assert!(always.contains(&0x1b));
}

#[test]
fn what_the_gateway_cannot_take_is_rejected_from_a_batch_only() {
    let good = [
        // Large, and yet numbers; and text that only looks like one that is not.
        r#"{"kind":"C","visitor":{"id":"a","city":"1e400"},"items":[1e308,-0.0,1e-400,{"1e400":1}],"x":1e400}"#,
        r#"{"kind":"C\\u0000","visitor":{"id":"b\u0000"}}"#,
    ];
    let bad = [
        r#"{"kind":"C","visitor":{"id":"v"},"items":[{"a":[1e400]}]}"#,
        r#"{"kind":"C","visitor":{"id":"v"},"tags":-1E+309}"#,
        r#"{"kind":"C","visitor":{"id":1e999}}"#,
        r#"{"kind":"C","visitor":{"id":"v"},"groups":[{"id":"g","name":179769313486231580793e289}]}"#,
        r#"{"kind":"C\u0000","visitor":{"id":"v"}}"#,
    ];
    for record in bad {
        let dir = Dir::new();
        let input = [good[0], record, good[1]].join("\n");
        let args = ["--format", "batch", "--rejects", "rejects", "-q"];
        let body = dir.run(&args).stdin(&input).any_stdout().status(1).go().stdout;
        let rows = dir.rejects();
        assert_eq!(
            (rows.len(), &rows[0]["code"], &rows[0]["payload"]),
            (1, &"unsendable".into(), &record.into())
        );
        let events = String::from_utf8(events(&good)).unwrap();
        let expected = format!("{{\"batch\":[{}]}}\n", events.trim_end().replace('\n', ","));
        assert_eq!(String::from_utf8(body).unwrap(), expected);
        // Anywhere else it is carried as it is.
        run(&[]).stdin(record).any_stdout().go();
    }
}

#[test]
fn request_bodies_are_never_over_the_gateways_limit_nor_for_people() {
    for args in [
        &["--batch-bytes", "4096001"] as &[&str],
        &["--batch-bytes", "4M"],
        &["--format", "batch", "--pretty"],
        &["--format", "batch", "--color", "always"],
        &["--output-dir", "out", "--pretty"],
    ] {
        let dir = Dir::new();
        dir.file("in", chat("a")).run(&[&["in"], args].concat()).any_stderr().status(2).go();
        assert_eq!(dir.names(), ["in"], "{args:?}");
    }
    run(&["--format", "batch", "--batch-bytes", "4096000"]).stdin(chat("a")).any_stdout().go();
}

#[test]
fn an_array_is_closed_where_a_run_stops_at_a_reject() {
    let input = format!("{}\n5\n{}\n", chat("a"), chat("b"));
    let args = ["--format", "json", "--fail-fast", "-q"];
    run(&args).stdin(&input).stdout([b"[\n", &events(&[chat("a")])[..], b"]\n"].concat()).status(1).go();
}
