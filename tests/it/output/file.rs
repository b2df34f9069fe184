//! The output file: it is renamed when complete, or not written at all, and a failure is reported.

use std::fs::{self, OpenOptions, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

use rustix::process::Signal;

use crate::harness::{Dir, TOOL, chat, chats, until};

#[test]
fn an_output_file_holds_what_standard_output_would() {
    let dir = Dir::new();
    dir.file("in", chat("a")).run(&["in", "-o", "out"]).go();
    assert_eq!(dir.read("out"), chats(&["a"]));
    assert_eq!(dir.names(), ["in", "out"], "nothing temporary is left");
    dir.run(&["in", "-o", "-"]).stdout(chats(&["a"])).go();
}

#[test]
fn an_existing_file_is_replaced_and_keeps_its_mode() {
    let dir = Dir::new();
    for mode in [0o600, 0o640, 0o666] {
        dir.file("out", "what was there, and longer than what comes: ".repeat(100));
        fs::set_permissions(dir.path("out"), Permissions::from_mode(mode)).unwrap();
        dir.run(&["-o", "out"]).stdin(chat("a")).go();
        assert_eq!(dir.read("out"), chats(&["a"]));
        assert_eq!(fs::metadata(dir.path("out")).unwrap().permissions().mode() & 0o777, mode);
    }
}

#[test]
fn rejects_in_between_do_not_keep_an_output_from_its_place() {
    let dir = Dir::new();
    dir.run(&["-o", "out"]).stdin(format!("5\n{}\n5", chat("a"))).any_stderr().status(1).go();
    assert_eq!(dir.read("out"), chats(&["a"]));
}

#[test]
fn a_link_to_an_output_stays_a_link() {
    let dir = Dir::new();
    dir.file("elsewhere/real", "old");
    symlink("elsewhere/real", dir.path("out")).unwrap();
    dir.run(&["-o", "out"]).stdin(chat("a")).go();
    assert_eq!(dir.read("elsewhere/real"), chats(&["a"]));
    assert!(dir.path("out").is_symlink());
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "needs /dev/full")]
fn a_full_device_is_told_and_is_3() {
    let many = format!("{}\n", chat("a")).repeat(5000);
    for input in [chat("a"), many] {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let dir = Dir::new();
        let mut child = Command::new(TOOL);
        child.arg("in").current_dir(dir.file("in", &input).path(".")).stdout(full);
        let output = child.output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(3), "{stderr}");
        assert_eq!(stderr, "olark2rudder: standard output: cannot be written: no space left on device\n");
        for args in [["-o", "/dev/full"], ["--rejects", "/dev/full"], ["--summary", "/dev/full"]] {
            let ran = dir.run(&["in", "-"]).args(&args).stdin("5");
            let ran = ran.any_stdout().any_stderr().status(3).go();
            assert!(ran.stderr.contains("olark2rudder: /dev/full: cannot be written: "), "{}", ran.stderr);
        }
    }
}

#[test]
#[ignore = "needs sh"]
fn a_closed_standard_output_never_ends_up_in_another_file() {
    let dir = Dir::new();
    dir.file("in", format!("{}\n5\n", chat("a")));
    // The next file that is opened might get its number.
    let script = format!("{TOOL} in --rejects rejects --summary summary >&-");
    let output = Command::new("sh").args(["-c", &script]).current_dir(dir.path(".")).output().unwrap();
    assert_eq!((output.status.code(), &output.stdout[..]), (Some(1), &b""[..]), "{output:?}");
    assert_eq!(dir.rejects().len(), 1);
    assert_eq!(dir.summary()["rejected"], 1);
    assert_eq!(dir.read("in"), format!("{}\n5\n", chat("a")).as_bytes());
}

#[test]
#[ignore = "needs sh and /dev/full"]
fn a_closed_standard_error_does_not_stop_a_run() {
    let dir = Dir::new();
    dir.file("in", format!("{}\n5\nx\n{}\n", chat("a"), chat("b")));
    for stderr in ["2>&-", "2>/dev/full"] {
        let script = format!("{TOOL} in -v --rejects rejects --summary summary {stderr}");
        let output = Command::new("sh").args(["-c", &script]).current_dir(dir.path(".")).output().unwrap();
        assert_eq!((output.status.code(), output.stdout), (Some(1), chats(&["a", "b"])), "{stderr}");
        assert_eq!(dir.rejects().len(), 2, "{stderr}");
        assert_eq!(dir.summary()["rejected"], 2, "{stderr}");
    }
}

#[test]
#[ignore = "needs sh"]
fn a_file_that_may_not_be_so_large_is_told_and_what_was_there_stays() {
    let dir = Dir::new();
    dir.file("in", format!("{}\n", chat("a")).repeat(1000)).file("out", "old");
    let script = format!("ulimit -f 8; {TOOL} in -o out");
    let output = Command::new("sh").args(["-c", &script]).current_dir(dir.path(".")).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(told, "olark2rudder: out: cannot be written: file too large\n");
    assert_eq!((output.status.code(), dir.names()), (Some(3), vec!["in".into(), "out".into()]));
    assert_eq!(dir.read("out"), b"old");
}

#[test]
fn a_file_with_something_in_it_is_not_replaced_by_nothing() {
    for (format, nothing) in [("ndjson", ""), ("json", "[]\n"), ("batch", "")] {
        for (input, status) in [("", 0), ("5\n", 1)] {
            let dir = Dir::new();
            dir.file("out", "old").file("empty", "").file("in", input);
            let args = ["in", "-q", "--format", format, "-o"];
            let told =
                "olark2rudder: out: kept, because there are no events to write (--overwrite replaces it)\n";
            dir.run(&[&args[..], &["out"]].concat()).stderr(told).status(1).go();
            assert_eq!(dir.read("out"), b"old");
            for output in ["new", "empty"] {
                dir.run(&[&args[..], &[output]].concat()).status(status).go();
                assert_eq!(dir.read(output), nothing.as_bytes());
            }
            dir.run(&[&args[..], &["out", "--overwrite"]].concat()).status(status).go();
            assert_eq!(dir.read("out"), nothing.as_bytes());
        }
    }
    // What does not exist has nothing in it, and is no reason to replace it.
    let dir = Dir::new();
    dir.file("out", "old").run(&["missing", "-o", "out"]).any_stderr().status(1).go();
    assert_eq!((dir.read("out"), dir.names()), (b"old".to_vec(), vec!["out".to_owned()]));
}

/// The temporary files in a directory.
fn temporary(dir: &Dir) -> Vec<String> {
    dir.names().into_iter().filter(|name| name.ends_with(".tmp")).collect()
}

#[test]
fn temporary_files_that_a_killed_run_left_are_removed_and_those_of_others_stay() {
    let dir = Dir::new();
    let left = ["out/.olark2rudder-abc123.tmp", "out/x/.olark2rudder-ABC123.tmp", ".olark2rudder-123abc.tmp"];
    for name in left {
        dir.file(name, "left");
    }
    // What only looks like one.
    dir.file("out/.olark2rudder-.tmp", "").file("out/olark2rudder-abc123.tmp", "");
    symlink("missing", dir.path("out/.olark2rudder-abcdef.tmp")).unwrap();
    dir.file("in/a.json", chat("a")).file("in/x/b.json", chat("b")).fifo("fifo");
    let args = ["in", "fifo", "--output-dir", "out", "--summary", "summary"];
    let others = ["out/.olark2rudder-.tmp", "out/.olark2rudder-abcdef.tmp", "out/olark2rudder-abc123.tmp"];
    let first = dir.run(&args).start();
    until("it writes nothing", || dir.has("out/x/b.ndjson").then_some(()));
    let own = temporary(&dir);
    assert_eq!(own.len(), others.len() + 1, "{own:?}");
    let mut second = dir.run(&["-", "-o", "new", "--rejects", "rejects"]).start();
    until("there are no temporary files", || (temporary(&dir).len() == own.len() + 2).then_some(()));
    second.write(chat("c"));
    second.close();
    assert_eq!((second.end().0.code(), dir.read("new")), (Some(0), chats(&["c"])));
    assert_eq!(temporary(&dir), own);
    first.signal(Signal::KILL);
    first.end();
    dir.file("in/c.json", "{}");
    dir.run(&["in", "-o", "out/x/new", "--rejects", "rejects", "--summary", "summary"])
        .any_stderr()
        .status(1)
        .go();
    assert_eq!(temporary(&dir), others);
}
