//! `--output-dir` over several runs: what is there is not lost, what is done is not done again, and what is new is.

use std::fs::{File, FileTimes};
use std::time::{Duration, SystemTime};

#[cfg(unix)]
use rustix::process::Signal;

use crate::harness::{Dir, chat, chats, tar, until, zip};

/// Sets how long ago a file was changed.
fn age(dir: &Dir, name: &str, seconds: u64) {
    let time = SystemTime::now() - Duration::from_secs(seconds);
    let file = File::options().append(true).open(dir.path(name)).unwrap();
    file.set_times(FileTimes::new().set_modified(time)).unwrap();
}

/// The sources of the rejects that are kept, and what they were.
fn kept(dir: &Dir) -> Vec<String> {
    let text = |row: &serde_json::Value, key: &str| row[key].as_str().unwrap().to_owned();
    dir.rejects().iter().map(|row| format!("{} {}", text(row, "source"), text(row, "payload"))).collect()
}

#[test]
fn the_file_with_the_reject_is_not_put_in_place_wherever_the_reject_is() {
    for jobs in ["1", "4"] {
        for (lines, name) in [("5\n", "only"), ("5", "last, without a line feed"), ("{", "cut off")] {
            let dir = Dir::new();
            dir.file("in/a.json", chat("a")).file("in/b.json", format!("{}\n{lines}", chat("b")));
            dir.file("in/c.json", chat("c"));
            let args = ["in", "--output-dir", "out", "--fail-fast", "--jobs", jobs];
            let stderr = dir.run(&args).any_stderr().status(1).go().stderr;
            assert!(stderr.contains("stopped at the first reject: complete outputs were kept"), "{stderr}");
            assert!(
                dir.has("out/a.ndjson") && !dir.has("out/b.ndjson") && !dir.has("out/c.ndjson"),
                "{name}"
            );
            // Mended, it is converted.
            dir.file("in/b.json", chat("b")).run(&[&args[..], &["--skip-existing", "-q"]].concat()).go();
            assert_eq!(dir.read("out/b.ndjson"), chats(&["b"]), "{name}");
        }
    }
}

#[test]
fn an_output_of_another_run_is_not_replaced() {
    let dir = Dir::new();
    dir.file("q/2019/x.json", chat("a")).file("q/2021/x.json", chat("b"));
    dir.run(&["q/2019", "--output-dir", "out"]).go();
    let stderr = dir.run(&["q/2021", "--output-dir", "out"]).any_stderr().status(2).go().stderr;
    assert!(stderr.contains("--skip-existing") && stderr.contains("--overwrite"), "{stderr}");
    assert_eq!(dir.read("out/x.ndjson"), chats(&["a"]));
    dir.run(&["q/2021", "--output-dir", "out", "--overwrite"]).go();
    assert_eq!(dir.read("out/x.ndjson"), chats(&["b"]));
}

#[test]
fn with_a_base_two_runs_do_not_collide() {
    let dir = Dir::new();
    dir.file("q/2019/x.json", chat("a")).file("q/2021/x.json", chat("b")).file("other/y.json", chat("c"));
    for input in ["q/2019", "q/../q/2021/x.json"] {
        dir.run(&[input, "--base", "q", "--output-dir", "out"]).go();
    }
    assert_eq!(dir.read("out/2019/x.ndjson"), chats(&["a"]));
    assert_eq!(dir.read("out/2021/x.ndjson"), chats(&["b"]));
    let stderr = dir.run(&["other", "--base", "q", "--output-dir", "out"]).any_stderr().status(2).go().stderr;
    assert!(stderr.contains("other: ") && stderr.contains("--base"), "{stderr}");
}

#[test]
fn an_input_that_was_mended_is_converted_again() {
    let dir = Dir::new();
    let args = ["in", "--output-dir", "out", "--skip-existing", "--rejects", "rejects", "-q"];
    dir.file("in/a.json", "5").file("in/b.json", format!("{}\n6\n", chat("b")));
    dir.run(&args).status(1).go();
    assert_eq!(kept(&dir), ["in/a.json 5", "in/b.json 6"]);
    // Both were done an hour after they had been written.
    for name in ["in/a.json", "in/b.json"] {
        age(&dir, name, 7200);
    }
    for name in ["out/a.ndjson", "out/b.ndjson"] {
        age(&dir, name, 3600);
    }
    dir.file("in/a.json", chat("a")).run(&args).go();
    assert_eq!(dir.read("out/a.ndjson"), chats(&["a"]));
    assert_eq!(kept(&dir), ["in/b.json 6"], "what was wrong with the old one is of no interest any more");
}

#[test]
fn rejects_of_what_is_not_converted_again_are_not_lost() {
    let dir = Dir::new();
    dir.file("q/2019/a.json", "5").file("q/2021/b.json", "6");
    let args = ["--base", "q", "--output-dir", "out", "--rejects", "rejects", "-q"];
    for input in ["q/2019", "q/2021"] {
        dir.run(&[&[input], &args[..]].concat()).status(1).go();
    }
    assert_eq!(kept(&dir), ["q/2019/a.json 5", "q/2021/b.json 6"]);
    dir.file("q/2021/b.json", "7").run(&[&["q/2021", "--overwrite"], &args[..]].concat()).status(1).go();
    assert_eq!(kept(&dir), ["q/2019/a.json 5", "q/2021/b.json 7"]);
}

#[cfg(unix)]
#[test]
fn a_run_that_was_interrupted_and_goes_on_keeps_each_reject_once() {
    let dir = Dir::new();
    dir.file("a.json", format!("{}\n5\n", chat("a"))).fifo("b.json");
    let args = ["a.json", "b.json", "--output-dir", "out", "--rejects", "rejects"];
    let mut running = dir.run(&args).start();
    assert!(running.stderr_line().starts_with("a.json:2: "));
    until("the first is not in place", || dir.has("out/a.ndjson").then_some(()));
    let mut fifo = File::options().write(true).open(dir.path("b.json")).unwrap();
    std::io::Write::write_all(&mut fifo, b"{}\n").unwrap();
    assert!(running.stderr_line().starts_with("b.json:1: "));
    running.signal(Signal::TERM);
    let (status, stderr) = running.end();
    assert_eq!(status.code(), Some(143));
    assert!(stderr.contains("run it again with --skip-existing"), "{stderr}");
    assert_eq!(kept(&dir), ["a.json 5", "b.json {}"]);
    std::fs::remove_file(dir.path("b.json")).unwrap();
    dir.file("b.json", "{}\n");
    dir.run(&[&args[..], &["--skip-existing", "-q"]].concat()).status(1).go();
    assert_eq!(kept(&dir), ["a.json 5", "b.json {}"]);
}

#[cfg(unix)]
/// Runs over a FIFO that nothing comes from, until a file is there, and ends it.
fn interrupt(dir: &Dir, args: &[&str], until_there: &str) {
    let running = dir.run(&[args, &["fifo"]].concat()).start();
    until("it is not there", || dir.has(until_there).then_some(()));
    running.signal(Signal::TERM);
    assert_eq!(running.end().0.code(), Some(143));
}

#[cfg(unix)]
#[test]
fn each_reject_is_kept_once_however_often_a_run_is_interrupted() {
    let dir = Dir::new();
    dir.file("a.json", "5\n").file("b.json", "6\n").fifo("fifo");
    let rejects = ["a.json 5", "b.json 6"];
    let args = ["a.json", "b.json", "--output-dir", "out", "--rejects", "rejects", "--skip-existing", "-q"];
    interrupt(&dir, &args, "out/b.ndjson");
    assert_eq!(kept(&dir), rejects);
    // Killed before the files had their names, and while a row was being written.
    for _ in 0..3 {
        for name in ["out/a.ndjson", "out/b.ndjson"] {
            std::fs::remove_file(dir.path(name)).unwrap();
        }
        let mut rows = dir.read("rejects");
        rows.extend_from_slice(b"{\"source\":\"b.json\",\"line\":3,\"offs");
        dir.file("rejects", rows);
        interrupt(&dir, &args, "out/b.ndjson");
        assert_eq!(kept(&dir), rejects);
    }
    // What is done already stays.
    dir.run(&args).go();
    assert_eq!(kept(&dir), rejects);
}

#[cfg(unix)]
#[test]
fn rejects_of_members_are_kept_once_too() {
    let dir = Dir::new();
    let files: [(&str, &[u8]); 2] = [("a.json", b"5\n"), ("d/b.json", b"6\n")];
    dir.file("in/t.tar", tar(&files)).file("in/z.zip", zip(&files)).fifo("fifo");
    let args = ["in", "--output-dir", "out", "--rejects", "rejects", "--skip-existing", "-q"];
    let rejects = ["in/t.tar:a.json 5", "in/t.tar:d/b.json 6", "in/z.zip:a.json 5", "in/z.zip:d/b.json 6"];
    interrupt(&dir, &args, "out/z/d/b.ndjson");
    assert_eq!(kept(&dir), rejects);
    for _ in 0..2 {
        std::fs::remove_file(dir.path("out/t/d/b.ndjson")).unwrap();
        std::fs::remove_file(dir.path("out/z/a.ndjson")).unwrap();
        interrupt(&dir, &args, "out/z/a.ndjson");
        let mut kept = kept(&dir);
        kept.sort();
        assert_eq!(kept, rejects);
    }
}
