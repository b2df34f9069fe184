//! The messages, listed once: what a user reads for each kind of reject, warning and usage error.

use crate::harness::{none, run};
use crate::shared::library::code_names;

/// Options, an input, and a line of standard error. The line ends with the code of a reject or warning, or with nothing.
const MESSAGES: &[(&str, &str, &str, &str)] = &[
    // Rejects.
    ("", r#"{"visitor":}"#, "-:1:12: expected a value", "invalid_json"),
    ("", r#"{"visitor":{"id":1},x}"#, "-:1:21: expected a key in double quotes", "invalid_json"),
    ("", r#"{"visitor" 1}"#, "-:1:12: expected a colon", "invalid_json"),
    ("", r#"{"visitor":{"id":1} "a":1}"#, "-:1:21: expected a comma or }", "invalid_json"),
    ("", r#"{"visitor":{"id":1},"a":[1 2]}"#, "-:1:28: expected a comma or ]", "invalid_json"),
    (
        "",
        r#"{"visitor":{"id":01}}"#,
        "-:1:19: a number with a leading zero or a missing digit",
        "invalid_json",
    ),
    ("", r#"{"visitor":{"id":1}} x"#, "-:1:22: unexpected text after the value", "invalid_json"),
    ("", r#"{"visitor":{"id":"\x"}}"#, "-:1:19: an invalid escape after a backslash", "invalid_json"),
    (
        "",
        "{\"visitor\":{\"id\":\"a\tb\"}}",
        "-:1:20: a control character or line break inside a string (JSON writes these as escapes: \\n for a line \
         break, \\t for a tab, \\u001b for a colour code)",
        "invalid_json",
    ),
    (
        "",
        "x {\"visitor\":{\"id\":1}} y\":1\n",
        "-:1:26: unexpected text after the payload: it may be part of this or another one",
        "invalid_json",
    ),
    (
        "",
        "x \"kind\":1, y {\"visitor\":{\"id\":1}}\n",
        "-:1:9: a key outside a complete object: part of a payload may be missing",
        "invalid_json",
    ),
    (
        "",
        r#"{"body":"eyJ2aXNpdG9yIjp7ImlkIjoxfX0!"}"#,
        "-:1 (payload 1): a payload in base64 or hexadecimal digits that does not decode to correct JSON",
        "invalid_json",
    ),
    ("", "5\n", "-:1: expected an object, found a number", "not_an_object"),
    ("", r#"{"a":1}"#, "-:1: no Olark payload in it", "no_payload"),
    ("--at b", r#"{"a":1}"#, "-:1: no Olark payload at the path given by --at", "no_payload"),
    ("", r#"{"visitor":{}}"#, "-:1: visitor.id is missing", "missing_visitor_id"),
    ("", r#"{"visitor":{"id":" "}}"#, "-:1: visitor.id is blank", "missing_visitor_id"),
    (
        "",
        r#"{"visitor":{"id":[]}}"#,
        "-:1: visitor.id is an array, not a string or number",
        "missing_visitor_id",
    ),
    ("", r#"{"visitor":5}"#, "-:1: visitor is a number, not an object", "wrong_type"),
    ("", r#"{"visitor":{"id":1},"groups":[5]}"#, "-:1: groups[0] is a number, not an object", "wrong_type"),
    (
        "",
        r#"{"visitor":{"id":{"S":"x"}},"Item":{"visitor":{"M":{"id":{"Q":1}}}}}"#,
        "-:1: visitor.id is an object, not a string or number",
        "missing_visitor_id",
    ),
    (
        "",
        r#"{"Item":{"visitor":{"M":{"id":{"S":"v"}}},"x":{"Q":1}}}"#,
        "-:1 (payload 1): this DynamoDB item has a value of an unknown type",
        "wrong_type",
    ),
    ("", "data=%zz%7B", "-:1:6: a % without two hexadecimal digits", "invalid_form"),
    ("--input-format form", "a=1", "-:1:1: a form body without a data field", "invalid_form"),
    ("--input-format form", "a=1&data=\n", "-:1:10: the form's data is empty", "invalid_form"),
    (
        "--max-record 10",
        r#"{"visitor":{"id":1}}"#,
        "-:1: a record of 20 bytes, over the limit (--max-record raises it)",
        "too_large",
    ),
    (
        "--format batch --map a=properties.a",
        r#"{"kind":"C","visitor":{"id":1},"a":1e400}"#,
        "-:1: a number is beyond the range of a double, so RudderStack would refuse the whole batch",
        "unsendable",
    ),
    (
        "--format batch",
        r#"{"kind":"\u0000","visitor":{"id":1}}"#,
        "-:1: kind has the character U+0000, which crashes RudderStack's processor",
        "unsendable",
    ),
    (
        "--format batch --batch-bytes 300",
        r#"{"kind":"a kind with a name","visitor":{"id":1}}"#,
        "-:1: the track event has 320 bytes, more than a batch can hold",
        "event_too_large",
    ),
    (
        "",
        r#"{"visitor":{"id":1"#,
        "-:1:19: the input ends inside a record: expected a comma or }",
        "truncated",
    ),
    (
        "",
        "[{\"kind\":1,\"visitor\":{\"id\":1}}\n",
        "-:2: the input ends inside an array: its ] is missing",
        "truncated",
    ),
    (
        "",
        "-- MySQL dump\nINSERT INTO `t` VALUES (1,'{\\\"kind",
        "-:2: the input ends inside a literal",
        "truncated",
    ),
    // Warnings.
    ("-v", "", "-: warning: the input is empty", "empty_input"),
    ("-v", r#"{"visitor":{"id":1}}"#, "-:1: warning: no kind, so the track event has no name", "no_kind"),
    (
        "-v --timestamp",
        r#"{"kind":1,"visitor":{"id":1}}"#,
        "-:1: warning: no item has a readable time, so the events get no timestamp",
        "no_time",
    ),
    (
        "-v",
        r#"{"kind":1,"visitor":{"id":1},"eventType":"start"}"#,
        "-:1: warning: eventType is start: Olark posts this chat again when it ends",
        "chat_start",
    ),
    (
        "-v",
        r#"{"kind":1,"visitor":{"id":1},"groups":[{}]}"#,
        "-:1: warning: groups[0] gives no event: it has no id",
        "group_without_id",
    ),
    (
        "-v",
        r#"{"kind":1,"visitor":{"id":1},"groups":[{"id":0}]}"#,
        "-:1: warning: groups[0] gives no event: its id is 0",
        "group_without_id",
    ),
    (
        "-v",
        r#"{"a":{"kind":1,"visitor":{"id":1}},"b":{"visitor":{"id":1},"kind":1}}"#,
        "-:1 (payload 2): warning: this record has the same payload twice, so it was converted once",
        "repeated",
    ),
    (
        "-v",
        r#"{"kind":1,"visitor":{"id":"a\\n"}}"#,
        "-:1: warning: backslashes are doubled, perhaps by a database: choose --input-format copy or ndjson",
        "doubled_backslashes",
    ),
    (
        "-v --events chat",
        r#"{"kind":1,"visitor":{"id":1},"items":[{"kind":"x"}]}"#,
        "-:1: warning: items[0] is not a message, so it gives no live-chat event",
        "other_item",
    ),
    (
        "-v --events chat",
        r#"{"kind":1,"visitor":{"id":1},"items":[{"kind":"OfflineMessage"}]}"#,
        "-:1: warning: items[0] has no readable time, so its event has no timestamp",
        "item_without_time",
    ),
    (
        "--map visitor.fulName=properties.x",
        r#"{"kind":1,"visitor":{"id":1}}"#,
        "olark2rudder: --map visitor.fulName=properties.x: no payload has this field; did you mean \
         visitor.fullName?",
        "unmatched_map",
    ),
    // Wrong usage.
    ("--batch-bytes 9", "", "olark2rudder: --batch-bytes needs --format batch", ""),
    (
        "--format batch --pretty",
        "",
        "olark2rudder: --format batch cannot be used with --pretty or --color always",
        "",
    ),
    (
        "--mapping live --events chat",
        "",
        "olark2rudder: --mapping live has no chat events, only those of RudderStack's own source",
        "",
    ),
    (
        "--map chat:id=properties.x",
        "",
        "olark2rudder: --map chat:id=properties.x is for chat events: add them with --events",
        "",
    ),
    (
        "--map id=x",
        "",
        "error: invalid value 'id=x' for '--map <[EVENT:]SOURCE=TARGET>': TARGET must start with properties., \
         traits. or context.",
        "",
    ),
    (
        "--user-id a..b",
        "",
        "error: invalid value 'a..b' for '--user-id <PATH[,PATH…]>': a path is keys joined by single dots, such as \
         visitor.id",
        "",
    ),
    ("--at a[", "", "error: invalid value 'a[' for '--at <PATH>': a bracket is not closed", ""),
];

#[test]
fn each_message_is_the_one_that_is_listed() {
    let mut failures = Vec::new();
    for (args, input, message, _) in MESSAGES {
        let args: Vec<_> = args.split_whitespace().collect();
        let (_, _, stderr) = run(&args).stdin(input).output();
        let stderr = String::from_utf8(stderr).unwrap();
        if !stderr.lines().any(|line| line == *message) {
            failures.push(format!("{message}\n  {args:?} {input}\n{stderr}"));
        }
    }
    none(&failures);
}

/// These need bytes or sizes that a table has no room for.
const ELSEWHERE: [&str; 4] = ["invalid_utf8", "unsupported_encoding", "too_deep", "large_event"];

#[test]
fn every_kind_of_reject_and_warning_is_listed() {
    for name in code_names().filter(|name| !ELSEWHERE.contains(name)) {
        assert!(MESSAGES.iter().any(|(.., code)| *code == name), "{name}");
    }
}
