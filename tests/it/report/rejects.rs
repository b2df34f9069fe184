//! Records that cannot be converted: each is named, kept as it came, and does not affect the others.

use std::fs::{self, Permissions};
#[cfg(unix)]
use std::os::unix::fs::PermissionsExt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::harness::{Dir, chat, chats, events, rejected, run, totals};

/// A record of every code that a line can have, what is said behind the number of its line (but for a
/// hint, whose words may change), and its code.
const BAD: &[(&[u8], &str, &str)] = &[
    (b"nonsense", ":1: expected a value", "invalid_json"),
    (br#"{"visitor":{"id":"v"} "kind":1}"#, ":23: expected a comma or }", "invalid_json"),
    (br#"{"visitor":{"id":"v"},"tags":[1 2]}"#, ":33: expected a comma or ]", "invalid_json"),
    ("{\"é\":\"😀\",\"visitor\":{\"id\":tru}}".as_bytes(), ":26: expected a value", "invalid_json"),
    (br#"{"visitor":{"id":"v"}} x"#, ":24: unexpected text after the value", "invalid_json"),
    (b"{\"visitor\":{\"id\":\"v\xff\"}}", ":20: not UTF-8", "invalid_utf8"),
    (b"{\"visitor\":{\"id\":\"v\"},\"\xed\xa0\x80\":1}", ":24: not UTF-8", "invalid_utf8"),
    (b"\xff\xfe{\0}\0", ":1: not UTF-8", "invalid_utf8"),
    (b"[1,2]", ": no Olark payload in it", "no_payload"),
    (b"17", ": expected an object, found a number", "not_an_object"),
    (b"\"{}\"", ": no Olark payload in it", "no_payload"),
    (b"null", ": expected an object, found null", "not_an_object"),
    (b"{}", ": no Olark payload in it", "no_payload"),
    (br#"{"visitor":{"id":null}}"#, ": visitor.id is missing", "missing_visitor_id"),
    (br#"{"visitor":{"id":" \u200b\t"}}"#, ": visitor.id is blank", "missing_visitor_id"),
    (br#"{"visitor":{"id":[7]}}"#, ": visitor.id is an array", "missing_visitor_id"),
    (br#"{"visitor":"v"}"#, ": visitor is a string, not an object", "wrong_type"),
    (br#"{"visitor":{"id":"v","browser":{}}}"#, ": visitor.browser is an object, not a string", "wrong_type"),
    (br#"{"visitor":{"id":"v"},"groups":"g"}"#, ": groups is a string, not an array", "wrong_type"),
    (br#"{"visitor":{"id":"v"},"groups":[{},7]}"#, ": groups[1] is a number, not an object", "wrong_type"),
    (b"data=", ":6: the form's data is empty", "invalid_form"),
    (b"data=%7B%7", ":9: a % without two hexadecimal digits", "invalid_form"),
    (b"%7B%7D", ": no Olark payload in it", "no_payload"),
    (b"data=%7B%22visitor%22%3A%7B%22id%22%3A%C3%A9%7D%7D", ":39: expected a value", "invalid_json"),
    (b"data=%22%ff%22", ":9: not UTF-8", "invalid_utf8"),
];

#[test]
fn a_bad_line_never_takes_its_neighbours_along() {
    for (bad, place, code) in BAD {
        let dir = Dir::new();
        let before = format!("{}\n", chat("before"));
        let input = [before.as_bytes(), bad, b"\n", chat("after").as_bytes(), b"\n"].concat();
        let ran = dir
            .run(&["--rejects", "rejects"])
            .stdin(&input)
            .stdout(chats(&["before", "after"]))
            .any_stderr()
            .status(1)
            .go();
        assert!(ran.stderr.starts_with(&format!("-:2{place}")), "{place}: {}", ran.stderr);
        let (told, closing) = ran.stderr.split_once('\n').unwrap();
        let counts =
            format!("2 payloads converted to 2 track events and 0 group events, 1 rejected (1 {code})");
        assert_eq!(closing, totals(&counts));
        let rows = dir.rejects();
        assert_eq!(rows.len(), 1, "{rows:?}");
        let row = rows[0].as_object().unwrap();
        assert_eq!((&row["source"], &row["line"]), (&"-".into(), &2.into()));
        assert_eq!((&row["code"], &row["offset"]), (&(*code).into(), &before.len().into()));
        // The same words in both, whether or not there is a hint.
        assert!(told.ends_with(&format!(": {}", row["reason"].as_str().unwrap())), "{row:?}");
        assert_eq!(went_in(&rows[0]), *bad, "{row:?}");
    }
}

/// What a row of rejects says went in.
fn went_in(row: &serde_json::Value) -> Vec<u8> {
    match row.get("payload_base64") {
        None => row["payload"].as_str().unwrap().into(),
        Some(encoded) => {
            assert!(row.get("payload").is_none());
            let bytes = BASE64_STANDARD.decode(encoded.as_str().unwrap()).unwrap();
            assert!(std::str::from_utf8(&bytes).is_err(), "needlessly encoded");
            bytes
        }
    }
}

#[test]
fn a_file_of_half_bad_lines_gives_every_good_one_and_keeps_every_bad_one() {
    let dir = Dir::new();
    let (mut input, mut good, mut bad) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..40 {
        for (index, (line, ..)) in BAD.iter().enumerate() {
            let payload = chat(&format!("{round}-{index}"));
            input.extend([payload.as_bytes(), b"\n", line, b"\r\n"].concat());
            good.push(payload);
            bad.push(*line);
        }
    }
    dir.file("chats.ndjson", &input);
    for jobs in ["1", "2", "4"] {
        dir.run(&["chats.ndjson", "--jobs", jobs, "--rejects", "rejects"])
            .stdout(events(&good))
            .any_stderr()
            .status(1)
            .go();
        let rows = dir.rejects();
        assert_eq!(rows.iter().map(went_in).collect::<Vec<_>>(), bad);
        for (row, line) in rows.iter().zip(bad.iter()) {
            let offset = row["offset"].as_u64().unwrap() as usize;
            assert_eq!(&input[offset..offset + line.len()], *line, "offset {offset}");
            let before = input[..offset].iter().filter(|byte| **byte == b'\n').count() as u64;
            assert_eq!(row["line"], before + 1);
        }
    }
}

/// Two records on a line: what is decoded from the second is where the second is.
#[test]
fn a_payload_in_a_string_is_where_its_record_is() {
    let dir = Dir::new();
    let (first, after) = (chat("first"), chat("after"));
    let text = r#"{"data":"{\"visitor\":{}}"}"#;
    dir.run(&["--rejects", "rejects"])
        .stdin(format!("\n{first} {text}\n{after}\n"))
        .stdout(chats(&["first", "after"]))
        .any_stderr()
        .status(1)
        .go();
    let rows = dir.rejects();
    assert_eq!(rows.len(), 1);
    let place = (&rows[0]["line"], &rows[0]["offset"], &rows[0]["at"]);
    assert_eq!(place, (&2.into(), &(1 + first.len() + 1).into(), &"data".into()));
}

#[test]
fn encodings_that_are_not_read_are_named_with_the_command_that_helps() {
    let utf32 = |swap: fn(u32) -> [u8; 4]| {
        "\u{feff}{\"visitor\":{\"id\":\"v\"}}\n".chars().flat_map(|c| swap(c.into())).collect()
    };
    let sources: [(&str, &str, Vec<u8>); 2] = [
        ("UTF-32LE", "iconv -f UTF-32 -t UTF-8", utf32(u32::to_le_bytes)),
        ("UTF-32BE", "iconv -f UTF-32 -t UTF-8", utf32(u32::to_be_bytes)),
    ];
    for (name, command, text) in sources {
        let dir = Dir::new();
        dir.file("exported.json", &text).file("other.json", chat("v"));
        let ran = dir
            .run(&["exported.json", "other.json", "--rejects", "rejects"])
            .stdout(chats(&["v"]))
            .any_stderr()
            .status(1)
            .go();
        assert!(ran.stderr.starts_with("exported.json:1: ") && ran.stderr.contains(name), "{}", ran.stderr);
        assert!(ran.stderr.contains(command), "{}", ran.stderr);
        let rows = dir.rejects();
        assert_eq!((rows.len(), &rows[0]["code"]), (1, &"unsupported_encoding".into()));
        assert_eq!(
            BASE64_STANDARD.decode(rows[0]["payload_base64"].as_str().unwrap()).unwrap(),
            text,
            "{name}"
        );
    }
}

#[test]
fn fail_fast_stops_at_the_first_and_puts_no_output_in_place() {
    let dir = Dir::new();
    dir.file("chats.ndjson", format!("{}\n5\n6\n{}\n", chat("a"), chat("b"))).file("old", "old");
    let stopped = "olark2rudder: stopped at the first reject: nothing was written; run it again\n";
    let closing =
        totals("1 payload converted to 1 track event and 0 group events, 1 rejected (1 not_an_object)");
    for jobs in ["1", "2", "4"] {
        let args = ["chats.ndjson", "chats.ndjson", "--fail-fast", "--jobs", jobs, "--rejects", "rejects"];
        for output in ["new", "old"] {
            dir.run(&[&args[..], &["-o", output]].concat())
                .stderr(&format!("chats.ndjson:2: expected an object, found a number\n{stopped}{closing}"))
                .status(1)
                .go();
            assert_eq!(dir.rejects().len(), 1);
        }
        dir.run(&[&args[1..], &["--output-dir", "dir"]].concat()).any_stderr().status(1).go();
        // On standard output there is all that comes before it, and nothing that comes after it.
        dir.run(&args).stdout(chats(&["a"])).any_stderr().status(1).go();
        assert_eq!(dir.read("old"), b"old");
        assert!(!dir.has("new") && !dir.has("dir/chats.ndjson"));
    }
}

#[test]
fn fail_fast_is_no_different_when_nothing_is_rejected() {
    let dir = Dir::new();
    dir.run(&["--fail-fast", "-o", "out"]).stdin(chat("a")).go();
    assert_eq!(dir.read("out"), chats(&["a"]));
}

#[cfg(unix)]
#[test]
fn rejects_are_kept_for_their_owner_only_and_even_when_there_are_none() {
    let dir = Dir::new();
    dir.run(&["--rejects", "rejects"]).stdin(chat("a")).stdout(chats(&["a"])).go();
    assert_eq!(dir.read("rejects"), b"");
    let mode = || fs::metadata(dir.path("rejects")).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(), 0o600);
    // A file that all could read is made private.
    dir.file("in.json", "5");
    for args in
        [&["-o", "out"] as &[&str], &["--output-dir", "outs"], &["--output-dir", "more", "--skip-existing"]]
    {
        fs::set_permissions(dir.path("rejects"), Permissions::from_mode(0o644)).unwrap();
        let args = [&["in.json", "--rejects", "rejects"], args].concat();
        dir.run(&args).any_stderr().status(1).go();
        assert_eq!((mode(), dir.rejects().is_empty()), (0o600, false), "{args:?}");
    }
}

#[test]
fn what_was_rejected_can_be_mended_and_converted() {
    let dir = Dir::new();
    let broken: String = ["a", "b"].map(|id| chat(id).replace("\"visitor\"", "\"v\"") + "\n").concat();
    dir.run(&["--rejects", "rejects"]).stdin(broken).any_stderr().status(1).go();
    let rows = dir.rejects();
    let mended: String = rows
        .iter()
        .map(|row| row["payload"].as_str().unwrap().replace("\"v\"", "\"visitor\"") + "\n")
        .collect();
    run(&[]).stdin(mended.replace("\"id\":\"visitor\"", "\"id\":\"v\"")).stdout(chats(&["a", "b"])).go();
}

#[test]
fn a_number_before_an_object_is_a_log() {
    for input in ["0{\"x\":1}", "0{x\"\"", "true {x}"] {
        let (_, rows) = rejected(input, "");
        assert_eq!((&rows[0]["code"], &rows[0]["payload"]), (&"no_payload".into(), &input.into()), "{input}");
    }
}
