//! `--output-dir`: an output for each input, and none that would overwrite another.

use std::fs;
#[cfg(unix)]
use std::{fs::File, io::Write};

use crate::harness::{COMPRESSORS, Dir, chat, chats, slashes, totals};

#[test]
fn compressed_parts_are_read_and_each_has_its_output() {
    let dir = Dir::new();
    let names = ["part-00000", "part-00001", "part-00002-f00d-c000.txt"];
    let [(ending, compress), ..] = COMPRESSORS;
    for part in names {
        dir.file(&format!("job/{part}.{ending}"), compress(format!("{}\n", chat(part)).as_bytes()));
    }
    dir.run(&["job"]).stdout(chats(&names)).go();
    dir.run(&["job", "--output-dir", "out"]).go();
    for (name, output) in names.iter().zip(["part-00000", "part-00001", "part-00002-f00d-c000"]) {
        assert_eq!(dir.read(&format!("out/{output}.ndjson")), chats(&[name]));
    }
}

#[test]
fn each_input_has_its_output_at_the_same_place() {
    let dir = Dir::new();
    let names = ["a.json", "2019/b.ndjson", "2019/05/c.jsonl.gz", "2019/d.e.form.zst", "2020/a.JSON"];
    for name in names {
        dir.file(&format!("in/{name}"), chat(name));
    }
    dir.file("single.txt", chat("single"));
    for jobs in ["1", "4"] {
        let out = format!("out{jobs}");
        dir.run(&["in", "single.txt", "--output-dir", &out, "--jobs", jobs]).go();
        let outputs = ["a", "2019/b", "2019/05/c", "2019/d.e", "2020/a"];
        for (name, output) in names.iter().zip(outputs) {
            assert_eq!(dir.read(&format!("{out}/{output}.ndjson")), chats(&[name]));
        }
        assert_eq!(dir.read(&format!("{out}/single.txt.ndjson")), chats(&["single"]));
        let files = dir.names().into_iter().filter(|name| name.starts_with(&out) && dir.path(name).is_file());
        assert_eq!(files.count(), 6, "nothing temporary is left");
    }
}

#[test]
fn every_format_is_whole_in_every_output() {
    let dir = Dir::new();
    dir.file("in/a.json", chat("a")).file("in/b.json", chat("b")).file("in/empty.json", "");
    dir.run(&["in", "--output-dir", "out", "--format", "json"]).go();
    assert_eq!(dir.read("out/a.ndjson"), [b"[\n", &chats(&["a"])[..], b"]\n"].concat());
    assert_eq!(dir.read("out/empty.ndjson"), b"[]\n");
    dir.run(&["in", "--output-dir", "out", "--format", "batch", "--overwrite"]).go();
    let event = String::from_utf8(chats(&["b"])).unwrap();
    assert_eq!(dir.read("out/b.ndjson"), format!("{{\"batch\":[{}]}}\n", event.trim_end()).into_bytes());
    assert_eq!(dir.read("out/empty.ndjson"), b"");
}

#[test]
fn two_inputs_that_would_share_an_output_are_refused_before_anything_is_written() {
    for (a, b) in [
        ("in/a.json", "in/a.ndjson"),
        ("in/a.json.gz", "in/a.form"),
        ("in/x/a.json", "other/x/a.jsonl"),
        ("in/part-00000", "in/part-00000.gz"),
        ("in/part-00000", "other/part-00000.txt"),
    ] {
        let dir = Dir::new();
        dir.file(a, chat("a")).file(b, chat("b")).file("in/first.json", chat("first"));
        let inputs: &[&str] = if b.starts_with("in") { &["in"] } else { &["in", "other"] };
        let args = [inputs, &["--output-dir", "out"]].concat();
        let stderr = slashes(&dir.run(&args).any_stderr().status(2).go().stderr);
        assert!(stderr.contains(a) && stderr.contains(b), "{stderr}");
        assert!(!dir.has("out"));
    }
    let dir = Dir::new();
    dir.file("a.json", chat("a"));
    dir.run(&["a.json", "a.json", "--output-dir", "out"]).any_stderr().status(2).go();
    assert!(!dir.has("out"));
}

#[test]
fn an_output_that_would_overwrite_its_input_is_refused() {
    let dir = Dir::new();
    dir.file("a.ndjson", chat("a"));
    for input in ["a.ndjson", "."] {
        let ran = dir.run(&[input, "--output-dir", "."]).any_stderr().status(2).go();
        assert!(ran.stderr.contains("a.ndjson: "), "{}", ran.stderr);
        assert_eq!(dir.read("a.ndjson"), chat("a").as_bytes());
        assert_eq!(dir.names(), ["a.ndjson"]);
    }
}

#[test]
fn an_output_that_would_overwrite_another_input_is_refused() {
    let dir = Dir::new();
    // The first one's output is the second input.
    dir.file("a.json", chat("a")).file("out/a.ndjson", chat("b"));
    dir.run(&["a.json", "out/a.ndjson", "--output-dir", "out"]).any_stderr().status(2).go();
    assert_eq!(dir.read("out/a.ndjson"), chat("b").as_bytes());
}

#[test]
fn skip_existing_goes_on_where_a_run_was_interrupted() {
    let dir = Dir::new();
    dir.file("in/a.json", chat("a")).file("in/b.json", chat("b")).file("out/a.ndjson", "as it was");
    let args = ["in", "--output-dir", "out", "--skip-existing", "--summary", "summary"];
    dir.run(&args).go();
    assert_eq!(dir.read("out/a.ndjson"), b"as it was");
    assert_eq!(dir.read("out/b.ndjson"), chats(&["b"]));
    assert_eq!((&dir.summary()["files"], &dir.summary()["converted"]), (&1.into(), &1.into()));
    dir.run(&["in", "--output-dir", "out", "--overwrite"]).go();
    assert_eq!(dir.read("out/a.ndjson"), chats(&["a"]));
    dir.run(&["in", "--skip-existing"]).any_stderr().status(2).go();
}

#[test]
fn a_run_that_goes_on_adds_to_the_rejects_of_the_one_before() {
    let dir = Dir::new();
    let args = ["in", "--output-dir", "out", "--skip-existing", "--rejects", "rejects", "-q"];
    dir.file("in/a.ndjson", "5\n").run(&args).status(1).go();
    let sources = || dir.rejects().iter().map(|row| row["source"].clone()).collect::<Vec<_>>();
    assert_eq!(sources(), ["in/a.ndjson"]);
    dir.run(&args).go();
    assert_eq!(sources(), ["in/a.ndjson"], "nothing was left to do");
    dir.file("in/b.ndjson", "6\n").run(&args).status(1).go();
    assert_eq!(sources(), ["in/a.ndjson", "in/b.ndjson"]);
}

#[test]
fn a_source_that_could_not_be_read_gets_no_output() {
    let dir = Dir::new();
    dir.file("a.json", chat("a"));
    dir.run(&["missing.json", "a.json", "--output-dir", "out"]).any_stderr().status(1).go();
    assert_eq!(dir.names(), ["a.json", "out", "out/a.ndjson"]);
}

#[test]
fn standard_input_has_an_output_of_its_own_in_a_directory() {
    let dir = Dir::new();
    dir.run(&["--output-dir", "out"]).stdin(chat("a")).go();
    let written = dir.names();
    assert_eq!(written.len(), 2, "{written:?}");
    assert_eq!(dir.read(&written[1]), chats(&["a"]));
}

#[test]
fn rejects_of_an_archive_name_their_file() {
    let dir = Dir::new();
    dir.file("in/a.json", chat("a")).file("in/b/c.ndjson", format!("{}\n5\n", chat("c")));
    dir.run(&["in", "--output-dir", "out"])
        .stderr(&format!(
            "in/b/c.ndjson:2: expected an object, found a number\n{}",
            totals("2 payloads converted to 2 track events and 0 group events, 1 rejected (1 not_an_object)")
        ))
        .status(1)
        .go();
    assert_eq!(dir.read("out/b/c.ndjson"), chats(&["c"]));
    assert_eq!(fs::read_dir(dir.path("out")).unwrap().count(), 2);
}

#[cfg(unix)]
#[test]
fn an_output_that_cannot_be_put_in_place_ends_the_run_before_it_waits_for_more() {
    let dir = Dir::new();
    dir.fifo("a.json");
    let running = dir.run(&["a.json", "-", "--output-dir", "out", "--jobs", "1"]).start();
    let mut fifo = File::options().write(true).open(dir.path("a.json")).unwrap();
    fs::create_dir_all(dir.path("out/a.ndjson")).unwrap();
    fifo.write_all(chat("a").as_bytes()).unwrap();
    drop(fifo);
    let (status, stderr) = running.end();
    assert_eq!(status.code(), Some(3));
    assert!(stderr.starts_with("olark2rudder: out/a.ndjson: cannot be written: "), "{stderr}");
}

#[cfg(unix)]
#[test]
fn an_output_that_appears_during_the_run_is_not_replaced() {
    for (existing, kept) in [(None, true), (Some("--overwrite"), false), (Some("--skip-existing"), false)] {
        let dir = Dir::new();
        dir.fifo("a.json");
        let args = [&["a.json", "--output-dir", "out"][..], existing.as_slice()].concat();
        let running = dir.run(&args).start();
        let mut fifo = File::options().write(true).open(dir.path("a.json")).unwrap();
        dir.file("out/a.ndjson", "other");
        fifo.write_all(chat("a").as_bytes()).unwrap();
        drop(fifo);
        let (status, stderr) = running.end();
        let refused = "olark2rudder: out/a.ndjson: cannot be written: file exists\n";
        assert_eq!((status.code(), &*stderr), if kept { (Some(3), refused) } else { (Some(0), "") });
        let there = if kept { b"other".to_vec() } else { chats(&["a"]) };
        assert_eq!(dir.read("out/a.ndjson"), there, "nothing of it is left: {:?}", dir.names());
    }
}
