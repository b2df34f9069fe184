//! A record over the limit: one reject, whatever is in it and however it arrives.

use serde_json::Value;

use crate::harness::{Dir, chat, chats};

const LIMIT: &[&str] = &["--max-record", "10k", "--rejects", "rejects", "-q"];

/// Records over the limit, each with what tempts to take parts of it for records.
fn oversized() -> Vec<(&'static str, String)> {
    let inner: Vec<String> = (0..200).map(|n| chat(&format!("inner{n}"))).collect();
    let lines = inner.join(",\n");
    vec![
        ("lines that are payloads", format!("{{\"x\":[\n{lines}\n]}}")),
        ("with a visitor of its own", format!("{{\"visitor\":{{\"id\":\"big\"}},\n\"x\":[\n{lines}\n]}}")),
        ("all on one line", format!("{{\"x\":[{}]}}", inner.join(","))),
        ("brackets in strings", format!("{{\"x\":[\n{lines}\n],\"y\":\"}}]{{\\\"}}\"}}")),
        ("broken inside", format!("{{\"x\":[1 2,\n{lines}\n]}}")),
        ("blank lines", format!("{{\"x\":[\n{}\n]}}", inner.join("\n\n,\n"))),
    ]
}

/// The only reject of a run over a record between two chats; which stand where they belong.
#[track_caller]
fn reject(name: &str, dir: &Dir, input: &str, record: &str, events: &[u8], output: &[u8]) {
    assert!(events == output, "{name}: {}", String::from_utf8_lossy(output));
    let rows = dir.rejects();
    assert_eq!(rows.len(), 1, "{name}: {rows:?}");
    assert_eq!((&rows[0]["code"], &rows[0]["bytes"]), (&"too_large".into(), &record.len().into()), "{name}");
    let offset = rows[0]["offset"].as_u64().unwrap() as usize;
    assert!(input[offset..].starts_with(record), "{name}: at {offset}");
    assert_eq!(rows[0].get("payload"), None::<&Value>);
}

#[test]
fn a_record_over_the_limit_is_one_reject_and_nothing_in_it_becomes_an_event() {
    for (name, record) in oversized() {
        for (before, behind) in [("", "\n"), ("", "\r\n"), ("  ", " \n"), ("[\n", ",\n")] {
            let end = if before.starts_with('[') { "]" } else { "" };
            let first = if end.is_empty() {
                format!("{}\n{before}", chat("a"))
            } else {
                format!("[{},\n", chat("a"))
            };
            let input = format!("{first}{record}{behind}{}{end}\n", chat("b"));
            let dir = Dir::new();
            let output = dir.run(LIMIT).stdin(&input).any_stdout().status(1).go().stdout;
            reject(&format!("{name}, {before:?}"), &dir, &input, &record, &chats(&["a", "b"]), &output);
        }
    }
}

#[test]
fn a_record_over_the_limit_is_the_same_reject_however_it_arrives() {
    for (name, record) in oversized() {
        let input = format!("{}\n{record}\n{}\n", chat("a"), chat("b"));
        let dir = Dir::new();
        dir.file("in", &input);
        let args = [&["in"], LIMIT].concat();
        let output = dir.run(&args).any_stdout().status(1).go().stdout;
        reject(name, &dir, &input, &record, &chats(&["a", "b"]), &output);
        for bytes in [997, 8191] {
            let mut running = dir.run(&[&["-o", "out"], LIMIT].concat()).start();
            for piece in input.as_bytes().chunks(bytes) {
                running.write(piece);
            }
            running.close();
            assert_eq!(running.end().0.code(), Some(1));
            let output = dir.read("out");
            reject(
                &format!("{name} in pieces of {bytes}"),
                &dir,
                &input,
                &record,
                &chats(&["a", "b"]),
                &output,
            );
        }
    }
}

/// An array with an element over the limit, of which a string has no end that far in; payloads follow it, deeper than
/// the elements.
fn broken_element(before: usize) -> String {
    let members = format!("    \"member\": \"{}\",\n", "x".repeat(180)).repeat(before / 200);
    let inner: String = (0..50).map(|n| format!("      {},\n", chat(&format!("inner{n}")))).collect();
    let (a, b) = (chat("a"), chat("b"));
    format!("[\n  {a},\n  {{\n{members}    \"broken\": \"no end\n{inner}    }},\n  {b}\n]\n")
}

#[test]
fn a_broken_element_ends_before_the_next_one_wherever_it_breaks() {
    for before in [20_000, 300_000, 700_000] {
        let input = broken_element(before);
        let dir = Dir::new();
        dir.file("in", &input);
        let check = |output: &[u8], how: &str| {
            let output = String::from_utf8_lossy(output);
            assert_eq!(output.as_bytes(), chats(&["a", "b"]), "{before}, {how}: {output}");
            let rows = dir.rejects();
            assert_eq!((rows.len(), &rows[0]["code"]), (1, &"too_large".into()), "{before}, {how}");
        };
        let args = [&["in"], LIMIT].concat();
        check(&dir.run(&args).any_stdout().status(1).go().stdout, "a file");
        for bytes in [997, 8191, 65536] {
            let mut running = dir.run(&[&["-o", "out"], LIMIT].concat()).start();
            for piece in input.as_bytes().chunks(bytes) {
                running.write(piece);
            }
            running.close();
            assert_eq!(running.end().0.code(), Some(1));
            check(&dir.read("out"), &format!("in pieces of {bytes}"));
        }
    }
}

#[test]
fn a_document_is_shown_before_the_next_begins() {
    let mut running = crate::harness::run(&[]).start();
    running.write("{\"kind\":\"Conversation\",\n\"visitor\":{\"id\":1}}\n");
    let line = String::from_utf8(running.line()).unwrap();
    assert!(line.contains("\"userId\":1,"), "{line}");
    running.close();
    assert_eq!(running.end().0.code(), Some(0));
}

#[test]
fn an_object_that_breaks_on_a_later_line_has_one_place() {
    let dir = Dir::new();
    for format in ["json", "auto"] {
        let ran = dir
            .run(&["--rejects", "rejects", "--input-format", format])
            .stdin("{\"visitor\":{\"id\":\"x\"}\n\"kind\":1}")
            .any_stderr()
            .status(1)
            .go();
        assert!(ran.stderr.starts_with("-:2:1: expected a comma or }"), "{format}: {}", ran.stderr);
        assert_eq!(dir.rejects().len(), 1);
    }
}
