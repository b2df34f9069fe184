//! Directories: their files in order, and nothing else that lies in them.

use std::fs;
#[cfg(unix)]
use std::os::unix::fs::symlink;
#[cfg(unix)]
use std::os::unix::net::UnixListener;

use serde_json::{Value, json};

use crate::harness::{Dir, chat, chats, users};

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
        dir.file(&format!("in/{name}"), "no payload");
    }
    let ran = dir.run(&["in", "--summary", "summary"]).any_stdout().go();
    let order =
        ["B.JSON", "a.json", "b/a.ndjson", "b/c/x.jsonl", "b.form", "c.json.gz", "d.form.zst", "é.json"];
    assert_eq!(users(&ran.stdout), order);
    assert_eq!((&dir.summary()["files"], &dir.summary()["skipped_files"]), (&8.into(), &0.into()));
    let left_out = json!({".bak": 1, ".csv": 1, ".gz": 2, ".txt": 1, "without extension": 3});
    assert_eq!(dir.summary()["left_out"], left_out);
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
        "part-00004.lzo",
        "part-1",
        "part-of-it.txt",
    ] {
        // A part that is not finished is left out, whatever its content.
        let text = if name.contains('/') { chat("skipped") } else { "no payload".into() };
        dir.file(&format!("job/{name}"), text);
    }
    let ran = dir.run(&["job", "--summary", "summary"]).any_stdout().any_stderr().go();
    assert_eq!(users(&ran.stdout), parts);
    assert_eq!(dir.summary()["files"], 12);
    let left_out: u64 =
        dir.summary()["left_out"].as_object().unwrap().values().filter_map(Value::as_u64).sum();
    assert_eq!(left_out, 12);
}

#[test]
fn a_directory_with_nothing_of_a_kind_that_is_read_is_told() {
    let dir = Dir::new();
    fs::create_dir(dir.path("in")).unwrap();
    dir.run(&["in"]).stderr("olark2rudder: there is nothing to read\n").status(1).go();
    dir.file("in/part-00000-f00d-c000.snappy.parquet", "PAR1").file("in/_SUCCESS", "");
    let stderr = dir.run(&["in"]).any_stderr().status(1).go().stderr;
    assert!(stderr.starts_with("olark2rudder: there is nothing to read\n"), "{stderr}");
    assert!(stderr.contains("skipped 2 files: 1 .parquet, 1 without extension\n"), "{stderr}");
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

#[cfg(unix)]
#[test]
fn links_in_a_directory_are_not_followed_and_nothing_odd_is_opened() {
    let dir = Dir::new();
    dir.file("in/a.json", chat("a")).file("elsewhere/b.json", chat("b"));
    symlink("../elsewhere/b.json", dir.path("in/link.json")).unwrap();
    symlink("../elsewhere", dir.path("in/linked")).unwrap();
    symlink("..", dir.path("in/loop")).unwrap();
    symlink("nowhere", dir.path("in/dangling.json")).unwrap();
    // Opening a FIFO without a writer would wait forever.
    dir.fifo("in/fifo.json");
    let _socket = UnixListener::bind(dir.path("in/socket.json")).unwrap();
    dir.run(&["in", "--summary", "summary"]).stdout(chats(&["a"])).go();
    assert_eq!(dir.summary()["files"], 1);
    assert_eq!(dir.summary()["left_out"], json!({"link": 4, "special file": 2}));
    assert_eq!(dir.summary()["unread_inputs"], 0);
    // A link that is named is meant.
    dir.run(&["in/link.json"]).stdout(chats(&["b"])).go();
    symlink("in", dir.path("inputs")).unwrap();
    dir.run(&["inputs"]).stdout(chats(&["a"])).any_stderr().go();
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
        dir.run(&[".", "--output-dir", "out", "--overwrite"]).go();
        assert_eq!(
            dir.names(),
            ["a.json", "out", "out/a.ndjson", "out/sub", "out/sub/b.ndjson", "sub", "sub/b.json"]
        );
    }
}

#[test]
fn a_directory_that_cannot_be_listed_is_told_and_the_rest_is_read() {
    let dir = Dir::new();
    dir.file("in/a.json", chat("a"));
    let ran =
        dir.run(&["in", "missing", "--summary", "summary"]).stdout(chats(&["a"])).any_stderr().status(1).go();
    assert!(ran.stderr.starts_with("missing: cannot be read: "), "{}", ran.stderr);
    assert_eq!(dir.summary()["unread_inputs"], 1);
}
