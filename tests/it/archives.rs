//! Archives: directories and their files in order, and an output for each of them.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::process::Command;

use crate::harness::{Dir, chat, chats, users};
use serde_json::Value;

fn summary(dir: &Dir) -> Value {
    serde_json::from_slice(&dir.read("summary")).unwrap()
}

#[test]
fn a_directory_is_read_in_sorted_order_and_other_endings_are_skipped() {
    let dir = Dir::new();
    for name in
        ["a.json", "b/a.ndjson", "b/c/x.jsonl", "b.form", "B.JSON", "c.json.gz", "d.form.zst", "é.json"]
    {
        dir.file(&format!("in/{name}"), chat(name));
    }
    for name in ["notes.txt", "json", ".json", "a.json.bak", "b/archive.gz", "b/x.csv", "x.zip.gz", "README"]
    {
        dir.file(&format!("in/{name}"), chat("skipped"));
    }
    let ran = dir.run(&["in", "--summary", "summary"]).any_stdout().go();
    let order =
        ["B.JSON", "a.json", "b/a.ndjson", "b/c/x.jsonl", "b.form", "c.json.gz", "d.form.zst", "é.json"];
    assert_eq!(users(&ran.stdout), order);
    assert_eq!((&summary(&dir)["files"], &summary(&dir)["skipped_files"]), (&8.into(), &8.into()));
}

#[test]
fn what_a_hadoop_or_spark_job_wrote_is_read_in_the_order_of_its_parts() {
    let dir = Dir::new();
    let parts = [
        "part-00000",
        "part-00001-f00d-c000.txt",
        "part-00002-f00d-c000.json",
        "part-10000",
        "part-10001",
        "part-99999",
        "part-100000",
        "part-100001-f00d-c000.txt",
        "part-m-00000",
        "part-r-00000",
        "year=2019/part-00000",
    ];
    for name in parts {
        dir.file(&format!("job/{name}"), chat(name));
    }
    dir.file("job/part-00003", "").file("job/_SUCCESS", "");
    for name in [
        ".part-00000.crc",
        "._SUCCESS.crc",
        "_temporary/0/_temporary/attempt_1/part-00000",
        "_temporary/0/_temporary/attempt_1/part-00000-f00d-c000.json",
        ".spark-staging-f00d/year=2019/part-00000-f00d-c000.json",
        "part-00000-f00d-c000.snappy.parquet",
        "part-00000-f00d-c000.csv",
        "part-r-00000.avro",
        "part-00004.bz2",
        "part-1",
        "part-of-it.txt",
    ] {
        dir.file(&format!("job/{name}"), chat("skipped"));
    }
    let ran = dir.run(&["job", "--summary", "summary"]).any_stdout().go();
    assert_eq!(users(&ran.stdout), parts);
    assert_eq!((&summary(&dir)["files"], &summary(&dir)["skipped_files"]), (&12.into(), &12.into()));
}

#[test]
fn compressed_parts_are_read_and_each_has_its_output() {
    let dir = Dir::new();
    for part in ["part-00000", "part-00001", "part-00002-f00d-c000.txt"] {
        dir.file(&format!("job/{part}"), chat(part) + "\n");
        assert!(Command::new("gzip").arg(dir.path(&format!("job/{part}"))).status().unwrap().success());
    }
    let names = ["part-00000", "part-00001", "part-00002-f00d-c000.txt"];
    dir.run(&["job"]).stdout(chats(&names)).go();
    dir.run(&["job", "--output-dir", "out"]).go();
    for (name, output) in names.iter().zip(["part-00000", "part-00001", "part-00002-f00d-c000"]) {
        assert_eq!(dir.read(&format!("out/{output}.ndjson")), chats(&[name]));
    }
}

#[test]
fn a_directory_with_nothing_of_a_kind_that_is_read_is_told() {
    let dir = Dir::new();
    fs::create_dir(dir.path("in")).unwrap();
    dir.run(&["in"]).stderr("olark2rudder: there are no files to read\n").go();
    dir.file("in/part-00000-f00d-c000.snappy.parquet", "PAR1").file("in/_SUCCESS", "");
    dir.run(&["in"]).stderr("olark2rudder: there are no files to read (2 of other kinds)\n").go();
    // Nothing is missing where everything was converted before.
    dir.file("in/part-00000", chat("a")).run(&["in", "--output-dir", "out"]).go();
    dir.run(&["in", "--output-dir", "out", "--skip-existing"]).go();
}

#[test]
fn a_file_that_is_named_is_read_whatever_its_name() {
    let dir = Dir::new();
    for name in ["notes.txt", "json", "x.zip"] {
        dir.file(name, chat(name)).run(&[name]).stdout(chats(&[name])).go();
    }
}

#[test]
fn links_in_a_directory_are_not_followed_and_nothing_odd_is_opened() {
    let dir = Dir::new();
    dir.file("in/a.json", chat("a")).file("elsewhere/b.json", chat("b"));
    symlink("../elsewhere/b.json", dir.path("in/link.json")).unwrap();
    symlink("../elsewhere", dir.path("in/linked")).unwrap();
    symlink("..", dir.path("in/loop")).unwrap();
    symlink("nowhere", dir.path("in/dangling.json")).unwrap();
    // Opening a FIFO that nobody writes to would wait forever.
    assert!(Command::new("mkfifo").arg(dir.path("in/fifo.json")).status().unwrap().success());
    let _socket = UnixListener::bind(dir.path("in/socket.json")).unwrap();
    dir.run(&["in", "--summary", "summary"]).stdout(chats(&["a"])).go();
    assert_eq!(summary(&dir)["files"], 1);
    assert_eq!(summary(&dir)["unread_inputs"], 0);
    // A link that is named is meant.
    dir.run(&["in/link.json"]).stdout(chats(&["b"])).go();
    symlink("in", dir.path("inputs")).unwrap();
    dir.run(&["inputs"]).stdout(chats(&["a"])).go();
}

#[test]
fn the_outputs_of_a_run_are_not_read_back() {
    let dir = Dir::new();
    dir.file("a.json", chat("a"));
    for _ in 0..2 {
        dir.run(&[".", "-o", "out.ndjson", "--rejects", "rejects.ndjson", "--summary", "sum.json"]).go();
        assert_eq!(dir.read("out.ndjson"), chats(&["a"]));
        assert_eq!(dir.read("rejects.ndjson"), b"");
    }
    let dir = Dir::new();
    dir.file("a.json", chat("a")).file("sub/b.json", chat("b"));
    for _ in 0..2 {
        dir.run(&[".", "--output-dir", "out"]).go();
        assert_eq!(
            dir.names(),
            ["a.json", "out", "out/a.ndjson", "out/sub", "out/sub/b.ndjson", "sub", "sub/b.json"]
        );
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
    dir.run(&["in", "--output-dir", "out", "--format", "batch"]).go();
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
        let ran = dir.run(&args).any_stderr().status(2).go();
        assert!(ran.stderr.contains(a) && ran.stderr.contains(b), "{}", ran.stderr);
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
    dir.run(&["a.ndjson", "--output-dir", "."]).any_stderr().status(2).go();
    // A directory into itself may be refused or find nothing to read: what counts is that it survives.
    let _ = dir.run(&[".", "--output-dir", "."]).any_stdout().any_stderr().status(2).compare();
    assert_eq!(dir.read("a.ndjson"), chat("a").as_bytes());
    assert_eq!(dir.names(), ["a.ndjson"]);
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
    dir.run(&["in", "--output-dir", "out", "--skip-existing", "--summary", "summary"]).go();
    assert_eq!(dir.read("out/a.ndjson"), b"as it was");
    assert_eq!(dir.read("out/b.ndjson"), chats(&["b"]));
    assert_eq!((&summary(&dir)["files"], &summary(&dir)["converted"]), (&1.into(), &1.into()));
    dir.run(&["in", "--output-dir", "out"]).go();
    assert_eq!(dir.read("out/a.ndjson"), chats(&["a"]));
    dir.run(&["in", "--skip-existing"]).any_stderr().status(2).go();
}

#[test]
fn a_directory_that_cannot_be_listed_is_told_and_the_rest_is_read() {
    let dir = Dir::new();
    dir.file("in/a.json", chat("a"));
    let ran =
        dir.run(&["in", "missing", "--summary", "summary"]).stdout(chats(&["a"])).any_stderr().status(1).go();
    assert!(ran.stderr.starts_with("missing: cannot be read: "), "{}", ran.stderr);
    assert_eq!(summary(&dir)["unread_inputs"], 1);
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
        .stderr("in/b/c.ndjson:2: expected an object, found a number\n")
        .status(1)
        .go();
    assert_eq!(dir.read("out/b/c.ndjson"), chats(&["c"]));
    assert_eq!(fs::read_dir(dir.path("out")).unwrap().count(), 2);
}
