//! Inputs cut at every byte: how much arrives at a time changes nothing, and what is complete is never lost.

use crate::harness::{Dir, chat, difference, events, form, pretty, show};
use crate::shared::library::{Cut, Layout, cut};

/// A little of every layout, whole and broken.
fn mixtures() -> Vec<Vec<u8>> {
    let (a, b) = (r#"{"a":"}\"{"}"#, "{\n \"b\": [\n{}]\n}");
    let texts = [
        format!("{a}\n{a}{a} {a}\r\n\r\n{b}\ndata=%7B%7D\n{a}"),
        format!("\u{feff}{b}{b}\n\n{b}\n{a}\n"),
        format!("[{a},{b} , 5,\"]\",[[]],\n{a}]\n{a}\n"),
        format!("[\n  {a},\n  {{\"x\":\n  {a}\n]\n{a}"),
        format!("data={b}\ndata={a}\r\n{a}\ndata=%7\n\u{feff}{a}"),
        format!("log\nline\n{b}\n{{\"x\": }}\n{b}\n}}\n{b}"),
        format!("{a}\nlog {{\n{{\"x\"\n{a} x\n[1]\n\n[{a}]\n{a}"),
        format!("{b}\n{{\n \"b\": \"\n{b}\n{b} // x\n{b}\nlog\n{b}"),
        format!("{{\"x\":\n{a}}}"),
        format!("{{\n\"x\" 1}}\n}}\n],\n{a}\ndata={{\"x\": [}}\n{b}\n{{\n}}}}\ndata={{}}"),
        format!("{b}\ndata={{\u{c}\n\"x\": 1\n5\n{b}\n[\u{c}{a}\u{c}]\n\u{c}\ndata=\u{c}{a}\n{a}"),
        format!("{a}\n{{\"x\":\ndata=%7B%7D\n\"y\"}}\n{{\"x\":\n\r\n%7B\n]\ndat\ndata={a}\n}}\n{a}"),
        format!("{{\"x\":{{\"y\":[\n{a},\n{a}\n]}}}}\n{a}"),
        format!("[{a},{{\"x\":"),
        "data={\n\"\n{\n]".into(),
        "\u{feff}".into(),
        "\u{feff}\": *\n".into(),
        "\u{feff}\"a\"\t\"{}\nx\"\n".into(),
        "\"{\" 5 ]}\n\n".into(),
    ];
    let texts = texts.into_iter().map(String::into_bytes);
    texts
        .chain([b"\xef\xbb{}\n\xff{}\n{}".into(), b"\xff\xfe{\0}\0\n\0".into(), b"\xff\xfe".into()])
        .collect()
}

/// The records of a text that arrives in pieces.
fn records(pieces: &[&[u8]], layout: Layout, max: usize) -> Vec<Cut> {
    let mut whole: Vec<Cut> = Vec::new();
    for mut record in cut(pieces, layout, max) {
        // Whether the source ends with it is of no interest when it is complete, and how many objects of one
        // line a record holds depends on the pieces.
        record.ends_source &= !record.text.ends_with(b"}");
        match whole.last_mut() {
            Some(before) if goes_on(before, &record, pieces) => {
                before.text.resize(record.offset - before.offset, b' ');
                before.text.extend(record.text);
                before.ends_source = record.ends_source;
            }
            _ => whole.push(record),
        }
    }
    whole
}

/// Whether a record is of objects on the same line as those before it.
fn goes_on(before: &Cut, record: &Cut, pieces: &[&[u8]]) -> bool {
    let text = pieces.concat();
    let between = text.get(before.offset + before.text.len()..record.offset).unwrap_or(b"\n");
    let same_line = between.iter().all(|byte| matches!(byte, b' ' | b'\t'));
    same_line && before.is_objects() && record.is_objects() && before.text.ends_with(b"}")
}

#[test]
fn how_much_arrives_at_a_time_does_not_change_a_record() {
    for text in mixtures() {
        for layout in [Layout::Auto, Layout::Json, Layout::Ndjson, Layout::Form, Layout::Csv, Layout::Tsv] {
            let whole = records(&[&text], layout, 1 << 20);
            let shown = show(&text);
            for cut in 0..=text.len() {
                let (one, two) = text.split_at(cut);
                assert_eq!(records(&[one, two], layout, 1 << 20), whole, "{layout:?}, cut at {cut}: {shown}");
            }
            let bytes: Vec<_> = text.chunks(1).collect();
            assert_eq!(records(&bytes, layout, 1 << 20), whole, "{layout:?}, byte by byte: {shown}");
        }
    }
}

#[test]
fn every_short_text_gives_the_same_records_byte_by_byte() {
    // Every short text of what matters to layouts, at once and byte by byte.
    let alphabet = b"{}[]\",\n x";
    for length in 0..=5 {
        for number in 0..alphabet.len().pow(length) {
            let digit = |place| alphabet[number / alphabet.len().pow(place) % alphabet.len()];
            let text: Vec<u8> = (0..length).map(digit).collect();
            let whole = records(&[&text], Layout::Auto, 1 << 20);
            let bytes: Vec<_> = text.chunks(1).collect();
            assert_eq!(records(&bytes, Layout::Auto, 1 << 20), whole, "{}", show(&text));
        }
    }
}

#[test]
fn two_cuts_do_not_change_a_record() {
    for text in mixtures().into_iter().filter(|text| text.len() < 80) {
        let whole = records(&[&text], Layout::Auto, 1 << 20);
        for first in 0..=text.len() {
            for second in first..=text.len() {
                let pieces = [&text[..first], &text[first..second], &text[second..]];
                let shown = show(&text);
                assert_eq!(records(&pieces, Layout::Auto, 1 << 20), whole, "{first}, {second}: {shown}");
            }
        }
    }
}

#[test]
fn every_byte_that_is_no_separator_is_in_exactly_one_record() {
    for text in mixtures() {
        for layout in [Layout::Auto, Layout::Json, Layout::Ndjson, Layout::Form] {
            let mut end = 0;
            for record in records(&[&text], layout, 1 << 20) {
                let start = record.offset;
                assert!(start >= end && text[start..].starts_with(&record.text), "{}", show(&text));
                let between = &text[end..start];
                let separates = |byte: &u8| b" \t\r\n\xef\xbb\xbf".contains(byte) || b"[],".contains(byte);
                assert!(between.iter().all(separates), "{layout:?}: lost {}", show(between));
                end = start + record.text.len();
            }
            assert!(text[end..].iter().all(|byte| b" \t\r\n]\xef\xbb\xbf".contains(byte)));
        }
    }
}

#[test]
fn a_small_limit_never_splits_or_loses_what_is_within_it() {
    let (small, large) = (r#"{"a":1}"#, format!(r#"{{"a":"{}"}}"#, "{}[],\\\"\\n".repeat(9)));
    for (text, count) in [
        (format!("{small}\n{large}\n{small}\n{small}"), 3),
        (format!("{small}{large}{small}"), 2),
        (format!("[{small},{large},{small}]"), 2),
        (format!("{{\n\"a\":1\n}}\n{{\n\"a\":[\n{large}]\n}}\n{small}\n"), 2),
        (format!("data={small}\ndata={large}\n{small}\n"), 2),
        (format!("{{\n\"x\": [\n\"{}\",\ndata={small}\n]\n}}\n{small}\n", "x".repeat(30)), 2),
    ] {
        for cut in 0..=text.len() {
            let (one, two) = text.as_bytes().split_at(cut);
            let records = records(&[one, two], Layout::Auto, 20);
            let kept = |record: &Cut| record.text.windows(3).filter(|w| w == b"\"a\"").count();
            let kept: usize = records.iter().map(kept).sum();
            assert_eq!(kept, count, "cut at {cut}: {text}: {records:?}");
        }
    }
}

#[test]
fn an_input_that_breaks_off_anywhere_gives_every_record_that_was_complete() {
    let payloads = ["a", "b", "c"].map(|user| chat(&format!("{user}\\u0020{{[é\\\\\\\"")).into_bytes());
    let expected: Vec<_> = payloads.iter().map(|payload| events(&[payload])).collect();
    let pretty = payloads.each_ref().map(|json| pretty(json));
    let indented =
        pretty.each_ref().map(|json| json.split(|b| *b == b'\n').collect::<Vec<_>>().join(&b"\n  "[..]));
    let forms = payloads.each_ref().map(|json| form(json, "+"));
    let plain = payloads.each_ref().map(|json| [b"data=", &json[..]].concat());
    let layouts = [
        ("lines", "", payloads.clone(), "\n", "\n"),
        ("lines as on Windows, with a byte order mark", "\u{feff}", payloads.clone(), "\r\n", ""),
        ("joined", "", payloads.clone(), "", ""),
        ("documents", "", pretty.clone(), "\n", "\n"),
        ("documents, joined", "\n", pretty.clone(), "", ""),
        ("an array", "[", payloads.clone(), ",", "]"),
        ("an array, indented", "[\n  ", indented, ",\n  ", "\n]\n"),
        ("forms", "", forms, "\n", "\n"),
        ("forms, not encoded", "", plain, "\r\n", "\r\n"),
    ];
    for (name, before, records, between, behind) in layouts {
        let mut text = before.as_bytes().to_vec();
        let mut ends = Vec::new();
        for record in records {
            text.extend_from_slice(if ends.is_empty() { b"" } else { between.as_bytes() });
            text.extend_from_slice(&record);
            ends.push(text.len());
        }
        text.extend_from_slice(behind.as_bytes());
        // Each beginning of it is a file of one and the same run.
        let dir = Dir::new();
        for cut in 0..=text.len() {
            dir.file(&format!("in/{cut:04}.json"), &text[..cut]);
        }
        let ran = dir.run(&["in", "--output-dir", "out", "-q"]).status(1).go();
        assert!(ran.stderr.is_empty());
        for cut in 0..=text.len() {
            let complete = ends.iter().filter(|end| **end <= cut).count();
            let got = dir.read(&format!("out/{cut:04}.ndjson"));
            assert_eq!(
                difference(&format!("{name}, cut at {cut}"), &expected[..complete].concat(), &got),
                None
            );
        }
    }
}
