//! However payloads are laid out, written down or delivered, they give the same events.

use crate::harness::{
    Dir, chat, chats, compact, difference, events, form, none, payload, pretty, run, users,
};

/// Payloads on one line each: captured ones, and some that look like what may stand around them.
fn payloads() -> Vec<Vec<u8>> {
    let captured = [
        "documented-example.input.json",
        "transcript.json",
        "chat-start.json",
        "offline-message-with-operators.json",
        "transcript-2013-no-tags.json",
    ];
    let odd = [
        r#"{"visitor":{"id":"}{"},"kind":"[{\"a\\\":","items":["]}","\\","data=","%7B+ &%"]}"#,
        r#"{"visitor":{"id":"é😀"},"kind":"\u00e9\n","groups":[{"id":"g","name":"A  B"}]}"#,
        r#"{"visitor":{"id":7},"items":[[],{},[[{}]],null,1e400]}"#,
    ];
    let captured = captured.map(|name| compact(&payload(name)));
    captured.into_iter().chain(odd.map(|json| json.as_bytes().to_vec())).collect()
}

/// Many ways to write the same payloads down.
fn layouts() -> Vec<(&'static str, Vec<u8>)> {
    let lines = payloads();
    let pretty: Vec<_> = lines.iter().map(|json| pretty(json)).collect();
    let tabs: Vec<_> = pretty
        .iter()
        .map(|json| json.iter().map(|b| if *b == b'\n' { b'\r' } else { *b }).collect())
        .collect::<Vec<Vec<u8>>>();
    let forms = |space| lines.iter().map(|json| form(json, space)).collect::<Vec<_>>();
    let plain: Vec<_> = lines.iter().map(|json| [b"data=", &json[..]].concat()).collect();
    let pretty_plain: Vec<_> = pretty.iter().map(|json| [b"data=", &json[..]].concat()).collect();
    let mixed: Vec<_> = (0..lines.len())
        .map(|n| match n % 4 {
            0 => lines[n].clone(),
            1 => form(&lines[n], "+"),
            2 => plain[n].clone(),
            _ => pretty[n].clone(),
        })
        .collect();
    let ended =
        |end: &str, records: &[Vec<u8>]| records.iter().flat_map(|r| [r, end.as_bytes()].concat()).collect();
    let array = |records: &[Vec<u8>], comma: &[u8]| [b"[", &records.join(comma)[..], b"]"].concat();
    let with_bom = |text: &[u8]| [b"\xef\xbb\xbf", text].concat();
    vec![
        ("lines", ended("\n", &lines)),
        ("lines, the last one not ended", lines.join(&b'\n')),
        ("lines as on Windows", ended("\r\n", &lines)),
        ("lines with blank ones between", [b"\n\r\n  \n", &ended(" \t\n\n \r\n", &lines)[..]].concat()),
        ("lines with a byte order mark", with_bom(&ended("\n", &lines))),
        (
            "each line with a byte order mark",
            lines.iter().flat_map(|json| with_bom(&[json, &b"\n"[..]].concat())).collect(),
        ),
        (
            "lines that are indented",
            lines.iter().flat_map(|json| [b"\t  ", &json[..], b"\n"].concat()).collect(),
        ),
        ("one after the other", lines.concat()),
        ("one after the other and ended", [&lines.concat()[..], b"\n"].concat()),
        ("one after the other with spaces", lines.join(&b' ')),
        ("documents", ended("\n", &pretty)),
        (
            "documents as on Windows",
            ended("\r\n", &pretty)
                .into_iter()
                .flat_map(|b: u8| if b == b'\n' { b"\r\n".to_vec() } else { vec![b] })
                .collect(),
        ),
        ("documents, the last one not ended", pretty.join(&b'\n')),
        ("documents joined without a line feed", pretty.concat()),
        ("documents with blank lines between", ended("\n\n\n", &pretty)),
        ("documents with carriage returns for line feeds", tabs.join(&b'\n')),
        (
            "documents with byte order marks",
            pretty.iter().flat_map(|json| with_bom(&[json, &b"\n"[..]].concat())).collect(),
        ),
        ("an array", array(&lines, b",")),
        ("an array of lines", [b"[\n", &lines.join(&b",\n"[..])[..], b"\n]\n"].concat()),
        ("an array, indented", pretty_array(&lines)),
        ("an array of documents", array(&pretty, b", ")),
        ("an array with a byte order mark", with_bom(&array(&lines, b" ,\r\n"))),
        ("an array for each", lines.iter().flat_map(|json| [b"[", &json[..], b"]\n"].concat()).collect()),
        ("two arrays", [array(&lines[..3], b","), array(&lines[3..], b",\n")].concat()),
        ("form bodies with + for a space", ended("\n", &forms("+"))),
        ("form bodies with %20 for a space", ended("\r\n", &forms("%20"))),
        ("form bodies, the last one not ended", forms("+").join(&b'\n')),
        ("form bodies that are not encoded", ended("\n", &plain)),
        ("form bodies that are not encoded and span lines", ended("\n", &pretty_plain)),
        ("a mix", ended("\n", &mixed)),
        ("lines and then documents", [ended("\n", &lines[..4]), ended("\n", &pretty[4..])].concat()),
        ("documents and then lines", [ended("\n", &pretty[..4]), ended("\n", &lines[4..])].concat()),
        (
            "an array and then lines",
            [array(&lines[..4], b","), b"\n".to_vec(), ended("\n", &lines[4..])].concat(),
        ),
    ]
}

fn pretty_array(lines: &[Vec<u8>]) -> Vec<u8> {
    pretty(&[b"[", &lines.join(&b',')[..], b"]"].concat())
}

#[test]
fn every_layout_gives_the_same_events_from_a_file_and_a_pipe_with_any_number_of_jobs() {
    let expected = events(&payloads());
    let dir = Dir::new();
    let mut failures = Vec::new();
    for (name, text) in layouts() {
        dir.file("chats", &text);
        for args in [&["chats", "-j", "1"] as &[&str], &["chats", "-j", "4"], &["-j", "1"], &["-", "-j", "2"]]
        {
            let stdin = if args[0] == "chats" { &[] } else { &text[..] };
            let run = dir.run(args).stdin(stdin).stdout(&expected).compare();
            failures.extend(run.err().map(|failure| format!("{name}: {failure}")));
        }
    }
    none(&failures);
}

#[test]
fn an_inner_brace_at_the_beginning_of_a_line_begins_no_record() {
    for end in ["", "\n"] {
        for inner in [
            "{\"visitor\":\n{\"id\":\"v\"}}",
            "{\"items\":[\n{\"a\":1},\n{\"b\":2}\n],\n\"visitor\":\n{\n\"id\":\"v\"\n}\n}",
        ] {
            let expected = events(&[inner]);
            run(&[]).stdin(format!("{inner}{end}")).stdout(&expected).go();
            run(&[]).stdin(format!("{inner}\n{inner}{end}")).stdout(expected.repeat(2)).go();
        }
    }
}

#[test]
fn a_comma_and_an_inner_brace_on_the_next_line_begin_no_record() {
    let chat = r#"{"visitor":{"id":"a"},"kind":"Conversation","id":"c-a","items":[{},{"body":"hi"}]}"#;
    let bare = events(&[chat.as_bytes().to_vec()]);
    for between in [",\n", " ,\n", "\t ,\r\n \t", ",\n\n"] {
        let laid_out = chat.replace("[{},", &format!("[{{}}{between}"));
        let plain = format!("data={laid_out}");
        for input in [laid_out.repeat(2), format!("{laid_out}\n{laid_out}\n"), format!("{plain}\n{plain}\n")]
        {
            run(&[]).stdin(input).stdout(bare.repeat(2)).go();
        }
        run(&[]).stdin(format!("[{laid_out},\n{laid_out}]")).stdout(bare.repeat(2)).go();
    }
    // Where the comma follows the record, it is no part of it.
    run(&[]).stdin(format!("{chat},\n{chat} ,\n{chat},")).stdout(bare.repeat(3)).go();
}

#[test]
fn what_is_far_longer_than_one_read_comes_out_the_same() {
    // Of every length, so that reads end at every kind of place.
    let payloads: Vec<_> = (0..1500)
        .map(|n| {
            format!(r#"{{"visitor":{{"id":"v{n}","city":"{}"}},"items":[{{"n":{n}}}]}}"#, "é".repeat(n % 211))
        })
        .collect();
    let expected = events(&payloads);
    let pretty: Vec<u8> = payloads.iter().flat_map(|json| pretty(json.as_bytes())).collect();
    let array = pretty_array(&payloads.iter().map(|json| json.as_bytes().to_vec()).collect::<Vec<_>>());
    for (name, text) in [
        ("lines", payloads.join("\n").into_bytes()),
        ("joined", payloads.concat().into_bytes()),
        ("documents", pretty),
        ("array", array),
    ] {
        assert!(text.len() > 300_000);
        for jobs in ["1", "2", "4"] {
            let got = run(&["--jobs", jobs]).stdin(&text).any_stdout().go().stdout;
            assert_eq!(difference(&format!("{name}, {jobs} jobs"), &expected, &got), None);
        }
    }
}

#[test]
fn many_small_sources_keep_their_order_with_any_number_of_jobs() {
    let dir = Dir::new();
    let names: Vec<String> = (0..300).map(|n| format!("{n:03}")).collect();
    for name in &names {
        dir.file(&format!("in/{name}.json"), pretty(chat(name).as_bytes()));
    }
    for jobs in ["1", "2", "4"] {
        let got = dir.run(&["in", "--jobs", jobs]).any_stdout().go().stdout;
        assert_eq!(users(&got), names, "{jobs} jobs");
    }
}

#[test]
fn inputs_are_read_in_the_order_given_and_as_often_as_given() {
    let dir = Dir::new();
    dir.file("a", chat("a")).file("b", chat("b"));
    dir.run(&["b", "a", "-", "b"]).stdin(chat("c")).stdout(chats(&["b", "a", "c", "b"])).go();
}

#[test]
fn a_form_body_is_never_part_of_the_object_around_it() {
    let [a, b, c] = ["a", "b", "c"].map(chat);
    let encoded = String::from_utf8(form(b.as_bytes(), "+")).unwrap();
    for body in [encoded, format!("data={b}")] {
        for text in [
            format!("{a}\n{{\"x\":\n{body}\n\"y\": 1}}\n{c}"),
            format!("{{\"x\":\n{body}\n\"y\": 1}}\n{a}\n{c}"),
            format!("{{\n\"x\": [\n{body}\n]\n}}\n{a}\n{c}"),
            format!("{a}\n{c}\n{{\"x\":{{\n{body}"),
        ] {
            let ran = run(&[]).stdin(&text).any_stdout().any_stderr().status(1).go();
            let mut users = users(&ran.stdout);
            users.sort();
            assert_eq!(users, ["a", "b", "c"], "{text}");
        }
    }
}

#[test]
fn one_layout_for_all_is_taken_at_its_word() {
    let (a, b) = (chat("a"), chat("b"));
    let spread = "{\n\"visitor\":\n7}\n";
    for (layout, input, rejects) in [
        ("json", format!("{a}{b}"), 0),
        ("json", format!("[{a},{b}]"), 0),
        ("json", format!("{a}\ndata={a}\n{b}\n"), 1),
        ("ndjson", format!("{a}\r\n\n{b}"), 0),
        ("ndjson", format!("{a}\n{a}{b}\n{b}\n"), 1),
        ("ndjson", format!("{a}\n[7]\n{b}"), 1),
        ("ndjson", format!("{a}\n{spread}{b}"), 3),
        ("ndjson", format!("{a}\ndata={a}\n{b}"), 1),
        ("form", format!("data={a}\nx=1&{}&y=2\n", String::from_utf8(form(b.as_bytes(), "+")).unwrap()), 0),
        ("form", format!("data={a}\n{a}\ndata={b}"), 1),
    ] {
        let dir = Dir::new();
        let args = ["--input-format", layout, "--rejects", "rejects"];
        let status = i32::from(rejects > 0);
        let ran = dir.run(&args).stdin(&input).any_stdout().any_stderr().status(status).go();
        assert_eq!(users(&ran.stdout), ["a", "b"], "{layout}: {input}");
        assert_eq!(dir.rejects().len(), rejects, "{layout}: {input}");
    }
}
