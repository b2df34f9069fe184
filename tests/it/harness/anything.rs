//! Random JSON texts and payloads.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;

use crate::shared::values::{BEYOND_SERDE, LITERALS};

/// White space as there may be between tokens.
pub const SPACES: [&str; 8] = ["", "", " ", "  ", "\n", "\t ", "\r\n", "\n  "];

/// A JSON text whose white space is still open.
#[derive(Clone, Debug)]
pub enum Json {
    Token(String),
    Array(Vec<Json>),
    /// Keys as they are written, quotes and escapes included; they may repeat.
    Object(Vec<(String, Json)>),
}

impl Json {
    pub fn compact(&self) -> String {
        self.spaced(&mut std::iter::repeat(""))
    }

    /// The text with white space from an endless supply of it between its tokens.
    pub fn spaced<'s>(&self, space: &mut impl Iterator<Item = &'s str>) -> String {
        let mut out = String::new();
        self.write(space, &mut out);
        out
    }

    fn write<'s>(&self, space: &mut impl Iterator<Item = &'s str>, out: &mut String) {
        match self {
            Json::Token(token) => *out += token,
            Json::Array(elements) => list('[', elements.iter().map(|value| (None, value)), ']', space, out),
            Json::Object(members) => {
                list('{', members.iter().map(|(key, value)| (Some(key), value)), '}', space, out);
            }
        }
    }
}

fn list<'j, 's>(
    open: char,
    members: impl Iterator<Item = (Option<&'j String>, &'j Json)>,
    close: char,
    space: &mut impl Iterator<Item = &'s str>,
    out: &mut String,
) {
    out.push(open);
    *out += space.next().unwrap();
    for (index, (key, value)) in members.enumerate() {
        if index > 0 {
            out.push(',');
            *out += space.next().unwrap();
        }
        if let Some(key) = key {
            *out += key;
            *out += space.next().unwrap();
            out.push(':');
            *out += space.next().unwrap();
        }
        value.write(space, out);
        *out += space.next().unwrap();
    }
    out.push(close);
}

/// Any value. `odd` ones are JSON too, but more than this test's own reader takes.
pub fn json(odd: bool) -> BoxedStrategy<Json> {
    let mut tokens = LITERALS.to_vec();
    if odd {
        tokens.extend(BEYOND_SERDE);
    }
    let token = prop_oneof![
        select(tokens).prop_map(String::from),
        "\"[a-zé😀 0-9./]{0,12}\"",
        any::<i64>().prop_map(|number| number.to_string()),
    ];
    let leaf = token.prop_map(Json::Token);
    leaf.prop_recursive(3, 8, 3, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Json::Array),
            vec((key(), inner), 0..4).prop_map(Json::Object),
        ]
    })
    .boxed()
}

/// Keys that matter in some object, also written with an escape, and others.
fn key() -> impl Strategy<Value = String> {
    let known =
        ["id", "kind", "name", "visitor", "groups", "items", "timestamp", "browser", "ip", "x", "", "é"];
    let escaped = |key: &str| match key.chars().next() {
        Some(first) => format!("\"\\u{:04X}{}\"", u32::from(first), &key[first.len_utf8()..]),
        None => "\"\"".into(),
    };
    (select(known.to_vec()), prop::bool::weighted(0.2))
        .prop_map(move |(key, escape)| if escape { escaped(key) } else { format!("\"{key}\"") })
}

/// An object with any of these fields, and others.
fn object(fields: Vec<(&'static str, BoxedStrategy<Json>)>, odd: bool) -> BoxedStrategy<Json> {
    let field = |(key, value): (&str, BoxedStrategy<Json>)| {
        let key = format!("\"{key}\"");
        value.prop_map(move |value| (key.clone(), value)).boxed()
    };
    let other = (key().prop_map(|key| key.replace("id", "other")), json(odd)).boxed();
    let mut members: Vec<_> = fields.into_iter().map(field).collect();
    members.push(other);
    vec(Union::new(members), 0..12).prop_map(Json::Object).boxed()
}

/// Payloads, most of which can be converted.
pub fn payload(odd: bool) -> BoxedStrategy<Json> {
    let any = || json(odd);
    let token = |text: &str| Just(Json::Token(text.into())).boxed();
    let text = || "\"[A-Za-z]{0,5}( [0-9a-z.]{0,4}){0,2}\"".prop_map(Json::Token).boxed();
    let id = Union::new([text(), token("7"), token("\"v\"")]).boxed();
    let visitor: Vec<_> =
        ["fullName", "city", "ip", "organization", "kind", "countryCode", "referrer", "chat_feedback"]
            .into_iter()
            .map(|field| (field, any()))
            .chain([("browser", text()), ("browser", token("null"))])
            .collect();
    // One valid id, so that most payloads have a user.
    let visitor = (object(visitor, odd), id).prop_map(|(visitor, id)| match visitor {
        Json::Object(mut members) => {
            members.push(("\"id\"".into(), id));
            Json::Object(members)
        }
        other => other,
    });
    let group = object(vec![("id", any()), ("name", any()), ("kind", any())], odd);
    let agent = Union::new([token("7"), token("\"7\""), token(r#""\u0037""#), any()]).boxed();
    let kinds = ["\"MessageToOperator\"", "\"MessageToVisitor\"", "\"OfflineMessage\""];
    let item = vec![
        ("timestamp", any()),
        ("timestamp", token("\"2019-05-17T17:42:34.825+02:00\"")),
        ("kind", select(kinds.to_vec()).prop_map(|kind| Json::Token(kind.into())).boxed()),
        ("body", any()),
        ("nickname", any()),
        ("operatorId", agent),
    ];
    let operator = object(vec![("nickname", any()), ("username", any())], odd);
    let operators = object(vec![("7", operator), ("8", any())], odd);
    let fields = vec![
        ("operators", operators),
        ("kind", any()),
        ("id", any()),
        ("ip", any()),
        ("items", any()),
        ("items", vec(object(item, odd), 0..4).prop_map(Json::Array).boxed()),
        ("tags", any()),
        ("operators", any()),
        ("groups", vec(group, 0..4).prop_map(Json::Array).boxed()),
    ];
    (object(fields, odd), visitor)
        .prop_map(|(payload, visitor)| match payload {
            Json::Object(mut members) => {
                // A visitor or groups of any type, as other keys may have given it, would be a reject.
                let spoils = |(key, value): &(String, Json)| match value {
                    Json::Array(_) => key.contains("isitor"),
                    _ => key.contains("isitor") || key.contains("roups"),
                };
                members.retain(|member| !spoils(member));
                members.insert(members.len() / 2, ("\"visitor\"".into(), visitor));
                Json::Object(members)
            }
            other => other,
        })
        .boxed()
}

/// How many random cases a law is tried on: this many, or times what LAWS_TIMES says.
pub fn cases(few: u32) -> ProptestConfig {
    let times = std::env::var("LAWS_TIMES").map_or(1, |times| times.parse().expect("LAWS_TIMES is a number"));
    // What failed once is put into a test of its own, by hand.
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(few * times) }
}
