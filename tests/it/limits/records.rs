//! How large and how deep a record may be.

use crate::harness::{Dir, chat, chats, events, run, size, totals};
use crate::shared::library::{self, Block, Layout, Pieces};

#[test]
fn a_record_may_have_exactly_as_many_bytes_as_the_limit_says() {
    let record = chat("v");
    let (exact, under) = (record.len().to_string(), (record.len() - 1).to_string());
    let pretty = record.replace("\":{", "\":\n  {");
    let layouts: [(String, usize); 5] = [
        (record.clone(), 1),
        (format!("{record}\n"), 1),
        (format!("{record}\r\n{record}   \n"), 2),
        (format!("[{record},{record}]"), 2),
        (format!("{record}{record}"), 2),
    ];
    for (input, count) in &layouts {
        run(&["--max-record", &exact]).stdin(input).stdout(chats(&vec!["v"; *count])).go();
        let dir = Dir::new();
        dir.run(&["--max-record", &under, "--rejects", "rejects"]).stdin(input).any_stderr().status(1).go();
        let rows = dir.rejects();
        assert!(!rows.is_empty());
        for row in rows {
            assert_eq!(row["code"], "too_large", "{input}: {row}");
            assert!(row.get("payload").is_none() && row.get("payload_base64").is_none());
        }
    }
    run(&["--max-record", &pretty.len().to_string()]).stdin(&pretty).stdout(chats(&["v"])).go();
    run(&["--max-record", &(pretty.len() - 1).to_string()]).stdin(&pretty).any_stderr().status(1).go();
}

#[test]
fn a_record_over_the_limit_is_measured_and_left_where_it_is() {
    let dir = Dir::new();
    let large = format!(r#"{{"visitor":{{"id":"v","fullName":"{}"}}}}"#, "x".repeat(3 << 20));
    let input = format!("{}\n{large}\n{}\n", chat("a"), chat("b"));
    for jobs in ["1", "4"] {
        dir.run(&["--max-record", "1M", "--rejects", "rejects", "--jobs", jobs])
            .stdin(&input)
            .stdout(chats(&["a", "b"]))
            .stderr(&format!(
                "-:2: a record of {} bytes, over the limit (--max-record raises it)\n{}",
                large.len(),
                totals("2 payloads converted to 2 track events and 0 group events, 1 rejected (1 too_large)")
            ))
            .status(1)
            .go();
        let rows = dir.rejects();
        assert_eq!(rows.len(), 1);
        let (offset, bytes) = (rows[0]["offset"].as_u64().unwrap(), rows[0]["bytes"].as_u64().unwrap());
        let (offset, bytes) = (offset as usize, bytes as usize);
        assert_eq!(&input[offset..offset + bytes], large);
    }
}

#[test]
fn the_limit_has_a_default_of_16_mib() {
    let fill = (16 << 20) - r#"{"visitor":{"id":"v","x":""}}"#.len();
    let record = |more: usize| format!(r#"{{"visitor":{{"id":"v","x":"{}"}}}}"#, "x".repeat(fill + more));
    run(&[]).stdin(record(0)).stdout(events(&[r#"{"visitor":{"id":"v"}}"#])).go();
    run(&[]).stdin(record(1)).any_stderr().status(1).go();
}

#[test]
fn a_limit_may_be_given_in_k_m_and_g() {
    let record = |bytes: usize| {
        format!(
            r#"{{"visitor":{{"id":"v","x":"{}"}}}}"#,
            "x".repeat(bytes - r#"{"visitor":{"id":"v","x":""}}"#.len())
        )
    };
    let events = events(&[r#"{"visitor":{"id":"v"}}"#]);
    for (limit, bytes) in [("1k", 1 << 10), ("2M", 2 << 20)] {
        run(&["--max-record", limit]).stdin(record(bytes)).stdout(&events).go();
        run(&["--max-record", limit]).stdin(record(bytes + 1)).any_stderr().status(1).go();
    }
    run(&["--max-record", "1G"]).stdin(record(1 << 10)).stdout(&events).go();
}

#[test]
fn nesting_is_512_levels_deep_and_no_more() {
    let nested = |levels: usize| {
        // The payload is the first level.
        let (open, close) = ("[".repeat(levels - 1), "]".repeat(levels - 1));
        format!(r#"{{"tags":{open}{close},"visitor":{{"id":"v"}}}}"#)
    };
    run(&[]).stdin(nested(512)).stdout(events(&[nested(512)])).go();
    let ran = run(&[]).stdin(nested(513)).any_stderr().status(1).go();
    assert!(ran.stderr.starts_with("-:1:520: nested deeper than 512 levels"), "{}", ran.stderr);
    // Fields that are not read count, too.
    let levels = size(500_000, 5_000_000);
    let open = format!(r#"{{"visitor":{{"id":"v"}},"other":{}"#, "[".repeat(levels));
    let closed = format!("{open}{}}}", "]".repeat(levels));
    let record = chat("a");
    for (deep, before, between) in [
        (&open, "", "\n"),
        (&closed, "", "\n"),
        (&closed, "[", ","),
        (&closed.replacen("\":{", "\":\n {", 1), "", "\n"),
    ] {
        let dir = Dir::new();
        let behind = if before.is_empty() { "" } else { "]" };
        dir.run(&["--rejects", "rejects"])
            .stdin(format!("{before}{deep}{between}{record}{behind}"))
            .stdout(chats(&["a"]))
            .any_stderr()
            .status(1)
            .go();
        let rows = dir.rejects();
        assert_eq!((rows.len(), &rows[0]["code"]), (1, &"too_deep".into()));
        assert_eq!(rows[0]["payload"], **deep);
    }
}

#[test]
fn a_form_body_may_have_a_million_fields() {
    let (fields, body) = ("&".repeat(1_000_000), format!("data={}", chat("v").replace('"', "%22")));
    for input in
        [format!("{body}{fields}"), format!("{fields}{body}"), format!("{}{body}", "x=1&".repeat(1_000_000))]
    {
        run(&["--input-format", "form"]).stdin(&input).stdout(chats(&["v"])).go();
    }
    run(&[]).stdin(format!("data={fields}")).any_stderr().status(1).go();
}

#[test]
fn many_rejects_are_a_few_lines_and_all_are_kept() {
    let dir = Dir::new();
    let pairs = size(50_000, 500_000);
    dir.file("in", format!("{}5\n", "{}\nx\n".repeat(pairs)));
    let args = ["in", "-v", "--rejects", "rejects", "--summary", "summary", "--input-format", "ndjson"];
    let ran = dir.run(&args).any_stderr().status(1).go();
    // Ten of each code and what was more, or the only one, and the totals.
    assert_eq!(ran.stderr.lines().count(), 2 * 11 + 1 + 1, "{}", ran.stderr);
    let rejects = dir.read("rejects");
    assert_eq!(rejects.split(|byte| *byte == b'\n').filter(|row| !row.is_empty()).count(), 2 * pairs + 1);
    let summary = dir.summary();
    let count = (2 * pairs + 1).into();
    assert_eq!((&summary["payloads"], &summary["rejected"]), (&count, &count));
}

#[test]
fn text_that_is_no_record_has_the_limit_too() {
    let garbage = "y\n".repeat(1 << 17);
    let utf_32: Vec<u8> = "{}".repeat(1 << 15).chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
    let document = chat("a").replace("\":{", "\":\n  {");
    type Case<'c> = (&'c str, Vec<u8>, &'c [&'c str], &'c [&'c str]);
    let cases: [Case; 5] = [
        ("nothing else", format!("{{\n{garbage}").into(), &[], &["too_large"]),
        ("before a line", format!("{{\n{garbage}{}", chat("a")).into(), &["a"], &["too_large"]),
        ("between documents", format!("{document}\n{garbage}{document}").into(), &["a", "a"], &["too_large"]),
        (
            "a form body",
            format!("data=x{}\n{}", "&".repeat(1 << 18), chat("a")).into(),
            &["a"],
            &["too_large"],
        ),
        ("an encoding", [b"\xff\xfe\0\0", &utf_32[..]].concat(), &[], &["unsupported_encoding"]),
    ];
    for (name, input, visitors, codes) in cases {
        let dir = Dir::new();
        let run = dir.run(&["--max-record", "100k", "--rejects", "rejects"]).stdin(&input);
        run.stdout(chats(visitors)).any_stderr().status(1).go();
        let rows = dir.rejects();
        let found: Vec<_> = rows.iter().map(|row| row["code"].as_str().unwrap()).collect();
        assert_eq!(found, codes, "{name}");
        assert!(rows[0]["bytes"].as_u64().unwrap() > 250_000, "{name}");
    }
}

#[test]
fn a_broken_line_before_a_record_over_the_limit_is_a_reject_of_its_own() {
    let large = format!(r#"{{"x":"{}"}}"#, "x".repeat(100_000));
    for bad in [r#"{"broken""#, r#"{"broken": {{"#] {
        let dir = Dir::new();
        let input = format!("{bad}\n{large}\n{}\n", chat("a"));
        let run = dir.run(&["--max-record", "1k", "--rejects", "rejects"]).stdin(input);
        run.stdout(chats(&["a"])).any_stderr().status(1).go();
        let rows = dir.rejects();
        let found: Vec<_> = rows.iter().map(|row| (row["payload"].as_str(), row["bytes"].as_u64())).collect();
        assert_eq!(found, [(Some(bad), None), (None, Some(large.len() as u64))]);
    }
}

#[test]
fn a_broken_record_over_the_limit_ends_where_a_short_one_ends() {
    let long = "x".repeat(100_000);
    let log = format!("got {}", chat("b"));
    for (bad, good, visitors) in [
        // A document, and text after it up to the next record.
        (format!("{{\n\"x\": 1\n}} x\n{long}"), String::new(), &["a", "c"][..]),
        // A broken line between lines.
        (format!("{{\"x\": \"{long}"), format!("{log}\n"), &["a", "b", "c"]),
        (format!("{{}} x {long}"), format!("{log}\n"), &["a", "b", "c"]),
    ] {
        let before = if good.is_empty() { chat("a").replacen(':', ":\n", 1) } else { chat("a") };
        let input = format!("{before}\n{bad}\n{good}{}\n", chat("c"));
        let dir = Dir::new();
        let run = dir.run(&["--max-record", "1k", "--rejects", "rejects"]).stdin(input);
        run.stdout(chats(visitors)).any_stderr().status(1).go();
        let rows = dir.rejects();
        assert_eq!((rows.len(), rows[0]["bytes"].as_u64()), (1, Some(bad.len() as u64)));
    }
}

#[test]
fn a_line_may_be_longer_than_a_record_may() {
    let record = chat("a");
    let line = record.repeat(3);
    let input = format!("{line}\n{record}\n");
    run(&["--max-record", &record.len().to_string()]).stdin(input).stdout(chats(&["a"; 4])).go();
}

#[test]
fn skipped_text_is_not_kept_in_memory() {
    let lines = "  no record, and not the end of one\n".repeat(100_000);
    for text in
        [format!("x\n{lines}"), format!("id,p\n1,\"{}\"\n2,\"{lines}", chat("a").replace('"', "\"\""))]
    {
        let mut reader = library::reader(Pieces::of(&[text.as_bytes()]), Layout::Auto, 1000);
        let mut block = Block::default();
        while library::read(&mut reader, &mut block) {
            assert!(block.text().len() < 1 << 20, "{}", block.text().len());
        }
    }
}

#[test]
fn a_row_after_one_over_the_limit_is_read() {
    let row = |id: &str, payload: &str| format!("{id},\"{}\"\n", payload.replace('"', "\"\""));
    for inside in ["x".repeat(100_000), "x\n".repeat(100_000), format!("{}\n\"x", "x".repeat(80_000))] {
        let large = format!("2,\"{inside}\"\n");
        let table = ["id,payload\n", &row("1", &chat("a")), &large, &row("3", &chat("b"))].concat();
        let ran =
            run(&["--max-record", "1k"]).stdin(table).stdout(chats(&["a", "b"])).any_stderr().status(1).go();
        assert!(ran.stderr.starts_with("-:3: a record of "), "{}", ran.stderr);
    }
}

#[test]
fn a_payload_whose_events_would_fill_the_memory_is_rejected() {
    let payload = |groups: usize, operators: usize| {
        let groups = vec![r#"{"id":1}"#; groups].join(",");
        let operators = "x".repeat(operators);
        format!(r#"{{"visitor":{{"id":"v"}},"operators":"{operators}","groups":[{groups}]}}"#)
    };
    let usual = payload(60, 100_000);
    run(&["-q"]).stdin(&usual).stdout(events(&[&usual])).go();
    // Those before it do not count.
    let several = [(); 4].map(|()| payload(250, 30_000));
    run(&["-q"]).stdin(several.join("\n")).stdout(events(&several)).go();
    let dir = Dir::new();
    // Forty gigabytes of events, or four terabytes.
    let bomb = payload(size(80_000, 800_000), size(500_000, 5_000_000));
    let input = format!("{bomb}\n{}", chat("a"));
    dir.run(&["--rejects", "rejects"]).stdin(input).stdout(chats(&["a"])).any_stderr().status(1).go();
    let rows = dir.rejects();
    assert_eq!((rows.len(), &rows[0]["code"]), (1, &"event_too_large".into()));
    assert_eq!(rows[0]["payload"], bomb);
}

#[test]
fn a_path_of_more_than_32_parts_is_wrong_usage() {
    let path = vec!["a"; 60_000].join(".");
    for map in [format!("{path}=context.x"), format!("id=context.{path}")] {
        let stderr = run(&["--map", &map]).stdin(chat("a")).any_stderr().status(2).go().stderr;
        assert!(stderr.len() < 2_000 && stderr.contains("--map"), "{stderr}");
    }
    let path = |parts: usize| vec!["a"; parts].join(".");
    run(&["--map", &format!("{}=context.x", path(32))]).stdin(chat("a")).any_stdout().any_stderr().go();
    run(&["--map", &format!("{}=context.x", path(33))]).stdin(chat("a")).any_stderr().status(2).go();
}

#[test]
fn a_million_byte_order_marks_are_passed_over() {
    run(&[]).stdin("\u{feff}".repeat(1_000_000) + &chat("a")).stdout(chats(&["a"])).go();
}
