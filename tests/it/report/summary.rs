//! What a run reports: on standard error and in its summary.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::{Dir, chat, chats, run, totals};

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
    let mut got = dir.summary();
    assert!(got["seconds"].take().is_f64());
    let bytes_in = std::fs::metadata(dir.path("in/a.ndjson")).unwrap().len()
        + std::fs::metadata(dir.path("in/b.json")).unwrap().len();
    let expected = json!({
        "payloads": 8,
        "converted": 3,
        "rejected": 5,
        "events": {"track": 3, "group": 2, "identify": 0},
        "rejects": {
            "invalid_json": 0, "invalid_utf8": 0, "unsupported_encoding": 0, "not_an_object": 2,
            "no_payload": 1, "missing_visitor_id": 0, "wrong_type": 0, "invalid_form": 1, "too_large": 0, "too_deep": 0,
            "event_too_large": 0, "unsendable": 0, "truncated": 1,
        },
        "warnings": {
            "group_without_id": 1, "no_time": 2, "large_event": 0, "no_kind": 1, "chat_start": 0,
            "empty_input": 0, "unmatched_map": 0, "other_item": 0, "item_without_time": 0, "repeated": 0,
            "doubled_backslashes": 0,
        },
        "files": 2,
        "found": {},
        "skipped_files": 0,
        "skipped_lines": 0,
        "skipped_starts": 0,
        "left_out": {".txt": 1},
        "unread_inputs": 1,
        "bytes_in": bytes_in,
        "bytes_out": ran.stdout.len(),
        "seconds": null,
    });
    assert_eq!(got, expected);
}

#[test]
fn a_summary_says_how_long_it_took() {
    let dir = Dir::new();
    let start = Instant::now();
    let mut running = dir.run(&["--summary", "summary"]).start();
    running.write(format!("{}\n", chat("a")));
    running.line();
    std::thread::sleep(Duration::from_millis(100));
    running.close();
    running.end();
    let (least, most) = (0.1, start.elapsed().as_secs_f64() + 0.001);
    let seconds = dir.summary()["seconds"].as_f64().unwrap();
    assert!((least..most).contains(&seconds), "{seconds} of {most}");
}

#[test]
fn a_summary_adds_up_whatever_the_format() {
    for format in ["ndjson", "json", "batch"] {
        let dir = Dir::new();
        let args = ["--format", format, "--summary", "summary", "-o", "out"];
        dir.run(&args).stdin(format!("{}\n{}\n", chat("a"), chat("b"))).go();
        let got = dir.summary();
        assert_eq!(got["bytes_out"], dir.read("out").len(), "{format}");
        assert_eq!((&got["converted"], &got["files"]), (&json!(2), &json!(1)));
    }
}

#[test]
fn quiet_says_nothing_of_rejects_and_verbose_lists_warnings() {
    let input = r#"{"kind":"C","visitor":{"id":"v"},"groups":[{"id":0}]}"#.to_owned() + "\n5\n";
    let closing = totals(
        "1 payload converted to 1 track event and 0 group events, 1 rejected (1 not_an_object); \
         warnings: 1 group_without_id",
    );
    let reject = &format!("-:2: expected an object, found a number\n{closing}");
    let warning = "-:1: warning: groups[0] gives no event: its id is 0\n";
    let dir = Dir::new();
    for (args, stderr) in
        [(&[] as &[&str], reject.as_str()), (&["-v"], &format!("{warning}{reject}")), (&["-q"], "")]
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
    let with =
        |fill: usize| format!(r#"{{"kind":"C","visitor":{{"id":"v","city":"{}"}}}}"#, "x".repeat(fill));
    let empty = run(&[]).stdin(with(1)).any_stdout().go().stdout.len() - 2;
    let exact = 32 * 1024 - empty;
    run(&["-v"]).stdin(with(exact)).any_stdout().go();
    let ran = run(&["-v"]).stdin(with(exact + 1)).any_stdout().any_stderr().go();
    assert!(ran.stderr.starts_with("-:1: warning: "), "{}", ran.stderr);
    assert_eq!(ran.stderr.lines().count(), 1);
}

#[test]
#[cfg_attr(windows, ignore = "the system's own words")]
fn an_input_that_cannot_be_read_is_named_and_the_others_are_read() {
    let dir = Dir::new();
    dir.file("a", chat("a")).file("b", chat("b"));
    let ran = dir.run(&["a", "missing", "b"]).stdout(chats(&["a", "b"])).any_stderr().status(1).go();
    let closing = totals("2 payloads converted to 2 track events and 0 group events, 1 input not read");
    assert_eq!(ran.stderr, format!("missing: cannot be read: no such file or directory\n{closing}"));
}

#[test]
fn line_numbers_begin_anew_in_every_source() {
    let dir = Dir::new();
    dir.file("a", format!("{}\n5", chat("a"))).file("b", "5\n").file("c", "\n\n\n5\n");
    let reason = "expected an object, found a number";
    let closing =
        totals("1 payload converted to 1 track event and 0 group events, 3 rejected (3 not_an_object)");
    dir.run(&["a", "b", "c"])
        .stdout(chats(&["a"]))
        .stderr(&format!("a:2: {reason}\nb:1: {reason}\nc:4: {reason}\n{closing}"))
        .status(1)
        .go();
}

#[test]
fn a_run_is_silent_when_all_is_well_and_otherwise_counts_what_was_skipped() {
    let dir = Dir::new();
    dir.file("in/a.json", chat("a")).file("in/empty.json", "").file("in/x.png", "").file("list", "");
    let args = ["in", "--output-dir", "out", "--skip-existing"];
    // Skipped files, an empty one, and an event that is large.
    dir.run(&args).go();
    dir.file("in/b.json", chat("b").replace("hi", &"x".repeat(40_000)));
    dir.run(&args).go();
    dir.run(&["--files-from", "list", "-o", "new"]).go();
    assert_eq!(dir.read("new"), b"");
    dir.file("in/c.json", "5\n");
    let told = "in/c.json:1: expected an object, found a number\nolark2rudder: skipped 1 file: 1 .png\n";
    let counts = "nothing converted, 1 rejected (1 not_an_object)";
    let counts = totals(&format!("{counts}, 3 files skipped"));
    dir.run(&args).stderr(&format!("{told}{counts}")).status(1).go();
}
