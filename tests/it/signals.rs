//! A signal ends a run at once and leaves nothing behind that is not complete.

use rustix::process::Signal;

use crate::harness::{Dir, chat, chats, run, until};

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
                let told = "olark2rudder: interrupted: nothing was put in place; run it again\n";
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
        let told = "olark2rudder: interrupted: the output ends with the last record that was complete\n";
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
