//! What a run tells: on standard error, in its summary and by its exit code, and what it keeps to itself.

use crate::harness::{Dir, chat, chats, run};
use serde_json::{Value, json};

fn summary(dir: &Dir) -> Value {
    let text = dir.read("summary");
    assert!(text.ends_with(b"}\n"));
    serde_json::from_slice(&text).unwrap()
}

#[test]
fn a_summary_counts_everything_once() {
    let dir = Dir::new();
    let groups =
        r#"{"visitor":{"id":"v"},"groups":[{"id":"g"},{"id":0},{"id":"h"}],"items":[{"timestamp":"1"}]}"#;
    dir.file("in/a.ndjson", format!("{}\n5\n{groups}\n{{}}\ndata=\n", chat("a")))
        .file("in/b.json", format!("[{},7", chat("b")))
        .file("in/notes.txt", "not read");
    let ran = dir
        .run(&["in", "missing.json", "--timestamp", "--summary", "summary", "--jobs", "2"])
        .any_stdout()
        .any_stderr()
        .status(1)
        .go();
    let mut got = summary(&dir);
    assert!(got["seconds"].take().as_f64().unwrap() >= 0.0);
    let bytes_in = std::fs::metadata(dir.path("in/a.ndjson")).unwrap().len()
        + std::fs::metadata(dir.path("in/b.json")).unwrap().len();
    let expected = json!({
        "payloads": 8,
        "converted": 3,
        "rejected": 5,
        "events": {"track": 3, "group": 2},
        "rejects": {
            "invalid_json": 0, "invalid_utf8": 0, "unsupported_encoding": 0, "not_an_object": 2,
            "missing_visitor_id": 1, "wrong_type": 0, "invalid_form": 1, "too_large": 0, "too_deep": 0,
            "event_too_large": 0, "truncated": 1,
        },
        "warnings": {"group_without_id": 1, "no_time": 2, "large_event": 0},
        "files": 2,
        "skipped_files": 1,
        "unread_inputs": 1,
        "bytes_in": bytes_in,
        "bytes_out": ran.stdout.len(),
        "seconds": null,
    });
    assert_eq!(got, expected);
}

#[test]
fn a_summary_adds_up_whatever_the_format() {
    for format in ["ndjson", "json", "batch"] {
        let dir = Dir::new();
        let args = ["--format", format, "--summary", "summary", "-o", "out"];
        dir.run(&args).stdin(format!("{}\n{}\n", chat("a"), chat("b"))).go();
        let got = summary(&dir);
        assert_eq!(got["bytes_out"], dir.read("out").len(), "{format}");
        assert_eq!((&got["converted"], &got["files"]), (&json!(2), &json!(1)));
    }
}

#[test]
fn an_exit_code_says_how_it_ended() {
    let dir = Dir::new();
    dir.file("good", chat("a")).file("bad", "5").file("in/empty.json", "");
    let cases: [(&[&str], i32); 12] = [
        (&["good"], 0),
        (&["in"], 0),
        (&["bad"], 1),
        (&["good", "missing"], 1),
        (&["good", "--nonsense"], 2),
        (&["good", "--jobs", "0"], 2),
        (&["good", "--mapping", "x"], 2),
        (&["good", "--max-record", "0"], 2),
        (&["good", "-q", "-v"], 2),
        (&["good", "-o", "out", "--output-dir", "out"], 2),
        (&["good", "-o", "in"], 3),
        (&["good", "-o", "no/such/directory"], 3),
    ];
    for (args, status) in cases {
        let ran = dir.run(args).any_stdout().any_stderr().status(status).go();
        assert_eq!(status == 0, ran.stderr.is_empty(), "{args:?}: {}", ran.stderr);
    }
}

#[test]
fn nothing_to_convert_is_nothing_wrong() {
    for input in ["", "\n\r\n \n", "\u{feff}", "\u{feff}\n", "[]", "[ ]\n[]"] {
        run(&[]).stdin(input).go();
    }
}

#[test]
fn quiet_says_nothing_of_rejects_and_verbose_lists_warnings() {
    let input = r#"{"visitor":{"id":"v"},"groups":[{"id":0}]}"#.to_owned() + "\n5\n";
    let reject = "-:2: expected an object, found a number\n";
    let warning = "-:1: warning: groups[0] has no id, so it gives no event\n";
    let dir = Dir::new();
    for (args, stderr) in [(&[] as &[&str], reject), (&["-v"], &format!("{warning}{reject}")), (&["-q"], "")]
    {
        let ran = dir.run(args).stdin(&input).any_stdout().stderr(stderr).status(1).go();
        assert!(!ran.stdout.is_empty());
    }
    // Not even quiet is silent about what ends the run.
    dir.run(&["-q", "-o", "no/such/directory"]).stdin(&input).any_stderr().status(3).go();
    let ran = dir.run(&["-q", "-o", "no/such/directory"]).any_stderr().status(3).go();
    assert!(ran.stderr.starts_with("olark2rudder: no/such/directory: "), "{}", ran.stderr);
}

#[test]
fn a_large_event_is_worth_a_warning() {
    // RudderStack's documented limit is 32 KB.
    let with = |fill: usize| format!(r#"{{"visitor":{{"id":"v","city":"{}"}}}}"#, "x".repeat(fill));
    let empty = run(&[]).stdin(with(1)).any_stdout().go().stdout.len() - 2;
    let exact = 32 * 1024 - empty;
    run(&["-v"]).stdin(with(exact)).any_stdout().go();
    let ran = run(&["-v"]).stdin(with(exact + 1)).any_stdout().any_stderr().go();
    assert!(ran.stderr.starts_with("-:1: warning: "), "{}", ran.stderr);
    assert_eq!(ran.stderr.lines().count(), 1);
}

#[test]
fn an_input_that_cannot_be_read_is_named_and_the_others_are_read() {
    let dir = Dir::new();
    dir.file("a", chat("a")).file("b", chat("b"));
    let ran = dir.run(&["a", "missing", "b"]).stdout(chats(&["a", "b"])).any_stderr().status(1).go();
    assert!(ran.stderr.starts_with("missing: cannot be read: "), "{}", ran.stderr);
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
}

#[test]
fn line_numbers_begin_anew_in_every_source() {
    let dir = Dir::new();
    dir.file("a", format!("{}\n5", chat("a"))).file("b", "5\n").file("c", "\n\n\n5\n");
    let reason = "expected an object, found a number";
    dir.run(&["a", "b", "c"])
        .stdout(chats(&["a"]))
        .stderr(&format!("a:2: {reason}\nb:1: {reason}\nc:4: {reason}\n"))
        .status(1)
        .go();
}

/// A word that stands in every place of a payload where text can stand, and nowhere else.
const CANARY: &str = "xkcanaryqz";

#[test]
fn nothing_of_a_payload_is_on_standard_error() {
    let fields = ["id", "fullName", "emailAddress", "city", "browser", "ip", "chat_feedback", CANARY];
    let visitor = |field: &str, value: &str| {
        let others = fields.iter().filter(|other| **other != field);
        let others: String = others.map(|other| format!(",\"{other}\":\"{CANARY} {CANARY}\"")).collect();
        format!("{{\"{field}\":{value}{others}}}")
    };
    let around = |visitor: &str, groups: &str| {
        format!(
            r#"{{"{CANARY}":"{CANARY}","kind":"{CANARY}","id":"{CANARY}","visitor":{visitor},"groups":{groups},"items":[{{"body":"{CANARY}","timestamp":"{CANARY}"}}]}}"#
        )
    };
    let good = visitor("city", &format!("\"{CANARY}\""));
    let group = format!("[{{\"id\":\"\",\"name\":\"{CANARY}\"}}]");
    let whole = around(&good, &group);
    let encoded: String = whole.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let mut lines = vec![
        whole.clone(),
        around(&visitor("id", "null"), &group),
        around(&visitor("id", "[\"xkcanaryqz\"]"), &group),
        around(&visitor("browser", "{\"xkcanaryqz\":1}"), &group),
        around(&format!("\"{CANARY}\""), "[]"),
        around(&good, &format!("\"{CANARY}\"")),
        around(&good, &format!("[\"{CANARY}\"]")),
        format!("\"{CANARY}\""),
        format!("[\"{CANARY}\"]"),
        CANARY.into(),
        format!("data={CANARY}"),
        format!("data=%{CANARY}"),
        format!("data={CANARY}={encoded}"),
        format!("%7B{CANARY}"),
        format!("data={}", encoded.replacen("%7b", "%7b%7b", 1)),
        around(&good, &format!("{}\"{CANARY}\"", "[".repeat(600))),
        around(&visitor("city", &format!("\"{}\"", CANARY.repeat(1000))), &group),
        around(&visitor("city", &format!("\"{CANARY}\\x\"")), &group),
        around(&visitor("city", CANARY), &group),
        around(&visitor("city", &format!("\"{CANARY}\t\"")), &group),
        around(&visitor("city", "0xkcanaryqz"), &group),
        around(&visitor("city", "-xkcanaryqz"), &group),
        around(&visitor("city", &format!("'{CANARY}'")), &group),
    ];
    // Broken off and broken at every place where a token can begin or end.
    for at in (0..whole.len()).filter(|at| whole.as_bytes()[*at].is_ascii_punctuation()) {
        lines.push(whole[..at].into());
        lines.push(format!("{}{CANARY}{}", &whole[..at], &whole[at..]));
        lines.push(format!("{}{}", &whole[..at], &whole[at + 1..]));
    }
    let mut input = lines.join("\n").into_bytes();
    input.extend(b"\n{\"xkcanaryqz\":\"\xff\"}\n{\"visitor\":{\"id\":\"xkcanaryqz");
    let dir = Dir::new();
    dir.file("whole.ndjson", &input);
    for (number, line) in lines.iter().enumerate() {
        dir.file(&format!("each/{number}.json"), line);
    }
    for args in [
        &["-v", "--timestamp", "--max-record", "8000", "whole.ndjson"] as &[&str],
        &["-v", "--timestamp", "--max-record", "8000", "each"],
        &["-v", "--mapping", "live", "--input-format", "json", "each"],
        &["-v", "--input-format", "ndjson", "each"],
        &["-v", "--input-format", "form", "each"],
        &["-v", "--format", "batch", "--batch-bytes", "500", "each"],
        &["--fail-fast", "whole.ndjson"],
    ] {
        let ran = dir.run(args).any_stdout().any_stderr().status(1).go();
        assert!(!ran.stderr.is_empty());
        let told = ran.stderr.lines().find(|line| line.to_lowercase().contains("canary"));
        assert!(told.is_none(), "{args:?}: {told:?}");
    }
}

#[test]
fn a_name_with_control_characters_does_not_drive_a_terminal() {
    let dir = Dir::new();
    let name = "a\x1b[31m\rb\n\u{9b}\u{202e}.json";
    dir.file(name, "5");
    let cases: [(&[&str], i32); 4] =
        [(&[name], 1), (&["."], 1), (&[name, "-o", name], 2), (&["\x1b[31m-missing\n"], 1)];
    for (args, status) in cases {
        let stderr = dir.run(args).any_stderr().status(status).go().stderr;
        let hidden = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!stderr.contains(hidden), "{args:?}: {stderr:?}");
        assert_eq!(stderr.lines().count(), 1, "{args:?}: {stderr:?}");
    }
}
