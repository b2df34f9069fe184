//! Archives and compressed files that are cut off, damaged or otherwise not to be read.

use crate::harness::{COMPRESSORS, Dir, chat, chats, gzip, rejected, run, show, tar, users, zip};

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
fn a_changed_byte_in_a_zip_never_passes_for_other_content() {
    let texts = ["a", "b"].map(chat);
    let whole = zip(&[("a.json", texts[0].as_bytes()), ("b.json", texts[1].as_bytes())]);
    let dir = Dir::new();
    for at in 0..whole.len() {
        for change in [0x01, 0x20, 0xff] {
            let mut changed = whole.clone();
            changed[at] ^= change;
            dir.file(&format!("in/{at:04}-{change}.zip"), changed);
        }
    }
    let (status, events, stderr) = dir.run(&["in", "-q"]).output();
    assert_eq!(status.code(), Some(1), "{}", show(&stderr));
    let good = chats(&["a", "b"]);
    let good: Vec<_> = good.split_inclusive(|byte| *byte == b'\n').collect();
    let other = events.split_inclusive(|byte| *byte == b'\n').find(|event| !good.contains(event));
    assert_eq!(other.map(show), None);
    // Most of what there is of each is read all the same.
    let count = events.split_inclusive(|byte| *byte == b'\n').count();
    assert!(count > 3 * whole.len(), "{count} events of {} archives", 3 * whole.len());
}

#[test]
fn members_of_a_zip_that_share_bytes_are_refused() {
    let text = chat("a");
    let mut archive = zip(&[("a.json", text.as_bytes()), ("b.json", text.as_bytes())]);
    let last = archive.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
    archive[last + 42..last + 46].fill(0);
    let dir = Dir::new();
    let ran = dir.file("x.zip", archive).run(&["x.zip"]).stdout(chats(&["a"])).any_stderr().status(1).go();
    assert!(
        ran.stderr.starts_with("x.zip:b.json:1: it overlaps another member of the zip"),
        "{}",
        ran.stderr
    );
}
