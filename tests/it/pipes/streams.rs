//! Pipes: nothing complete is held back, and whoever leaves is let go.

use std::fs::{self, File};
use std::io::Read;
use std::process::{Command, Stdio};
use std::thread;

use crate::harness::{Dir, TOOL, chat, chats, form, json_lines, pretty, run, totals};

#[test]
fn each_event_is_shown_as_soon_as_its_line_is_in() {
    for args in [&[] as &[&str], &["-"], &["--jobs", "1"], &["--jobs", "4"], &["--input-format", "ndjson"]] {
        let mut running = run(args).start();
        for user in ["a", "b", "c"] {
            running.write(format!("{}\n", chat(user)));
            assert_eq!(running.line(), chats(&[user]));
        }
        // A line in two pieces, and two lines in one.
        let payload = chat("d");
        let (begin, end) = payload.split_at(30);
        running.write(begin);
        running.write(format!("{end}\n{}\n", chat("e")));
        assert_eq!([running.line(), running.line()].concat(), chats(&["d", "e"]));
        running.close();
        let (status, stderr) = running.end();
        assert_eq!((status.code(), &*stderr), (Some(0), ""));
    }
}

#[test]
fn form_bodies_documents_and_rejects_are_shown_as_they_come_too() {
    let mut running = run(&[]).start();
    running.write([&form(chat("a").as_bytes(), "+")[..], b"\n"].concat());
    assert_eq!(running.line(), chats(&["a"]));
    running.write(b"nonsense\n");
    assert!(running.stderr_line().starts_with("-:2:1: "));
    running.write([&pretty(chat("b").as_bytes())[..], b"\n"].concat());
    assert_eq!(running.line(), chats(&["b"]));
    running.write(format!("{}\n", chat("c")));
    assert_eq!(running.line(), chats(&["c"]));
    running.close();
    let (status, stderr) = running.end();
    let closing =
        totals("3 payloads converted to 3 track events and 0 group events, 1 rejected (1 invalid_json)");
    assert_eq!((status.code(), stderr), (Some(1), closing));
}

#[test]
fn elements_of_a_long_array_on_one_line_are_shown_while_it_goes_on() {
    let mut running = run(&[]).start();
    running.write("[");
    let elements = (64 << 10) / chat("a").len() + 2;
    for _ in 0..elements {
        running.write(format!("{},", chat("a")));
    }
    assert_eq!(running.line(), chats(&["a"]));
    running.write("{}]");
    running.close();
    assert_eq!(running.end().0.code(), Some(1));
}

#[test]
fn elements_of_an_array_are_shown_while_it_goes_on() {
    let mut running = run(&[]).start();
    running.write("[\n");
    for user in ["a", "b"] {
        running.write(format!("{},\n", chat(user)));
        assert_eq!(running.line(), chats(&[user]));
    }
    running.write("]\n");
    running.close();
    assert_eq!(running.end().0.code(), Some(0));
}

#[test]
fn what_is_complete_does_not_wait_for_the_next_source() {
    let dir = Dir::new();
    dir.file("first", chat("a"));
    let mut running = dir.run(&["first", "-"]).start();
    assert_eq!(running.line(), chats(&["a"]));
    running.write(format!("{}\n", chat("b")));
    assert_eq!(running.line(), chats(&["b"]));
    running.close();
    assert_eq!(running.end().0.code(), Some(0));
}

#[test]
fn an_array_of_output_is_written_as_it_grows() {
    let mut running = run(&["--format", "json"]).start();
    running.write(format!("{}\n", chat("a")));
    assert_eq!(running.line(), b"[\n");
    running.close();
    assert_eq!([running.line(), running.line()].concat(), [&chats(&["a"])[..], b"]\n"].concat());
    assert_eq!(running.end().0.code(), Some(0));
}

#[test]
fn a_reader_that_leaves_ends_the_run_quietly() {
    let many = format!("{}\n", chat("a")).repeat(20_000);
    for format in ["ndjson", "json", "batch"] {
        let dir = Dir::new();
        dir.file("in", &many);
        let mut command = Command::new(TOOL);
        command.args(["in", "--format", format, "--jobs", "2"]);
        command.current_dir(dir.path(".")).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut some = [0; 10];
        child.stdout.take().unwrap().read_exact(&mut some).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(141), "{format}: {output:?}");
        assert!(output.stderr.is_empty(), "{format}: {output:?}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_ends_a_run_that_waits_for_more_input() {
    for jobs in ["1", "2", "4"] {
        let mut running = run(&["--jobs", jobs, "-o", "/dev/full"]).start();
        running.write(format!("{}\n", chat("a")));
        let (status, stderr) = running.end();
        assert_eq!(status.code(), Some(3), "{jobs}: {stderr}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn pipes_on_either_side_are_made_as_large_as_the_system_lets_us() {
    use std::io::Write;
    use std::os::fd::AsFd;

    use rustix::pipe::{fcntl_getpipe_size, fcntl_setpipe_size};
    let (_own, largest) = std::io::pipe().unwrap();
    let _ = fcntl_setpipe_size(&largest, 1 << 20);
    let (stdin, mut input) = std::io::pipe().unwrap();
    let (mut output, stdout) = std::io::pipe().unwrap();
    let mut child = Command::new(TOOL).stdin(stdin.try_clone().unwrap()).stdout(stdout).spawn().unwrap();
    input.write_all(format!("{}\n", chat("a")).as_bytes()).unwrap();
    // By its first line both are open.
    output.read_exact(&mut vec![0; chats(&["a"]).len()]).unwrap();
    for (side, pipe) in [("input", stdin.as_fd()), ("output", output.as_fd())] {
        assert_eq!(fcntl_getpipe_size(pipe).unwrap(), fcntl_getpipe_size(&largest).unwrap(), "{side}");
    }
    drop((input, stdin));
    assert!(child.wait().unwrap().success());
}

#[cfg(unix)]
#[test]
fn a_fifo_is_read_when_it_is_named_and_written_directly() {
    let dir = Dir::new();
    dir.fifo("in").fifo("out");
    let running = dir.run(&["in", "-o", "out"]).start();
    // Opening waits for the other side, whichever of the two it opens first.
    let path = dir.path("in");
    let writer = thread::spawn(move || fs::write(path, chat("a")));
    let mut output = File::open(dir.path("out")).unwrap();
    let mut text = Vec::new();
    output.read_to_end(&mut text).unwrap();
    assert_eq!(text, chats(&["a"]));
    writer.join().unwrap().unwrap();
    assert_eq!(running.end().0.code(), Some(0));
    assert_eq!(dir.names(), ["in", "out"]);
}

#[cfg(unix)]
#[test]
fn rejects_can_go_into_a_fifo() {
    for output in [["-o", "out"], ["--output-dir", "out"]] {
        let dir = Dir::new();
        dir.fifo("rejects").file("bad.json", "5\n");
        let fifo = dir.path("rejects");
        let reader = thread::spawn(|| fs::read(fifo).unwrap());
        let args = [&["bad.json", "--rejects", "rejects"][..], &output].concat();
        dir.run(&args).any_stderr().status(1).go();
        assert_eq!(json_lines(&reader.join().unwrap()).len(), 1);
    }
}

#[cfg(unix)]
#[test]
fn a_run_ends_when_nobody_reads_its_rejects_any_more() {
    for output in [["-o", "out"], ["--output-dir", "out"]] {
        let dir = Dir::new();
        dir.fifo("rejects").file("bad.json", "5\n".repeat(100_000));
        let fifo = dir.path("rejects");
        let reader = thread::spawn(|| File::open(fifo).unwrap().read_exact(&mut [0]).unwrap());
        let args = [&["bad.json", "--rejects", "rejects"][..], &output].concat();
        let (status, ..) = dir.run(&args).output();
        reader.join().unwrap();
        assert_eq!(status.code(), Some(141), "{output:?}");
    }
}
