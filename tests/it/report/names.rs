//! Names and arguments as they are shown: nothing in them controls a terminal, and different names stay
//! different.

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;

use crate::harness::{Dir, chat, chats, run};

/// Whether a text is as it may be shown.
fn is_plain(text: &str) -> bool {
    !text.contains(|c: char| c.is_control() && c != '\n' || c == '\u{202e}')
}

#[test]
fn what_is_wrong_with_an_argument_is_said_without_its_control_characters() {
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

#[test]
#[ignore = "needs sh"]
fn too_many_open_files_are_called_that() {
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
