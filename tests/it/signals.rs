//! A signal ends a run at once and leaves nothing behind that is not complete.

use rustix::process::Signal;

use crate::harness::{Dir, chat, chats, run, until};

#[test]
fn a_signal_while_waiting_leaves_nothing_behind() {
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143)] {
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
                assert_eq!((status.code(), &*stderr), (Some(code), ""));
                assert_eq!(dir.names(), ["first", "old"]);
                assert_eq!(dir.read("old"), b"old");
            }
        }
    }
}

#[test]
fn a_signal_while_a_stream_goes_on_ends_it_between_lines() {
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        let mut running = run(&[]).start();
        running.write(format!("{}\n", chat("a")));
        assert_eq!(running.line(), chats(&["a"]));
        running.signal(signal);
        let (status, stderr) = running.end();
        assert_eq!((status.code(), &stderr[..]), (Some(code), ""));
    }
}

#[test]
fn a_signal_leaves_finished_files_of_an_output_directory_and_no_others() {
    let dir = Dir::new();
    dir.file("first.json", chat("a"));
    let running = dir.run(&["first.json", "-", "--output-dir", "out"]).start();
    until("the first is not in place", || dir.has("out/first.ndjson").then_some(()));
    running.signal(Signal::TERM);
    assert_eq!(running.end().0.code(), Some(143));
    assert_eq!(dir.names(), ["first.json", "out", "out/first.ndjson"]);
    assert_eq!(dir.read("out/first.ndjson"), chats(&["a"]));
}
