//! Usage, exit codes and threads.

use std::process::Command;

use crate::harness::{Dir, TOOL, chat, chats, run, show};

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
fn an_empty_input_is_a_warning_and_no_failure() {
    for input in ["", "\n\r\n \n", "\u{feff}", "\u{feff}\n", "[]", "[ ]\n[]"] {
        run(&[]).stdin(input).stderr("-: warning: the input is empty\n").go();
        run(&["-q"]).stdin(input).go();
    }
    // Of one among others it is a warning like others.
    let dir = Dir::new();
    dir.file("in/a.json", "").file("in/b.json", chat("b"));
    dir.run(&["in"]).stdout(chats(&["b"])).go();
    dir.run(&["in", "--check"]).stderr("in/a.json: warning: the input is empty\n").go();
}

#[test]
fn a_mapping_of_ones_own_that_cannot_be_is_wrong_usage() {
    for map in [
        "visitor.city",
        "visitor.city=",
        "=traits.city",
        "visitor..city=traits.city",
        "visitor.city=traits.",
        "visitor.city=traits..city",
        "visitor.city=city",
        "visitor.city=userId",
        "visitor.city=properties",
        "visitor.city=propertiesx.city",
        // What the mapping writes already, what holds it, and what would stand in it.
        "id=properties.items",
        "id=context.traits",
        "id=context.os",
        "id=context.os.name.short",
        "id=traits.organization",
        "id=context.library.name",
        "id=context.integration",
    ] {
        let ran = run(&["--map", map]).stdin(chat("v")).any_stderr().status(2).go();
        assert!(ran.stderr.contains("--map"), "{map}: {}", ran.stderr);
    }
    let twice = ["--map", "id=properties.x", "--map", "kind=properties.x"];
    run(&twice).stdin(chat("v")).any_stderr().status(2).go();
    run(&["--mapping", "full", "--map", "id=traits.kind"]).stdin(chat("v")).any_stderr().status(2).go();
}

#[test]
fn an_event_that_map_does_not_know_is_wrong_usage() {
    for event in ["conversation", "track", "Group", ""] {
        let map = format!("{event}:id=properties.x");
        let ran = run(&["--map", &map]).stdin(chat("v")).any_stderr().status(2).go();
        assert!(ran.stderr.contains("EVENT must be group, identify or chat"), "{}", ran.stderr);
    }
    // Only the text before the first colon and before any dot is an EVENT.
    let map = ["--map", "visitor.a:b=properties.x", "--map", "group:a:b=context.x"];
    run(&map).stdin(chat("v")).any_stdout().any_stderr().go();
}

#[test]
fn an_option_that_does_nothing_without_another_is_wrong_usage() {
    for args in [
        &["--batch-bytes", "1000"] as &[&str],
        &["--batch-bytes", "1000", "--format", "json"],
        &["--base", "."],
        &["--skip-existing"],
        &["-0"],
        &["--list-mapping", "--rejects", "r"],
        &["--list-mapping", "--format", "json"],
        &["--man", "--mapping", "full"],
        &["--completions", "bash", "-q"],
    ] {
        let ran = run(args).stdin(chat("v")).any_stderr().status(2).go();
        assert!(ran.stderr.lines().count() < 10, "{args:?}: {}", ran.stderr);
    }
}

#[test]
fn an_unknown_mapping_is_wrong_usage() {
    let dir = Dir::new();
    dir.file("chats.ndjson", chat("v"));
    let ran = dir.run(&["--mapping", "other", "chats.ndjson", "-o", "out"]).any_stderr().status(2).go();
    assert!(ran.stderr.contains("standard, full, live"), "{}", ran.stderr);
    assert_eq!(dir.names(), ["chats.ndjson"]);
}

#[test]
fn the_tool_names_its_version() {
    for flag in ["--version", "-V"] {
        run(&[flag]).stdout(format!("olark2rudder {}\n", env!("CARGO_PKG_VERSION"))).go();
    }
}

/// More than one read for each of some threads, and its events.
fn much() -> (Dir, Vec<u8>) {
    let dir = Dir::new();
    dir.file("in", format!("{}\n", chat("a")).repeat(20_000));
    (dir, chats(&["a"]).repeat(20_000))
}

#[test]
fn a_run_with_too_many_threads_does_not_fail() {
    let (dir, events) = much();
    dir.run(&["in", "--jobs", "65535"]).stdout(&events).go();
}

#[test]
#[ignore = "needs strace"]
fn a_run_goes_on_with_the_threads_that_could_be_started() {
    let (dir, events) = much();
    for when in ["1+", "2+", "3"] {
        let inject = format!("inject=clone,clone3:error=EAGAIN:when={when}");
        let output = Command::new("strace")
            .args(["-f", "-o", "trace", "-e", "trace=clone,clone3", "-e", &inject])
            .args([TOOL, "in", "--jobs", "8"])
            .current_dir(dir.path("."))
            .output()
            .unwrap();
        assert_eq!((output.status.code(), &*show(&output.stderr)), (Some(0), ""), "{when}");
        assert!(output.stdout == events, "{when}");
        assert!(show(&dir.read("trace")).contains("(INJECTED)"), "{when}: every thread was started");
    }
}
