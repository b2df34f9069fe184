//! What is refused before anything is read or written.

use std::fs::{OpenOptions, hard_link};
use std::os::unix::fs::symlink;
use std::process::{Command, Stdio};

use crate::harness::{Dir, TOOL, chat};

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
    let status =
        Command::new(TOOL).arg(dir.path("chats")).stdout(append).stderr(Stdio::null()).status().unwrap();
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
    for (args, status) in [
        (["-o", "dir"], 3),
        (["-o", "no/out"], 3),
        (["--rejects", "no/rejects"], 3),
        (["--output-dir", "dir/file"], 2),
    ] {
        let ran = dir.run(&args).stdin(chat("a")).any_stderr().status(status).go();
        assert!(ran.stderr.starts_with("olark2rudder: ") && ran.stderr.contains(args[1]), "{}", ran.stderr);
        assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    }
    assert_eq!(dir.names(), ["dir", "dir/file"]);
}
