//! What a payload becomes: the example of RudderStack's documentation, identities, options, exactness.

use std::collections::HashSet;

use serde_json::Value;
use uuid::Uuid;
use xxhash_rust::xxh3::xxh3_128;

use crate::harness::{chat, chats, checkout, events_by, json_lines, outcome, payload, read, run};
use crate::shared::json::{Object, objects};
use crate::shared::library::{Mapping, by};

#[test]
fn an_identity_is_the_one_that_the_gateway_computes() {
    for (id, rudder_id) in [
        (r#""NOTAREALVISITORIDS5LGl6QUrK2OaPP""#, "62b1b505-2826-4e08-a266-dd64ba9f36b7"),
        (r#""9QRF9YWM5XW3ZSU7P9CGWRU89944341""#, "feb344a3-0fd9-424c-b63f-0fb735180310"),
        (r#"" id ""#, "db2f7cf2-f8d7-4bec-9222-372327e4bed5"),
        ("\"\u{a0}x\u{200b}\"", "89c09048-8479-441c-ad99-54347908e91c"),
        (r#""x""#, "89c09048-8479-441c-ad99-54347908e91c"),
        (r#""id\tz""#, "2dd1f8df-9809-4f15-862d-8141d2e1aa90"),
        ("42", "ef70b397-e869-46fd-8871-4e2f9edd3f8c"),
        ("\"Ж\"", "3e5e76e1-dfcd-48cd-aa37-eacd5a979347"),
        (r#""\u0416""#, "3e5e76e1-dfcd-48cd-aa37-eacd5a979347"),
    ] {
        let payload = format!(r#"{{"visitor":{{"id":{id}}},"groups":[{{"id":"g"}}]}}"#);
        let output = run(&[]).stdin(&payload).any_stdout().go().stdout;
        let text = String::from_utf8_lossy(&output);
        assert_eq!(text.matches(&format!(r#""userId":{id},"#)).count(), 2, "carried unchanged: {text}");
        for event in json_lines(&output) {
            assert_eq!(event["rudderId"], rudder_id, "{id}");
        }
    }
}

#[test]
fn a_stable_message_id_is_the_hash_that_is_documented() {
    let nobody = "00000000-0000-0000-0000-000000000000";
    for (payload, id) in [
        (String::from_utf8(payload("transcript.json")).unwrap(), r#""wGev6kIm8m9tIwyZ8D5z70Ua2FozbDBT""#),
        (
            r#"{"id": { "a" : 1.0 },"visitor":{"id":"v"},"groups":[{"id":1},{},{"id":1}]}"#.into(),
            r#"{"a":1.0}"#,
        ),
        (r#"{"visitor":{"id":"v"}}"#.into(), ""),
        (r#"{"id":null,"visitor":{"id":"v"}}"#.into(), "null"),
    ] {
        let output = run(&[]).stdin(&payload).any_stdout().go().stdout;
        let text = String::from_utf8(output).unwrap();
        for (number, line) in text.lines().enumerate() {
            let (before, rest) = line.split_once(r#""messageId":""#).unwrap();
            let (message_id, behind) = rest.split_at(nobody.len());
            let hashed = format!("{id}\n{number}\n{before}\"messageId\":\"{nobody}{behind}");
            let digest = xxh3_128(hashed.as_bytes()).to_be_bytes();
            let expected = uuid::Builder::from_custom_bytes(digest).into_uuid();
            assert_eq!(message_id, expected.to_string(), "event {number} of {payload}");
        }
    }
}

#[test]
fn events_that_say_the_same_have_message_ids_of_their_own() {
    // Two groups that are one and the same, the conversation once more, and another conversation.
    let groups = r#""visitor":{"id":"v"},"groups":[{"id":1},{"id":1}]}"#;
    let payloads = [format!(r#"{{"id":"a",{groups}"#), format!(r#"{{"id":"b",{groups}"#)];
    let output = run(&[]).stdin(payloads.concat()).any_stdout().go().stdout;
    let ids: HashSet<_> = json_lines(&output).iter().map(|event| event["messageId"].to_string()).collect();
    assert_eq!(ids.len(), 6);
    run(&[]).stdin(payloads.concat()).stdout(output).go();
}

#[test]
fn a_conversation_that_went_on_has_another_message_id() {
    let (short, long) = (
        r#"{"id":"c","items":[1],"visitor":{"id":"v"}}"#,
        r#"{"id":"c","items":[1,2],"visitor":{"id":"v"}}"#,
    );
    let output = run(&[]).stdin(format!("{short}\n{long}\n")).any_stdout().go().stdout;
    let events = json_lines(&output);
    assert_ne!(events[0]["messageId"], events[1]["messageId"]);
    assert_eq!(events[0]["rudderId"], events[1]["rudderId"]);
}

#[test]
fn random_message_ids_are_version_4_and_never_the_same() {
    let input = format!("{}\n", chat("v")).repeat(50);
    let output = run(&["--message-id", "random"]).stdin(&input).any_stdout().go().stdout;
    let events = json_lines(&output);
    let ids: HashSet<Uuid> =
        events.iter().map(|event| event["messageId"].as_str().unwrap().parse().unwrap()).collect();
    assert_eq!(ids.len(), 50);
    assert!(ids.iter().all(|id| id.get_version_num() == 4));
    run(&["--message-id", "stable"]).stdin(chat("v")).stdout(chats(&["v"])).go();
}

#[test]
fn a_target_that_a_mapping_leaves_out_may_be_mapped() {
    let maps = ["--map", "visitor.kind=traits.kind", "--map", "operators=properties.operators"];
    let kind = br#"{"visitor":{"id":"v","kind":"Visitor"},"operators":{"1":{}}}"#;
    let full = events_by(by(Mapping::Full), &[kind]);
    run(&maps).stdin(kind).stdout(full).go();
}

#[test]
fn a_mapping_of_ones_own_is_of_the_track_event_only() {
    let payload = br#"{"id":"c","visitor":{"id":"v"},"groups":[{"id":"g"}]}"#;
    let output = run(&["--map", "id=properties.c"]).stdin(payload).any_stdout().go().stdout;
    let events = json_lines(&output);
    assert_eq!(events[0]["properties"]["c"], "c");
    assert_eq!(events[1]["properties"].as_object().unwrap().len(), 0);
}

#[test]
fn every_event_of_a_conversation_is_dated_alike() {
    let payload = br#"{"visitor":{"id":"v"},"groups":[{"id":"g"}],"items":[{"timestamp":"1473774821.411154"},{"timestamp":1473774819}]}"#;
    let dated = run(&["--timestamp"]).stdin(payload).any_stdout().go().stdout;
    for event in json_lines(&dated) {
        assert_eq!(event["timestamp"], "2016-09-13T13:53:41.411Z");
        assert_eq!(event["originalTimestamp"], "2016-09-13T13:53:41.411Z");
    }
    let undated = run(&[]).stdin(payload).any_stdout().go().stdout;
    for event in json_lines(&undated) {
        assert!(event.get("timestamp").is_none() && event.get("originalTimestamp").is_none());
    }
}

#[test]
fn keys_run_by_length_and_then_the_alphabet_in_every_object_that_is_built() {
    let payload = br#"{"kind":"k","ip":"i","visitor":{"id":"v","browser":"B 1","operatingSystem":"o","referrer":"r","conversationBeginPage":"u","ip":"1","fullName":"n","city":"c","phoneNumber":"p","emailAddress":"e","region":"r","country":"c","organization":"o","chat_feedback":1,"kind":"K","countryCode":"CC"},"items":[{"timestamp":"1"}],"tags":1,"operators":1,"groups":[{"id":"g","name":"n","kind":"k"}]}"#;
    for mapping in ["standard", "full", "live"] {
        let maps =
            ["--map", "tags=context.zz", "--map", "tags=context.page.a", "--map", "tags=properties.new.b"];
        let args = [&["--timestamp", "--mapping", mapping], &maps[..]].concat();
        let output = run(&args).stdin(payload).any_stdout().go().stdout;
        for line in String::from_utf8(output).unwrap().lines() {
            for Object { keys, .. } in objects(line.as_bytes()) {
                let mut sorted = keys.clone();
                sorted.sort_by_key(|key| (key.len(), key.clone()));
                assert_eq!(keys, sorted, "{mapping}: {line}");
            }
        }
    }
}

#[test]
fn live_groups_have_no_properties_and_others_always_have() {
    let payload = br#"{"visitor":{"id":"v"},"operators":{},"groups":[{"id":"g","name":null}]}"#;
    for (mapping, has) in [("standard", true), ("full", true), ("live", false)] {
        let output = run(&["--mapping", mapping]).stdin(payload).any_stdout().go().stdout;
        let group = &json_lines(&output)[1];
        assert_eq!(group.get("properties").is_some(), has, "{mapping}");
        assert_eq!(group.get("name").is_some(), !has, "{mapping}");
        assert!(group["traits"].is_object(), "{mapping}");
    }
}

#[test]
fn live_skips_groups_that_are_no_objects_as_javascript_does() {
    let payload = |groups: &str| {
        format!(r#"{{"kind":"C","visitor":{{"id":"v"}},"groups":[{groups}{{"id":"g","name":"n"}}]}}"#)
    };
    let live = by(Mapping::Live);
    let expected = outcome(&live, payload("").as_bytes()).unwrap();
    for skipped in ["[1],", "[],", "[{\"id\":\"x\"}],", "\"x\",", "5,", "true,", "false,", "0,"] {
        assert_eq!(outcome(&live, payload(skipped).as_bytes()).unwrap(), expected, "{skipped}");
        assert!(outcome(&by(Mapping::Standard), payload(skipped).as_bytes()).is_err(), "{skipped}");
    }
    assert!(outcome(&live, payload("null,").as_bytes()).is_err());
}

#[test]
fn the_worked_example_gives_what_the_documentation_prints() {
    let (got, expected) = worked_example();
    let parse = |text: &[u8]| serde_json::from_slice::<Value>(text).unwrap();
    let (mut got, expected) = (parse(&got), parse(&expected));
    // The one field that cannot be known: the documentation's was made up for the occasion.
    assert_ne!(got["messageId"], expected["messageId"]);
    got["messageId"] = expected["messageId"].clone();
    assert_eq!(got, expected);
}

#[test]
fn the_worked_example_has_its_keys_in_the_order_that_the_documentation_prints() {
    let (got, expected) = worked_example();
    // What is carried over keeps its own order, which the documentation's sorting does not: there is
    // nothing in it that the tool builds.
    let carried = ["chat_feedback", "items", "tags"];
    let built = |text: &[u8]| {
        let mut objects = objects(text);
        objects.retain(|object| !object.path.split('.').any(|key| carried.contains(&key)));
        objects
    };
    let objects = built(&got);
    assert_eq!(objects, built(&expected));
    let page = objects.iter().find(|object| object.path == "context.page").unwrap();
    assert_eq!(page.keys, ["url", "referrer"]);
}

/// The events that the tool makes of the documentation's example, and those that the documentation shows.
fn worked_example() -> (Vec<u8>, Vec<u8>) {
    let input = payload("documented-example.input.json");
    let got = run(&[]).stdin(input).any_stdout().go().stdout;
    (got, read(&checkout("testdata/documented-example.expected.json")))
}
