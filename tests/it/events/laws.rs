//! Laws that hold for every payload, tried with random ones.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::harness::anything::{Json, SPACES, cases, json, payload};
use crate::harness::outcome;
use crate::shared::library::{self, MAPPINGS, Mapping, MappingOptions};

fn options() -> impl Strategy<Value = MappingOptions> {
    (select(MAPPINGS.to_vec()), any::<bool>()).prop_map(|(mapping, timestamp)| {
        library::options(mapping, timestamp, &["x=properties.x", "visitor.x.é=context.page.é"])
    })
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn white_space_never_changes_an_event(
        payload in payload(true), options in options(), spaces in vec(select(SPACES.to_vec()), 1..50),
    ) {
        let spaced = payload.spaced(&mut spaces.into_iter().cycle());
        prop_assert_eq!(outcome(&options, spaced.as_bytes()), outcome(&options, payload.compact().as_bytes()));
    }

    #[test]
    fn every_event_is_a_line_of_json(payload in payload(true), options in options()) {
        if let Ok(events) = outcome(&options, payload.compact().as_bytes()) {
            prop_assert!(events.ends_with('\n'));
            for line in events.lines() {
                // Numbers beyond a float's range and lone surrogates are JSON, too.
                prop_assert!(serde_json::from_str::<IgnoredAny>(line).is_ok(), "{}", line);
            }
        }
    }

    #[test]
    fn standard_is_full_without_the_rows_that_only_full_has(payload in payload(false)) {
        let by = |mapping| outcome(&library::by(mapping), payload.compact().as_bytes());
        match (by(Mapping::Standard), by(Mapping::Full)) {
            (Ok(standard), Ok(full)) => {
                prop_assert_eq!(standard.lines().count(), full.lines().count());
                for (standard, full) in standard.lines().zip(full.lines()) {
                    let mut standard: Value = serde_json::from_str(standard).unwrap();
                    let mut full: Value = serde_json::from_str(full).unwrap();
                    let track = full["type"] == "track";
                    let mut less = |object: &str, key: &str| full[object].as_object_mut().unwrap().remove(key);
                    if track {
                        less("traits", "kind");
                        less("traits", "countryCode");
                        less("properties", "operators");
                    }
                    let differ = standard["messageId"].take() != full["messageId"].take();
                    prop_assert!(track || !differ, "groups are the same in both");
                    prop_assert_eq!(standard, full);
                }
            }
            (standard, full) => prop_assert_eq!(standard, full),
        }
    }

    #[test]
    fn events_are_the_same_whatever_others_are_selected(payload in payload(true), timestamp in any::<bool>()) {
        let options = library::options(Mapping::Full, timestamp, &["x=properties.x", "chat:x=context.x"]);
        let by = |events| outcome(&library::of(events, &options), payload.compact().as_bytes());
        // Before all others, as they are written.
        let order = ["identify", "conversation", "group", "chat"];
        let single: Result<Vec<_>, _> = order.iter().map(|event| by(event)).collect();
        prop_assert_eq!(by("all"), single.map(|events| events.concat()));
    }

    #[test]
    fn messages_keep_their_ids_when_a_conversation_is_posted_again(
        payload in payload(true), more in vec(json(true), 1..4), operators in json(true),
    ) {
        let Json::Object(mut members) = payload.clone() else { return Ok(()) };
        let is = |key: &str, name: &str| {
            serde_json::from_str::<String>(key).is_ok_and(|key| key == name)
        };
        // Of a key that occurs twice the last counts.
        let Some((_, Json::Array(items))) = members.iter_mut().rev().find(|(key, _)| is(key, "items")) else {
            return Ok(());
        };
        items.extend(more);
        members.push(("\"operators\"".into(), operators));
        let later = Json::Object(members);
        let options = library::of("chat", &MappingOptions::default());
        let ids = |payload: &Json| {
            let events = outcome(&options, payload.compact().as_bytes()).unwrap_or_default();
            let id = |line: &str| line.split_once("\"messageId\":\"").unwrap().1[..36].to_owned();
            let is_end = |line: &&str| line.contains("\"event\":\"Live Chat Conversation Ended\"");
            events.lines().filter(|line| !is_end(line)).map(id).collect::<Vec<_>>()
        };
        let (first, second) = (ids(&payload), ids(&later));
        prop_assert_eq!(&second[..first.len().min(second.len())], &first[..]);
    }

    #[test]
    fn a_field_that_is_in_no_row_changes_nothing(payload in payload(true), value in json(true)) {
        let more = match payload.clone() {
            Json::Object(members) => {
                let more = [("\"visitors\"".to_owned(), value.clone()), ("\"Items\"".to_owned(), value)];
                Json::Object(members.into_iter().chain(more).collect())
            }
            other => other,
        };
        let options = MappingOptions::default();
        prop_assert_eq!(outcome(&options, more.compact().as_bytes()), outcome(&options, payload.compact().as_bytes()));
    }
}
