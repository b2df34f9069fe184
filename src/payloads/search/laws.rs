//! What holds for any payload, in whatever wrappers.

use crate::payloads::path::Indices;
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD};
use proptest::prelude::*;

use super::tests::{P, in_json, json_record, percent, quoted, search_checked, text_record, written};
use super::*;

/// A payload with all kinds of values in it, as text.
fn payloads() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        Just("null".to_string()),
        Just("-1.50e+400".to_string()),
        any::<String>().prop_map(|text| quoted(&text)),
        Just(r#""\u00e9\/\ud800""#.to_string()),
        Just(quoted(P)),
        Just(P.to_string()),
    ];
    let member =
        (any::<String>(), scalar).prop_map(|(key, value)| format!(" {}:{value}", quoted(&format!("{key} "))));
    (prop::collection::vec(member, 0..6), any::<prop::sample::Index>()).prop_map(|(mut members, at)| {
        members.insert(at.index(members.len() + 1), r#""visitor" : {"id": "1"}"#.to_string());
        format!("{{{}}}", members.join(","))
    })
}

/// One wrapper around a value, with neighbours before and after it.
#[derive(Clone, Debug)]
enum Wrapper {
    Member(String, Vec<String>, Vec<String>),
    Element(Vec<String>, Vec<String>),
    Text,
    Form,
    PlainForm,
    Base64(u8),
}

fn wrappers() -> impl Strategy<Value = Wrapper> {
    let neighbour = prop_oneof![
        Just("null"),
        Just("-0"),
        Just("{}"),
        Just("[[]]"),
        Just(r#""data=x""#),
        Just(r#"{"visitor":"x","a":["{\"}",{}]}"#),
        Just(r#""{\"visitor\":{}""#),
        Just(r#""eyJ2aXNpdG9yIjp7fQ==""#),
    ];
    let neighbours = || prop::collection::vec(neighbour.clone().prop_map(String::from), 0..3);
    prop_oneof![
        ("[^v]{0,8}|visitor.", neighbours(), neighbours()).prop_map(|(key, a, b)| Wrapper::Member(key, a, b)),
        (neighbours(), neighbours()).prop_map(|(a, b)| Wrapper::Element(a, b)),
        Just(Wrapper::Text),
        Just(Wrapper::Form),
        Just(Wrapper::PlainForm),
        (0..4_u8).prop_map(Wrapper::Base64),
    ]
}

fn wrap(value: &str, wrapper: &Wrapper) -> String {
    let joined = |a: &[String], value: String, b: &[String]| {
        a.iter().cloned().chain([value]).chain(b.iter().cloned()).collect::<Vec<_>>().join(" ,\n")
    };
    match wrapper {
        Wrapper::Member(key, a, b) => {
            let members = |name: &str, values: &[String]| {
                values
                    .iter()
                    .enumerate()
                    .map(|(i, value)| format!("\"{name}{i}\": {value}"))
                    .collect::<Vec<_>>()
            };
            let member = format!("{} :{value}", quoted(key));
            format!("{{{}}}", joined(&members("before", a), member, &members("behind", b)))
        }
        Wrapper::Element(a, b) => format!("[ {}]", joined(a, value.to_string(), b)),
        Wrapper::Text => quoted(&format!(" {value}\r\n")),
        Wrapper::Form => quoted(&format!("a=b%20c&data={}&data=x", percent(value))),
        Wrapper::PlainForm => quoted(&format!("data={value}&x=1")),
        Wrapper::Base64(variant) => quoted(&match variant {
            0 => BASE64_STANDARD.encode(value),
            1 => BASE64_STANDARD_NO_PAD.encode(value),
            2 => BASE64_URL_SAFE.encode(value),
            _ => BASE64_URL_SAFE_NO_PAD.encode(value),
        }),
    }
}

proptest! {
    #[test]
    fn any_wrappers_give_back_the_payload(
        payload in payloads(),
        wrappers in prop::collection::vec(wrappers(), 1..6),
    ) {
        let record = wrappers.iter().fold(payload.clone(), |value, wrapper| wrap(&value, wrapper));
        let found = in_json(&record);
        prop_assert_eq!(found.len(), 1, "{}", record);
        prop_assert_eq!(&found[0].1, &payload, "{}", record);
        let mut at = None;
        search_checked(json_record(&record), |found| at = Some(written(&found.path, Indices::Dropped)));
        let at = At::parse(&at.unwrap()).unwrap();
        let mut again = Vec::new();
        search(json_record(&record), &Path::RECORD, Some(&at), None, |found| {
            again.push(found.piece.text.to_vec());
            false
        });
        prop_assert!(again.contains(&payload.into_bytes()));
    }

    #[test]
    fn any_text_is_searched_without_harm(text in r#"([\[\]{}:,"\\ u0d]|"visitor"|data=|%7B|%22|eyJ2|\PC){0,40}"#) {
        search_checked(text_record(&text), |_| ());
        search_checked(json_record(&text), |_| ());
        let _ = At::parse(&text).map(|at| search(json_record(&text), &Path::RECORD, Some(&at), None, |_| false));
        let _ = dynamodb::convert(text.as_bytes());
    }
}
