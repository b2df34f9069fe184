//! What is converted, but with a warning.

use crate::harness::{Dir, chat, events, run};

/// What `-v` says of a payload.
fn told(payload: &str) -> String {
    run(&["-v"]).stdin(payload).any_stdout().any_stderr().go().stderr
}

#[test]
fn a_payload_without_kind_has_a_track_event_without_a_name() {
    for kind in ["", r#""kind":null,"#, r#""kind":"","#] {
        let warning = "-:1: warning: no kind, so the track event has no name\n";
        assert!(told(&format!("{{{kind}\"visitor\":{{\"id\":\"a\"}}}}")).starts_with(warning), "{kind}");
    }
    assert_eq!(told(&chat("a")), "");
}

#[test]
fn a_warning_that_puts_events_in_doubt_is_in_the_closing_line() {
    let start = chat("a").replacen('{', "{\"eventType\":\"start\",", 1);
    for (args, input, warning) in [
        (&[] as &[&str], r#"{"visitor":{"id":"a"}}"#, "1 no_kind"),
        (&[], &start, "1 chat_start"),
        (&["--timestamp"], r#"{"kind":"C","visitor":{"id":"a"}}"#, "1 no_time"),
        (&["--map", "x=properties.x"], &chat("a"), "1 unmatched_map"),
    ] {
        let ran = run(args).stdin(input).any_stdout().any_stderr().go();
        let line = ran.stderr.lines().last().unwrap_or_default();
        assert!(line.starts_with("olark2rudder: 1 payload converted"), "{args:?}: {}", ran.stderr);
        assert!(line.ends_with(&format!("; warnings: {warning}")), "{args:?}: {line}");
        run(args).args(&["-q"]).stdin(input).any_stdout().stderr("").go();
    }
    // A group without an id is left out as RudderStack would, so nothing is in doubt.
    run(&[]).stdin(r#"{"kind":"C","visitor":{"id":"a"},"groups":[{"id":0}]}"#).any_stdout().stderr("").go();
}

#[test]
fn a_post_at_the_start_of_a_chat_is_told() {
    let payload = |event: &str| chat("a").replacen('{', &format!("{{\"eventType\":\"{event}\","), 1);
    assert!(told(&payload("start")).starts_with("-:1: warning: eventType is start: "));
    assert_eq!(told(&payload("end")), "");
}

#[test]
fn posts_at_the_start_of_a_chat_can_be_skipped() {
    let start = chat("a").replacen('{', "{\"eventType\":\"start\",", 1);
    let bad = r#"{"eventType":"start","visitor":{}}"#;
    let other = chat("b").replacen('{', "{\"eventType\":\"Start\",", 1);
    let wrapped = format!("{{\"data\":[{start},{}]}}", chat("c"));
    let input = format!("{start}\n{}\n{bad}\n{other}\n{wrapped}\n", chat("a"));
    let events = events(&[chat("a"), chat("b"), chat("c")]);
    for jobs in ["1", "2"] {
        let dir = Dir::new();
        let args = ["--skip-starts", "--summary", "summary", "--jobs", jobs];
        let ran = dir.run(&args).stdin(&input).stdout(&events).any_stderr().status(1).go();
        let summary = dir.summary();
        let counts = ["payloads", "converted", "rejected", "skipped_starts"].map(|key| summary[key].clone());
        assert_eq!(counts, [6, 3, 1, 2], "{summary}");
        assert_eq!(summary["warnings"]["chat_start"], 0);
        assert!(
            ran.stderr.contains(", 1 rejected (1 missing_visitor_id), 2 starts skipped"),
            "{}",
            ran.stderr
        );
    }
    run(&["--skip-starts", "-v"]).stdin(&start).go();
    let page = run(&["--explain", "--skip-starts"]).stdin(&start).any_stdout().go().stdout;
    let page = String::from_utf8(page).unwrap();
    assert!(page.contains("left out by --skip-starts") && !page.contains("visitor.id"), "{page}");
}

#[test]
fn a_missing_time_is_told_whichever_event_should_have_it() {
    let payload = r#"{"kind":"C","id":"c","visitor":{"id":"v","city":"x"},"groups":[{"id":"g"}],"items":[{"timestamp":""}]}"#;
    for events in ["conversation", "group", "identify"] {
        let run = run(&["-v", "--timestamp", "--events", events]).stdin(payload).any_stdout().any_stderr();
        let stderr = run.go().stderr;
        assert!(stderr.starts_with("-:1: warning: no item "), "{events}: {stderr}");
    }
}

#[test]
fn an_empty_file_is_told() {
    let dir = Dir::new();
    dir.file("empty", "\n").file("a", chat("a"));
    let ran = dir.run(&["-v", "empty", "a", "--summary", "summary"]).any_stdout().any_stderr().go();
    assert!(ran.stderr.starts_with("empty: warning: the input is empty\n"), "{}", ran.stderr);
    assert_eq!(dir.summary()["warnings"]["empty_input"], 1);
}

#[test]
fn a_field_of_ones_own_that_no_payload_has_is_told() {
    let dir = Dir::new();
    for (row, suggestion) in [
        ("visitor.fulName=context.traits.x", "; did you mean visitor.fullName?"),
        ("group:visitor.customFeilds.plan=context.traits.x", "; did you mean visitor.customFields.plan?"),
        ("visitor.customFields.plan=context.traits.x", ""),
        ("visitor.phoneNumber=properties.phone", ""),
    ] {
        let args = ["--map", row, "--map", "id=properties.y", "--summary", "summary"];
        let ran = dir.run(&args).stdin(chat("a")).any_stdout().any_stderr().go();
        let line = format!("olark2rudder: --map {row}: no payload has this field{suggestion}\n");
        assert!(ran.stderr.starts_with(&line), "{}", ran.stderr);
        assert_eq!(dir.summary()["warnings"]["unmatched_map"], 1);
    }
}

#[test]
fn for_a_user_id_that_no_payload_has_the_nearest_field_is_suggested() {
    let suggested = |paths: &str, input: String, status| {
        let ran = run(&["--user-id", paths]).stdin(input).any_stdout().any_stderr().status(status).go();
        ran.stderr.contains(
            "--user-id visitor.emailAdress: no payload has this field; did you mean visitor.emailAddress?",
        )
    };
    let both = format!("{}\n{{\"visitor\":{{}}}}\n", chat("a"));
    assert!(suggested("visitor.emailAdress", chat("a"), 1));
    assert!(suggested("visitor.emailAdress,visitor.x", both.clone(), 1));
    assert!(!suggested("visitor.emailAdress,visitor.id", both, 1));
    assert!(!suggested("visitor.emailAdress", "5".into(), 1));
}

#[test]
fn the_closing_line_names_kinds_and_counts() {
    let input = format!("{}\n{{}}\n5\n{{\"visitor\":{{\"id\":1}}}}\n{{\"visitor\":{{}}}}\n", chat("a"));
    let stderr = run(&[]).stdin(input).any_stdout().any_stderr().status(1).go().stderr;
    assert_eq!(
        stderr.lines().last().unwrap(),
        "olark2rudder: 2 payloads converted to 2 track events and 0 group events, 3 rejected \
         (1 not_an_object, 1 no_payload, 1 missing_visitor_id); warnings: 1 no_kind"
    );
}
