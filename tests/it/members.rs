//! What is in archives: the same as if they were unpacked, whatever is odd about them.

use std::fs::{self, File};
use std::os::unix::process::ExitStatusExt;
use std::process::Command;

use serde_json::Value;
use tar::EntryType;

use crate::harness::{
    COMPRESSORS, Dir, TOOL, chat, chats, gzip, odd_member, rejected, run, show, tar, users, zip,
};

/// The files of a tree in the order in which a directory is read, with rejects among them.
fn tree() -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for name in ["2019/01/a.json", "2019/b.ndjson", "2019/c.form", "a.jsonl", "b.json", "part-00000"] {
        let text = format!("{}\n{{\"broken\":\n{}\n", chat(name), chat(&format!("{name}2")));
        files.push((name.to_owned(), text.into_bytes()));
    }
    files[4].1 = gzip(&files[4].1);
    files[4].0 += ".gz";
    files.push(("skipped.txt".into(), b"no".to_vec()));
    files
}

/// What must not differ between a tree and its archives.
fn comparable(dir: &Dir, name: &str) -> (Vec<Value>, Value) {
    let mut rejects = dir.rejects();
    for row in &mut rejects {
        let source = row["source"].as_str().unwrap().to_owned();
        row["source"] = source[name.len() + 1..].into();
    }
    let mut summary = dir.summary();
    for of_its_own in ["seconds", "bytes_in"] {
        summary.as_object_mut().unwrap().remove(of_its_own);
    }
    (rejects, summary)
}

#[test]
fn an_archive_gives_what_its_tree_gives() {
    let dir = Dir::new();
    let tree = tree();
    let files: Vec<_> = tree.iter().map(|(name, text)| (&**name, &**text)).collect();
    for (name, text) in &files {
        dir.file(&format!("tree/{name}"), text);
    }
    let (tar, zip) = (tar(&files), zip(&files));
    let mut archives = vec![("a.tar".to_owned(), tar.clone()), ("a.zip".to_owned(), zip)];
    archives.extend(COMPRESSORS.map(|(ending, compress)| (format!("a.tar.{ending}"), compress(&tar))));
    let args = ["--rejects", "rejects", "--summary", "summary"];
    let ran = dir.run(&["tree"]).args(&args).any_stdout().any_stderr().status(1).go();
    let expected = (ran.stdout, comparable(&dir, "tree"));
    assert!(expected.1.0.len() > 4 && expected.1.1["left_out"][".txt"] == 1);
    dir.run(&["tree", "--output-dir", "of-tree", "-q"]).status(1).go();
    for (name, archive) in archives {
        for jobs in ["1", "4"] {
            let ran = dir.file(&name, &archive).run(&[&name, "--jobs", jobs]).args(&args);
            let ran = ran.any_stdout().any_stderr().status(1).go();
            assert!((ran.stdout, comparable(&dir, &name)) == expected, "{name}");
        }
        if !name.ends_with("zip") {
            let ran = dir.run(&args).stdin(&archive).any_stdout().any_stderr().status(1).go();
            assert!((ran.stdout, comparable(&dir, "-")) == expected, "{name} from a pipe");
        }
        let out = format!("of-{name}");
        dir.run(&[&name, "--output-dir", &out, "-q"]).status(1).go();
        let below = |root: &str| {
            let root = format!("{root}/");
            let names = dir.names().into_iter().filter(|name| name.starts_with(&root));
            let names = names.filter(|name| dir.path(name).is_file());
            names.map(|name| (name[root.len()..].to_owned(), dir.read(&name))).collect::<Vec<_>>()
        };
        assert!(below(&out) == below("of-tree"), "{name}: {:?}", dir.names());
    }
}

#[test]
fn archives_in_a_directory_are_directories() {
    let dir = Dir::new();
    let of = |user: &str| tar(&[("x.json", chat(user).as_bytes())]);
    dir.file("in/a.json", chat("a")).file("in/b.tar", of("b")).file("in/c/d.tgz", gzip(&of("d")));
    dir.file("in/c/e.zip", zip(&[("x.json", chat("e").as_bytes())])).file("in/f.json", chat("f"));
    dir.run(&["in"]).stdout(chats(&["a", "b", "d", "e", "f"])).go();
    dir.run(&["in", "--output-dir", "out"]).go();
    for (output, user) in [("a", "a"), ("b/x", "b"), ("c/d/x", "d"), ("c/e/x", "e"), ("f", "f")] {
        assert_eq!(dir.read(&format!("out/{output}.ndjson")), chats(&[user]), "{output}");
    }
    dir.run(&["in/c/d.tgz", "--base", "in", "--output-dir", "based"]).go();
    assert_eq!(dir.read("based/c/d/x.ndjson"), chats(&["d"]));
}

#[test]
fn rejects_name_the_archive_and_the_member() {
    let (stderr, rows) =
        rejected(tar(&[("2019/a.ndjson", format!("{}\n5\n", chat("a")).as_bytes())]), chats(&["a"]));
    assert!(stderr.starts_with("-:2019/a.ndjson:2: expected an object, found a number\n"), "{stderr}");
    assert_eq!(rows[0]["source"], "-:2019/a.ndjson");
    assert_eq!((&rows[0]["line"], &rows[0]["payload"]), (&2.into(), &"5".into()));
}

#[test]
fn an_archive_that_breaks_off_anywhere_gives_a_beginning_and_is_told() {
    let users_of = ["a", "b", "c"];
    let texts = users_of.map(|user| chat(user) + "\n");
    let long = "long".repeat(40) + ".json";
    let files =
        [("a.json", texts[0].as_bytes()), (&*long, texts[1].as_bytes()), ("c.json", texts[2].as_bytes())];
    let plain = tar(&files);
    for (ending, archive) in [("tar", plain.clone()), ("tgz", gzip(&plain)), ("zip", zip(&files))] {
        let dir = Dir::new();
        // The end of a tar is two blocks of zeros, one of which is enough.
        let whole = if ending == "tar" { archive.len() - 512 } else { archive.len() };
        for cut in 512.min(archive.len() / 4)..archive.len() {
            dir.file(&format!("in/{cut:04}.{ending}"), &archive[..cut]);
        }
        dir.run(&["in", "--rejects", "rejects", "--summary", "summary", "-q", "-o", "out"]).status(1).go();
        let rejects = dir.rejects();
        assert_eq!(dir.summary()["rejected"], rejects.len());
        assert_eq!(dir.summary()["unread_inputs"], 0);
        for cut in 512.min(archive.len() / 4)..archive.len() {
            let name = format!("in/{cut:04}.{ending}");
            let own: Vec<_> = rejects.iter().filter(|row| row["source"] == *name).collect();
            assert_eq!(own.len(), usize::from(cut < whole), "{name}: {own:?}");
            assert!(own.iter().all(|row| row["code"] == "truncated"), "{own:?}");
        }
        // One cut by itself, for its events.
        let name = format!("in/{:04}.{ending}", archive.len() * 2 / 3);
        let got = users(&dir.run(&[&name]).any_stdout().any_stderr().status(1).go().stdout);
        assert!(users_of[..got.len()] == got && got.len() < 3, "{name}: {got:?}");
        assert!(ending == "zip" || !got.is_empty(), "{name}");
    }
}

#[test]
fn a_damaged_member_does_not_harm_the_next() {
    let (a, b, c) = (chat("a"), gzip(chat("b").as_bytes()), chat("c"));
    let files = [("a.json", a.as_bytes()), ("b.json.gz", &b[..b.len() - 5]), ("c.json", c.as_bytes())];
    let dir = Dir::new();
    for (name, archive) in [("x.tar", tar(&files)), ("x.zip", zip(&files))] {
        let ran = dir.file(name, archive).run(&[name]).any_stdout().any_stderr().status(1).go();
        let got = users(&ran.stdout);
        assert!(got.first().unwrap() == "a" && got.last().unwrap() == "c", "{got:?}");
        let reason = format!("{name}:b.json.gz:1: the gzip data is cut off from here on\n");
        assert!(ran.stderr.starts_with(&reason), "{}", ran.stderr);
    }
    // The sum of a member of a zip is wrong, or its data.
    let whole = zip(&[("a.json", a.as_bytes()), ("b.json", chat("b").as_bytes()), ("c.json", c.as_bytes())]);
    let place = whole.windows(9).position(|window| window == b"\"id\":\"b\"}").unwrap();
    let mut damaged = whole.clone();
    damaged[place + 6] = b'x';
    let ran = dir.file("y.zip", damaged).run(&["y.zip"]).any_stdout().any_stderr().status(1).go();
    assert_eq!(users(&ran.stdout).last().unwrap(), "c");
    assert!(ran.stderr.contains("y.zip:b.json:1: the zip data is damaged"), "{}", ran.stderr);
}

#[test]
fn what_is_odd_in_an_archive_is_left_out_and_counted() {
    let no = chat("no");
    let inner = gzip(&tar(&[("a.json", no.as_bytes())]));
    let files = [
        ("../up.json", no.as_bytes()),
        ("a/../../up.json", no.as_bytes()),
        ("inner.tgz", &inner[..]),
        ("inner.zip", b"PK\x03\x04"),
        ("._a.json", no.as_bytes()),
        ("__MACOSX/a.json", no.as_bytes()),
        ("_temporary/0/part-00000", no.as_bytes()),
        ("notes.txt", no.as_bytes()),
    ];
    let yes = [("/abs/a.json", chat("a").into_bytes()), ("./b.json", chat("b").into_bytes())];
    let all: Vec<_> =
        files.iter().copied().chain(yes.iter().map(|(name, text)| (*name, &text[..]))).collect();
    let odd = [
        odd_member("link.json", EntryType::Symlink),
        odd_member("hard.json", EntryType::Link),
        odd_member("fifo.json", EntryType::Fifo),
        odd_member("d.json", EntryType::Directory),
    ];
    // What packs a zip does not take such names.
    let tame: Vec<_> = all.iter().map(|(name, text)| (name.replace("..", "%%"), *text)).collect();
    let mut zip = zip(&tame.iter().map(|(name, text)| (&**name, *text)).collect::<Vec<_>>());
    for at in 0..zip.len() - 1 {
        if zip[at..].starts_with(b"%%") {
            zip[at..at + 2].copy_from_slice(b"..");
        }
    }
    let dir = Dir::new();
    dir.file("x.tar", [odd.concat(), tar(&all)].concat()).file("x.zip", zip);
    for (name, links) in [("x.tar", true), ("x.zip", false)] {
        dir.run(&[name, "--summary", "summary"]).stdout(chats(&["a", "b"])).any_stderr().go();
        let mut expected = serde_json::json!({
            ".tgz": 1, ".txt": 1, ".zip": 1, "AppleDouble file": 2, "unfinished part": 1, "unsafe path": 2,
        });
        if links {
            (expected["link"], expected["special file"]) = (2.into(), 1.into());
        }
        assert_eq!(dir.summary()["left_out"], expected, "{name}");
        dir.run(&[name, "--output-dir", "out", "--overwrite"]).any_stderr().go();
        assert!(dir.has("out/abs/a.ndjson") && !dir.has("up.ndjson"), "{:?}", dir.names());
    }
}

#[test]
fn a_member_that_is_encrypted_or_packed_in_an_unknown_way_is_told_and_the_others_are_read() {
    let texts = ["a", "b", "c"].map(chat);
    let names = ["a.json", "b.json", "c.json"];
    let files: Vec<_> = names.iter().zip(&texts).map(|(name, text)| (*name, text.as_bytes())).collect();
    let mut archive = zip(&files);
    let headers: Vec<_> = (0..archive.len()).filter(|at| archive[*at..].starts_with(b"PK\x01\x02")).collect();
    archive[headers[0] + 8] |= 1;
    archive[headers[1] + 10] = 98;
    let dir = Dir::new();
    let args = ["x.zip", "--summary", "summary"];
    let ran = dir.file("x.zip", archive).run(&args).stdout(chats(&["c"])).any_stderr().status(1).go();
    let told = "x.zip:a.json: cannot be read: it is encrypted\nx.zip:b.json: cannot be read: zip method 98";
    assert!(ran.stderr.starts_with(told), "{}", ran.stderr);
    assert_eq!(dir.summary()["unread_inputs"], 2);
}

#[test]
fn a_zip_is_read_from_files_and_refused_from_pipes() {
    let archive = zip(&[("a.json", chat("a").as_bytes())]);
    let refused = "-: cannot be read: a zip cannot be read from a pipe: save it to a file first\n";
    let ran = run(&[]).stdin(&archive).any_stderr().status(1).go();
    assert!(ran.stderr.starts_with(refused), "{}", ran.stderr);
    let dir = Dir::new();
    dir.file("x", &archive);
    let output = Command::new(TOOL).stdin(File::open(dir.path("x")).unwrap()).output().unwrap();
    assert_eq!((output.status.code(), output.stdout), (Some(0), chats(&["a"])));
    dir.file("empty", zip(&[])).run(&["empty"]).any_stderr().status(1).go();
}

#[test]
fn an_archive_with_nothing_that_is_read_is_told() {
    let dir = Dir::new();
    dir.file("x.tar", tar(&[("a.txt", b"x")])).file("x.zip", zip(&[("a.txt", b"x")]));
    for name in ["x.tar", "x.zip"] {
        for more in [&[][..], &["--output-dir", "out"]] {
            let ran = dir.run(&[&[name][..], more].concat()).any_stderr().status(1).go();
            assert!(ran.stderr.starts_with("olark2rudder: there is nothing to read\n"), "{}", ran.stderr);
        }
        dir.run(&[name, "--ext", "txt", "--check"]).any_stderr().status(1).go();
    }
}

#[test]
fn a_member_whose_output_must_not_be_written_ends_the_run_before_it_is() {
    let members = |names: &[&str]| {
        let texts: Vec<_> = names.iter().map(|name| chat(name)).collect();
        let files: Vec<_> = names.iter().zip(&texts).map(|(name, text)| (*name, text.as_bytes())).collect();
        (tar(&files), zip(&files))
    };
    for (names, outputs) in [
        // The output is there.
        (&["a.json", "b.json"][..], &["b.ndjson"][..]),
        // Two are one.
        (&["a.json", "b.json", "b.ndjson"], &[]),
        // One would be a directory of another.
        (&["a.json", "b/c.json", "b"], &["b.ndjson/d"]),
    ] {
        let (tar, zip) = members(names);
        for (archive, status) in [(tar, 3), (zip, 2)] {
            let dir = Dir::new();
            for output in outputs {
                dir.file(&format!("out/{output}"), "old");
            }
            let ran = dir.file("x", archive).run(&["x", "--output-dir", "out", "--ext", "b"]);
            let (got, _, stderr) = ran.output();
            if names[2..].contains(&"b") {
                continue;
            }
            assert_eq!(got.code(), Some(status), "{names:?}: {}", show(&stderr));
            assert_eq!(stderr.iter().filter(|byte| **byte == b'\n').count(), 1, "{}", show(&stderr));
            for output in outputs {
                assert_eq!(dir.read(&format!("out/{output}")), b"old");
            }
            assert_eq!(dir.has("out/a.ndjson"), status == 3, "{names:?}");
            assert!(!dir.names().iter().any(|name| name.ends_with(".tmp")), "{:?}", dir.names());
        }
    }
}

#[test]
fn a_member_may_not_overwrite_an_input() {
    let dir = Dir::new();
    dir.file("x.tar", tar(&[("a.json", chat("a").as_bytes())])).file("out/a.ndjson", chat("b"));
    let args = ["x.tar", "out/a.ndjson", "--output-dir", "out", "--overwrite"];
    for base in [&[][..], &["--base", "."]] {
        let (status, _, stderr) = dir.run(&[&args[..], base].concat()).output();
        let refused = matches!(status.code(), Some(2 | 3));
        assert!(refused || !base.is_empty(), "{status}: {}", show(&stderr));
        assert_eq!(dir.read("out/a.ndjson"), chat("b").as_bytes());
    }
}

#[test]
fn members_whose_output_is_newer_are_skipped() {
    let files = [("a.json", chat("a")), ("b.json", chat("b"))];
    let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    for archive in [tar(&files), gzip(&tar(&files)), zip(&files)] {
        let dir = Dir::new();
        let args = ["x", "--output-dir", "out", "--skip-existing", "--summary", "summary"];
        dir.file("x", &archive).run(&["x", "--output-dir", "out"]).go();
        fs::remove_file(dir.path("out/b.ndjson")).unwrap();
        dir.run(&args).any_stderr().go();
        assert_eq!((&dir.summary()["skipped_files"], &dir.summary()["converted"]), (&1.into(), &1.into()));
        assert_eq!(dir.read("out/b.ndjson"), chats(&["b"]));
        dir.run(&args).any_stderr().go();
        assert_eq!(dir.summary()["skipped_files"], 2);
        dir.run(&["x", "--output-dir", "out", "--overwrite"]).go();
    }
}

#[test]
fn archives_of_one_name_have_no_output_of_their_own() {
    let dir = Dir::new();
    for name in ["a", "b"] {
        let archive = tar(&[(&format!("{name}.json"), chat(name).as_bytes())]);
        dir.file(&format!("{name}/chats.tar"), archive);
    }
    dir.run(&["a/chats.tar", "b/chats.tar", "--output-dir", "out"]).go();
    assert_eq!(dir.read("out/a.ndjson"), chats(&["a"]));
    assert_eq!(dir.read("out/b.ndjson"), chats(&["b"]));
}

#[test]
fn each_member_of_a_tar_in_a_pipe_is_shown_when_it_is_complete() {
    let mut running = run(&[]).start();
    for user in ["a", "b", "c"] {
        let member = tar(&[(&format!("{user}.json"), chat(user).as_bytes())]);
        running.write(&member[..member.len() - 1024]);
        assert_eq!(running.line(), chats(&[user]));
    }
    running.write([0; 1024]);
    running.close();
    assert_eq!(running.end(), (ExitStatusExt::from_raw(0), String::new()));
}

#[test]
fn a_payload_does_not_wait_for_more_to_tell_it_from_a_tar() {
    for begin in [&b""[..], b"\xef\xbb\xbf", b"  "] {
        let mut running = run(&[]).start();
        running.write([begin, chat("a").as_bytes(), b"\n"].concat());
        assert_eq!(running.line(), chats(&["a"]));
        running.close();
        assert_eq!(running.end().0.code(), Some(0));
    }
    // A tar's first name may begin as JSON does.
    run(&[]).stdin(tar(&[("{a}.json", chat("a").as_bytes())])).stdout(chats(&["a"])).go();
}

#[test]
fn a_great_many_members_and_a_large_window_take_little_memory() {
    // A window of 2 GiB, of which little is used.
    let mut large = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 21 << 3];
    let text = chat("a") + "\n";
    large.extend(((text.len() as u32) << 3 | 1).to_le_bytes()[..3].iter());
    large.extend(text.as_bytes());
    // Empty members, each with an extension of its own.
    let names: Vec<_> = (0..20_000).map(|n| format!("{n}.x{n}\0{n}.json")).collect();
    let mut many = Vec::new();
    for name in &names {
        for name in name.split('\0') {
            many.extend_from_slice(&tar(&[(name, b"")])[..512]);
        }
    }
    many.extend(tar(&[("a.json", chat("a").as_bytes())]));
    for input in [large, gzip(&many)] {
        let mut running = run(&["-q", "--jobs", "1"]).start();
        running.write(input);
        assert_eq!(running.line(), chats(&["a"]));
        let peak = running.peak_memory();
        assert!(peak < 32 << 20, "{} KiB", peak >> 10);
        running.close();
        assert_eq!(running.end().0.code(), Some(0));
    }
}

#[test]
fn what_takes_too_much_memory_is_told_in_words() {
    let mut options = lzma_rust2::XzOptions::with_preset(0);
    options.lzma_options.dict_size = 1 << 30;
    let mut encoder = lzma_rust2::XzWriter::new(Vec::new(), options).unwrap();
    std::io::Write::write_all(&mut encoder, chat("a").as_bytes()).unwrap();
    let (stderr, rows) = rejected(encoder.finish().unwrap(), "");
    assert!(stderr.starts_with("-:1: the xz data takes more memory"), "{stderr}");
    assert_eq!(rows[0]["code"], "truncated");
    // The largest window that there is, beyond 2 GiB.
    let (stderr, _) = rejected([0x28, 0xb5, 0x2f, 0xfd, 0x00, 31 << 3, 0x01, 0x00, 0x00], "");
    assert!(stderr.starts_with("-:1: the zstd data takes more memory"), "{stderr}");
}

#[test]
fn zstd_may_have_skippable_frames_and_gzip_zeros_behind_it() {
    let skippable = |len: u8| [&[0x5e, 0x2a, 0x4d, 0x18, len, 0, 0, 0][..], &vec![0xaa; len.into()]].concat();
    for (ending, compress) in COMPRESSORS {
        let [a, b] = ["a", "b"].map(|user| compress(format!("{}\n", chat(user)).as_bytes()));
        let mut input = [&a[..], &[0; 700], &b, &[0; 9]].concat();
        if ending == "zst" {
            input = [&skippable(4)[..], &a, &skippable(255), &b, &skippable(0)].concat();
        }
        run(&[]).stdin(&input).stdout(chats(&["a", "b"])).go();
        let (stderr, rows) = rejected([&a[..], b"junk"].concat(), chats(&["a"]));
        assert!(stderr.contains("something else follows the "), "{stderr}");
        assert_eq!((rows.len(), &rows[0]["line"]), (1, &2.into()));
    }
}

#[test]
fn a_signal_ends_a_run_that_waits_for_the_rest_of_a_tar() {
    let mut running = run(&[]).start();
    let member = tar(&[("a.json", chat("a").as_bytes())]);
    running.write(&member[..member.len() - 1024]);
    assert_eq!(running.line(), chats(&["a"]));
    running.signal(rustix::process::Signal::TERM);
    assert_eq!(running.end().0.code(), Some(143));
}

#[test]
fn what_is_compressed_is_shown_when_a_member_of_it_is_complete() {
    for (_, compress) in COMPRESSORS {
        let mut running = run(&[]).start();
        for user in ["a", "b"] {
            running.write(compress(format!("{}\n", chat(user)).as_bytes()));
            assert_eq!(running.line(), chats(&[user]));
        }
        running.close();
        assert_eq!(running.end().0.code(), Some(0));
    }
}
