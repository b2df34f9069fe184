//! Laws about the ways in which programs write a payload: its events are those of the bare payload.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json, to_string};

use crate::harness::anything::cases;
use crate::harness::{COMPRESSORS, events, none, run};

const TEXTS: [&str; 28] = [
    "it's \"fish\"",
    "''",
    "\"\"",
    "\\",
    "\\n",
    "\\u00e9",
    "\\x7b",
    "é",
    "😀",
    "\n",
    "\r\n",
    "\t",
    "&amp;",
    "&",
    "<b>",
    "{x}",
    "{\"a\":1}",
    "{\"visitor\":{}}",
    "data=",
    "%7B%22",
    "+",
    ";",
    "|",
    "`",
    "$",
    "]]>",
    "\\.",
    " plain ",
];

/// A payload with some texts in it, written with escapes for what is not ASCII or without.
fn payload(id: usize, texts: &[&str], is_ascii: bool) -> String {
    let body = texts.concat();
    let payload = json!({
        "items": [{"body": body, "kind": "MessageToVisitor", "timestamp": "1558107754.5"}],
        "visitor": {"id": format!("v{id}"), "fullName": texts[0]},
        "id": format!("c{id}"),
    });
    let text = to_string(&payload).unwrap();
    if !is_ascii {
        return text;
    }
    let escape = |unit: &mut u16| format!("\\u{unit:04x}");
    text.chars()
        .map(|char| {
            if char.is_ascii() {
                String::from(char)
            } else {
                char.encode_utf16(&mut [0; 2]).iter_mut().map(escape).collect()
            }
        })
        .collect::<String>()
}

fn payloads() -> impl Strategy<Value = Vec<String>> {
    let parts = (vec(select(TEXTS.to_vec()), 1..5), any::<bool>());
    vec(parts, 3..8).prop_map(|all| {
        let payloads = all.iter().enumerate();
        payloads.map(|(id, (texts, is_ascii))| payload(id, texts, *is_ascii)).collect()
    })
}

/// A program's way of writing, with what it writes before all payloads.
struct Program {
    name: &'static str,
    head: &'static str,
    line: fn(&str) -> String,
}

fn replaced(text: &str, pairs: &[(char, &str)]) -> String {
    let meaning = |char: char| pairs.iter().find(|pair| pair.0 == char).map(|pair| pair.1.to_owned());
    text.chars().map(|char| meaning(char).unwrap_or(char.into())).collect()
}

fn json_string(text: &str) -> String {
    to_string(text).unwrap()
}

fn bytes(text: &str, is_plain: fn(u8) -> bool) -> String {
    text.bytes()
        .map(|byte| if is_plain(byte) { char::from(byte).into() } else { format!("\\x{byte:02x}") })
        .collect()
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02X}")).collect()
}

fn percent(text: &str) -> String {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric();
    text.bytes()
        .map(|byte| if is_plain(&byte) { char::from(byte).into() } else { format!("%{byte:02X}") })
        .collect()
}

const MYSQL: [(char, &str); 5] = [('\\', "\\\\"), ('\'', "\\'"), ('"', "\\\""), ('\n', "\\n"), ('\r', "\\r")];
const MARKUP: [(char, &str); 4] = [('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('"', "&quot;")];

static PROGRAMS: [Program; 21] = [
    Program { name: "a log", head: "", line: |p| format!("INFO got {p} end") },
    Program { name: "json twice", head: "", line: json_string },
    Program { name: "json thrice", head: "", line: |p| json_string(&json_string(p)) },
    Program { name: "go", head: "", line: |p| format!("level=info body={} n=1", json_string(p)) },
    Program { name: "go fields", head: "", line: |p| format!("got []string{{{}}}", json_string(p)) },
    Program { name: "docker", head: "", line: |p| json!({"log": format!("got {p}\n")}).to_string() },
    Program {
        name: "nginx",
        head: "",
        line: |p| {
            format!(
                "- \"{}\"",
                bytes(p, |b| b" !#$%&'()*+,-./:;<=>?@[]^_`{|}~".contains(&b) || b.is_ascii_alphanumeric())
            )
        },
    },
    Program {
        name: "mysqldump",
        head: "-- MySQL dump 10\n",
        line: |p| format!("INSERT INTO `t` VALUES (1,'it\\'s',_binary '{}');", replaced(p, &MYSQL)),
    },
    Program {
        name: "mysqldump without its head",
        head: "",
        line: |p| format!("INSERT INTO t VALUES (1,'it\\'s \"x\"','{}');", replaced(p, &MYSQL)),
    },
    Program {
        name: "mysqldump --hex-blob",
        head: "-- MySQL dump 10\n",
        line: |p| format!("INSERT INTO `t` VALUES (1,0x{});", hex(p)),
    },
    Program {
        name: "sqlite",
        head: "",
        line: |p| format!("INSERT INTO t VALUES(1,'{}');", p.replace('\'', "''")),
    },
    Program {
        name: "sql server",
        head: "SET ANSI_NULLS ON\nGO\n",
        line: |p| format!("INSERT [dbo].[t] ([a]) VALUES (N'{}')\nGO", p.replace('\'', "''")),
    },
    Program {
        name: "an update",
        head: "BEGIN;\n",
        line: |p| format!("UPDATE t SET a='{}';", p.replace('\'', "''")),
    },
    Program { name: "psql", head: "", line: |p| format!(" 1 | \\x{}", hex(p).to_lowercase()) },
    Program { name: "a csv column of bytes", head: "", line: |p| format!("1,\\x{}", hex(p).to_lowercase()) },
    Program { name: "csv", head: "id,payload\n", line: |p| format!("1,\"{}\"", p.replace('"', "\"\"")) },
    Program { name: "html", head: "<html>\n", line: |p| format!("<td>{}</td>", replaced(p, &MARKUP[..3])) },
    Program { name: "mysql --html", head: "", line: |p| format!("<TD>{}</TD>", replaced(p, &MARKUP)) },
    Program {
        name: "cdata",
        head: "",
        line: |p| format!("<r><![CDATA[{}]]></r>", p.replace("]]>", "]]]]><![CDATA[>")),
    },
    Program { name: "base64", head: "", line: |p| BASE64_STANDARD.encode(p) },
    Program { name: "a form in a log", head: "", line: |p| format!("got data={} 200", percent(p)) },
];

impl Program {
    fn write(&self, payloads: &[String]) -> String {
        let lines = payloads.iter().map(|payload| (self.line)(payload) + "\n");
        self.head.to_owned() + &lines.collect::<String>()
    }
}

proptest! {
    #![proptest_config(cases(4))]

    #[test]
    fn a_payload_is_the_same_whatever_program_wrote_it(payloads in payloads()) {
        let plain = events(&payloads);
        let differs = |program: &&Program| {
            let text = program.write(&payloads);
            let (_, out, _) = run(&[]).stdin(&text).output();
            out != plain
        };
        let wrong: Vec<_> = PROGRAMS.iter().filter(differs).map(|program| program.name.to_owned()).collect();
        prop_assert!(wrong.is_empty(), "{wrong:?}");
    }
}

proptest! {
    #![proptest_config(cases(4))]

    /// After the key of its visitor, since without that nothing is a payload.
    #[test]
    fn a_payload_with_a_damaged_byte_is_converted_or_a_reject(
        payloads in payloads().prop_filter("one", |payloads| !payloads.is_empty()),
        at in 0.0..1.0,
        byte in select(vec!["", "\"", "'", "\\", "{", "}", "x", ",", ":", " ", "&", "<", "%"]),
        is_inserted in any::<bool>(),
    ) {
        let good = payload(1, &TEXTS[..4], true);
        let mut wrong = Vec::new();
        for program in &PROGRAMS {
            let line = (program.line)(&payloads[0]);
            let Some(start) = line.find("visitor") else { continue };
            let end = line.rfind('}').or_else(|| line.rfind("%7D")).unwrap();
            let start = start + 12;
            let at = start + ((end - start) as f64 * at) as usize;
            let Some(at) = (at..end).find(|at| line.is_char_boundary(*at)) else { continue };
            let rest = line[at..].chars().next().filter(|_| !is_inserted).map_or(at, |c| at + c.len_utf8());
            let damaged = format!("{}{byte}{}", &line[..at], &line[rest..]);
            let text = format!("{}{}\n{damaged}\n", program.head, (program.line)(&good));
            let (_, out, _) = run(&["--check", "--summary", "-"]).stdin(&text).output();
            let summary: Value = serde_json::from_slice(&out).unwrap();
            if summary["payloads"].as_u64() < Some(2) || summary["converted"] == 0 {
                wrong.push(format!("{}: {damaged}\n{summary}", program.name));
            }
        }
        none(&wrong);
    }
}

#[test]
fn cloudwatch_sends_base64_of_gzip() {
    let payload = payload(1, &TEXTS[..6], true);
    let text = json!({"logEvents": [{"message": format!("got {payload}\n")}]}).to_string();
    let (_, gzip) = COMPRESSORS[0];
    let record = json!({"awslogs": {"data": BASE64_STANDARD.encode(gzip(text.as_bytes()))}});
    run(&[]).stdin(record.to_string()).stdout(events(&[payload])).go();
}

/// Text in which an object breaks off before its visitor.
#[test]
fn an_object_that_breaks_off_before_its_visitor_is_a_reject() {
    let mut wrong = Vec::new();
    for text in [
        r#"x {\"a\":\ 1,\"visitor\":{\"id\":\"1\"}}"#,
        "<p>{&quot;a&quot;:&quot;&eacute;&quot;,&quot;visitor&quot;:{&quot;id&quot;:&quot;1&quot;}}</p>",
    ] {
        let good = payload(1, &TEXTS[..1], true);
        let (status, ..) = run(&[]).stdin(format!("got {good}\n{text}\n")).output();
        if status.code() != Some(1) {
            wrong.push(text.to_owned());
        }
    }
    none(&wrong);
}

#[test]
fn strings_on_lines_are_records() {
    let good = payload(1, &TEXTS[..4], true);
    let text = format!("{}\n\"x\"\n{}\n", json_string(&good), json_string(&good.replace("v1", "v2")));
    let (status, out, _) = run(&["--input-format", "ndjson"]).stdin(text).output();
    assert_eq!((status.code(), out), (Some(1), events(&[good.clone(), good.replace("v1", "v2")])));
}

#[test]
fn a_dump_that_is_cut_off_in_a_literal_says_so() {
    let [one, two] = [payload(1, &TEXTS[..4], true), payload(2, &TEXTS[..4], true)];
    for program in &PROGRAMS[7..13] {
        let whole = program.write(std::slice::from_ref(&one));
        for cut in [1, 3, 10, 40, 60, 120] {
            let last = (program.line)(&two);
            let start = last.find("0x7B").or(last.find("'{")).unwrap();
            // A few digits may be any number.
            if cut < 40 && last[start..].starts_with("0x") {
                continue;
            }
            let text = whole.clone() + &last[..start + cut];
            let (status, out, _) = run(&[]).stdin(text).output();
            assert_eq!((status.code(), out), (Some(1), events(&[&one])), "{} {cut}", program.name);
        }
    }
}

#[test]
fn a_literal_says_itself_that_backslashes_are_escapes() {
    let text = json!({"kind": "a\\b\n'", "visitor": {"id": "v"}}).to_string();
    let plain = replaced(&text, &[('\'', "''")]);
    let escaped = replaced(&text, &[('\\', "\\\\"), ('\'', "\\'")]);
    for literal in [format!("'{plain}'"), format!("E'{escaped}'"), format!("e'{escaped}'")] {
        let dump = format!("SET standard_conforming_strings = on;\nINSERT INTO t VALUES ({literal});\n");
        run(&[]).stdin(dump).stdout(events(&[&text])).go();
    }
}

#[test]
fn a_dump_may_end_in_a_literal() {
    let one = payload(1, &TEXTS[6..8], true);
    for last in ["'a text that is no payload'", "0x7469746c65207469746c65207469746c65"] {
        let dump = format!("-- a dump\nINSERT INTO t VALUES ('{one}');\nINSERT INTO t VALUES {last}");
        run(&[]).stdin(dump).stdout(events(&[&one])).go();
    }
}

#[test]
fn a_dump_may_end_in_a_short_row() {
    let one = payload(1, &TEXTS[..1], true);
    for last in ["1\tx", "", "\\.", "\\.\n"] {
        let dump = format!("COPY t (id, p) FROM stdin;\n1\t{one}\n{last}");
        run(&[]).stdin(dump).stdout(events(&[&one])).go();
    }
}

#[test]
fn a_comment_without_text_hides_no_statement() {
    for comment in ["#", "--", "-- ", "\\"] {
        let one = payload(1, &TEXTS[6..8], true);
        let text = format!("-- PostgreSQL database dump\n{comment}\nINSERT INTO t VALUES ('{one}');\n");
        run(&[]).stdin(text).stdout(events(&[one])).go();
    }
}

/// The same text with a byte replaced, one removed, and cut off, near its end.
fn damages(text: &str) -> [String; 3] {
    let at = text.len() - 9;
    [
        format!("{}!{}", &text[..at], &text[at + 1..]),
        format!("{}{}", &text[..at], &text[at + 1..]),
        text[..at].to_owned(),
    ]
}

#[test]
fn damaged_digits_of_a_payload_are_a_reject_beside_its_siblings() {
    let [one, two] = [payload(1, &TEXTS[..4], true), payload(2, &TEXTS[..4], true)];
    let mut wrong = Vec::new();
    type Write = fn(&str, &str) -> String;
    let stored: [(&str, String, Write); 4] = [
        ("base64", BASE64_STANDARD.encode(&two), |one, two| format!("{{\"a\":{one},\"b\":\"{two}\"}}\n")),
        ("gzip", BASE64_STANDARD.encode(COMPRESSORS[0].1(two.as_bytes())), |one, two| {
            format!("{{\"a\":{one},\"b\":\"{two}\"}}\n")
        }),
        ("a cell", hex(&two), |one, two| format!("a,\"{}\"\nb,\\x{two}\n", one.replace('"', "\"\""))),
        ("a literal", hex(&two), |one, two| {
            format!(
                "-- PostgreSQL database dump\nINSERT INTO t VALUES ('{}'),('\\x{two}');\n",
                replaced(one, &[('\'', "''")])
            )
        }),
    ];
    for (name, encoded, write) in stored {
        for damaged in damages(&encoded) {
            let text = write(&one, &damaged);
            let (status, out, stderr) = run(&[]).stdin(&text).output();
            if status.code() != Some(1) || out != events(&[&one]) {
                wrong.push(format!("{name}: {text}\n{}", String::from_utf8_lossy(&stderr)));
            }
        }
    }
    none(&wrong);
}
