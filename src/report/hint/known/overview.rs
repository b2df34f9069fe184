//! The keys of an object and the types of their values, for `--explain` only: keys are payload text.

use std::fmt;

use super::kind::{Kind, kind};
use crate::json::members::{elements, members};

/// A key of an object, and what its value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The key as written in the text, without its quotes; not made safe for a terminal.
    pub key: String,
    /// The JSON type of the value.
    pub type_name: &'static str,
    /// More about the value.
    pub detail: Option<String>,
}

impl fmt::Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.detail.as_deref().unwrap_or(self.type_name))
    }
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
        type_name: kind(value).name(),
        detail: detail(value),
    };
    Overview { members: members.by_ref().take(limit).map(member).collect(), more: members.count() }
}

fn detail(value: &[u8]) -> Option<String> {
    match kind(value) {
        Kind::Array => Some(match elements(value).count() {
            0 => "empty array".into(),
            count => format!("array of {}", plural(count, elements_name(value, count))),
        }),
        Kind::Object => Some(match members(value).count() {
            0 => "empty object".into(),
            1 => "object with 1 key".into(),
            count => format!("object with {count} keys"),
        }),
        Kind::String if value == b"\"\"" => Some("empty string".into()),
        _ => None,
    }
}

/// What the elements of an array have in common.
fn elements_name(array: &[u8], count: usize) -> &'static str {
    let mut kinds = elements(array).map(kind);
    let first = kinds.next().filter(|first| kinds.all(|kind| kind == *first));
    match first {
        Some(Kind::Null) if count > 1 => "nulls",
        Some(kind) => kind.name(),
        None => "value",
    }
}

fn plural(count: usize, name: &str) -> String {
    let ending = if count == 1 || name.ends_with("nulls") { "" } else { "s" };
    format!("{count} {name}{ending}")
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
            keys(value, 99).members.iter().map(|member| format!("{} {member}", member.key)).collect();
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
