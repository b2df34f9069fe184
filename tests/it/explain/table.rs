//! `--explain` as it is read: it fits, and says each thing once.

use unicode_width::UnicodeWidthStr;

#[cfg(unix)]
use crate::harness::Stream::{Stderr, Stdout};
use crate::harness::{chat, checkout, json_lines, payload, run};

/// The payloads that there are captures of.
fn names() -> Vec<String> {
    let names = std::fs::read_dir(checkout("testdata/payloads")).unwrap();
    names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn no_line_is_wider_than_eighty_columns() {
    // Operators go into group events, and there are none.
    let made = r#"{"visitor":{"id":"v"},"operators":{"123456":{"username":"someone@example.com"}},
        "groups":[{},{"id":0},{"id":null},{"id":""},{"id":false}]}"#;
    let captured = names().into_iter().map(|name| (payload(&name), name));
    for (input, name) in captured.chain([(made.as_bytes().to_vec(), "groups without ids".into())]) {
        for options in ["--mapping=standard", "--mapping=full", "--mapping=live", "--events=all"] {
            let (_, stdout, _) = run(&["--explain", "--timestamp", options]).stdin(&input).output();
            let page = String::from_utf8(stdout).unwrap();
            assert!(page.lines().count() > 1, "{name}");
            let wide = page.lines().find(|line| line.width() > 80);
            assert_eq!(wide, None, "{name}, {options}");
        }
    }
}

#[test]
fn each_field_that_is_left_out_has_its_own_reason() {
    for (args, members, path, reason) in [
        ("", r#""tags":null"#, "tags", "is null"),
        ("", r#""tags":"""#, "tags", "is empty"),
        ("--events=conversation", r#""operators":{}"#, "operators", "--events leaves it out"),
        ("", r#""operators":{}"#, "operators", "only for group events, and there are none"),
        ("", r#""groups":[]"#, "groups", "is empty, so there is no group event"),
        ("", r#""groups":null"#, "groups", "has nothing to copy"),
        ("", r#""ip":"::1""#, "ip", "only in --mapping live"),
        ("", r#""id":"c""#, "id", "in messageId only"),
        ("", r#""other":1"#, "other", "not mapped"),
        ("", r#""visitor":{"id":"v","kind":1}"#, "visitor.kind", "only in --mapping full"),
        ("--mapping=live", r#""visitor":{"id":"v","browser":0}"#, "visitor.browser", "has nothing to copy"),
        ("--user-id=visitor.x", r#""visitor":{"id":"v","x":1}"#, "visitor.id", "another field is the userId"),
    ] {
        let before = if members.contains("visitor") { "" } else { r#""visitor":{"id":"v"},"# };
        let input = format!("{{\"kind\":\"C\",{before}{members}}}");
        let run = run(&["--explain"]).args(&args.split_whitespace().collect::<Vec<_>>()).stdin(input);
        let page = String::from_utf8(run.any_stdout().any_stderr().go().stdout).unwrap();
        let (_, left_out) = page.split_once("\nleft out\n").unwrap_or_else(|| panic!("{page}"));
        let line = left_out.lines().find_map(|line| line.trim_start().strip_prefix(path));
        assert!(line.is_some_and(|line| line.trim_start().starts_with(reason)), "{path} {reason}: {page}");
    }
}

#[test]
fn a_hundred_warnings_are_listed_and_the_rest_counted() {
    for (count, is_all) in [(100, true), (101, false)] {
        let items = vec![r#"{"kind":"Other"}"#; count].join(",");
        let input = format!(r#"{{"kind":"C","visitor":{{"id":"v"}},"items":[{items}]}}"#);
        let ran = run(&["--explain", "--events", "all"]).stdin(input).any_stdout().any_stderr().go();
        let page = String::from_utf8(ran.stdout).unwrap();
        assert_eq!(page.contains("and 1 more"), !is_all, "{page}");
    }
}

#[test]
fn each_id_is_shown_with_how_it_was_made_and_no_event_is() {
    let input = payload("transcript.json");
    for (args, origin) in [
        (&["--events", "all"] as &[&str], "each messageId is a hash of the conversation's id"),
        (&["--events", "all", "--message-id", "random"], "each messageId is random"),
    ] {
        let page = run(&["--explain"]).args(args).stdin(&input).any_stdout().any_stderr().go().stdout;
        let page = String::from_utf8(page).unwrap();
        assert!(page.contains(origin), "{page}");
        assert!(!page.contains("\"type\"") && !page.contains("\nevents\n"), "{page}");
    }
    let page = run(&["--explain", "--events", "all"]).stdin(&input).any_stdout().any_stderr().go().stdout;
    let page = String::from_utf8(page).unwrap();
    let events = run(&["--events", "all"]).stdin(&input).any_stdout().any_stderr().go().stdout;
    for event in json_lines(&events) {
        assert_eq!(page.matches(event["messageId"].as_str().unwrap()).count(), 1, "{page}");
        assert_eq!(page.matches(event["rudderId"].as_str().unwrap()).count(), 1, "{page}");
    }
}

#[test]
fn a_message_id_is_not_said_to_come_from_an_id_that_is_not_there() {
    for (args, input) in [
        (&[] as &[&str], r#"{"kind":"C","visitor":{"id":"v"}}"#),
        (&[], r#"{"kind":"C","id":null,"visitor":{"id":"v"}}"#),
        (&["--message-id", "random"], r#"{"kind":"C","id":"c","visitor":{"id":"v"}}"#),
    ] {
        let page = run(&["--explain"]).args(args).stdin(input).any_stdout().go().stdout;
        let page = String::from_utf8(page).unwrap();
        assert!(!page.contains("conversation's id") && !page.contains("in messageId only"), "{page}");
    }
}

#[test]
fn a_group_without_an_event_is_explained_once() {
    let input = r#"{"kind":"C","visitor":{"id":"v"},"groups":[{"id":0}]}"#;
    let page = String::from_utf8(run(&["--explain"]).stdin(input).any_stdout().go().stdout).unwrap();
    assert_eq!(page.matches("its id is 0").count(), 1, "{page}");
    assert!(!page.contains("warnings"), "{page}");
}

#[test]
fn two_hundred_fields_that_are_left_out_are_listed() {
    for (count, is_all) in [(200, true), (201, false)] {
        let fields: String = (0..count).map(|n| format!(",\"x{n}\":1")).collect();
        let input = format!("{{\"kind\":\"C\",\"visitor\":{{\"id\":\"v\"}}{fields}}}");
        let page = String::from_utf8(run(&["--explain"]).stdin(input).any_stdout().go().stdout).unwrap();
        assert_eq!(page.matches("not mapped").count(), 200, "{page}");
        assert_eq!(page.contains("… and more"), !is_all, "{page}");
    }
}

#[cfg(unix)]
#[test]
fn each_thing_is_said_once_on_a_terminal() {
    let input = format!("5\n{}\n{{\"visitor\":{{\"id\":\"v\"}},\"groups\":[{{\"id\":0}}]}}\n", chat("a"));
    for args in [&["--explain"] as &[&str], &["--explain", "-v"]] {
        let screen = run(args).stdin(&input).on_terminal(&[Stdout, Stderr]);
        assert_eq!(screen.count("expected an object, found a number"), 1, "{args:?}: {}", screen.seen);
        assert_eq!(screen.count("no kind, so the track event has no name"), 1, "{args:?}: {}", screen.seen);
        assert_eq!(screen.count("olark2rudder: 2 payloads converted"), 1, "{args:?}: {}", screen.seen);
    }
}

#[cfg(unix)]
#[test]
fn a_group_that_is_left_out_can_be_recognized() {
    let group = r#"{"kind":"Group","name":"the sales department of the north","id":null}"#;
    let input = format!(r#"{{"visitor":{{"id":"v"}},"groups":[{group}]}}"#);
    let screen = run(&["--explain"]).stdin(&input).on_terminal(&[Stdout]);
    assert!(screen.seen.contains("the sales department of the north"), "{}", screen.seen);
}

#[test]
fn a_field_mapped_to_group_events_only_is_explained_by_there_being_none() {
    let input = br#"{"id":"c","visitor":{"id":"v"},"groups":[]}"#;
    let map = ["--explain", "--map", "group:id=context.conversationId"];
    let output = run(&map).stdin(input).any_stdout().any_stderr().go().stdout;
    let page = String::from_utf8(output).unwrap();
    let line = page.lines().find(|line| line.starts_with("  id "));
    assert!(line.is_some_and(|line| line.contains("only for group events, and there are none")), "{page}");
}
