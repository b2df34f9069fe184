//! Streams that are open already, by whatever name: they are written to where they are, never replaced.

use std::io::Read;
use std::os::unix::fs::symlink;
use std::process::{Command, Stdio};

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};

use crate::harness::{Dir, TOOL, chat, chats, show};

/// A directory with one good line and a bad one in `in`, and something in `old`.
fn scene() -> Dir {
    let dir = Dir::new();
    dir.file("in", format!("{}\n5\n", chat("a"))).file("old", "old\n");
    dir
}

#[test]
#[ignore = "needs sh and /proc"]
fn an_open_stream_is_written_behind_what_is_there() {
    for (output, redirected) in [
        ("-", ">> old"),
        ("/dev/stdout", ">> old"),
        ("/dev/fd/1", ">> old"),
        ("/proc/self/fd/1", ">> old"),
        ("link", ">> old"),
        ("/dev/stderr", "2>> old"),
        ("/dev/fd/2", "2>> old"),
        ("/dev/fd/7", "7>> old"),
    ] {
        let dir = scene();
        symlink("/dev/stdout", dir.path("link")).unwrap();
        let ran = dir.shell(&format!("olark2rudder -q in -o {output} {redirected}"));
        assert_eq!(ran.status.code(), Some(1), "{output}: {}", show(&ran.stderr));
        assert_eq!(dir.read("old"), [b"old\n", &chats(&["a"])[..]].concat(), "{output}");
        assert_eq!(dir.names(), ["in", "link", "old"]);
    }
}

#[test]
#[ignore = "needs sh"]
fn a_summary_or_rejects_on_an_open_stream_leave_what_is_there() {
    for (args, starts) in
        [("--summary /dev/stderr", "{\"payloads\":"), ("--rejects /dev/stderr", "{\"source\":")]
    {
        let dir = scene();
        dir.shell(&format!("olark2rudder -q in -o out {args} 2>> old"));
        let text = String::from_utf8(dir.read("old")).unwrap();
        assert!(text.strip_prefix("old\n").is_some_and(|rest| rest.starts_with(starts)), "{args}: {text}");
        assert_eq!(dir.read("out"), chats(&["a"]));
    }
    let dir = scene();
    let ran = dir.shell("olark2rudder -q in -o out --rejects -");
    assert!(ran.stdout.starts_with(b"{\"source\":"), "{}", show(&ran.stdout));
}

#[test]
#[ignore = "needs sh"]
fn two_outputs_in_one_stream_are_refused_and_nothing_is_written() {
    for script in [
        "olark2rudder in --summary /dev/stdout >> old",
        "olark2rudder in --rejects - >> old",
        "olark2rudder in --rejects old >> old",
        "olark2rudder in --summary old 1>> old",
        "olark2rudder in --rejects /dev/fd/7 7>> old >> old",
        "olark2rudder in --rejects /dev/stderr --summary /dev/fd/2 2>> log",
        "olark2rudder in --rejects - --summary - -o out",
        "olark2rudder in --rejects - | cat >> old",
    ] {
        let dir = scene();
        let ran = dir.shell(script);
        let piped = script.contains('|');
        assert_eq!(ran.status.code(), Some(if piped { 0 } else { 2 }), "{script}: {}", show(&ran.stderr));
        assert_eq!(dir.read("old"), b"old\n", "{script}");
        assert!(!dir.has("out"), "{script}");
    }
}

#[test]
#[ignore = "needs sh"]
fn a_stream_that_is_an_input_is_no_output() {
    let dir = scene();
    for script in
        ["olark2rudder in >> in", "olark2rudder - < in >> in", "olark2rudder < in --summary /dev/fd/4 4>> in"]
    {
        let before = dir.read("in");
        assert_eq!(dir.shell(script).status.code(), Some(2), "{script}");
        assert_eq!(dir.read("in"), before, "{script}");
    }
}

#[test]
fn a_stream_that_is_not_open_is_an_output_that_failed() {
    let dir = scene();
    let stderr = dir.run(&["in", "-o", "/dev/fd/77"]).any_stderr().status(3).go().stderr;
    assert!(stderr.starts_with("olark2rudder: /dev/fd/77: cannot be written: "), "{stderr}");
}

#[test]
fn a_pipe_that_does_not_block_is_waited_for() {
    let dir = Dir::new();
    dir.file("in", format!("{}\n", chat("a")).repeat(20_000));
    let (mut reader, writer) = std::io::pipe().unwrap();
    fcntl_setfl(&writer, fcntl_getfl(&writer).unwrap() | OFlags::NONBLOCK).unwrap();
    let mut command = Command::new(TOOL);
    command.arg(dir.path("in")).stdout(writer).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(command);
    // The pipe is full long before anybody reads.
    std::thread::sleep(std::time::Duration::from_millis(300));
    let mut output = Vec::new();
    reader.read_to_end(&mut output).unwrap();
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    assert_eq!((child.wait().unwrap().code(), &*stderr), (Some(0), ""));
    assert!(output == chats(&["a"]).repeat(20_000), "not all came through");
}

#[test]
fn standard_input_is_a_list_or_an_input_but_not_both() {
    let stderr = scene().run(&["--files-from", "-", "-"]).stdin("in\n").any_stderr().status(2).go().stderr;
    assert!(stderr.contains("--files-from"), "{stderr}");
}
