//! Threads, and what happens when there are fewer than wanted.

use std::process::Command;

use crate::harness::{Dir, TOOL, chat, chats, show};

fn scene() -> (Dir, Vec<u8>) {
    let dir = Dir::new();
    dir.file("in", format!("{}\n", chat("a")).repeat(20_000));
    (dir, chats(&["a"]).repeat(20_000))
}

#[test]
fn more_threads_than_there_can_be_are_no_reason_to_fail() {
    let (dir, events) = scene();
    dir.run(&["in", "--jobs", "65535"]).stdout(&events).go();
}

#[test]
#[ignore = "needs strace"]
fn threads_that_cannot_be_started_are_done_without() {
    let (dir, events) = scene();
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
