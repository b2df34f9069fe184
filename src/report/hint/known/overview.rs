//! The keys of an object and the types of their values, for `--explain` only: keys are payload text.

use crate::json::value::ValueKind;
use crate::json::value::{elements, members};
use crate::report::summary::counted;

/// A key of an object, and what its value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The key as written in the text, without its quotes; not made safe for a terminal.
    pub key: String,
    /// What its value is, in words.
    pub what: String,
}

/// The keys of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    /// The first of them.
    pub members: Vec<Member>,
    /// How many more there are.
    pub more: usize,
}

/// The first keys of an object, up to a limit, in their order; none for any other value.
pub fn keys(value: &[u8], limit: usize) -> Overview {
    let mut members = members(value.trim_ascii());
    let member = |(key, value): (&[u8], &[u8])| Member {
        key: String::from_utf8_lossy(key).into_owned(),
        what: what(value),
    };
    Overview { members: members.by_ref().take(limit).map(member).collect(), more: members.count() }
}

fn what(value: &[u8]) -> String {
    let is = ValueKind::of(value);
    match is {
        ValueKind::Array if elements(value).next().is_some() => {
            format!("array of {}", counted(elements(value).count() as u64, elements_name(value)))
        }
        ValueKind::Object if members(value).next().is_some() => {
            format!("object with {}", counted(members(value).count() as u64, "key"))
        }
        ValueKind::String if value != b"\"\"" => is.name().into(),
        ValueKind::Array | ValueKind::Object | ValueKind::String => format!("empty {}", is.name()),
        ValueKind::Number | ValueKind::Boolean | ValueKind::Null => is.name().into(),
    }
}

/// What the elements of an array have in common.
fn elements_name(array: &[u8]) -> &'static str {
    let mut kinds = elements(array).map(ValueKind::of);
    let first = kinds.next().filter(|first| kinds.all(|kind| kind == *first));
    first.map_or("value", ValueKind::name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_comes_with_its_type() {
        let value =
            br#" {"a": 1, "b": "x", "c": [{}, {"d": 1}], "e": [1, "x"], "f": [], "g": {"h": 1}, "i": {},
            "j": null, "k": true, "l": "", "m": [null, null], "n": [[1]]} "#;
        let found: Vec<_> =
            keys(value, 99).members.iter().map(|member| format!("{} {}", member.key, member.what)).collect();
        assert_eq!(
            found,
            [
                "a number",
                "b string",
                "c array of 2 objects",
                "e array of 2 values",
                "f empty array",
                "g object with 1 key",
                "i empty object",
                "j null",
                "k boolean",
                "l empty string",
                "m array of 2 nulls",
                "n array of 1 array",
            ]
        );
    }

    #[test]
    fn keys_beyond_the_limit_are_counted() {
        let found = keys(br#"{"a": 1, "b": 2, "c": 3}"#, 2);
        assert_eq!((found.members.len(), found.more), (2, 1));
        assert_eq!(keys(b"[1]", 2), Overview { members: Vec::new(), more: 0 });
    }
}
