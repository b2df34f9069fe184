//! Compressed sources: known by their first bytes, in members, cut off and damaged.

use crate::harness::{COMPRESSORS, Dir, chat, chats, events, json_lines, run, show, users};

#[test]
fn what_is_compressed_is_known_by_its_first_bytes_and_not_by_its_name() {
    let text = ["a", "b"].map(chat).join("\n").into_bytes();
    let expected = chats(&["a", "b"]);
    let dir = Dir::new();
    dir.file("plain.json.gz", &text).run(&["plain.json.gz"]).stdout(&expected).go();
    for (name, compress) in COMPRESSORS {
        dir.file(name, compress(&text)).run(&[name]).stdout(&expected).go();
        dir.run(&["--jobs", "4"]).stdin(compress(&text)).stdout(&expected).go();
    }
}

#[test]
fn compressed_members_one_after_the_other_are_one_source() {
    // A record begins in one member and ends in the next.
    let text = format!("{}\n{}\n{}\n", chat("a"), chat("b"), chat("c")).into_bytes();
    for (name, compress) in COMPRESSORS {
        for at in [0, 1, chat("a").len(), chat("a").len() + 9, text.len()] {
            let members = [compress(&text[..at]), compress(&text[at..])].concat();
            run(&[]).stdin(&members).stdout(chats(&["a", "b", "c"])).go();
            let dir = Dir::new();
            dir.file(name, &members).run(&[name]).stdout(chats(&["a", "b", "c"])).go();
        }
    }
}

#[test]
fn a_compressed_file_is_read_the_same_after_any_other() {
    for (ending, compress) in COMPRESSORS {
        let dir = Dir::new();
        let mut expected = Vec::new();
        // Sizes go up and down, and one is nothing at all.
        for (file, records) in [0, 900, 3, 2_000, 1, 1, 400].into_iter().enumerate() {
            let users: Vec<_> = (0..records).map(|record| format!("{file}-{record}")).collect();
            let text: String = users.iter().map(|user| chat(user) + "\n").collect();
            dir.file(&format!("in/{file}.json.{ending}"), compress(text.as_bytes()));
            expected.extend(users);
        }
        for jobs in ["1", "3"] {
            let ran = dir.run(&["in", "--jobs", jobs]).any_stdout().any_stderr().status(0).go();
            assert!(users(&ran.stdout) == expected, "{ending}, {jobs} threads");
        }
    }
}

#[test]
fn a_compressed_source_that_is_cut_off_gives_what_it_has_and_one_reject() {
    let names: Vec<String> = (0..8_000).map(|n| format!("{:x}", n * 7_919_u64.pow(3))).collect();
    let text = names.iter().map(|user| chat(user) + "\n").collect::<String>();
    for (name, compress) in COMPRESSORS {
        let whole = compress(text.as_bytes());
        for cut in [whole.len() * 3 / 4, whole.len() - 1] {
            let dir = Dir::new();
            dir.file(name, &whole[..cut]).file("after", chat("after"));
            let args = [name, "after", "--rejects", "rejects", "--summary", "summary"];
            let ran = dir.run(&args).any_stdout().any_stderr().status(1).go();
            let got = users(&ran.stdout);
            let (after, before) = got.split_last().unwrap();
            assert_eq!(after, "after", "{name}");
            assert!(before.len() > 3000 && before == &names[..before.len()], "{name}: {}", before.len());
            let rows = dir.rejects();
            assert_eq!(rows.len(), 1, "{name} {cut}: {rows:?}");
            assert_eq!(rows[0]["code"], "truncated");
            assert!(ran.stderr.starts_with(&format!("{name}:{}", rows[0]["line"])), "{}", ran.stderr);
            // What had come of the record that it breaks off in is kept.
            let offset = rows[0]["offset"].as_u64().unwrap() as usize;
            let kept = rows[0]["payload"].as_str().unwrap();
            assert!(text[offset..].starts_with(kept), "{name}: {kept}");
        }
    }
}

#[test]
fn damage_in_a_compressed_source_is_one_reject_and_no_end_of_the_run() {
    for (name, compress) in COMPRESSORS {
        let mut damaged = compress(format!("{}\n", chat("a")).repeat(9).as_bytes());
        let at = damaged.len() / 2;
        damaged[at] ^= 0xff;
        damaged[at + 1] ^= 0xff;
        let dir = Dir::new();
        dir.file(name, &damaged).file("after", chat("after"));
        let args = [name, "after", "--rejects", "rejects"];
        let ran = dir.run(&args).any_stdout().any_stderr().status(1).go();
        assert_eq!(users(&ran.stdout).last().unwrap(), "after", "{name}");
        let codes: Vec<_> = dir.rejects().iter().map(|row| row["code"].clone()).collect();
        assert!(codes.contains(&"truncated".into()), "{name}: {codes:?}");
    }
}

#[test]
fn a_compressed_input_that_breaks_off_anywhere_gives_a_beginning_and_a_reject() {
    let payloads = ["a", "b", "c"].map(|user| chat(&user.repeat(40)));
    let expected: Vec<_> = payloads.iter().map(|payload| events(&[payload])).collect();
    for (ending, compress) in COMPRESSORS {
        // A member for each record, so that some of them are complete.
        let members = payloads.each_ref().map(|payload| compress(format!("{payload}\n").as_bytes()));
        let text = members.concat();
        let ends = [0, 1, 2, 3].map(|count| members[..count].concat().len());
        let dir = Dir::new();
        for cut in 0..=text.len() {
            dir.file(&format!("in/{cut:04}.json.{ending}"), &text[..cut]);
        }
        let args = ["in", "--output-dir", "out", "-q", "--rejects", "rejects", "--summary", "summary"];
        dir.run(&args).status(1).go();
        let rejects = dir.rejects();
        for cut in 0..=text.len() {
            let complete = ends.iter().filter(|end| **end <= cut).count() - 1;
            let got = dir.read(&format!("out/{cut:04}.ndjson"));
            // What was read of a member before its end may be a record already.
            let beginnings = [complete, (complete + 1).min(3)].map(|count| expected[..count].concat());
            assert!(beginnings.contains(&got), "{ending}, cut at {cut}: {}", show(&got));
            let source = format!("in/{cut:04}.json.{ending}");
            let own: Vec<_> = rejects.iter().filter(|row| row["source"] == *source).collect();
            let whole = ends.contains(&cut);
            assert_eq!(own.is_empty(), whole, "{ending}, cut at {cut}: {own:?}");
            // The first bytes alone do not say that they are of a compressed file.
            let codes = ["truncated", "no_payload", "invalid_utf8"];
            assert!(own.iter().all(|row| codes.contains(&row["code"].as_str().unwrap())), "{own:?}");
        }
        let summary = dir.summary();
        assert_eq!(summary["rejected"], rejects.len());
        let events = (0..=text.len()).flat_map(|cut| json_lines(&dir.read(&format!("out/{cut:04}.ndjson"))));
        assert_eq!(summary["converted"], events.count());
    }
}

#[test]
fn another_format_after_a_compressed_source_is_no_damage_in_it() {
    let text = format!("{}\n", chat("a")).into_bytes();
    for (name, first) in COMPRESSORS {
        for (other, second) in COMPRESSORS.into_iter().filter(|(other, _)| *other != name) {
            let dir = Dir::new();
            dir.file(name, [first(&text), second(&text)].concat());
            let ran = dir.run(&[name]).stdout(chats(&["a"])).any_stderr().status(1).go();
            assert!(ran.stderr.contains("something else follows the "), "{name} {other}: {}", ran.stderr);
        }
    }
}
