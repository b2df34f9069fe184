//! Live-chat events: what `--events chat` gives.

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
            "-:1: warning: items[0] is not a message, so it gives no live-chat event\n",
            "-:1: warning: items[1] is not a message, so it gives no live-chat event\n",
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
