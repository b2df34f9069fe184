//! Live-chat events, identify events and the user's id: what `--events` and `--user-id` give.

use std::collections::HashSet;

use serde_json::{Value, json};
use uuid::Builder;
use xxhash_rust::xxh3::xxh3_128;

use crate::harness::{Dir, json_lines, payload, run};
use crate::shared::json::{Object, objects};

/// A payload with these items, between the rest of it.
fn chat(items: &str) -> String {
    format!(
        r#"{{"id":"c","kind":"Conversation","visitor":{{"id":"v"}},"operators":{{"7":{{"nickname":"Ann","username":"ann"}},"8":{{"nickname":"","username":null}}}},"items":[{items}]}}"#
    )
}

fn events(args: &[&str], payload: &str) -> Vec<Value> {
    let output = run(&[&["--events", "chat"], args].concat()).stdin(payload).any_stdout().go().stdout;
    json_lines(&output)
}

/// The events' names without what all of them begin with, and their properties.
fn told(events: &[Value]) -> Vec<(String, Value)> {
    let name =
        |event: &Value| event["event"].as_str().unwrap().strip_prefix("Live Chat ").unwrap().to_owned();
    events.iter().map(|event| (name(event), event["properties"].clone())).collect()
}

fn ids(events: &[Value]) -> Vec<String> {
    events.iter().map(|event| event["messageId"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn each_message_is_an_event_with_its_agent() {
    let items = r#"
        {"kind":"MessageToVisitor","body":"hello","timestamp":"100.5","operatorId":8,"nickname":"Bo"},
        {"kind":"MessageToOperator","body":"hi","timestamp":"101"},
        {"kind":"MessageToVisitor","body":1.0,"timestamp":"102","operatorId":"\u0037"},
        {"kind":"MessageToVisitor","body":"","timestamp":"103","nickname":"Cy"},
        {"kind":"OfflineMessage","body":"bye","timestamp":"103.000001","operatorId":"9"},
        {"kind":"MessageToOperato\u0072","body":null,"timestamp":"90","operatorId":7}"#;
    let expected = [
        (
            "Message Received",
            json!({"conversation_id": "c", "message_id": "c:1", "message_body": "hello", "agent_id": 8, "agent_name": "Bo"}),
        ),
        ("Conversation Started", json!({"conversation_id": "c", "agent_id": 8})),
        ("Message Sent", json!({"conversation_id": "c", "message_id": "c:2", "message_body": "hi"})),
        (
            "Message Received",
            json!({"conversation_id": "c", "message_id": "c:3", "message_body": 1.0, "agent_id": "7", "agent_name": "Ann", "agent_username": "ann"}),
        ),
        ("Message Received", json!({"conversation_id": "c", "message_id": "c:4", "agent_name": "Cy"})),
        (
            "Offline Message Sent",
            json!({"conversation_id": "c", "message_id": "c:5", "message_body": "bye", "agent_id": "9"}),
        ),
        (
            "Message Sent",
            json!({"conversation_id": "c", "message_id": "c:6", "agent_id": 7, "agent_name": "Ann", "agent_username": "ann"}),
        ),
        (
            "Conversation Ended",
            json!({"conversation_id": "c", "agent_id": 8, "conversation_duration": 13.000001}),
        ),
    ];
    let events = events(&[], &chat(items));
    let expected: Vec<_> = expected.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    assert_eq!(told(&events), expected);
    let seconds = ["40.500", "41.000", "41.000", "42.000", "43.000", "43.000", "30.000", "43.000"];
    for (event, seconds) in events.iter().zip(seconds) {
        let time = format!("1970-01-01T00:01:{seconds}Z");
        assert_eq!((&event["timestamp"], &event["originalTimestamp"]), (&json!(time), &json!(time)));
        let context =
            json!({"library": {"name": "unknown", "version": "unknown"}, "integration": {"name": "Olark"}});
        assert_eq!(event["context"], context);
        assert_eq!((&event["type"], &event["userId"]), (&json!("track"), &json!("v")));
        assert!(event.get("traits").is_none());
    }
}

#[test]
fn a_conversation_ends_only_where_somebody_talked() {
    for (kind, names) in [
        ("MessageToOperator", &["Conversation Started", "Message Sent", "Conversation Ended"] as &[&str]),
        ("MessageToVisitor", &["Message Received", "Conversation Ended"]),
        ("OfflineMessage", &["Offline Message Sent"]),
    ] {
        let events = events(&[], &chat(&format!(r#"{{"kind":"{kind}","timestamp":"1"}}"#)));
        let got: Vec<_> = told(&events).into_iter().map(|(name, _)| name).collect();
        assert_eq!(got, names);
    }
    for items in ["", r#"null"#] {
        run(&["--events", "chat", "-q"]).stdin(chat(items)).go();
    }
    for payload in [r#"{"visitor":{"id":"v"},"items":{}}"#, r#"{"visitor":{"id":"v"}}"#] {
        run(&["--events", "chat"]).stdin(payload).go();
    }
}

#[test]
fn a_duration_has_no_more_digits_than_it_needs() {
    for (first, last, expected) in [
        ("1558107754.825684", "1558107803.770102", "48.944418"),
        ("1.5", "2.25", "0.75"),
        ("100", "40", "60"),
        ("1", "1", "0"),
        ("0.000001", "1", "0.999999"),
        ("2019-05-17T15:42:34.825Z", "2019-05-17T17:43:34.825+02:00", "60"),
        ("1558107754.825", "2019-05-17T15:42:35Z", "0.175"),
    ] {
        let item = |time: &str| format!(r#"{{"kind":"MessageToOperator","timestamp":"{time}"}}"#);
        let input = chat(&format!("{},{}", item(first), item(last)));
        let output = run(&["--events", "chat"]).stdin(input).any_stdout().go().stdout;
        let ended = format!(r#""conversation_duration":{expected}}}"#);
        assert!(String::from_utf8(output).unwrap().contains(&ended), "{first} {last}");
    }
}

#[test]
fn an_id_that_is_no_text_is_carried_but_numbers_no_messages() {
    for (id, carried) in
        [("1.50", Some("1.50")), ("null", None), (r#""""#, None), (r#"{"a":1}"#, Some(r#"{"a":1}"#))]
    {
        let input = chat(r#"{"kind":"OfflineMessage","timestamp":"1"}"#).replacen(r#""c""#, id, 1);
        let output = run(&["--events", "chat"]).stdin(input).any_stdout().go().stdout;
        let text = String::from_utf8(output).unwrap();
        assert!(!text.contains("message_id"), "{text}");
        let expected = carried
            .map_or(r#""properties":{}"#.into(), |id| format!(r#""properties":{{"conversation_id":{id}}}"#));
        assert!(text.contains(&expected), "{text}");
    }
}

#[test]
fn a_live_chat_message_id_is_the_hash_that_is_documented() {
    let sample = String::from_utf8(payload("transcript.json")).unwrap();
    let at = |event: usize| match event {
        0 => ("Received", "1", r#""1558107754.825684""#, r#""hi there!""#),
        1 | 2 => {
            ("Sent", "2", r#""1558107786.341602""#, r#""just making sure that everything is still working""#)
        }
        _ => ("Received", "3", r#""1558107803.770102""#, r#""as far as i know!""#),
    };
    let events = events(&[], &sample);
    assert_eq!(events.len(), 5);
    for (index, event) in events.iter().enumerate() {
        let name = event["event"].as_str().unwrap();
        let (_, position, time, body) = at(index);
        let hashed = format!("\"wGev6kIm8m9tIwyZ8D5z70Ua2FozbDBT\"\n{name}\n{position}\n{time}\n{body}");
        let expected = Builder::from_custom_bytes(xxh3_128(hashed.as_bytes()).to_be_bytes()).into_uuid();
        assert_eq!(event["messageId"], expected.to_string(), "{name}");
    }
    // The manual page's vector.
    let input = r#"{"id":"c-1","visitor":{"id":"v-1"},"items":[{"kind":"OfflineMessage","timestamp":"1.5","body":"hi"}]}"#;
    let output = run(&["--events", "chat"]).stdin(input).any_stdout().go().stdout;
    let hashed = b"\"c-1\"\nLive Chat Offline Message Sent\n1\n\"1.5\"\n\"hi\"";
    let expected = Builder::from_custom_bytes(xxh3_128(hashed).to_be_bytes()).into_uuid();
    assert_eq!(json_lines(&output)[0]["messageId"], expected.to_string());
    // Without a conversation id the visitor's is used; a missing time or body is empty.
    let nameless = r#"{"visitor":{"id":"v"},"items":[{"kind":"OfflineMessage"}]}"#;
    let output = run(&["--events", "chat"]).stdin(nameless).any_stdout().go().stdout;
    let expected = xxh3_128(b"\"v\"\nLive Chat Offline Message Sent\n1\n\n").to_be_bytes();
    let expected = Builder::from_custom_bytes(expected).into_uuid().to_string();
    assert_eq!(json_lines(&output)[0]["messageId"], expected);
}

#[test]
fn a_conversation_that_goes_on_keeps_the_ids_of_its_messages() {
    let message = |kind: &str, body: &str, time: u32| {
        format!(r#"{{"kind":"MessageTo{kind}","body":"{body}","timestamp":"{time}","nickname":"guest"}}"#)
    };
    let first = format!("{},{}", message("Operator", "hi", 1), message("Operator", "hi", 1));
    let second =
        format!("{first},{}", message("Visitor", "hello", 3).replace("guest\"", "Ann\",\"operatorId\":7"));
    // By then the visitor has given her name, the agent has another name, and the tool has more options.
    let later =
        chat(&second.replace("guest", "Eve")).replace(r#""id":"v""#, r#""id":"v","emailAddress":"e@x""#);
    let later = later.replace(r#""nickname":"Ann""#, r#""nickname":"Anna""#);
    let args = [
        "--user-id",
        "visitor.emailAddress,visitor.id",
        "--map",
        "chat:visitor.emailAddress=properties.email",
    ];
    let (first, second) = (events(&[], &chat(&first)), events(&args, &later));
    let (names, ids) = (told(&first), [ids(&first), ids(&second)]);
    assert_eq!(names.len(), 4);
    assert_eq!(ids[0][..3], ids[1][..3]);
    // It ends again, with another duration.
    assert!(!ids[1].contains(&ids[0][3]));
    assert_eq!(ids.concat().iter().collect::<HashSet<_>>().len(), 6);
}

#[test]
fn what_gives_no_event_or_has_no_time_is_worth_a_warning() {
    let items =
        r#"{"kind":"Note","timestamp":"1"},7,{"kind":"MessageToOperator","timestamp":"x","body":"a"}"#;
    let dir = Dir::new();
    let args = ["--events", "chat", "-v", "--summary", "summary"];
    let ran = dir
        .run(&args)
        .stdin(chat(items))
        .any_stdout()
        .stderr(concat!(
            "-:1: warning: items[0] has another kind, so it gives no live-chat event\n",
            "-:1: warning: items[1] has another kind, so it gives no live-chat event\n",
            "-:1: warning: items[2] has no readable time, so its event has no timestamp\n",
        ))
        .go();
    let events = json_lines(&ran.stdout);
    assert_eq!(events.len(), 3);
    assert!(events[1].get("timestamp").is_none() && events[1].get("originalTimestamp").is_none());
    assert_eq!(events[2]["timestamp"], "1970-01-01T00:00:01.000Z");
    let summary = dir.summary();
    assert_eq!(
        (&summary["warnings"]["other_item"], &summary["warnings"]["item_without_time"]),
        (&json!(2), &json!(1))
    );
}

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
fn the_first_field_that_can_says_who_the_user_is() {
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
        let ran = run(args).stdin(chat("")).any_stderr().status(2).go();
        assert!(ran.stderr.contains(says), "{args:?}: {}", ran.stderr);
    }
    let live = ["--events", "group,conversation", "--mapping", "live", "--user-id", "id"];
    let output = run(&live).stdin(chat("")).any_stdout().go().stdout;
    assert_eq!(json_lines(&output)[0]["userId"], "c");
}

#[test]
fn keys_of_every_kind_of_event_run_by_length_and_then_the_alphabet() {
    let input = String::from_utf8(payload("transcript.json")).unwrap();
    let args = ["--events", "identify,chat", "--map", "chat:id=properties.b.c", "--map", "chat:id=traits.a"];
    let output = run(&args).stdin(input).any_stdout().go().stdout;
    let text = String::from_utf8(output).unwrap();
    assert_eq!(text.lines().count(), 6);
    for line in text.lines() {
        for Object { keys, .. } in objects(line.as_bytes()) {
            let mut sorted = keys.clone();
            sorted.sort_by_key(|key| (key.len(), key.clone()));
            assert_eq!(keys, sorted, "{line}");
        }
    }
}

#[test]
fn messages_out_of_proportion_to_their_payload_are_refused() {
    // Each repeats the conversation's id.
    let items = vec![r#"{"kind":"OfflineMessage","timestamp":"1"}"#; 2000].join(",");
    let input = chat(&items).replacen(r#""c""#, &format!("\"{}\"", "c".repeat(50_000)), 1);
    let ran = run(&["--events", "chat"]).stdin(&input).any_stderr().status(1).go();
    assert!(ran.stderr.contains("larger than 4 times the payload plus 16 MiB"), "{}", ran.stderr);
}

#[test]
fn as_many_operators_as_messages_take_no_longer_each() {
    // Compared one with the other these would take minutes.
    let operator = |id: usize| format!(r#""{id}":{{"nickname":"n{id}"}}"#);
    let item = |id: usize| format!(r#"{{"kind":"MessageToVisitor","timestamp":"1","operatorId":"{id}"}}"#);
    let all = |one: &dyn Fn(usize) -> String| (0..60_000).rev().map(one).collect::<Vec<_>>().join(",");
    let input =
        format!(r#"{{"visitor":{{"id":"v"}},"operators":{{{}}},"items":[{}]}}"#, all(&operator), all(&item));
    let output = run(&["--events", "chat"]).stdin(&input).any_stdout().go().stdout;
    let events = json_lines(&output);
    assert_eq!(events.len(), 60_001);
    assert_eq!(events[1]["properties"]["agent_name"], "n59998");
    // One that is large is read once, however many messages are its.
    let large = format!(r#"{{"x":"{}","nickname":"n"}}"#, "x".repeat(5 << 20));
    let items = [item(1), item(2)].join(",");
    let items = vec![items; 20_000].join(",");
    let input =
        format!(r#"{{"visitor":{{"id":"v"}},"operators":{{"1":{large},"2":{{}}}},"items":[{items}]}}"#);
    let output = run(&["--events", "chat"]).stdin(&input).any_stdout().go().stdout;
    assert_eq!(json_lines(&output).len(), 40_001);
}
