//! Files that are not read, and how that is reported. Where the name does not decide, the content does.

use std::fs::File;

#[cfg(unix)]
use rustix::process::Signal;
use serde_json::json;

use crate::harness::{COMPRESSORS, Dir, chat, chats, form, gzip, run, slashes, tar, zip};

/// This many bytes of text, in few lines, since each is a record.
fn filler(len: usize) -> String {
    (0..len).map(|at| if (len - at) % (100 << 10) == 1 { '\n' } else { 'x' }).collect()
}

#[test]
fn files_without_a_payload_are_counted_by_their_extension_and_named_if_wanted() {
    let dir = Dir::new();
    dir.file("in/a.json", chat("a"))
        .file("in/x.png", "\0visitor\0")
        .file("in/b.txt", "a visitor came")
        .file("in/c.txt", "");
    dir.run(&["in", "--summary", "summary"]).stdout(chats(&["a"])).go();
    assert_eq!(dir.summary()["left_out"], json!({".png": 1, ".txt": 2}));
    let stderr = slashes(&dir.run(&["in", "-v"]).stdout(chats(&["a"])).any_stderr().go().stderr);
    let names = ["in/b.txt", "in/c.txt", "in/x.png"].map(|name| format!("olark2rudder: skipped {name}\n"));
    assert!(names.iter().all(|name| stderr.contains(name)), "{stderr}");
}

#[test]
fn more_files_are_read_by_their_extension() {
    let dir = Dir::new();
    for name in ["a.txt", "b.TXT.gz", "c", "d.gz", "e.log"] {
        dir.file(&format!("in/{name}"), r#"{"data":"no payload"}"#);
    }
    for (ext, read) in
        [(&["txt"][..], 2), (&[".TXT"], 2), (&["x", "log"], 1), (&[""], 2), (&["", "log"], 3), (&["*"], 5)]
    {
        let mut args = vec!["in", "-q", "--summary", "summary"];
        args.extend(ext.iter().flat_map(|ext| ["--ext", ext]));
        dir.run(&args).status(1).go();
        assert_eq!(dir.summary()["files"], read, "{ext:?}");
        dir.file(
            "x.tar",
            tar(&[("a.txt", b"{}"), ("b.TXT.gz", b"{}"), ("c", b"{}"), ("d.gz", b"{}"), ("e.log", b"{}")]),
        );
        args[0] = "x.tar";
        dir.run(&args).status(1).go();
        assert_eq!(dir.summary()["files"], read, "{ext:?}");
    }
}

#[test]
fn content_decides_where_the_name_does_not() {
    let (a, b) = (chat("a"), chat("b"));
    let long = format!("{}{a}\n", filler(300 << 10));
    let mut texts: Vec<(String, Vec<u8>)> = vec![
        ("plain".into(), a.clone().into()),
        ("form".into(), form(a.as_bytes(), "+")),
        ("string.log".into(), serde_json::to_string(&a).unwrap().into()),
        ("cell.csv".into(), format!("id,payload\n1,\"{}\"\n", a.replace('"', "\"\"")).into()),
        ("long.txt".into(), long.clone().into()),
        (
            "utf16.txt".into(),
            [0xfeff].into_iter().chain(a.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
        ),
        ("tar.dat".into(), tar(&[("a.json", a.as_bytes())])),
        ("zip.dat".into(), zip(&[("x/a.json", a.as_bytes())])),
        ("zip.part".into(), zip(&[("a.log", a.as_bytes())])),
    ];
    for (ending, compress) in COMPRESSORS {
        texts.push((format!("x.log.{ending}"), compress(long.as_bytes())));
    }
    for (name, text) in texts {
        let dir = Dir::new();
        dir.file(&format!("in/{name}"), &text).file("in/b.json", &b).file("in/none.txt", "no payload");
        dir.file("in/none.dat", zip(&[("notes", b"no payload")]));
        let run = dir.run(&["in", "--input-format", "auto", "--summary", "summary"]);
        let ran = run.any_stdout().any_stderr().output();
        let users = crate::harness::users(&ran.1);
        assert!(users.contains(&"a".to_owned()), "{name}: {}", String::from_utf8_lossy(&ran.2));
        assert_eq!(dir.summary()["left_out"], json!({".dat": 1, ".txt": 1}), "{name}");
        dir.run(&["in", "--output-dir", "out", "--summary", "summary"]).any_stderr().output();
        assert_eq!(dir.summary()["left_out"], json!({".dat": 1, ".txt": 1}), "{name}");
        assert_eq!(dir.summary()["converted"], 2, "{name}");
    }
}

#[test]
fn a_payload_is_seen_wherever_its_key_is_in_a_file() {
    let key = chat("a").find("visitor").unwrap();
    for at in (0..10).map(|before| (64 << 10) - before).chain([5 << 20]) {
        let dir = Dir::new();
        dir.file("in/x", format!("{}{}\n", filler(at - key), chat("a")));
        let (_, stdout, _) = dir.run(&["in"]).output();
        assert_eq!(stdout, chats(&["a"]), "{at}");
    }
}

#[test]
fn what_cannot_be_searched_is_read_so_that_this_is_told() {
    let dir = Dir::new();
    let packed = gzip(filler(1 << 20).as_bytes());
    dir.file("in/a.json", chat("a")).file("in/cut.gz", &packed[..packed.len() - 9]);
    let stderr = dir.run(&["in"]).stdout(chats(&["a"])).any_stderr().status(1).go().stderr;
    assert!(stderr.contains("the gzip data is cut off"), "{stderr}");
}

#[test]
fn members_of_a_tar_are_searched_to_their_first_mib_and_those_of_a_zip_whole() {
    let mib = 1 << 20;
    let late = |before: usize| format!("{}{}\n", filler(before), chat("late"));
    let (early, late, later) = (late(mib - 200), late(mib), late(mib + (200 << 10)));
    let binary = format!("\0{later}");
    let packed = gzip(later.as_bytes());
    let files = [
        ("early", early.as_bytes()),
        ("late.log", late.as_bytes()),
        ("later.log.gz", &packed),
        ("odd 'name", later.as_bytes()),
        ("odd.a b", later.as_bytes()),
        ("binary.bin", binary.as_bytes()),
        ("short.txt", filler(mib).as_bytes()),
        ("a.json", chat("a").as_bytes()),
    ]
    .map(|(name, text)| (name, text.to_owned()));
    let files = files.each_ref().map(|(name, text)| (*name, &text[..]));
    let dir = Dir::new();
    dir.file("x.tar", tar(&files)).file("x.zip", zip(&files));
    let (_, stdout, stderr) = dir.run(&["x.tar", "--summary", "summary"]).output();
    assert_eq!(crate::harness::users(&stdout), ["late", "a"]);
    let stderr = String::from_utf8(stderr).unwrap();
    let named: Vec<_> = stderr.lines().filter(|line| line.contains("MiB")).collect();
    let expected = [("late.log", "log"), ("later.log.gz", "log"), ("odd 'name", "''"), ("odd.a b", "'*'")];
    let expected = expected.map(|(name, ext)| {
        format!("olark2rudder: skipped x.tar:{name}: no payload in its first MiB; --ext {ext} reads it")
    });
    assert_eq!(named, expected);
    let counts = json!({".log": 1, ".gz": 1, ".a b": 1, ".bin": 1, ".txt": 1, "without extension": 1});
    assert_eq!(dir.summary()["left_out"], counts);
    // From a pipe it is the same.
    let (_, piped, _) = run(&["-q"]).stdin(dir.read("x.tar")).output();
    assert_eq!(piped, stdout);
    dir.run(&["x.tar", "--ext", "log", "-q", "--check", "--summary", "summary"]).output();
    assert_eq!(dir.summary()["files"], 4);
    let (_, stdout, _) = dir.run(&["x.zip", "--summary", "summary"]).output();
    assert_eq!(crate::harness::users(&stdout), ["late"; 6].into_iter().chain(["a"]).collect::<Vec<_>>());
    assert_eq!(dir.summary()["left_out"], json!({".txt": 1}));
}

#[cfg(unix)]
#[test]
fn a_signal_ends_a_search() {
    for args in [&["in"][..], &["in", "--output-dir", "out"]] {
        let dir = Dir::new();
        let running = dir.file("in/x", "").run(args);
        // It takes minutes to search.
        File::options().write(true).open(dir.path("in/x")).unwrap().set_len(1 << 40).unwrap();
        let running = running.start();
        std::thread::sleep(std::time::Duration::from_millis(300));
        running.signal(Signal::TERM);
        assert_eq!(running.end().0.code(), Some(143));
    }
}

#[test]
#[cfg_attr(windows, ignore = "no such names")]
fn a_list_names_files_whatever_they_are_called() {
    let dir = Dir::new();
    dir.file("a.txt", chat("a")).file("b c\n.txt", chat("b")).file("list", "a.txt\n\na.txt\n");
    dir.file("zeros", "a.txt\0b c\n.txt\0");
    dir.run(&["--files-from", "list"]).stdout(chats(&["a", "a"])).go();
    dir.run(&["--files-from", "zeros", "-0"]).stdout(chats(&["a", "b"])).go();
    dir.run(&["--files-from", "-"]).stdin("a.txt\n").stdout(chats(&["a"])).go();
    dir.run(&["--files-from", "missing"]).any_stderr().status(2).go();
    let stderr = dir.run(&["--files-from", "-"]).stdin("gone.txt\n").any_stderr().status(1).go().stderr;
    assert!(stderr.starts_with("gone.txt: cannot be read: "), "{stderr}");
}

#[test]
fn an_empty_list_is_nothing_to_do() {
    let dir = Dir::new();
    for args in [&["--files-from", "-"][..], &["--files-from", "-", "--output-dir", "out"]] {
        dir.run(args).stdin("\n").go();
    }
}

#[test]
fn nothing_to_read_is_a_failure_even_of_a_quiet_run() {
    let dir = Dir::new();
    std::fs::create_dir(dir.path("in")).unwrap();
    for args in [&["in"] as &[&str], &["in", "-q"], &["in", "--check"]] {
        dir.run(args).stderr("olark2rudder: there is nothing to read\n").status(1).go();
    }
    // The outputs are written anyway, without any events.
    dir.run(&["in", "-q", "-o", "out", "--rejects", "rejects", "--summary", "summary"])
        .any_stderr()
        .status(1)
        .go();
    assert_eq!((dir.read("out"), dir.rejects().len(), &dir.summary()["files"]), (vec![], 0, &0.into()));
}

#[test]
fn quiet_still_names_what_cannot_be_read() {
    let dir = Dir::new();
    dir.file("a", chat("a"));
    let stderr = dir.run(&["-q", "missing", "a"]).stdout(chats(&["a"])).any_stderr().status(1).go().stderr;
    assert!(stderr.starts_with("missing: cannot be read: ") && stderr.lines().count() == 1, "{stderr}");
}
