//! Each hint with texts that get it, and texts that look much like these but get none.

use crate::harness::{Dir, gzip, none, run};

/// A part of a hint that no other hint has, and texts that get that hint.
const EXAMPLES: &[(&str, &[&[u8]])] = &[
    // Encodings.
    ("zero bytes between", &[b"{\0\"\0a\0\"\0:\0\x31\0}\0", b"\0{\0\"\0a\0\"\0:\0\x31\0}"]),
    (
        "iconv -f WINDOWS-1252 -t UTF-8",
        &[
            b"{\"name\": \"G\xfcnther Quartz\"}",
            b"{\"a\": \"caf\xe9\"}",
            b"{\"a\": \"Andr\xe9\", \"b\": \"\x93wie\x94 \x80 3, Gr\xfc\xdfe\"}",
        ],
    ),
    (
        "applied twice",
        &[
            b"data=%257B%2522kind%2522%253A%2522Quartz%2522%257D",
            b"data=%7B%2522kind%2522%3A1%7D",
            b"%257B%2522kind%2522%257D",
        ],
    ),
    ("its data= too", &[b"data%3D%7B%22kind%22%3A%22Quartz%22%7D", b"data%3d%257b%2522kind"]),
    (
        "U+00A0 NO-BREAK SPACE is not white space",
        &["{\u{a0}\"kind\": 1}".as_bytes(), "{\"kind\":\u{a0}\"Quartz\"}".as_bytes()],
    ),
    ("U+200B ZERO WIDTH SPACE is invisible", &["{\"a\": 1\u{200b}}".as_bytes()]),
    ("U+FEFF BYTE ORDER MARK is invisible", &["{\"a\":\u{feff}1}".as_bytes()]),
    ("U+201C LEFT DOUBLE QUOTATION MARK is a typographic quote", &["{\u{201c}kind\u{201d}: 1}".as_bytes()]),
    (
        "U+2018 LEFT SINGLE QUOTATION MARK is a typographic quote",
        &["{\"a\": \u{2018}Quartz\u{2019}}".as_bytes()],
    ),
    // File types.
    ("lz4 data", &[b"\x04\x22\x4d\x18\x64\x40\xa7"]),
    ("7z archive", &[b"7z\xbc\xaf\x27\x1c\0\x04"]),
    ("RAR archive", &[b"Rar!\x1a\x07\x01\0\xf3"]),
    ("turn it into SQL with pg_restore -f -", &[b"PGDMP\x01\x0e\0\x04\x08"]),
    ("SQLite", &[b"SQLite format 3\0\x10\0"]),
    ("Parquet", &[b"PAR1\x15\x04\x15\x10"]),
    ("Avro", &[b"Obj\x01\x04\x14avro.codec"]),
    ("PDF", &[b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", b"%PDF-1.7\n"]),
    // Other formats.
    ("Markdown", &[b"```json\n{\"kind\": 1}\n```", b"```"]),
    (
        "YAML",
        &[
            b"kind: Quartz\nvisitor:\n  id: x\nitems:\n- body: hi\n",
            b"---\nkind: Quartz\nid: x\n",
            b"- kind: Quartz\n  visitor:\n    id: 1\n",
            b"# one\nvisitor:\n    id: 1\n",
            b"items:\n- body: hi\n",
        ],
    ),
    (
        "names of files",
        &[
            b"chats.json",
            b"2019/a.json\n2019/b.json.gz\n",
            b"/home/pat/a.json\n/home/pat/b.json\n",
            b"./my chats/a.json\n.",
            b"README\na.json\nb.json",
        ],
    ),
    (
        "that JSON does not have",
        &[b"{'at': datetime.datetime(2019, 1, 1), 'kind': 'Quartz'}", b"{'n': Decimal('1')}"],
    ),
    ("over several lines", &[b"{'kind': 'Quartz',\n 'id': 1}"]),
    (
        "repr: convert each line",
        &[
            b"{'kind': 'Quartz', 'tags': None}",
            b"[{'kind': 1}]",
            b"{u'kind': 1}",
            br#"{"kind": 'x'}"#,
            br#"{"tags": None}"#,
        ],
    ),
    // Syntax.
    ("needs double quotes", &[b"{'kind': true}"]),
    ("JavaScript object", &[b"{kind: \"Quartz\"}", b"{\"a\": 1, $b : 2}"]),
    ("Python word", &[br#"{"a": true, "b": None}"#]),
    (
        "NaN or Infinity",
        &[br#"{"a": NaN}"#, br#"{"a": undefined}"#, br#"{"a": -Infinity}"#, br#"{"a":Infinity}"#],
    ),
    ("comma before the closing", &[br#"{"a": 1,}"#, b"{\"a\": [1,\n]}"]),
    ("no comments", &[b"{\"a\": 1 // one\n}", b"{/* Quartz */\"a\": 1}", b"{\"a\": 1, # one\n\"b\": 2}"]),
    ("outside an array", &[br#"{"visitor": {"id": 1}},{"visitor": {"id": 2}}"#]),
    (
        "these as escapes",
        &[b"{\"a\": \"one\ntwo\"}", b"{\"a\": \"one\ttwo\"}", b"{\"a\": \"\x1b[31mQuartz\"}"],
    ),
    ("a quote inside", &[br#"{"body": "he said "hi""}"#, br#"{"body": "a 5"x7" Quartz", "b": 1}"#]),
    (
        "comma is missing",
        &[b"{\n  \"a\": \"x\"\n  \"b\": 2\n}", b"{\"a\": 1\n\"b\": 2}", b"{\"a\": {\"b\": {}\n  \"c\": 1}}"],
    ),
    // JSON without a payload, or without its visitor's id.
    ("an empty object", &[b"{}", b" { } "]),
    (
        "/v1/batch",
        &[br#"{"batch": [{"type": "track", "userId": "x", "messageId": "y"}]}"#, br#"{"batch": []}"#],
    ),
    (
        "a RudderStack event",
        &[
            br#"{"type": "track", "event": "Conversation", "userId": "x", "context": {}}"#,
            br#"{"messageId": "y", "anonymousId": "x", "type": "identify"}"#,
            br#"{"type": "page", "userId": "x", "properties": {}}"#,
        ],
    ),
    ("add --user-id visitor.id,visitor.ID", &[br#"{"visitor": {"ID": "x"}}"#]),
    ("add --user-id visitor.id,visitor.Id", &[br#"{"visitor": {"id": null, "Id": 5}}"#]),
    ("add --user-id visitor.id,visitor.visitor_id", &[br#"{"visitor": {"id": "", "visitor_id": "x"}}"#]),
    (
        "add --user-id visitor.id,visitor.uuid",
        &[br#"{"visitor": {"emailAddress": "a@example.com", "uuid": "x"}}"#],
    ),
    (
        "add --user-id visitor.id,visitor.emailAddress",
        &[br#"{"visitor": {"emailAddress": "a@example.com"}}"#],
    ),
    ("jq -c '.visitor = .Visitor", &[br#"{"Visitor": {"id": "x"}}"#]),
    ("jq -c '.visitor.id = .[\"visitorId\"]'", &[br#"{"visitorId": "x", "items": []}"#]),
    ("jq -c '.visitor.id = .[\"visitor_id\"]'", &[br#"{"visitor": {}, "visitor_id": "x"}"#]),
    ("jq -c '.visitor.id = .[\"visitor.id\"]'", &[br#"{"visitor.id": "x"}"#]),
];

/// The sign of a hint is in a string, or the failure is elsewhere, or the text is something else.
const NEAR_MISSES: &[&[u8]] = &[
    b"data=%7B%22name%22%3A%22G%FCnther%22%7D",
    b"{",
    b"[",
    b"x",
    br#"{"a" 1}"#,
    br#"{"a": "#,
    br#"{"a": "/home/a.json" 1}"#,
    br#"{"a": "data=%257B%2522", "b" 1}"#,
    "{\"a\": \"\u{a0}\u{201c}\u{200b}\" 1}".as_bytes(),
    "{\"a\": \"Günther\" 1}".as_bytes(),
    // UTF-8 and Windows-1252, Russian, Japanese, Polish, Mac Roman, a cut character, a byte alone.
    b"{\"a\": \"G\xc3\xbcnther\", \"b\": \"M\xfcller\"}",
    b"{\"a\": \"\xcf\xf0\xe8\xe2\xe5\xf2\"}",
    b"{\"a\": \"\x82\xb1\x82\xf1\"}",
    b"{\"a\": \"\xa3\xf3d\x9f\"}",
    b"{\"a\": \"caf\x8e\"}",
    b"{\"a\": \"x\xe2\x80\"}",
    b"{\"a\": \"\xe9\"}",
    b"hello world\nsecond line",
    b"a.json and b.json",
    b".json",
    b"- hello there",
    b"---\n",
    b"Host: x\nContent-Type: y\n",
    b"From: a@example.org\nTo: b@example.org\n\nhello",
    b"note: see below\nand more",
    b"PK is short",
    b"PGDM",
    b"Obj",
    b"%PDF",
    b"https://example.com/a.json",
    b"total 12 chats",
    b"2019-01-01 INFO {broken",
    b"what's {'here",
    br#"{"a": Nonesuch}"#,
    br#"{"a": NaNs}"#,
    b"{a}",
    b"{=1}",
    b"{kind}",
    br#"{"a": / 2}"#,
    br#"{"a": "\q"}"#,
    br#"{"a": "b" c}"#,
    br#"{"a": "b"c": 1}"#,
    "{\"a\u{201d}: \"b\", \"c\": 1}".as_bytes(),
    br#"{"a": 1 "b": 2}"#,
    br#"{"a": {"b": 1}}, "c": 2}"#,
    b"{\"a\"\n\"b\": 2}",
    b"{\"a\": {}}\n\"b\"",
    b"id=1&data=%7B%22name%22%3A%22G%FCnther%22%7D",
    br#"{"type": "track"}"#,
    br#"{"type": "truck", "userId": "x", "messageId": "y"}"#,
    br#"{"type": "group", "traits": {}, "properties": {}}"#,
    br#"{"a": {"type": "track", "userId": "x", "messageId": "y"}}"#,
    br#"{"batch": [1]}"#,
    br#"{"batch": [], "other": 1}"#,
    br#"{"key": "type track userId messageId"}"#,
    br#"{"visitor": {"ID": ""}}"#,
    br#"{"visitor": {"ID": {"x": 1}}}"#,
    br#"{"visitor": {"ip": "x"}}"#,
    br#"{"ID": "x"}"#,
    br#"{"Visitor": "x"}"#,
    br#"{"visitor": {"a": 1}, "Visitor": {"id": "x"}}"#,
];

/// The reasons of all rejects of each text, which is in a file of its own.
fn reasons<'t>(texts: impl Iterator<Item = &'t [u8]>) -> Vec<String> {
    let dir = Dir::new();
    let names: Vec<_> = texts.enumerate().map(|(index, text)| (format!("{index:04}"), text)).collect();
    names.iter().for_each(|(name, text)| _ = dir.file(name, text));
    let args: Vec<_> = names.iter().map(|(name, _)| name.as_str()).collect();
    dir.run(&["-q", "--rejects", "rejects"]).args(&args).any_stdout().any_stderr().status(1).go();
    let mut reasons = vec![String::new(); names.len()];
    for row in dir.rejects() {
        let index: usize = row["source"].as_str().unwrap().parse().unwrap();
        reasons[index] += row["reason"].as_str().unwrap();
    }
    reasons
}

fn examples() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    EXAMPLES.iter().flat_map(|(hint, texts)| texts.iter().map(move |text| (*hint, *text)))
}

/// The hint in a reason, if there is one.
fn hint_in(reason: &str) -> Option<&'static str> {
    EXAMPLES.iter().map(|(hint, _)| *hint).find(|hint| reason.contains(hint))
}

#[test]
fn each_example_gets_its_own_hint_and_no_other() {
    let reasons = reasons(examples().map(|(_, text)| text));
    let wrong = examples().zip(&reasons).filter(|((hint, _), reason)| {
        let is_own = EXAMPLES.iter().all(|(other, _)| reason.contains(other) == (other == hint));
        // Most examples have this as a value.
        !is_own || reason.contains("Quartz")
    });
    none(
        &wrong
            .map(|((hint, text), reason)| format!("{hint}: {}: {reason}", text.escape_ascii()))
            .collect::<Vec<_>>(),
    );
}

#[test]
fn a_near_miss_gets_no_hint() {
    let reasons = reasons(NEAR_MISSES.iter().copied());
    let wrong = NEAR_MISSES.iter().zip(&reasons).filter(|(_, reason)| hint_in(reason).is_some());
    none(&wrong.map(|(text, reason)| format!("{}: {reason}", text.escape_ascii())).collect::<Vec<_>>());
}

#[test]
fn a_sign_inside_a_string_gives_no_hint() {
    let in_string = |(_, text): (_, &[u8])| {
        let quoted = serde_json::to_string(std::str::from_utf8(text).ok()?).unwrap();
        Some(format!("{{\"a\": {quoted}, \"b\" 1}}"))
    };
    let texts: Vec<_> = examples().filter_map(in_string).collect();
    let reasons = reasons(texts.iter().map(|text| text.as_bytes()));
    let wrong = texts.iter().zip(&reasons).filter(|(_, reason)| hint_in(reason).is_some());
    none(&wrong.map(|(text, reason)| format!("{text}: {reason}")).collect::<Vec<_>>());
}

#[test]
fn compressed_data_inside_a_compressed_file_is_named() {
    let stderr = run(&[]).stdin(gzip(&gzip(b"{}"))).any_stderr().status(1).go().stderr;
    assert!(stderr.contains("compressed data inside something else"), "{stderr}");
}

#[test]
fn a_command_is_for_what_is_in_the_file() {
    for (body, is_decoded) in
        [("data=%7B%27kind%27: 1}", true), ("data={'kind': 1}", false), ("data=%7B%2522kind%2522: 1}", false)]
    {
        let stderr = run(&[]).stdin(body).any_stderr().status(1).go().stderr;
        assert_eq!(stderr.contains("in the decoded form body, "), is_decoded, "{stderr}");
    }
}
