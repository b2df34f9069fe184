//! Time and memory in proportion to the input, whatever is in it; as Linux measures and limits them.

#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Resource, Rlimit, WaitId, WaitIdOptions, prlimit, waitid};

use crate::harness::{Dir, TOOL, none, show, size};

/// Starts a run over a file `in`, with one thread.
fn start(dir: &Dir, args: &str) -> Child {
    let mut command = Command::new(TOOL);
    command.args(["in", "-j", "1"]).args(args.split_whitespace()).current_dir(dir.path("."));
    command.stdin(Stdio::null()).stdout(File::create(dir.path("out")).unwrap());
    command.stderr(File::create(dir.path("err")).unwrap()).spawn().unwrap()
}

/// The processor seconds of a run over a file `in`.
fn cpu(dir: &Dir, args: &str) -> f64 {
    let mut child = start(dir, &format!("-q {args}"));
    // It stays until it is waited for, and so do its times.
    let ended = WaitId::Pid(Pid::from_child(&child));
    waitid(ended, WaitIdOptions::EXITED | WaitIdOptions::NOWAIT).unwrap();
    let stat = fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap();
    let status = child.wait().unwrap();
    assert!(matches!(status.code(), Some(0 | 1)), "{args}: {status}");
    // Of the user and of the system: the 14th and 15th field; the second, a name, may have spaces.
    let (_, fields) = stat.rsplit_once(')').unwrap();
    let ticks = fields.split_whitespace().skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap());
    // Linux counts them in hundredths of a second, whatever its clock ticks.
    ticks.sum::<u64>() as f64 / 100.0
}

/// Whether four times the text takes much more than four times as long: what takes four times as long for each doubling
/// takes sixteen times. In the suite, the text is a part of what is given.
fn grows_too_fast(name: &str, args: &str, text: impl Fn(usize) -> String, few: usize) -> Option<String> {
    let few = size(few / 4, few);
    let dir = Dir::new();
    dir.file("in", text(few));
    let once = cpu(&dir, args);
    dir.file("in", text(4 * few));
    let four = cpu(&dir, args);
    (four > 9.0 * once.max(0.05))
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
    ("objects behind a large one", 100_000, |n| {
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

#[test]
fn messages_take_time_in_proportion_to_their_operators() {
    let item = |id: usize| format!(r#"{{"kind":"MessageToVisitor","timestamp":"1","operatorId":"{id}"}}"#);
    let list = |one: &dyn Fn(usize) -> String, n: usize| (0..n).rev().map(one).collect::<Vec<_>>().join(",");
    let payload = |operators: &str, items: &str| {
        format!(r#"{{"visitor":{{"id":"v"}},"operators":{{{operators}}},"items":[{items}]}}"#)
    };
    let operator = |id: usize| format!(r#""{id}":{{"nickname":"n{id}"}}"#);
    let each = |n| payload(&list(&operator, n), &list(&item, n));
    let large = |n: usize| format!(r#""1":{{"x":"{}","nickname":"n"}},"2":{{}}"#, "x".repeat(500 * n));
    let shared = |n| payload(&large(n), &list(&|id| item(1 + id % 2), n));
    let slow = [
        grows_too_fast("as many operators as messages", "--events chat", each, 15_000),
        grows_too_fast("messages of one large operator", "--events chat", shared, 10_000),
    ];
    none(&slow.into_iter().flatten().collect::<Vec<_>>());
}

/// Runs over a file `in` with eight times a record's bytes, and little besides: less than the 64 MiB that are promised,
/// so that what grows shows with small inputs.
#[track_caller]
fn fits(dir: &Dir, args: &str, record: usize) {
    let bytes = ((8 << 10) + 8 * record.div_ceil(1024)) as u64 * 1024;
    let mut child = start(dir, args);
    // It has not read anything yet that would need so much.
    let limit = Rlimit { current: Some(bytes), maximum: Some(bytes) };
    prlimit(Some(Pid::from_child(&child)), Resource::Data, limit).unwrap();
    let status = child.wait().unwrap();
    assert!(matches!(status.code(), Some(0 | 1)), "{args}: {status} {}", show(&dir.read("err")));
}

#[test]
fn a_record_takes_eight_times_its_own_memory_at_most() {
    let list = |key: &str, element: &str| {
        let elements = vec![element; size(1 << 20, 8 << 20) / element.len()].join(",");
        format!("{{\"kind\":\"C\",\"visitor\":{{\"id\":\"a\"}},\"{key}\":[{elements}]}}\n")
    };
    let dir = Dir::new();
    for (key, element) in [("groups", "{}"), ("items", "{\"timestamp\":\"1.5\"}"), ("groups", "{\"id\":0}")] {
        let record = list(key, element);
        dir.file("in", &record);
        for args in ["", "--mapping live", "--timestamp -v"] {
            fits(&dir, args, record.len());
        }
    }
    let record = list("groups", "{}");
    dir.file("in", &record);
    fits(&dir, "--explain", record.len());
}

#[test]
fn memory_does_not_grow_with_the_input() {
    let dir = Dir::new();
    // What is read and not carried is read fast.
    let payload = format!("{{\"ignored\":\"{}\",\"visitor\":{{\"id\":\"a\"}}}}", "x".repeat(4000));
    let count = (size(12, 100) << 20) / payload.len();
    dir.file("in", format!("{payload}\n5\n").repeat(count));
    fits(&dir, "--rejects rejects", payload.len());
    dir.file("in", format!("[\n{}", format!("{payload},\n").repeat(count)));
    fits(&dir, "--format json", payload.len());
    dir.file("in", format!("{{\"x\":[\n{}", format!("{payload},\n").repeat(count)));
    fits(&dir, "--max-record 100k", 100 << 10);
}
