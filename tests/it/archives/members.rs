//! What is in archives: the same as if they were unpacked, whatever is odd about them.

use std::fs::File;
use std::process::Command;

use serde_json::Value;
use tar::EntryType;

use crate::harness::{COMPRESSORS, Dir, TOOL, chat, chats, gzip, odd_member, rejected, run, tar, zip};

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
fn what_is_odd_in_an_archive_is_left_out_and_counted() {
    let no = chat("no");
    let inner = gzip(&tar(&[("a.json", no.as_bytes())]));
    let a = chat("a");
    let files = [
        ("inner.tgz", &inner[..]),
        ("inner.zip", b"PK\x03\x04"),
        // A tar without an extension.
        ("inner", &tar(&[("a.json", no.as_bytes())])),
        ("._a.json", no.as_bytes()),
        ("__MACOSX/a.json", no.as_bytes()),
        ("_temporary/0/part-00000", no.as_bytes()),
        ("notes.txt", b"no payload"),
        ("/abs/a.json", a.as_bytes()),
    ];
    // GNU tar leaves most fields of a label blank, its size too.
    let mut label = tar::Header::new_gnu();
    label.set_path("label").unwrap();
    label.set_entry_type(EntryType::new(b'V'));
    label.as_old_mut().size = [0; 12];
    label.set_cksum();
    let odd = [
        label.as_bytes().to_vec(),
        odd_member("link.json", EntryType::Symlink),
        odd_member("fifo.json", EntryType::Fifo),
        odd_member("d.json", EntryType::Directory),
        odd_member("listed.json", EntryType::new(b'D')),
    ];
    let dir = Dir::new();
    dir.file("x.tar", [odd.concat(), tar(&files)].concat()).file("x.zip", zip(&files));
    for (name, links) in [("x.tar", true), ("x.zip", false)] {
        let ran = dir.run(&[name, "--summary", "summary"]).stdout(chats(&["a"])).any_stderr().go();
        let mut expected = serde_json::json!({
            ".tgz": 1, ".txt": 1, ".zip": 1, "without extension": 1, "AppleDouble file": 2, "unfinished part": 1,
        });
        if links {
            (expected["link"], expected["special file"]) = (1.into(), 1.into());
        }
        assert_eq!(dir.summary()["left_out"], expected, "{name}");
        for inner in ["inner.tgz", "inner.zip"] {
            let named = format!("olark2rudder: skipped {name}:{inner}: an archive inside an archive");
            assert!(ran.stderr.contains(&named), "{}", ran.stderr);
        }
        dir.run(&[name, "--output-dir", "out", "--overwrite"]).any_stderr().go();
        assert!(dir.has("out/abs/a.ndjson"), "{:?}", dir.names());
    }
}

#[test]
fn a_path_that_leads_outside_is_read_but_has_no_output() {
    let texts = ["a", "b", "c"].map(chat);
    let names = ["../up.json", "in.json", "a/../../up.json"];
    // What packs a zip does not take such names.
    let tame = names.map(|name| name.replace("..", "%%"));
    let files = |names: [&str; 3]| tar(&[0, 1, 2].map(|index| (names[index], texts[index].as_bytes())));
    let mut packed = zip(&[0, 1, 2].map(|index| (&*tame[index], texts[index].as_bytes())));
    for at in 0..packed.len() - 1 {
        if packed[at..].starts_with(b"%%") {
            packed[at..at + 2].copy_from_slice(b"..");
        }
    }
    let dir = Dir::new();
    dir.file("in/x.tar", files(names)).file("in/x.zip", packed);
    for name in ["in/x.tar", "in/x.zip"] {
        dir.run(&[name]).stdout(chats(&["a", "b", "c"])).go();
        let ran = dir.run(&[name, "--output-dir", "out", "--overwrite", "--summary", "summary"]);
        let stderr = ran.any_stderr().status(1).go().stderr;
        for member in ["../up.json", "a/../../up.json"] {
            let told =
                format!("{name}:{member}: cannot be read: its path leads out of the output directory\n");
            assert!(stderr.contains(&told), "{stderr}");
        }
        assert_eq!(dir.summary()["unread_inputs"], 2);
        assert_eq!(dir.read("out/in.ndjson"), chats(&["b"]));
        assert!(!dir.names().iter().any(|name| name.contains("up.ndjson")), "{:?}", dir.names());
    }
}

#[test]
fn members_of_a_tar_without_their_content_are_not_read_and_that_is_told() {
    let dir = Dir::new();
    let mut rest = odd_member("rest.json", EntryType::new(b'M'));
    rest[156] = b'M';
    let odd =
        [odd_member("hard.json", EntryType::Link), odd_member("sparse.json", EntryType::GNUSparse), rest];
    dir.file("x.tar", [odd.concat(), tar(&[("a.json", chat("a").as_bytes())])].concat());
    let ran = dir.run(&["x.tar", "--summary", "summary"]).stdout(chats(&["a"])).any_stderr().status(1).go();
    let told = "x.tar:hard.json: cannot be read: it is a hard link to another member\n\
                x.tar:sparse.json: cannot be read: it is a sparse file: unpack the tar first\n\
                x.tar:rest.json: cannot be read: its beginning is in another volume: join the volumes first\n";
    assert!(ran.stderr.starts_with(told), "{}", ran.stderr);
    assert_eq!(dir.summary()["unread_inputs"], 3);
    assert_eq!(dir.summary()["left_out"], serde_json::json!({}));
}

#[test]
fn what_follows_the_end_of_a_tar_is_passed_over_but_not_another_tar() {
    let dir = Dir::new();
    let of = |user: &str| tar(&[(&format!("{user}.json"), chat(user).as_bytes())]);
    for rest in [&b"x"[..], &[b'x'; 512], &[0xff; 100_000], chat("no").as_bytes()] {
        let bytes = [&of("a"), rest].concat();
        dir.file("x", &bytes).run(&["x"]).stdout(chats(&["a"])).go();
        run(&[]).stdin(&bytes).stdout(chats(&["a"])).go();
        run(&[]).stdin(gzip(&bytes)).stdout(chats(&["a"])).go();
        // All of it is read, so damage to it is noticed.
        let cut = gzip(&bytes);
        run(&[]).stdin(&cut[..cut.len() - 4]).stdout(chats(&["a"])).any_stderr().status(1).go();
    }
    run(&[]).stdin([of("a"), of("b")].concat()).stdout(chats(&["a", "b"])).go();
}

#[test]
fn zips_that_are_joined_are_read_one_after_the_other() {
    let dir = Dir::new();
    let of = |users: &[&str]| {
        let files: Vec<_> = users.iter().map(|user| (format!("{user}.json"), chat(user))).collect();
        zip(&files.iter().map(|(name, text)| (&**name, text.as_bytes())).collect::<Vec<_>>())
    };
    // The second may have its directory where the first has it, or elsewhere.
    for (first, second) in [(&["a", "b"][..], &["c", "d"][..]), (&["a"], &["b", "c"]), (&["a", "b"], &["c"])]
    {
        let joined = [of(first), of(second)].concat();
        let all = [first, second].concat();
        dir.file("x.zip", &joined).run(&["x.zip"]).stdout(chats(&all)).go();
        dir.run(&["x.zip", "--output-dir", "out", "--overwrite"]).go();
        for user in all {
            assert_eq!(dir.read(&format!("out/{user}.ndjson")), chats(&[user]));
        }
    }
    dir.file("x.zip", [of(&[]), of(&["a"]), of(&[]), of(&["b"])].concat());
    dir.run(&["x.zip"]).stdout(chats(&["a", "b"])).go();
    // The end of the first is missing.
    let first = of(&["a"]);
    dir.file("x.zip", [&first[..first.len() - 22], &of(&["b"])].concat());
    for args in [&["x.zip"][..], &["x.zip", "--output-dir", "broken"]] {
        let ran = dir.run(args).any_stdout().any_stderr().status(1).go();
        let told = "x.zip: cannot be read: an incomplete zip comes before the last one\n";
        assert!(ran.stderr.contains(told), "{}", ran.stderr);
        assert!(args.len() > 1 || ran.stdout == chats(&["b"]));
    }
    assert_eq!(dir.read("broken/b.ndjson"), chats(&["b"]));
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
