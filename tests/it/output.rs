//! Where events go: a file is put in place when it is complete or not at all, and what fails says so.

use std::fs::{self, OpenOptions, Permissions, hard_link};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::{Command, Stdio};

use crate::harness::{Dir, chat, chats, json_lines, run};
use serde_json::Value;

#[test]
fn an_output_file_holds_what_standard_output_would() {
    let dir = Dir::new();
    dir.file("in", chat("a")).run(&["in", "-o", "out"]).go();
    assert_eq!(dir.read("out"), chats(&["a"]));
    assert_eq!(dir.names(), ["in", "out"], "nothing temporary is left");
    dir.run(&["in", "-o", "-"]).stdout(chats(&["a"])).go();
}

#[test]
fn an_existing_file_is_replaced_and_keeps_its_mode() {
    let dir = Dir::new();
    for mode in [0o600, 0o640, 0o666] {
        dir.file("out", "what was there, and longer than what comes: ".repeat(100));
        fs::set_permissions(dir.path("out"), Permissions::from_mode(mode)).unwrap();
        dir.run(&["-o", "out"]).stdin(chat("a")).go();
        assert_eq!(dir.read("out"), chats(&["a"]));
        assert_eq!(fs::metadata(dir.path("out")).unwrap().permissions().mode() & 0o777, mode);
    }
}

#[test]
fn rejects_in_between_do_not_keep_an_output_from_its_place() {
    let dir = Dir::new();
    dir.run(&["-o", "out"]).stdin(format!("5\n{}\n5", chat("a"))).any_stderr().status(1).go();
    assert_eq!(dir.read("out"), chats(&["a"]));
}

#[test]
fn a_link_to_an_output_stays_a_link() {
    let dir = Dir::new();
    dir.file("elsewhere/real", "old");
    symlink("elsewhere/real", dir.path("out")).unwrap();
    dir.run(&["-o", "out"]).stdin(chat("a")).go();
    assert_eq!(dir.read("elsewhere/real"), chats(&["a"]));
    assert!(dir.path("out").is_symlink());
}

#[test]
fn an_output_that_is_also_an_input_is_refused_by_any_name() {
    for flag in ["-o", "--rejects", "--summary"] {
        let dir = Dir::new();
        dir.file("in/chats.ndjson", chat("a"));
        symlink("in/chats.ndjson", dir.path("link")).unwrap();
        hard_link(dir.path("in/chats.ndjson"), dir.path("hard")).unwrap();
        let absolute = dir.path("in/chats.ndjson");
        for output in
            ["in/chats.ndjson", "in/../in/./chats.ndjson", "link", "hard", absolute.to_str().unwrap()]
        {
            for input in ["in/chats.ndjson", "link", "hard"] {
                let ran = dir.run(&[input, flag, output]).any_stderr().status(2).go();
                assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
                assert_eq!(dir.read("in/chats.ndjson"), chat("a").as_bytes());
                assert_eq!(dir.names(), ["hard", "in", "in/chats.ndjson", "link"]);
            }
        }
    }
}

#[test]
fn standard_output_that_is_also_an_input_is_refused() {
    let dir = Dir::new();
    dir.file("chats", chat("a"));
    let append = OpenOptions::new().append(true).open(dir.path("chats")).unwrap();
    let status = Command::new(env!("CARGO_BIN_EXE_olark2rudder"))
        .arg(dir.path("chats"))
        .stdout(append)
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(2));
    assert_eq!(dir.read("chats"), chat("a").as_bytes());
}

#[test]
fn two_outputs_that_are_one_file_are_refused() {
    let dir = Dir::new();
    symlink("out", dir.path("link")).unwrap();
    dir.file("out", "old");
    for args in [
        ["-o", "out", "--rejects", "out"],
        ["-o", "out", "--summary", "link"],
        ["--rejects", "out", "--summary", "./out"],
        ["--rejects", "new", "--summary", "./new"],
    ] {
        dir.run(&args).stdin(chat("a")).any_stderr().status(2).go();
        assert_eq!(dir.names(), ["link", "out"], "{args:?}");
        assert_eq!(dir.read("out"), b"old");
    }
}

#[test]
fn an_output_that_cannot_be_made_fails_before_anything_is_read() {
    let dir = Dir::new();
    dir.file("dir/file", "");
    for args in [["-o", "dir"], ["-o", "no/out"], ["--rejects", "no/rejects"], ["--output-dir", "dir/file"]] {
        let ran = dir.run(&args).stdin(chat("a")).any_stderr().status(3).go();
        assert!(ran.stderr.starts_with("olark2rudder: ") && ran.stderr.contains(args[1]), "{}", ran.stderr);
        assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    }
    assert_eq!(dir.names(), ["dir", "dir/file"]);
}

#[test]
fn a_full_device_is_told_and_is_3() {
    let many = format!("{}\n", chat("a")).repeat(5000);
    for input in [chat("a"), many] {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let dir = Dir::new();
        let mut child = Command::new(env!("CARGO_BIN_EXE_olark2rudder"));
        child.arg("in").current_dir(dir.file("in", &input).path(".")).stdout(full);
        let output = child.output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(3), "{stderr}");
        assert_eq!(stderr, "olark2rudder: standard output: cannot be written: no space left on device\n");
        for args in [["-o", "/dev/full"], ["--rejects", "/dev/full"], ["--summary", "/dev/full"]] {
            let ran = dir.run(&["in"]).arg(args[0]).arg(args[1]).arg("-").stdin("5");
            let ran = ran.any_stdout().any_stderr().status(3).go();
            assert!(ran.stderr.contains("olark2rudder: /dev/full: cannot be written: "), "{}", ran.stderr);
        }
    }
}

#[test]
fn a_closed_standard_output_never_ends_up_in_another_file() {
    let dir = Dir::new();
    dir.file("in", format!("{}\n5\n", chat("a")));
    // A file that is opened next might be given its number.
    let script = format!("{} in --rejects rejects --summary summary >&-", env!("CARGO_BIN_EXE_olark2rudder"));
    let output = Command::new("sh").args(["-c", &script]).current_dir(dir.path(".")).output().unwrap();
    assert!(matches!(output.status.code(), Some(1 | 3)), "{output:?}");
    for (name, key) in [("rejects", "code"), ("summary", "payloads"), ("in", "visitor")] {
        let text = if dir.has(name) { dir.read(name) } else { Vec::new() };
        assert!(json_lines(&text).iter().all(|row| row.get(key).is_some() || row == 5), "{name}");
    }
}

#[test]
fn where_nobody_can_be_told_the_work_is_done_all_the_same() {
    let dir = Dir::new();
    dir.file("in", format!("{}\n5\nx\n{}\n", chat("a"), chat("b")));
    for stderr in ["2>&-", "2>/dev/full"] {
        let tool = env!("CARGO_BIN_EXE_olark2rudder");
        let script = format!("{tool} in -v --rejects rejects --summary summary {stderr}");
        let output = Command::new("sh").args(["-c", &script]).current_dir(dir.path(".")).output().unwrap();
        assert_eq!((output.status.code(), output.stdout), (Some(1), chats(&["a", "b"])), "{stderr}");
        assert_eq!(json_lines(&dir.read("rejects")).len(), 2, "{stderr}");
        assert_eq!(json_lines(&dir.read("summary"))[0]["rejected"], 2, "{stderr}");
    }
}

#[test]
fn an_array_holds_all_events_and_is_one_even_when_there_are_none() {
    let dir = Dir::new();
    dir.file("a", chat("a")).file("b", chat("b"));
    let output = dir.run(&["a", "b", "--format", "json"]).any_stdout().go().stdout;
    let array: Vec<Value> = serde_json::from_slice(&output).unwrap();
    assert_eq!(array, json_lines(&chats(&["a", "b"])));
    for input in ["", "\n", "[]"] {
        run(&["--format", "json"]).stdin(input).stdout("[]\n").go();
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
    let rows = json_lines(&dir.read("rejects"));
    assert_eq!((rows.len(), &rows[0]["code"], &rows[0]["line"]), (1, &"event_too_large".into(), &2.into()));
    assert_eq!(rows[0]["payload"], groups);
}

#[test]
fn a_request_body_is_one_line_within_its_limit_even_when_it_is_to_be_pretty() {
    let input = ["a", "b", "c"].map(chat).join("\n");
    let args = ["--format", "batch", "--batch-bytes", "700", "--pretty"];
    // Either is an answer: refusing what contradicts itself, or bodies that RudderStack takes.
    if run(&args).stdin(&input).any_stderr().status(2).compare().is_ok() {
        return;
    }
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
