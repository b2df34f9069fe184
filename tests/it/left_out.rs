//! What is not read, and how that is reported.

use crate::harness::{Dir, chat, chats, totals};

#[test]
fn files_that_are_left_out_are_told_by_their_extension_and_how_to_read_them() {
    let dir = Dir::new();
    dir.file("in/a.json", chat("a"))
        .file("in/x.png", "")
        .file("in/b.txt", chat("b"))
        .file("in/c.txt", chat("c"));
    let told = "olark2rudder: skipped 3 files: 2 .txt, 1 .png; --ext txt reads them\n";
    let counts = totals("1 payload converted to 1 track event and 0 group events");
    dir.run(&["in"]).stdout(chats(&["a"])).stderr(&format!("{told}{counts}")).go();
    dir.run(&["in", "-q", "--summary", "summary"]).stdout(chats(&["a"])).go();
    assert_eq!(dir.summary()["left_out"], serde_json::json!({".png": 1, ".txt": 2}));
    for args in
        [&["in", "--ext", "txt"] as &[&str], &["in", "--ext", ".TXT"], &["in", "--ext", "x", "--ext", "txt"]]
    {
        let stderr = dir.run(args).stdout(chats(&["a", "b", "c"])).any_stderr().go().stderr;
        assert!(stderr.starts_with("olark2rudder: skipped 1 file: 1 .png\n"), "{args:?}: {stderr}");
    }
}

#[test]
fn a_list_names_files_whatever_they_are_called() {
    let dir = Dir::new();
    dir.file("a.txt", chat("a")).file("b c\n.txt", chat("b")).file("list", "a.txt\n\na.txt\n");
    dir.file("zeros", "a.txt\0b c\n.txt\0");
    dir.run(&["--files-from", "list"]).stdout(chats(&["a", "a"])).go();
    dir.run(&["--files-from", "zeros", "-0"]).stdout(chats(&["a", "b"])).go();
    dir.run(&["--files-from", "-"]).stdin("a.txt\n").stdout(chats(&["a"])).go();
    dir.run(&["--files-from", "missing"]).any_stderr().status(2).go();
    let stderr = dir.run(&["--files-from", "-"]).stdin("gone.txt\n").any_stderr().status(1).go().stderr;
    assert!(stderr.starts_with("gone.txt: cannot be read: no such file or directory\n"), "{stderr}");
}

#[test]
fn nothing_to_read_is_a_failure_that_is_told_even_when_little_is() {
    let dir = Dir::new();
    std::fs::create_dir(dir.path("in")).unwrap();
    for args in [&["in"] as &[&str], &["in", "-q"], &["--files-from", "-"], &["in", "--check"]] {
        dir.run(args).stderr("olark2rudder: there is nothing to read\n").status(1).go();
    }
    // The outputs are written anyway, without any events.
    dir.run(&["in", "-q", "-o", "out", "--rejects", "rejects", "--summary", "summary"])
        .any_stderr()
        .status(1)
        .go();
    assert_eq!((dir.read("out"), dir.rejects().len(), &dir.summary()["files"]), (vec![], 0, &0.into()));
}

#[test]
fn quiet_still_names_what_cannot_be_read() {
    let dir = Dir::new();
    dir.file("a", chat("a"));
    dir.run(&["-q", "missing", "a"])
        .stdout(chats(&["a"]))
        .stderr("missing: cannot be read: no such file or directory\n")
        .status(1)
        .go();
}
