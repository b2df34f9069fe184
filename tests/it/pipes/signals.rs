//! A signal ends a run at once and leaves no incomplete file.

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use rustix::io::ioctl_fionread;
use rustix::process::{Pid, Signal, kill_process};

use crate::harness::{Dir, TOOL, chat, chats, run, until};

/// The signals that end a run, and its exit codes.
const SIGNALS: [(Signal, i32); 3] = [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)];

#[test]
fn a_signal_while_waiting_leaves_nothing_behind() {
    for (signal, code) in SIGNALS {
        for jobs in ["1", "4"] {
            let dir = Dir::new();
            dir.file("old", "old").file("first", chat("a"));
            let args = ["first", "-", "--rejects", "rejects", "--summary", "summary", "--jobs", jobs];
            for output in ["old", "new"] {
                let mut running = dir.run(&[&args[..], &["-o", output]].concat()).start();
                let begun = || (dir.names().len() > 3).then_some(());
                until("there is no temporary file", begun);
                running.write(format!("{}\n5\n{{\"visitor\":", chat("b")));
                assert!(running.stderr_line().starts_with("-:2: "));
                running.signal(signal);
                let (status, stderr) = running.end();
                let told = "olark2rudder: interrupted: nothing was written; run it again\n";
                assert_eq!((status.code(), &*stderr), (Some(code), told));
                assert_eq!(dir.names(), ["first", "old"]);
                assert_eq!(dir.read("old"), b"old");
            }
        }
    }
}

#[test]
fn a_signal_while_a_stream_goes_on_ends_it_between_lines() {
    for (signal, code) in SIGNALS {
        let mut running = run(&[]).start();
        running.write(format!("{}\n", chat("a")));
        assert_eq!(running.line(), chats(&["a"]));
        running.signal(signal);
        let (status, stderr) = running.end();
        let told = "olark2rudder: interrupted: the output ends after a complete record\n";
        assert_eq!((status.code(), &*stderr), (Some(code), told));
    }
}

#[test]
fn a_signal_leaves_finished_files_of_an_output_directory_and_no_others() {
    let dir = Dir::new();
    dir.file("first.json", chat("a"));
    let running = dir.run(&["first.json", "-", "--output-dir", "out"]).start();
    until("the first is not in place", || dir.has("out/first.ndjson").then_some(()));
    running.signal(Signal::TERM);
    let (status, stderr) = running.end();
    assert_eq!(status.code(), Some(143));
    assert!(stderr.contains("run it again with --skip-existing"), "{stderr}");
    assert_eq!(dir.names(), ["first.json", "out", "out/first.ndjson"]);
    assert_eq!(dir.read("out/first.ndjson"), chats(&["a"]));
}

/// Starts a run with an output that is not read, and ends it by a signal; returns its exit code and messages.
fn ended_by(dir: &Dir, args: &[&str], signal: Signal) -> (Option<i32>, String) {
    let mut child = start(dir, args);
    // By then it waits, or has much to do.
    sleep(Duration::from_millis(400));
    assert!(child.try_wait().unwrap().is_none(), "{args:?}: it did not wait");
    end(child, signal)
}

fn start(dir: &Dir, args: &[&str]) -> Child {
    let mut command = Command::new(TOOL);
    command.args(args).current_dir(dir.path(".")).stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn end(mut child: Child, signal: Signal) -> (Option<i32>, String) {
    let start = Instant::now();
    kill_process(Pid::from_child(&child), signal).unwrap();
    let status = until("it does not end", || child.try_wait().unwrap());
    // A second is promised; a busy machine may need more.
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    let mut stderr = String::new();
    child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
    (status.code(), stderr)
}

#[test]
fn one_signal_ends_a_run_whatever_it_waits_for_or_does() {
    let dir = Dir::new();
    dir.file("many", format!("{}\n", chat("a")).repeat(100_000)).fifo("fifo");
    dir.file("one", chat("a"));
    // Nothing but zeros, and more of them than can be read.
    File::create(dir.path("huge")).unwrap().set_len(1 << 40).unwrap();
    // As long as it is read: no file is so large that no machine comes to its end.
    let broken = dir.fifo("broken").path("broken");
    thread::spawn(move || {
        let lines = "{\"kind\":\"Conversation\",\"visitor\":{\"id\":\"abc\"},\"items\":[\n".repeat(1 << 12);
        let mut fifo = File::options().write(true).open(broken).unwrap();
        while fifo.write_all(lines.as_bytes()).is_ok() {}
    });
    let runs: [&[&str]; 8] = [
        &["many"],
        &["many", "--jobs", "4"],
        &["fifo"],
        &["many", "-o", "fifo"],
        &["many", "-o", "out", "--rejects", "fifo"],
        &["one", "--output-dir", "out", "--rejects", "fifo"],
        &["huge", "-o", "out"],
        &["broken", "-o", "out"],
    ];
    let names = dir.names();
    for (args, (signal, code)) in runs.into_iter().zip(SIGNALS.into_iter().cycle()) {
        let (status, stderr) = ended_by(&dir, args, signal);
        assert_eq!(status, Some(code), "{args:?}: {stderr}");
        assert!(stderr.lines().last().is_some_and(|line| line.starts_with("olark2rudder: interrupted: ")));
        assert_eq!(dir.names(), names, "{args:?}");
    }
}

#[test]
fn a_signal_ends_an_array_even_while_a_large_record_waits_for_its_turn() {
    let dir = Dir::new();
    let many = vec![chat("b").replace("hi", &"long".repeat(10_000)); 250].join(",");
    dir.file("large", format!("{{\"messages\":[{many}]}}"));
    let mut running = dir.run(&["-", "large", "--format", "json", "--jobs", "3"]).start();
    running.write(format!("{}\n", chat("a")));
    assert_eq!(running.line(), b"[\n");
    // The large record has more events than are kept, and nothing is left to do but wait.
    let mut used = u64::MAX;
    until("it does not wait", || {
        let before = std::mem::replace(&mut used, running.processor_time());
        sleep(Duration::from_millis(500));
        (before == used).then_some(())
    });
    running.signal(Signal::INT);
    assert_eq!([running.line(), running.line()].concat(), [&chats(&["a"])[..], b"]\n"].concat());
    assert_eq!(running.end().0.code(), Some(130));
}

#[test]
fn a_signal_ends_a_run_that_waits_for_its_messages_to_be_read() {
    let dir = Dir::new();
    let odd = chat("a").replace("\"kind\":\"Conversation\",", "");
    dir.file("odd", format!("{odd}\n").repeat(20_000));
    for (args, (signal, code)) in
        [&["odd", "-v", "--check"][..], &["odd", "-v", "-o", "out"]].into_iter().zip(SIGNALS)
    {
        let child = start(&dir, args);
        let waiting = || ioctl_fionread(child.stderr.as_ref().unwrap()).unwrap();
        until("its messages do not fill the pipe", || (waiting() > 60_000).then_some(()));
        let (status, stderr) = end(child, signal);
        assert_eq!(status, Some(code), "{stderr}");
        assert_eq!(dir.names(), ["odd"]);
    }
}

#[test]
fn a_signal_ends_a_run_that_waits_for_a_list_of_inputs() {
    let dir = Dir::new();
    dir.fifo("list");
    for (list, (signal, code)) in ["list", "-"].into_iter().zip(SIGNALS) {
        let (status, stderr) = ended_by(&dir, &["--files-from", list, "-o", "out"], signal);
        let told = "olark2rudder: interrupted: nothing was written; run it again\n";
        assert_eq!((status, &*stderr), (Some(code), told), "{list}");
    }
}

#[test]
fn a_check_that_is_interrupted_does_not_talk_of_output() {
    for (args, input, told) in [
        (&["--check"][..], "{}\n", "olark2rudder: interrupted\n"),
        (&["--check", "-q"], "{}\n", "olark2rudder: interrupted\n"),
    ] {
        let mut running = run(args).start();
        running.write(input);
        if !args.contains(&"-q") {
            assert!(running.stderr_line().starts_with("-:1: "));
        }
        sleep(Duration::from_millis(300));
        running.signal(Signal::INT);
        let (status, stderr) = running.end();
        assert_eq!((status.code(), &*stderr), (Some(130), told));
    }
    let stopped = "olark2rudder: stopped at the first reject\n";
    let stderr = run(&["--check", "--fail-fast"]).stdin("{}\n").any_stderr().status(1).go().stderr;
    assert!(stderr.contains(stopped), "{stderr}");
}
