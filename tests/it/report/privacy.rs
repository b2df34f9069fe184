//! What is shown: nothing of a payload, since transcripts are personal data; of names and arguments nothing that
//! controls a terminal, and different names stay different.

use std::ffi::OsStr;
use std::fs::{self, Permissions};
#[cfg(unix)]
use std::os::unix::ffi::OsStrExt;
#[cfg(unix)]
use std::os::unix::fs::PermissionsExt;

use crate::harness::{Dir, chat, chats, run};

/// Whether a text is as it may be shown.
fn is_plain(text: &str) -> bool {
    !text.contains(|c: char| c.is_control() && c != '\n' || c == '\u{202e}')
}

#[test]
fn a_wrong_argument_is_named_without_its_control_characters() {
    let bad = "\x1b]0;x\x07\r\u{202e}\u{9b}";
    let option = format!("--{bad}");
    for args in [
        ["--mapping", bad],
        ["--map", bad],
        ["--jobs", bad],
        ["--max-record", bad],
        ["--input-format", bad],
        ["--color", bad],
        [&option, "x"],
    ] {
        let stderr = run(&args).any_stderr().status(2).go().stderr;
        assert!(is_plain(&stderr) && stderr.contains("\\u{1b}]0;x\\u{7}"), "{args:?}: {stderr:?}");
    }
    // A line feed in an argument does not begin a line of its own.
    let stderr = run(&["--mapping", "a\nolark2rudder: done"]).any_stderr().status(2).go().stderr;
    assert!(stderr.lines().all(|line| !line.starts_with("olark2rudder: done")), "{stderr}");
}

#[cfg(unix)]
#[test]
#[cfg_attr(target_os = "macos", ignore = "needs a disk that takes such names")]
fn names_that_are_not_utf8_stay_apart_in_rejects() {
    let dir = Dir::new();
    for byte in [0xfe, 0xff] {
        fs::write(dir.path(".").join(OsStr::from_bytes(&[b'x', byte])), "5").unwrap();
    }
    let names = [b"x\xfe", b"x\xff"].map(|name| OsStr::from_bytes(name));
    let stderr = dir.run(&["--rejects", "rejects"]).args(&names).any_stderr().status(1).go().stderr;
    assert!(stderr.contains("x\\xfe:1: ") && stderr.contains("x\\xff:1: "), "{stderr}");
    let rows = dir.rejects();
    assert_eq!((&rows[0]["source"], &rows[1]["source"]), (&"x\\xfe".into(), &"x\\xff".into()));
}

#[cfg(unix)]
#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "needs /proc")]
fn errors_of_the_system_are_in_its_own_words() {
    let dir = Dir::new();
    dir.file("file", chat("a")).file("in/\x1b[31m/a.json", chat("a"));
    let told = |args: &[&str]| dir.run(args).any_stdout().any_stderr().status(1).go().stderr;
    let first = |text: String| text.lines().next().unwrap().to_owned();
    for (input, words) in [
        ("missing", "no such file or directory"),
        ("/proc/self/fdinfo/77777", "no such file or directory"),
        ("file/beneath", "not a directory"),
        ("/proc/self/mem", "input/output error"),
    ] {
        assert_eq!(first(told(&[input])), format!("{input}: cannot be read: {words}"));
    }
    let long = "x".repeat(300);
    assert_eq!(first(told(&[&long])), format!("{long}: cannot be read: file name too long"));
    let inner = dir.path("in/\x1b[31m");
    fs::set_permissions(&inner, Permissions::from_mode(0o000)).unwrap();
    match fs::read_dir(&inner) {
        Err(_) => assert_eq!(first(told(&["in"])), "in/\\u{1b}[31m: cannot be read: permission denied"),
        // Whoever may read everything reads it.
        Ok(_) => drop(dir.run(&["in"]).stdout(chats(&["a"])).go()),
    }
    fs::set_permissions(&inner, Permissions::from_mode(0o755)).unwrap();
}

#[cfg(unix)]
#[test]
#[ignore = "needs sh"]
fn too_many_open_files_are_named_as_the_cause() {
    let dir = Dir::new();
    dir.file("in", "5");
    let mut told = 0;
    for limit in 4..30 {
        let ran = dir.shell(&format!("ulimit -n {limit}; olark2rudder in -o out --rejects r --summary s"));
        let stderr = String::from_utf8(ran.stderr).unwrap();
        assert!(!stderr.contains("os error") && !stderr.contains("uncategorized"), "{limit}: {stderr}");
        // With very few, nothing can be loaded that could tell it.
        let unloaded = stderr.contains("error while loading shared libraries");
        let told_it = stderr.contains("too many open files");
        assert!(ran.status.code() == Some(1) || told_it || unloaded, "{limit}: {stderr}");
        told += usize::from(told_it);
    }
    assert!(told > 0, "the tool never had too few");
}

/// A word that stands in every place of a payload where text can stand, and nowhere else.
const CANARY: &str = "xkcanaryqz";

#[test]
fn nothing_of_a_payload_is_on_standard_error() {
    let fields = ["id", "fullName", "emailAddress", "city", "browser", "ip", "chat_feedback", CANARY];
    let visitor = |field: &str, value: &str| {
        let others = fields.iter().filter(|other| **other != field);
        let others: String = others.map(|other| format!(",\"{other}\":\"{CANARY} {CANARY}\"")).collect();
        format!("{{\"{field}\":{value}{others}}}")
    };
    let around = |visitor: &str, groups: &str| {
        format!(
            r#"{{"{CANARY}":"{CANARY}","kind":"{CANARY}","id":"{CANARY}","visitor":{visitor},"groups":{groups},"items":[{{"body":"{CANARY}","timestamp":"{CANARY}"}}]}}"#
        )
    };
    let good = visitor("city", &format!("\"{CANARY}\""));
    let group = format!("[{{\"id\":\"\",\"name\":\"{CANARY}\"}}]");
    let whole = around(&good, &group);
    let encoded: String = whole.bytes().map(|byte| format!("%{byte:02x}")).collect();
    let mut lines = vec![
        whole.clone(),
        around(&visitor("id", "null"), &group),
        around(&visitor("id", "[\"xkcanaryqz\"]"), &group),
        around(&visitor("browser", "{\"xkcanaryqz\":1}"), &group),
        around(&format!("\"{CANARY}\""), "[]"),
        around(&good, &format!("\"{CANARY}\"")),
        around(&good, &format!("[\"{CANARY}\"]")),
        format!("\"{CANARY}\""),
        format!("[\"{CANARY}\"]"),
        CANARY.into(),
        format!("data={CANARY}"),
        format!("data=%{CANARY}"),
        format!("data={CANARY}={encoded}"),
        format!("%7B{CANARY}"),
        format!("data={}", encoded.replacen("%7b", "%7b%7b", 1)),
        around(&good, &format!("{}\"{CANARY}\"", "[".repeat(600))),
        around(&visitor("city", &format!("\"{}\"", CANARY.repeat(1000))), &group),
        around(&visitor("city", &format!("\"{CANARY}\\x\"")), &group),
        around(&visitor("city", CANARY), &group),
        around(&visitor("city", &format!("\"{CANARY}\t\"")), &group),
        around(&visitor("city", "0xkcanaryqz"), &group),
        around(&visitor("city", "-xkcanaryqz"), &group),
        around(&visitor("city", &format!("'{CANARY}'")), &group),
    ];
    // Cut off and broken at every place where a token can begin or end.
    for at in (0..whole.len()).filter(|at| whole.as_bytes()[*at].is_ascii_punctuation()) {
        lines.push(whole[..at].into());
        lines.push(format!("{}{CANARY}{}", &whole[..at], &whole[at..]));
        lines.push(format!("{}{}", &whole[..at], &whole[at + 1..]));
    }
    let mut input = lines.join("\n").into_bytes();
    input.extend(b"\n{\"xkcanaryqz\":\"\xff\"}\n{\"visitor\":{\"id\":\"xkcanaryqz");
    let dir = Dir::new();
    dir.file("whole.ndjson", &input);
    for (number, line) in lines.iter().enumerate() {
        dir.file(&format!("each/{number}.json"), line);
    }
    for args in [
        &["-v", "--timestamp", "--max-record", "8000", "whole.ndjson"] as &[&str],
        &["-v", "--timestamp", "--max-record", "8000", "each"],
        &["-v", "--mapping", "live", "--input-format", "json", "each"],
        &["-v", "--input-format", "ndjson", "each"],
        &["-v", "--input-format", "form", "each"],
        &["-v", "--format", "batch", "--batch-bytes", "500", "each"],
        &["--fail-fast", "whole.ndjson"],
    ] {
        let ran = dir.run(args).any_stdout().any_stderr().status(1).go();
        assert!(!ran.stderr.is_empty());
        let told = ran.stderr.lines().find(|line| line.to_lowercase().contains("canary"));
        assert!(told.is_none(), "{args:?}: {told:?}");
    }
}

#[test]
#[cfg_attr(windows, ignore = "no such names")]
fn a_name_with_control_characters_does_not_drive_a_terminal() {
    let dir = Dir::new();
    let name = "a\x1b[31m\rb\n\u{9b}\u{202e}.json";
    dir.file(name, "5");
    // What is said, and the totals where there are any.
    let cases: [(&[&str], i32, usize); 4] =
        [(&[name], 1, 2), (&["."], 1, 2), (&[name, "-o", name], 2, 1), (&["\x1b[31m-missing\n"], 1, 2)];
    for (args, status, lines) in cases {
        let stderr = dir.run(args).any_stderr().status(status).go().stderr;
        let hidden = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!stderr.contains(hidden), "{args:?}: {stderr:?}");
        assert_eq!(stderr.lines().count(), lines, "{args:?}: {stderr:?}");
    }
}
