//! What the system refuses, call by call, as strace's fault injection makes it: an output is complete or as it
//! was, and the failure is reported. Also, the tool never asks for a network.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output};

use crate::harness::{Dir, TOOL, chat, events, json_lines, none, show};
use serde_json::Value;

const OLD: &str = "what was there\n";

/// Runs the tool under strace, with everything that it wrote and the trace.
fn traced(dir: &Dir, strace: &[&str], args: &[&str]) -> (Output, String) {
    let elsewhere = Dir::new();
    let output = Command::new("strace")
        .args(["-f", "-y", "-o"])
        .arg(elsewhere.path("trace"))
        .args(strace)
        .arg(TOOL)
        .args(args)
        .current_dir(dir.path("."))
        .env("TERM", "xterm")
        .output()
        .unwrap();
    (output, String::from_utf8_lossy(&elsewhere.read("trace")).into_owned())
}

/// A run that faults happen in.
struct Scene {
    args: &'static [&'static str],
    /// The outputs of events, and the inputs whose events they hold.
    finals: &'static [(&'static str, &'static [&'static str])],
    /// Whether rejects are there, row by row, before the run has ended.
    grows: bool,
}

const SCENES: [Scene; 2] = [
    Scene {
        args: &["in/a.ndjson", "in/b.ndjson", "-o", "out"],
        finals: &[("out", &["a", "b"])],
        grows: false,
    },
    Scene {
        args: &["in", "--output-dir", "dir", "--overwrite"],
        finals: &[("dir/a.ndjson", &["a"]), ("dir/b.ndjson", &["b"])],
        grows: true,
    },
];

const REPORTS: [&str; 4] = ["--rejects", "rejects", "--summary", "summary"];

/// The payloads of an input; the second has more than one read's worth.
fn payloads(input: &str) -> Vec<String> {
    let (count, bytes) = if input == "a" { (1, 1) } else { (30, 10_000) };
    let ignored = format!(r#"{{"ignored":"{}","#, "x".repeat(bytes));
    (0..count).map(|n| chat(&format!("{input}{n}")).replacen('{', &ignored, 1)).collect()
}

impl Scene {
    fn set(&self) -> Dir {
        let dir = Dir::new();
        for input in ["a", "b"] {
            dir.file(&format!("in/{input}.ndjson"), payloads(input).join("\n") + "\n5\n");
        }
        for (name, _) in self.finals {
            dir.file(name, OLD);
        }
        dir.file("rejects", OLD).file("summary", OLD);
        dir
    }

    /// Runs with one fault; gives whether it was about a file of ours and what is wrong, or nothing at all
    /// when the fault never happened.
    fn with(&self, call: &str, error: &str, when: u32) -> Option<(bool, Result<(), String>)> {
        let dir = self.set();
        let before = dir.names();
        let inject = format!("inject={call}:error={error}:when={when}");
        let args = [self.args, &REPORTS, &["--jobs", "1"]].concat();
        let (output, trace) = traced(&dir, &["-e", &format!("trace={call}"), "-e", &inject], &args);
        let line = trace.lines().find(|line| line.contains("(INJECTED)"))?;
        let fault = Fault { scene: self, line, error, output: &output, dir: &dir };
        let mut wrong = fault.wrong();
        if dir.names() != before {
            wrong.push(format!("files are now {:?}", dir.names()));
        }
        let told = show(&output.stderr);
        let failure = || format!("{line}\n  {}\n  {told}\n  {}", output.status, wrong.join("\n  "));
        let own =
            [".ndjson", "/.olark2rudder-", "rejects", "O_DIRECTORY"].iter().any(|part| line.contains(part));
        Some((own, if wrong.is_empty() { Ok(()) } else { Err(failure()) }))
    }

    /// Makes each such call fail once; gives how many of them were about our own files, and what was wrong.
    fn each(&self, call: &str, error: &str) -> (usize, Vec<String>) {
        let faults: Vec<_> = (1..).map_while(|when| self.with(call, error, when)).collect();
        let own = faults.iter().filter(|(own, _)| *own).count();
        (own, faults.into_iter().filter_map(|(_, result)| result.err()).collect())
    }
}

/// A fault that happened, and what came of it.
struct Fault<'a> {
    scene: &'a Scene,
    /// The call, as strace shows it.
    line: &'a str,
    error: &'a str,
    output: &'a Output,
    dir: &'a Dir,
}

impl Fault<'_> {
    fn wrong(&self) -> Vec<String> {
        let mut wrong = self.halves();
        let status = self.output.status.code();
        let stderr = String::from_utf8_lossy(&self.output.stderr);
        let told: Vec<_> = stderr.lines().filter(|line| line.contains(": cannot be ")).collect();
        let mut check = |holds: bool, what: &str| {
            if !holds {
                wrong.push(what.to_owned());
            }
        };
        check(!stderr.contains("panicked"), "it panicked");
        let reading = ["read(", "open(", "openat("].iter().any(|call| self.line.contains(call));
        let named = |input: &&str| self.line.contains(&format!("in/{input}.ndjson"));
        // Whether a file is an archive is only looked at: where nothing is said, nothing may be missing.
        let is_told = !told.is_empty() || self.error == "EINTR";
        let input = ["a", "b"].into_iter().find(named).filter(|_| reading && is_told);
        // Other directories are opened to remove what a killed run left, if that is possible.
        let walk = self.line.contains("O_DIRECTORY") && self.line.contains("\"in\"");
        let rejects = self.line.contains("/rejects>") || self.line.contains("\"rejects\"");
        let output = rejects || self.line.contains("/.olark2rudder-");
        if self.error == "EINTR" {
            if input.is_some() || output {
                check(status == Some(1), "an interrupted call is made again");
                check(self.complete(&["a", "b"]), "an output is not complete");
            }
        } else if output {
            let name = told.first().and_then(|line| line.strip_prefix("olark2rudder: ")?.split(": ").next());
            check(status == Some(3), "an output failed");
            let failed = |name| self.is_old(name) || (self.scene.grows && name == "rejects");
            check(told.len() == 1 && name.is_some_and(failed), "not said of what failed");
        } else if let Some(input) = input {
            check(status == Some(1), "an input failed");
            let start = format!("in/{input}.ndjson: cannot be read: ");
            check(told.len() == 1 && told[0].starts_with(&start), "not said of the input");
            let rest: Vec<_> = ["a", "b"].into_iter().filter(|other| *other != input).collect();
            check(self.complete(&rest), "another input's events are not complete");
            check(self.summary()["unread_inputs"] == 1, "the summary does not know");
            // The output of one input is renamed when that input is complete.
            let own = self.scene.finals.iter().find(|(_, inputs)| *inputs == [input]);
            check(own.is_none_or(|(name, _)| self.is_old(name)), "half an input has an output");
        } else if walk {
            check(status == Some(1) && told.len() == 1 && told[0].contains("in: "), "a directory failed");
        } else if self.line.contains("write(2<") || status == Some(1) {
            // Nobody hears of it, or there was another way.
            check(status == Some(1), "what is told is no output");
            check(self.complete(&["a", "b"]), "an output is not complete");
        } else {
            check(status != Some(0), "it says that all is well");
        }
        wrong
    }

    fn is_old(&self, name: &str) -> bool {
        self.dir.has(name) && self.dir.read(name) == OLD.as_bytes()
    }

    fn summary(&self) -> Value {
        serde_json::from_slice(&self.dir.read("summary")).unwrap_or_default()
    }

    /// Whether the rejects are whole rows, and all of them; where they are written as they come, all of them
    /// when the run ended well.
    fn rejects_are_rows(&self) -> bool {
        let rejects = self.dir.read("rejects");
        // Where rows are written as they come, those of before are there till the end.
        let new = rejects.strip_prefix(OLD.as_bytes()).filter(|_| self.scene.grows).unwrap_or(&rejects);
        let rows = json_lines(new);
        let kept = rows.iter().filter(|row| row["payload"] == "5").count();
        let known = |row: &Value| row["code"] == "not_an_object" || row["code"] == "truncated";
        let unread = self.summary()["unread_inputs"] == 1;
        rows.iter().all(known)
            && (kept == 2 || unread || (self.scene.grows && self.output.status.code() != Some(1)))
    }

    /// Whether the events of these inputs are all where they belong.
    fn complete(&self, inputs: &[&str]) -> bool {
        let has = |text: &[u8], part: &[u8]| text.starts_with(part) || text.ends_with(part);
        self.scene.finals.iter().all(|(name, holds)| {
            let wanted: Vec<_> =
                holds.iter().filter(|input| inputs.contains(input)).flat_map(|i| payloads(i)).collect();
            wanted.is_empty() || has(&self.dir.read(name), &events(&wanted))
        })
    }

    /// Outputs that hold neither what was there nor whole lines of what was to come.
    fn halves(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for (name, inputs) in self.scene.finals.iter().filter(|(name, _)| !self.is_old(name)) {
            let all = events(&inputs.iter().flat_map(|input| payloads(input)).collect::<Vec<_>>());
            let mut all = all.split_inclusive(|byte| *byte == b'\n');
            let content = self.dir.read(name);
            // Of an input that cannot be read to its end there are the events up to there.
            let mut lines = content.split_inclusive(|byte| *byte == b'\n');
            if !lines.all(|line| all.any(|other| line == other)) {
                wrong.push(format!("{name} is neither old nor new"));
            }
        }
        if !self.is_old("rejects") && !self.rejects_are_rows() {
            wrong.push("rejects holds neither what was there nor rows".into());
        }
        if !self.is_old("summary") {
            let summary = self.summary();
            let count = |name: &str| summary[name].as_u64();
            let sum = count("converted").zip(count("rejected")).map(|(a, b)| a + b);
            if sum.is_none() || count("payloads") != sum {
                wrong.push("summary is neither old nor new".into());
            }
        }
        wrong
    }
}

/// Makes calls fail in every scene, at least so many of each.
#[track_caller]
fn fail(faults: &[(&str, &str)], at_least: usize) {
    let mut failures = Vec::new();
    for scene in &SCENES {
        let mut count = 0;
        for (call, error) in faults {
            let (happened, wrong) = scene.each(call, error);
            count += happened;
            failures.extend(wrong);
        }
        assert!(count >= at_least, "{:?}: only {count} of {faults:?} happened", scene.args);
    }
    none(&failures);
}

#[test]
#[ignore = "needs strace"]
fn a_write_that_fails_leaves_no_half_output() {
    fail(&[("write", "EIO"), ("write", "ENOSPC")], 8);
}

#[test]
#[ignore = "needs strace"]
fn a_read_that_fails_costs_only_what_was_to_be_read() {
    fail(&[("read", "EIO")], 4);
}

#[test]
#[ignore = "needs strace"]
fn an_open_that_fails_is_told_of() {
    // The C library decides which of the two it is.
    fail(&[("?open", "EACCES"), ("?open", "ENOSPC"), ("openat", "EACCES"), ("openat", "ENOSPC")], 10);
}

#[test]
#[ignore = "needs strace"]
fn a_rename_that_fails_leaves_what_was_there() {
    fail(&[("?rename", "EIO"), ("?renameat", "EIO"), ("?renameat2", "EIO")], 2);
}

#[test]
#[ignore = "needs strace"]
fn a_sync_that_fails_leaves_what_was_there() {
    fail(&[("fsync", "EIO"), ("fsync", "ENOSPC")], 4);
}

#[test]
#[ignore = "needs strace"]
fn every_file_system_that_outputs_are_on_is_synced_once() {
    let (dir, elsewhere) = (Dir::new(), tempfile::tempdir_in("/dev/shm").unwrap());
    dir.file("out/old", "");
    symlink(elsewhere.path(), dir.path("out/2019")).unwrap();
    for name in ["a", "2018/b", "2019/c", "2019/d"] {
        dir.file(&format!("in/{name}.json"), chat(name));
    }
    let (output, trace) = traced(&dir, &["-e", "trace=syncfs"], &["in", "--output-dir", "out"]);
    assert_eq!(output.status.code(), Some(0), "{}", show(&output.stderr));
    let synced = trace.lines().filter(|line| line.contains("syncfs("));
    let (there, here): (Vec<_>, Vec<_>) = synced.partition(|line| line.contains("/dev/shm/"));
    assert_eq!((there.len(), here.len()), (1, 1), "{trace}");
}

#[test]
#[ignore = "needs strace"]
fn a_mode_that_cannot_be_kept_leaves_what_was_there() {
    fail(&[("fchmod", "EPERM")], 2);
}

#[test]
#[ignore = "needs strace"]
fn a_call_that_was_interrupted_is_made_again() {
    fail(&[("write", "EINTR"), ("read", "EINTR"), ("openat", "EINTR"), ("fsync", "EINTR")], 15);
}

#[test]
#[ignore = "needs strace"]
fn nothing_is_asked_of_a_network() {
    for scene in &SCENES {
        for jobs in ["1", "4"] {
            let dir = scene.set();
            let args = [scene.args, &REPORTS, &["--jobs", jobs, "-v"]].concat();
            let (output, trace) = traced(&dir, &["-e", "trace=network"], &args);
            assert_eq!(output.status.code(), Some(1), "{}", show(&output.stderr));
            // The socket pair that wakes a waiting run on a signal is used for nothing else.
            let own = |line: &&str| {
                line.contains("socketpair(AF_UNIX, ")
                    || (line.contains("<socket:") && (line.contains("sendto(") || line.contains("recvfrom(")))
            };
            let other = |line: &&str| line.contains('(') && !own(line) && !line.contains("(INJECTED)");
            let asked: Vec<_> = trace.lines().filter(other).collect();
            assert!(asked.is_empty(), "{asked:?}");
            assert!(Path::new(&dir.path("summary")).exists());
        }
    }
}
