//! `--output-dir` with archives, whose members turn up when the run has begun.

use std::fs;

use crate::harness::{Dir, chat, chats, gzip, slashes, tar, zip};

#[test]
fn a_member_whose_output_must_not_be_written_ends_the_run_before_it_is() {
    let members = |names: &[&str]| {
        let texts: Vec<_> = names.iter().map(|name| chat(name)).collect();
        let files: Vec<_> = names.iter().zip(&texts).map(|(name, text)| (*name, text.as_bytes())).collect();
        (tar(&files), zip(&files))
    };
    for (names, outputs) in [
        // The output is there.
        (&["a.json", "b.json"][..], &["b.ndjson"][..]),
        // One would be a directory of another.
        (&["a.json", "b.json", "b.ndjson/c.json"], &[]),
    ] {
        let (tar, zip) = members(names);
        for (archive, status) in [(tar, 3), (zip, 2)] {
            let dir = Dir::new();
            for output in outputs {
                dir.file(&format!("out/{output}"), "old");
            }
            let run = dir.file("x", archive).run(&["x", "--output-dir", "out"]);
            let stderr = run.any_stderr().status(status).go().stderr;
            assert_eq!(stderr.lines().count(), 1, "{names:?}: {stderr}");
            for output in outputs {
                assert_eq!(dir.read(&format!("out/{output}")), b"old");
            }
            assert_eq!(dir.has("out/a.ndjson"), status == 3, "{names:?}");
            assert!(!dir.names().iter().any(|name| name.ends_with(".tmp")), "{:?}", dir.names());
        }
    }
}

#[test]
fn a_later_member_with_the_same_output_is_not_read() {
    let files =
        [("a.json", chat("a")), ("b.json", chat("b")), ("a.ndjson", chat("no")), ("c.json", chat("c"))];
    let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    for archive in [tar(&files), zip(&files)] {
        let dir = Dir::new();
        let ran = dir.file("x", archive).run(&["x", "--output-dir", "out", "--summary", "summary"]);
        let stderr = slashes(&ran.any_stderr().status(1).go().stderr);
        assert!(stderr.starts_with("x:a.ndjson: cannot be read: "), "{stderr}");
        assert!(stderr.contains("out/a.ndjson is already the output of x:a.json\n"), "{stderr}");
        for user in ["a", "b", "c"] {
            assert_eq!(dir.read(&format!("out/{user}.ndjson")), chats(&[user]));
        }
        assert_eq!(dir.summary()["unread_inputs"], 1);
        // In one output, all are read.
        dir.run(&["x"]).stdout(chats(&["a", "b", "no", "c"])).go();
    }
}

#[test]
fn a_member_may_not_overwrite_an_input() {
    let dir = Dir::new();
    let members = [("a.json", chat("a"))];
    let members: Vec<_> = members.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    dir.file("x.tar", tar(&members)).file("x.zip", zip(&members)).file("out/x/a.ndjson", chat("b"));
    // The members of a zip are known before anything is read.
    for (archive, status) in [("x.tar", 3), ("x.zip", 2)] {
        let args = [archive, "out/x/a.ndjson", "--output-dir", "out", "--base", ".", "--overwrite"];
        let stderr = slashes(&dir.run(&args).any_stderr().status(status).go().stderr);
        assert!(stderr.contains("out/x/a.ndjson: "), "{archive}: {stderr}");
        assert_eq!(dir.read("out/x/a.ndjson"), chat("b").as_bytes(), "{archive}");
    }
}

#[test]
fn members_whose_output_is_newer_are_skipped() {
    let files = [("a.json", chat("a")), ("b.json", chat("b"))];
    let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    for archive in [tar(&files), gzip(&tar(&files)), zip(&files)] {
        let dir = Dir::new();
        let args = ["x", "--output-dir", "out", "--skip-existing", "--summary", "summary"];
        dir.file("x", &archive).run(&["x", "--output-dir", "out"]).go();
        fs::remove_file(dir.path("out/b.ndjson")).unwrap();
        dir.run(&args).any_stderr().go();
        assert_eq!((&dir.summary()["skipped_files"], &dir.summary()["converted"]), (&1.into(), &1.into()));
        assert_eq!(dir.read("out/b.ndjson"), chats(&["b"]));
        dir.run(&args).any_stderr().go();
        assert_eq!(dir.summary()["skipped_files"], 2);
        dir.run(&["x", "--output-dir", "out", "--overwrite"]).go();
    }
}

#[test]
fn archives_of_one_name_have_no_output_of_their_own() {
    let dir = Dir::new();
    for name in ["a", "b"] {
        let archive = tar(&[(&format!("{name}.json"), chat(name).as_bytes())]);
        dir.file(&format!("{name}/chats.tar"), archive);
    }
    dir.run(&["a/chats.tar", "b/chats.tar", "--output-dir", "out"]).go();
    assert_eq!(dir.read("out/a.ndjson"), chats(&["a"]));
    assert_eq!(dir.read("out/b.ndjson"), chats(&["b"]));
}
