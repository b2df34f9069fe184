//! The keys of JSON that is no payload, and the types of their values.

use crate::explain::page::{Page, SOURCE};
use crate::explain::shown;
use crate::json::value::{ValueKind, elements, members};
use crate::report::summary::counted;
use crate::term::width::{cut, pad};

/// The keys of an object that are listed.
const MAX_KEYS: usize = 20;

/// Lists the keys of an object, and of a visitor in it.
pub fn keys(page: &mut Page, text: &[u8]) {
    let text = text.trim_ascii();
    if members(text).next().is_none() {
        return;
    }
    page.heading("keys");
    for (key, value) in members(text).take(MAX_KEYS) {
        line(page, "", key, value);
        if key == b"visitor" {
            members(value).take(MAX_KEYS).for_each(|(key, value)| line(page, "visitor.", key, value));
            rest(page, value, " in visitor");
        }
    }
    rest(page, text, "");
}

fn line(page: &mut Page, before: &str, key: &[u8], value: &[u8]) {
    let key = cut(&format!("{before}{}", shown(key)), SOURCE);
    page.line(&format!("  {} {}", pad(&key, SOURCE), description(value)));
}

fn rest(page: &mut Page, object: &[u8], place: &str) {
    let more = members(object).skip(MAX_KEYS).count();
    if more > 0 {
        page.sentence(&format!("and {more} more{place}"));
    }
}

fn description(value: &[u8]) -> String {
    let kind = ValueKind::of(value);
    match kind {
        ValueKind::Array if elements(value).next().is_some() => {
            format!("array of {}", counted(elements(value).count() as u64, common_type(value)))
        }
        ValueKind::Object if members(value).next().is_some() => {
            format!("object with {}", counted(members(value).count() as u64, "key"))
        }
        ValueKind::String if value != b"\"\"" => kind.name().into(),
        ValueKind::Array | ValueKind::Object | ValueKind::String => format!("empty {}", kind.name()),
        ValueKind::Number | ValueKind::Boolean | ValueKind::Null => kind.name().into(),
    }
}

/// The type of all elements of an array, if they have the same.
fn common_type(array: &[u8]) -> &'static str {
    let mut kinds = elements(array).map(ValueKind::of);
    let first = kinds.next().filter(|first| kinds.all(|kind| kind == *first));
    first.map_or("value", ValueKind::name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_described_by_its_type() {
        for (value, expected) in [
            ("1", "number"),
            ("\"x\"", "string"),
            ("\"\"", "empty string"),
            ("null", "null"),
            ("true", "boolean"),
            ("[]", "empty array"),
            ("[{}, {\"d\": 1}]", "array of 2 objects"),
            ("[1, \"x\"]", "array of 2 values"),
            ("[[1]]", "array of 1 array"),
            ("{}", "empty object"),
            ("{\"h\": 1}", "object with 1 key"),
        ] {
            assert_eq!(description(value.as_bytes()), expected);
        }
    }
}
