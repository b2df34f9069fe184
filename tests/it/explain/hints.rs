//! Hints for broken records and for the wrong kind of input, and the explanation of one record.

#[cfg(unix)]
use crate::harness::Stream::{Stderr, Stdin, Stdout};
use crate::harness::{Dir, chat, run};

#[test]
fn a_cause_and_what_helps_are_on_the_line_of_the_reject() {
    for (input, parts) in [
        (&b"{}"[..], &["-:1: no Olark payload", "an empty object"]),
        (br#"{"visitor":{"ID":"u"}}"#, &["-:1: visitor.id is missing", "visitor.ID is there"]),
        (b"{\"visitor\":\xc2\xa0{\"id\":\"v\"}}", &["-:1:12: ", "U+00A0 NO-BREAK SPACE"]),
        (b"{\"visitor\":{\"id\":\"M\xfcller\"}}", &["-:1:20: not UTF-8", "iconv -f WINDOWS-1252"]),
        (
            b"{'visitor':{'id':'v'},'a':None}",
            &["-:1:2: expected JSON, found Python's repr", "ast.literal_eval"],
        ),
    ] {
        let ran = run(&[]).stdin(input).any_stderr().status(1).go();
        let line = ran.stderr.lines().next().unwrap();
        assert!(parts.iter().all(|part| line.contains(part)), "{parts:?}: {line}");
    }
}

#[test]
fn hints_are_kept_with_every_reject_and_shown_for_the_first() {
    let dir = Dir::new();
    dir.run(&["--rejects", "rejects"]).stdin("{'a': 1}\n".repeat(12)).any_stderr().status(1).go();
    let rows = dir.rejects();
    assert_eq!(rows.len(), 12);
    assert!(rows.iter().all(|row| row["reason"].as_str().unwrap().contains("Python")), "{rows:?}");
}

fn explained(input: &str) -> String {
    let ran = run(&["--explain"]).stdin(input).any_stdout().any_stderr().status(1).go();
    String::from_utf8(ran.stdout).unwrap()
}

#[test]
fn the_caret_stands_under_the_place_whatever_is_before_it() {
    for (input, expected) in [
        (
            "{\"visitor\": {\"id\": \"漢字é\"} 1}",
            "  {\"visitor\": {\"id\": \"漢字é\"} 1}\n                              ^\n",
        ),
        (
            "{\n \"visitor\": {\"id\": 1},\n \"a\": tru\n}",
            "   \"visitor\": {\"id\": 1},\n   \"a\": tru\n        ^\n",
        ),
        (
            "{\n \"visitor\": {\"id\": 1}\n \"a\": 1\n}",
            "  {\n   \"visitor\": {\"id\": 1}\n                       ^\n   \"a\": 1\n",
        ),
        ("data=%7B%22visitor%22:+tru%7D", "  {\"visitor\": tru}\n              ^\n"),
        // Characters of four bytes and two columns, as many as fit.
        (
            &format!("{{\"visitor\":{{\"id\":\"{}\"}} 1}}", "😀".repeat(300)),
            &format!("  …{}\"}} 1}}\n{}^\n", "😀".repeat(23), " ".repeat(52)),
        ),
    ] {
        let text = explained(input);
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn what_is_no_payload_has_its_keys_listed_only_where_that_is_asked_for() {
    let input = r#"{"visitor":{"name":"Ann"},"tags":[],"n":1}"#;
    let text = explained(input);
    for line in ["visitor.name                  string", "tags                          empty array"] {
        assert!(text.contains(&format!("\n  {line}\n")), "{text}");
    }
    let told = run(&[]).stdin(input).any_stderr().status(1).go().stderr;
    assert!(!told.contains("name") && !told.contains("tags"), "{told}");
}

#[test]
fn one_line_of_a_file_is_explained() {
    let dir = Dir::new();
    let pretty = "{\n\"visitor\":\n{\"id\":\"p\"}}";
    dir.file("in", format!("{}\n5\n{pretty}\n{}\n", chat("a"), chat("b")));
    dir.file("in:2", chat("file"));
    let shown = |arg: &str| {
        let ran = dir.run(&["--explain", arg]).any_stdout().any_stderr().status(0).go();
        String::from_utf8(ran.stdout).unwrap()
    };
    assert!(shown("in:1").contains("in:1, mapping standard") && !shown("in:1").contains("in:2"));
    // A record is all of its lines.
    assert_eq!(shown("in:3"), shown("in:5"));
    assert!(shown("in:4").contains("\"p\""));
    assert!(shown("in:2").starts_with("in:2:1, mapping standard"), "a file of that name is that file");
    let missing = "olark2rudder: in: there is no record at line 9\n";
    dir.run(&["--explain", "in:9"]).stderr(missing).status(1).go();
    dir.run(&["--explain", "in:3", "in"]).any_stderr().status(2).go();
}

#[test]
fn options_of_other_tools_have_an_answer() {
    for (args, part) in [
        (&["--dry-run"] as &[&str], "--check converts"),
        (&["--from", "csv"], "--input-format says"),
        (&["--since=2019-01-01"], "no choice of payloads"),
        (&["--formatt"], "'--format'"),
        (&["--explain", "--format", "json"], "cannot be used with"),
        (&["--output-dir", "d", "--color", "always"], "--color always"),
    ] {
        let stderr = run(args).stdin("").any_stderr().status(2).go().stderr;
        assert!(stderr.contains(part) && stderr.lines().count() <= 5, "{args:?}: {stderr}");
    }
    let stderr = run(&["--fooo"]).stdin("").any_stderr().status(2).go().stderr;
    assert!(!stderr.contains("tip"), "{stderr}");
}

#[test]
fn jsonl_is_another_name_of_ndjson() {
    let events = run(&[]).stdin(chat("a")).any_stdout().go().stdout;
    for option in ["--format", "--input-format"] {
        assert_eq!(run(&[option, "jsonl"]).stdin(chat("a")).any_stdout().go().stdout, events);
    }
}

#[cfg(unix)]
#[test]
fn a_terminal_is_asked_for_a_payload() {
    let screen =
        run(&["--explain"]).stdin(format!("{}\n\u{4}", chat("a"))).on_terminal(&[Stdin, Stdout, Stderr]);
    assert!(screen.seen.contains("paste a payload, end with Ctrl-D"), "{}", screen.seen);
    assert!(screen.seen.contains("mapping standard"), "{}", screen.seen);
    let long = format!("{{\"visitor\":{{\"id\":\"{}\"}}}}", "x".repeat(5000));
    let screen = run(&["--check"]).stdin(format!("{long}\n\u{4}")).on_terminal(&[Stdin, Stderr]);
    assert!(screen.written.contains("the terminal cut the line at 4,095 bytes"), "{}", screen.written);
}
