//! Transcripts are personal data: messages about a payload contain none of its text.

use crate::harness::Dir;

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
