//! What only terminals show: colour, short help, a bar, and a line at the end.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::thread;
use std::time::{Duration, Instant};

use crate::harness::Stream::{Stderr, Stdin, Stdout};
use crate::harness::{Dir, chat, chats, json_lines, run};

/// What a bar says while it is there.
const BAR: &str = "B/s,";

/// Chats that come so slowly that a bar is worth it, through the FIFO `in`, and a bad line in between.
fn slowly(dir: &Dir) -> thread::JoinHandle<()> {
    let path = dir.fifo("in").path("in");
    thread::spawn(move || {
        let mut fifo = OpenOptions::new().write(true).open(path).unwrap();
        for line in [chat("a"), "5".into(), chat("b"), "6".into(), chat("c")] {
            writeln!(fifo, "{line}").unwrap();
            thread::sleep(Duration::from_millis(300));
        }
    })
}

#[test]
fn events_on_a_terminal_are_indented_and_coloured() {
    let screen = run(&[]).stdin(chat("a")).on_terminal(&[Stdout]);
    let colored = run(&["--pretty", "--color", "always"]).stdin(chat("a")).any_stdout().go().stdout;
    // A terminal begins a line where the one before it began.
    assert_eq!(screen.written.replace("\r\n", "\n"), String::from_utf8(colored).unwrap());
    assert!(screen.written.contains("\x1b["), "{}", screen.written);
    let plain = run(&["--pretty"]).stdin(chat("a")).any_stdout().go().stdout;
    assert_eq!(screen.seen.trim_end(), String::from_utf8(plain).unwrap().trim_end());
    assert_eq!(screen.status, Some(0));
}

#[test]
fn whoever_wants_no_colour_gets_none() {
    let plain = run(&["--pretty"]).stdin(chat("a")).any_stdout().go().stdout;
    let plain = String::from_utf8(plain).unwrap();
    for (args, name, value) in
        [(&["--color", "never"] as &[&str], "TERM", "xterm"), (&[], "NO_COLOR", "1"), (&[], "TERM", "dumb")]
    {
        let screen = run(args).env(name, value).stdin(chat("a")).on_terminal(&[Stdout]);
        assert_eq!(screen.written.replace("\r\n", "\n"), plain, "{args:?} {name}={value}");
    }
    let screen = run(&[]).env("NO_COLOR", "").stdin(chat("a")).on_terminal(&[Stdout]);
    assert!(screen.written.contains("\x1b["), "an empty NO_COLOR says nothing");
}

#[test]
fn what_goes_into_a_pipe_is_compact_whatever_the_other_streams_are() {
    let screen = run(&["-"]).stdin(chat("a")).on_terminal(&[Stderr]);
    assert_eq!(screen.stdout, chats(&["a"]));
}

#[test]
fn request_bodies_are_lines_on_a_terminal_too() {
    let screen = run(&["--format", "batch", "--color", "never"]).stdin(chat("a")).on_terminal(&[Stdout]);
    let body = run(&["--format", "batch"]).stdin(chat("a")).any_stdout().go().stdout;
    assert_eq!(screen.written.replace("\r\n", "\n"), String::from_utf8(body).unwrap());
}

#[test]
fn an_explanation_is_coloured_on_a_terminal_and_fits_it() {
    let long = format!(r#"{{"visitor":{{"id":"v","city":"{}"}}}}"#, "x".repeat(300));
    let screen = run(&["--explain"]).stdin(long).on_terminal(&[Stdout]);
    assert!(screen.written.contains("\x1b["), "{}", screen.written);
    let (table, _) = screen.seen.split_once("\nids\n").unwrap();
    let city = table.lines().find(|line| line.contains("visitor.city")).unwrap();
    assert!((90..=100).contains(&city.chars().count()), "{city}");
}

#[test]
fn without_an_input_on_a_terminal_there_is_the_short_help() {
    let help = String::from_utf8(run(&["-h"]).any_stdout().go().stdout).unwrap();
    let screen = run(&[]).on_terminal(&[Stdin, Stdout, Stderr]);
    assert_eq!(screen.status, Some(2));
    assert_eq!(screen.seen.trim_end(), help.trim_end());
}

#[test]
fn what_needs_no_input_is_printed_on_a_terminal_too() {
    for args in [&["--list-mapping"] as &[&str], &["--completions", "bash"], &["--man"]] {
        let screen = run(args).on_terminal(&[Stdin]);
        let printed = run(args).any_stdout().go().stdout;
        assert_eq!((screen.status, screen.stdout), (Some(0), printed), "{args:?}");
    }
}

#[test]
fn a_named_input_is_read_whatever_standard_input_is() {
    let dir = Dir::new();
    dir.file("in", chat("a"));
    let screen = dir.run(&["in"]).on_terminal(&[Stdin]);
    assert_eq!((screen.status, screen.stdout), (Some(0), chats(&["a"])));
}

#[test]
fn a_terminal_gets_one_line_at_the_end() {
    let screen = run(&[]).stdin(format!("{}\n5\n", chat("a"))).on_terminal(&[Stderr]);
    let [reject, totals] = screen.seen.trim_end().lines().collect::<Vec<_>>()[..] else {
        panic!("{}", screen.seen)
    };
    assert_eq!(reject, "-:2: expected an object, found a number");
    assert!(totals.starts_with("olark2rudder: 1 payload"), "{totals}");
    assert!(totals.contains(" 1 track ") && totals.contains(" 1 rejected"), "{totals}");
    assert_eq!(screen.count("expected an object"), 1);
    assert_eq!(screen.count(BAR), 0, "so short a run has no bar: {}", screen.written);
}

#[test]
fn quiet_is_quiet_on_a_terminal_too() {
    let dir = Dir::new();
    let slow = slowly(&dir);
    let screen = dir.run(&["in", "-q"]).on_terminal(&[Stderr]);
    slow.join().unwrap();
    assert_eq!((&*screen.written, screen.status), ("", Some(1)));
}

#[test]
fn a_long_run_shows_a_bar_that_makes_way_for_lines_and_is_gone_at_the_end() {
    let dir = Dir::new();
    let slow = slowly(&dir);
    let screen = dir.run(&["in"]).on_terminal(&[Stderr]);
    slow.join().unwrap();
    assert_eq!((screen.status, &screen.stdout), (Some(1), &chats(&["a", "b", "c"])));
    assert!(screen.count(BAR) > 0, "no bar: {}", screen.written);
    assert!(screen.written.contains("2 rejected"), "{}", screen.written);
    // Nobody knows how much comes of a FIFO.
    assert_eq!(screen.count(" s left"), 0, "{}", screen.written);
    // Each line came once, and nothing of the bar is left between them.
    let lines: Vec<_> = screen.seen.trim_end().lines().map(str::trim_end).collect();
    assert_eq!(lines.len(), 3, "{}", screen.seen);
    assert_eq!(lines[0], "in:2: expected an object, found a number");
    assert_eq!(lines[1], "in:4: expected an object, found a number");
    assert!(lines[2].starts_with("olark2rudder: 3 payloads"), "{}", lines[2]);
    assert_eq!(screen.count("expected an object"), 2);
    assert_eq!(screen.count("olark2rudder: 3 payloads"), 1);
}

#[test]
fn a_bar_shows_how_much_there_is_and_how_long_it_takes() {
    let dir = Dir::new();
    dir.file("in", format!("{}\n", chat("a")).repeat(100_000)).fifo("out");
    let path = dir.path("out");
    let reader = thread::spawn(move || {
        let mut fifo = File::open(path).unwrap();
        let mut buffer = vec![0; 1 << 20];
        while fifo.read(&mut buffer).unwrap() > 0 {
            thread::sleep(Duration::from_millis(4));
        }
    });
    let start = Instant::now();
    let screen = dir.run(&["in", "-o", "out", "--jobs", "1"]).on_terminal(&[Stderr]);
    let took = start.elapsed().as_secs_f64();
    reader.join().unwrap();
    assert_eq!(screen.status, Some(0));
    let size = std::fs::metadata(dir.path("in")).unwrap().len() as f64 / f64::from(1 << 20);
    assert!(screen.written.contains(&format!("/{size:.2} MiB ")), "{}", screen.written);
    let mut left = Vec::new();
    // `2.10 MiB/8.39 MiB 4.20 MiB/s, 2`: how much is read, how much there is, how fast it goes, and how long still.
    for text in screen.written.split(" s left").filter_map(|text| text.rsplit('\r').next()) {
        // Of the first kilobytes nothing follows.
        let is_slow = text.contains(" KiB/s");
        if text.matches(" MiB").count() + usize::from(is_slow) < 3 {
            continue;
        }
        let words = text.rsplit([' ', '/']).filter_map(|word| word.parse::<f64>().ok());
        let [seconds, rate, total, read] = words.take(4).collect::<Vec<_>>()[..] else { panic!("{text:?}") };
        // What is read may have been drawn a little before the rest was.
        let rate = if is_slow { rate / 1024.0 } else { rate };
        let exact = (total - read) / rate;
        assert!((seconds - 1.5..seconds + 0.5).contains(&exact), "{exact} of {text:?}");
        left.push(seconds);
    }
    assert!((took / 2.0 - 1.0..took * 2.0).contains(&left[0]), "{left:?} of {took}");
    assert!(*left.last().unwrap() <= 1.0, "{left:?}: {}", screen.written);
}

#[test]
fn nothing_in_rejects_or_summary_drives_a_terminal() {
    let odd = "x\u{9b}31m\u{85}\u{7f}\u{202e}\u{2066}\u{e0001}Ж";
    let dir = Dir::new();
    let name = format!("in{odd}");
    let found = format!("{{\"{odd}\":{}}}", chat("a"));
    dir.file(&name, format!("{found}\n[\"{odd}\"]\n{{\"visitor\":\"{odd}\"}}\n{odd}\n"));
    for (flag, fields) in [("--rejects", &["source", "payload", "reason"][..]), ("--summary", &["found"])] {
        let expected = json_lines(&{
            dir.run(&[&name, "-o", "out", flag, "file"]).any_stderr().status(1).go();
            dir.read("file")
        });
        let stream =
            dir.run(&[&name, "-o", "out", flag, "-"]).any_stdout().any_stderr().status(1).go().stdout;
        let screen = dir.run(&[&name, "-o", "out", flag, "-"]).on_terminal(&[Stdout]);
        for written in [String::from_utf8(stream).unwrap(), screen.written.replace("\r\n", "\n")] {
            let is_shown = |c: char| c == '\n' || c == 'Ж' || (' '..='~').contains(&c);
            assert!(written.chars().all(is_shown), "{written}");
            let rows = json_lines(written.as_bytes());
            assert_eq!(rows.len(), expected.len());
            for (row, expected) in rows.iter().zip(&expected) {
                for field in fields {
                    assert_eq!(row[field], expected[field]);
                }
            }
        }
    }
}
