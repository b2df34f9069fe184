//! Outputs in a directory that would get into each other's way, or into an input's: nothing is written.

use std::fs::{self, hard_link};
use std::os::unix::fs::symlink;

use crate::harness::{Dir, chat, chats};

/// Runs what has to be refused, and gives what is said.
#[track_caller]
fn refused(dir: &Dir, args: &[&str]) -> String {
    let before: Vec<_> = dir.names().into_iter().map(|name| (fs::read(dir.path(&name)).ok(), name)).collect();
    let stderr = dir.run(args).any_stderr().status(2).go().stderr;
    let after: Vec<_> = dir.names().into_iter().map(|name| (fs::read(dir.path(&name)).ok(), name)).collect();
    assert!(before == after, "{args:?}: something was written: {:?}", dir.names());
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    stderr
}

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
fn what_is_no_directory_holds_no_outputs() {
    let dir = Dir::new();
    dir.file("in/x/a.json", chat("a")).file("out/x", "a file");
    refused(&dir, &["in", "--output-dir", "out"]);
    refused(&dir, &["in", "--output-dir", "in/x/a.json"]);
}

#[test]
fn an_output_never_replaces_another_that_turns_out_to_be_the_same_file() {
    let dir = Dir::new();
    dir.file("in/a.json", chat("a")).file("in/b.json", chat("b")).file("out/b.ndjson", "old");
    symlink("b.ndjson", dir.path("out/a.ndjson")).unwrap();
    let args = ["in", "--output-dir", "out", "--overwrite"];
    let ran = dir.run(&args).any_stderr().status(3).go();
    let said = "olark2rudder: out/b.ndjson: cannot be written: another output is this file\n";
    assert!(ran.stderr.ends_with(said), "{}", ran.stderr);
    assert_eq!(dir.read("out/b.ndjson"), chats(&["a"]));
}
