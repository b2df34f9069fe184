//! Time and memory in proportion to the input, whatever is in it.

use std::process::Output;

use crate::harness::{Dir, none, show};

/// The processor seconds and the output of a run over a file `in`.
fn cpu(dir: &Dir, args: &str) -> (f64, Output) {
    let output = dir.shell(&format!("olark2rudder in -j 1 -q {args} > out; echo $?; times"));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    // The second line of `times` is of what the shell ran: minutes and seconds, for the user and the system.
    let times = text.lines().nth(2).unwrap_or_else(|| panic!("{text}"));
    let seconds = times.split_whitespace().map(|time| {
        let (minutes, seconds) = time.trim_end_matches('s').split_once('m').unwrap();
        minutes.parse::<f64>().unwrap() * 60.0 + seconds.parse::<f64>().unwrap()
    });
    (seconds.sum(), output)
}

/// What takes more than twice the time for each doubling: four times the text must not take sixteen times as long.
fn grows_too_fast(name: &str, args: &str, text: impl Fn(usize) -> String, few: usize) -> Option<String> {
    let dir = Dir::new();
    dir.file("in", text(few));
    let (once, _) = cpu(&dir, args);
    dir.file("in", text(4 * few));
    let (four, _) = cpu(&dir, args);
    (four > 9.0 * once.max(0.1))
        .then(|| format!("{name} {args}: {once:.2} s for {few}, {four:.2} s for four times"))
}

type Text = fn(usize) -> String;

/// Texts that might be scanned again and again.
const HOSTILE: [(&str, usize, Text); 12] = [
    ("broken lines in brackets", 150_000, |n| format!("{{\"x\":[1 2,\n{}3]}}\n", "\"y\",\n".repeat(n))),
    ("unclosed conversations", 20_000, |n| {
        "{\"kind\":\"Conversation\",\"visitor\":{\"id\":\"abc\"},\"items\":[\n".repeat(n)
    }),
    ("unclosed elements", 20_000, |n| {
        format!("[\n{}", "  {\"kind\":\"Conversation\",\"visitor\":{\"id\":\"abc\"},\"items\":[\n".repeat(n))
    }),
    ("objects behind a large one", 50_000, |n| {
        format!("{{\"visitor\":{{\"id\":\"a\"}},\"x\":\"{}\"}}{}\n", "y".repeat(9 * n), "{}".repeat(n))
    }),
    ("unclosed strings", 30_000, |n| "{\"visitor\":{\"id\":\"a\n".repeat(n)),
    ("broken documents", 20_000, |n| "{\n\"visitor\":{\"id\":\"a\"},}\n".repeat(n)),
    ("keys without end", 30_000, |n| "{\"a\":\n".repeat(n)),
    ("nested without end", 200_000, |n| "{\"a\":".repeat(n)),
    ("form bodies that are none", 50_000, |n| "data={\n".repeat(n)),
    ("byte order marks", 500_000, |n| "\u{feff}".repeat(n) + "{}"),
    ("backslashes", 500_000, |n| format!("{{\"a\":\"{}\n{{}}\n", "\\".repeat(n))),
    ("payloads on one line", 5_000, |n| "{\"visitor\":{\"id\":\"a\"},\"groups\":[{}]}".repeat(n) + "\n"),
];

#[test]
fn hostile_input_takes_time_in_proportion() {
    let slow = |(name, few, text): (&str, usize, Text)| grows_too_fast(name, "", text, few);
    none(&HOSTILE.into_iter().filter_map(slow).collect::<Vec<_>>());
}

#[test]
fn hostile_input_over_the_limit_takes_time_in_proportion() {
    let slow = |(name, few, text): (&str, usize, Text)| grows_too_fast(name, "--max-record 64k", text, few);
    none(&HOSTILE.into_iter().filter_map(slow).collect::<Vec<_>>());
}

#[test]
fn an_explanation_takes_time_in_proportion() {
    let groups = |n: usize| {
        format!("{{\"kind\":\"C\",\"visitor\":{{\"id\":\"a\"}},\"groups\":[{}]}}\n", vec!["{}"; n].join(","))
    };
    let payloads = |n: usize| "{\"visitor\":{\"id\":\"a\"},\"groups\":[{}]}".repeat(n);
    let slow = [
        grows_too_fast("groups without id", "--explain", groups, 200_000),
        grows_too_fast("payloads on one line", "--explain", payloads, 1_000),
        grows_too_fast("broken payloads on one line", "--explain", |n| "{\"visitor\":7}".repeat(n), 5_000),
    ];
    none(&slow.into_iter().flatten().collect::<Vec<_>>());
}

/// Runs over a file `in` with as much memory as is promised for a record of this many bytes.
#[track_caller]
fn fits(dir: &Dir, args: &str, record: usize) {
    let kilobytes = (64 << 10) + 8 * record.div_ceil(1024);
    let output = dir.shell(&format!("ulimit -d {kilobytes}; olark2rudder in -j 1 {args} > out"));
    let told = show(&output.stderr);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{args}: {} {told}", output.status);
}

#[test]
fn a_record_takes_eight_times_its_own_memory_at_most() {
    let list = |key: &str, element: &str, n: usize| {
        format!(
            "{{\"kind\":\"C\",\"visitor\":{{\"id\":\"a\"}},\"{key}\":[{}]}}\n",
            vec![element; n].join(",")
        )
    };
    let dir = Dir::new();
    for (key, element, count) in [
        ("groups", "{}", 1_500_000),
        ("items", "{\"timestamp\":\"1.5\"}", 500_000),
        ("groups", "{\"id\":0}", 500_000),
    ] {
        let record = list(key, element, count);
        dir.file("in", &record);
        for args in ["", "--mapping live", "--timestamp -v"] {
            fits(&dir, args, record.len());
        }
    }
    dir.file("in", list("groups", "{}", 500_000));
    fits(&dir, "--explain", 1_500_000);
}

#[test]
fn memory_does_not_grow_with_the_input() {
    let dir = Dir::new();
    // What is read and not carried is read fast.
    let payload = format!("{{\"ignored\":\"{}\",\"visitor\":{{\"id\":\"a\"}}}}", "x".repeat(4000));
    let count = (100 << 20) / payload.len();
    dir.file("in", format!("{payload}\n5\n").repeat(count));
    fits(&dir, "--rejects rejects", payload.len());
    dir.file("in", format!("[\n{}", format!("{payload},\n").repeat(count)));
    fits(&dir, "--format json", payload.len());
    dir.file("in", format!("{{\"x\":[\n{}", format!("{payload},\n").repeat(count)));
    fits(&dir, "--max-record 100k", 100 << 10);
}
