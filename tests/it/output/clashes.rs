//! Outputs that would get into each other's way, or into an input's: they are refused before anything is written.

use std::fs::{self, OpenOptions, hard_link};
#[cfg(unix)]
use std::os::unix::fs::symlink;
use std::process::{Command, Stdio};

use crate::harness::{Dir, TOOL, chat, chats, slashes, until};

/// Runs what has to be refused, and gives what is said.
#[track_caller]
fn refused(dir: &Dir, args: &[&str]) -> String {
    let before: Vec<_> = dir.names().into_iter().map(|name| (fs::read(dir.path(&name)).ok(), name)).collect();
    let stderr = dir.run(args).any_stderr().status(2).go().stderr;
    let after: Vec<_> = dir.names().into_iter().map(|name| (fs::read(dir.path(&name)).ok(), name)).collect();
    assert!(before == after, "{args:?}: something was written: {:?}", dir.names());
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    slashes(&stderr)
}

#[cfg(unix)]
#[test]
fn an_output_that_is_the_input_of_another_is_refused_however_it_is_reached() {
    for existing in ["--overwrite", "--skip-existing"] {
        let dir = Dir::new();
        dir.file("in/b/c.json", chat("c")).file("out/b/c.ndjson", chat("d"));
        refused(&dir, &["in", "out/b", "--output-dir", "out", existing]);
        symlink("out", dir.path("link")).unwrap();
        refused(&dir, &["in", "out/b", "--output-dir", "link", existing]);
        // What is not there yet would be made on the way.
        refused(&dir, &["in", "out/b", "--output-dir", "new/../out", existing]);
        hard_link(dir.path("out/b/c.ndjson"), dir.path("hard")).unwrap();
        refused(&dir, &["in", "hard", "--output-dir", "out", existing]);
    }
}

#[test]
fn an_output_that_would_be_a_directory_of_another_is_refused() {
    let dir = Dir::new();
    dir.file("in/a.json", chat("a")).file("in/a.ndjson/b.json", chat("b"));
    let stderr = refused(&dir, &["in", "--output-dir", "out"]);
    assert!(stderr.contains("in/a.json") && stderr.contains("in/a.ndjson/b.json"), "{stderr}");
}

#[test]
fn an_output_in_a_directory_is_neither_rejects_nor_summary() {
    let dir = Dir::new();
    dir.file("in/a.json", chat("a"));
    for flag in ["--rejects", "--summary"] {
        refused(&dir, &["in", "--output-dir", "out", flag, "out/a.ndjson"]);
        refused(&dir, &["in", "--output-dir", "./in/../out", flag, "out/a.ndjson"]);
    }
}

#[test]
fn rejects_and_summary_are_no_directory_of_an_output() {
    let dir = Dir::new();
    dir.file("in/2019/05/a.json", chat("a"));
    for flag in ["--rejects", "--summary"] {
        for output in ["out", "out/2019", "./in/../out/2019/05"] {
            let stderr = refused(&dir, &["in", "--output-dir", "out", flag, output]);
            assert!(stderr.contains("in/2019/05/a.json"), "{stderr}");
        }
    }
}

#[test]
fn a_file_in_the_place_of_an_output_directory_is_refused() {
    let dir = Dir::new();
    dir.file("in/x/a.json", chat("a")).file("out/x", "a file");
    refused(&dir, &["in", "--output-dir", "out"]);
    refused(&dir, &["in", "--output-dir", "in/x/a.json"]);
}

#[cfg(unix)]
#[test]
fn an_output_never_replaces_another_that_turns_out_to_be_the_same_file() {
    for existing in [&[][..], &["--overwrite"]] {
        let dir = Dir::new();
        dir.file("a.json", chat("a")).fifo("b.json");
        let running = dir.run(&[&["a.json", "b.json", "--output-dir", "out"], existing].concat()).start();
        until("the first is not in place", || dir.has("out/a.ndjson").then_some(()));
        symlink("a.ndjson", dir.path("out/b.ndjson")).unwrap();
        fs::write(dir.path("b.json"), chat("b")).unwrap();
        let (status, stderr) = running.end();
        assert_eq!(status.code(), Some(3), "{stderr}");
        assert!(stderr.starts_with("olark2rudder: out/") && stderr.lines().count() == 1, "{stderr}");
        assert_eq!(dir.read("out/a.ndjson"), chats(&["a"]));
    }
}

#[cfg(unix)]
#[test]
fn two_outputs_that_are_one_file_through_a_link_are_refused() {
    for (existing, exists) in [("--overwrite", true), ("--skip-existing", true), ("--overwrite", false)] {
        for target in ["b.ndjson", "../out/b.ndjson", "c.ndjson"] {
            let dir = Dir::new();
            dir.file("in/a.json", chat("a")).file("in/b.json", chat("b")).file("in/c.json", chat("c"));
            fs::create_dir(dir.path("out")).unwrap();
            if exists {
                dir.file("out/b.ndjson", "b").file("out/c.ndjson", "c");
            }
            symlink(target, dir.path("out/a.ndjson")).unwrap();
            let stderr = refused(&dir, &["in", "--output-dir", "out", existing]);
            assert!(stderr.contains("both in/a.json and in/"), "{stderr}");
        }
    }
    let dir = Dir::new();
    dir.file("in/a.json", chat("a")).file("in/b.json", chat("b")).file("out/a.ndjson", "");
    hard_link(dir.path("out/a.ndjson"), dir.path("out/b.ndjson")).unwrap();
    refused(&dir, &["in", "--output-dir", "out", "--overwrite"]);
}

#[cfg(unix)]
#[test]
fn an_output_that_leads_to_the_rejects_is_refused() {
    let dir = Dir::new();
    dir.file("in/a.json", chat("a")).file("out/old", "");
    symlink("../rejects", dir.path("out/a.ndjson")).unwrap();
    refused(&dir, &["in", "--output-dir", "out", "--rejects", "rejects"]);
}

#[cfg(unix)]
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

#[cfg(unix)]
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
