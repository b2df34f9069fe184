//! Which events there are, and whose: `--events`, `--user-id`, and `--map` for some of them.

use serde_json::json;

use crate::harness::{Dir, json_lines, payload, run};

const PAYLOAD: &str = r#"{"id":"c","kind":"Conversation","visitor":{"id":"v"}}"#;

#[test]
fn a_summary_counts_events_by_their_type() {
    let dir = Dir::new();
    let input = [payload("transcript.json"), payload("offline-message-group.json")].concat();
    for (list, track, group, identify) in
        [("all", 8, 2, 2), ("identify", 0, 0, 2), ("chat", 6, 0, 0), ("group,conversation", 2, 2, 0)]
    {
        let ran = dir.run(&["--events", list, "--summary", "summary"]).stdin(&input).any_stdout().go();
        assert_eq!(dir.summary()["events"], json!({"track": track, "group": group, "identify": identify}));
        assert_eq!(json_lines(&ran.stdout).len(), track + group + identify);
    }
}

#[test]
fn people_with_traits_are_identified_before_anything_else() {
    let payload = r#"{"id":"c","items":[{"timestamp":"1"}],"visitor":{"id":"v","fullName":"N","organization":"O","ip":"1","chat_feedback":1},"groups":[{"id":"g"}]}"#;
    let output = run(&["--events", "identify,group,conversation", "--timestamp"]).stdin(payload).any_stdout();
    let output = output.any_stderr().go().stdout;
    let events = json_lines(&output);
    let types: Vec<_> = events.iter().map(|event| event["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["identify", "track", "group"]);
    let mut expected = events[1]["context"].clone();
    expected["traits"]["organization"] = "O".into();
    assert_eq!(events[0]["context"], expected);
    let keys: Vec<_> = events[0].as_object().unwrap().keys().map(String::as_str).collect();
    let all = [
        "context",
        "integrations",
        "messageId",
        "originalTimestamp",
        "rudderId",
        "timestamp",
        "type",
        "userId",
    ];
    assert_eq!(keys, all);
    for (visitor, args, count) in [
        (r#"{"id":"v","organization":"O"}"#, &[] as &[&str], 1),
        (r#"{"id":"v","city":"","ip":"1","browser":"B"}"#, &[], 0),
        (r#"{"id":"v","x":"1"}"#, &["--map", "identify:visitor.x=context.traits.x"], 1),
        (r#"{"id":"v","x":"1"}"#, &["--map", "identify:visitor.x=context.x"], 0),
    ] {
        let input = format!(r#"{{"visitor":{visitor}}}"#);
        let args = [&["--events", "identify"], args].concat();
        let output = run(&args).stdin(&input).any_stdout().go().stdout;
        assert_eq!(json_lines(&output).len(), count, "{visitor}");
    }
}

#[test]
fn the_first_field_that_is_an_id_is_the_user_id() {
    let paths = "visitor.customFields.id,visitor.emailAddress,visitor.id";
    for (fields, user) in [
        (r#""customFields":{"id":7},"emailAddress":"e""#, "7"),
        (r#""customFields":{"id":" \u200b"},"emailAddress":"e""#, r#""e""#),
        (r#""customFields":{"id":{}},"emailAddress":null"#, r#""v""#),
        (r#""customFields":7"#, r#""v""#),
    ] {
        let input = format!(
            r#"{{"visitor":{{"id":"v","city":"c",{fields}}},"groups":[{{"id":"g"}}],"items":[{{"kind":"OfflineMessage","timestamp":"1"}}]}}"#
        );
        let output =
            run(&["--events", "all", "--user-id", paths]).stdin(&input).any_stdout().any_stderr().go().stdout;
        let text = String::from_utf8(output).unwrap();
        let (own, alone) = (format!(r#""userId":{user},"#), format!(r#"{{"visitor":{{"id":{user}}}}}"#));
        assert_eq!((text.lines().count(), text.matches(&own).count()), (4, 4), "{text}");
        let expected = json_lines(&run(&[]).stdin(alone).any_stdout().go().stdout)[0]["rudderId"].clone();
        assert!(json_lines(text.as_bytes()).iter().all(|event| event["rudderId"] == expected));
    }
    let dir = Dir::new();
    dir.run(&["--user-id", "visitor.emailAddress,id", "--rejects", "rejects"])
        .stdin(r#"{"id":[],"visitor":{"id":"v"}}"#)
        .any_stderr()
        .status(1)
        .go();
    let row = &dir.rejects()[0];
    assert_eq!(row["code"], "missing_visitor_id");
    assert_eq!(row["reason"], "visitor.emailAddress is missing, id is an array, not a string or number");
}

#[test]
fn a_mapping_of_ones_own_is_of_the_events_that_it_names() {
    let input = r#"{"id":"c","visitor":{"id":"v","city":"x"},"groups":[{"id":"g"}],"items":[{"kind":"OfflineMessage","timestamp":"1"}]}"#;
    for (event, at) in [("", 1), ("group:", 2), ("identify:", 0), ("chat:", 3)] {
        let map = format!("{event}id=context.new");
        let output =
            run(&["--events", "all", "--map", &map]).stdin(input).any_stdout().any_stderr().go().stdout;
        let has: Vec<_> =
            json_lines(&output).iter().map(|event| event["context"].get("new").is_some()).collect();
        assert_eq!(has, std::array::from_fn::<_, 4, _>(|index| index == at), "{event}");
    }
    let both = ["--events", "all", "--map", "id=context.new", "--map", "chat:id=context.new"];
    run(&both).stdin(input).any_stdout().any_stderr().go();
    let unknown = ["--events", "all", "--map", "chat:idd=context.new"];
    let ran = run(&unknown).stdin(input).any_stdout().any_stderr().go();
    assert!(
        ran.stderr.contains("--map chat:idd=context.new: no payload has this field; did you mean id?"),
        "{}",
        ran.stderr
    );
}

#[test]
fn events_that_cannot_be_are_wrong_usage() {
    for (args, says) in [
        (&["--events", "all", "--mapping", "live"] as &[&str], "--mapping live has no identify events"),
        (&["--events", "chat", "--mapping", "live"], "--mapping live has no chat events"),
        (&["--events", "chats"], "a similar value exists: 'chat'"),
        (&["--events", ""], "possible values"),
        (&["--map", "chat:id=properties.x"], "is for chat events: add them with --events"),
        (&["--events", "group", "--map", "id=properties.x"], "is for conversation events"),
        (&["--events", "chat", "--map", "chat:id=properties.agent_name"], "already mapped"),
        (&["--events", "chat", "--map", "chat:id=properties.agent_id.x"], "already mapped"),
        (&["--map", "group:id=traits.name"], "already mapped"),
        (&["--events", "identify", "--map", "identify:id=context.traits.organization"], "already mapped"),
        (&["--map", "group:id=context.a", "--map", "group:kind=context.a"], "already mapped"),
        (&["--user-id", "visitor..id"], "keys joined by single dots"),
        (&["--user-id", "visitor.id,"], "keys joined by single dots"),
        (&["--user-id", "items[].id"], "cannot have brackets"),
    ] {
        let ran = run(args).stdin(PAYLOAD).any_stderr().status(2).go();
        assert!(ran.stderr.contains(says), "{args:?}: {}", ran.stderr);
    }
    let live = ["--events", "group,conversation", "--mapping", "live", "--user-id", "id"];
    let output = run(&live).stdin(PAYLOAD).any_stdout().go().stdout;
    assert_eq!(json_lines(&output)[0]["userId"], "c");
}
