//! What holds for every row of the table.

use super::example::{CUT, Example, check};
use super::examples::EXAMPLES;
use super::near_misses::NEAR_MISSES;
use super::*;
use proptest::prelude::*;

/// Each example with its name and its hint as a line.
fn examples() -> impl Iterator<Item = (&'static str, &'static Example, String)> {
    let pairs = EXAMPLES.iter().flat_map(|(name, texts)| texts.iter().map(move |text| (*name, text)));
    pairs.map(|(name, text)| (name, text, check(text).map(|hint| hint.to_string()).unwrap_or_default()))
}

#[test]
fn each_example_gets_its_own_hint_and_no_other() {
    let is_own =
        |name: &str, line: &str| EXAMPLES.iter().all(|(other, _)| line.contains(other) == (*other == name));
    let wrong: Vec<_> = examples().filter(|(name, _, line)| !is_own(name, line)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn each_row_has_an_example() {
    let texts = || EXAMPLES.iter().flat_map(|(_, texts)| texts.iter());
    for (_, row) in rows() {
        let is_met = texts().filter_map(check).any(|hint| (hint.cause, hint.cure) == (row.cause, row.cure));
        assert!(is_met, "{}: {}", row.cause, row.cure);
    }
}

#[test]
fn a_near_miss_gets_no_hint() {
    let wrong: Vec<_> = NEAR_MISSES.iter().filter_map(|text| Some((text, check(text)?))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_hint_is_one_line_that_quotes_nothing() {
    for (.., line) in examples() {
        assert!(line.is_ascii() && !line.contains(['\n', '\t']) && !line.ends_with('.'), "{line}");
        // Most examples have it as a value.
        assert!(!line.contains("Quartz"), "{line}");
    }
}

#[test]
fn a_form_body_is_cut_by_the_terminal_as_a_whole() {
    let hint = |body: &[u8], reader| {
        let context = Context { reader, body: Body::Form(body) };
        hint(b"{\"a\": \"", Some(7), Code::InvalidJson, context)
    };
    assert!(hint(&CUT, Reader::Terminal).is_some_and(|hint| hint.cause.contains("terminal")));
    assert_eq!(hint(&CUT[1..], Reader::Terminal), None);
    assert_eq!(hint(&CUT, Reader::Stream), None);
}

#[test]
fn a_sign_inside_a_string_gives_no_hint() {
    for (_, example, _) in examples() {
        let Ok(text) = std::str::from_utf8(example.bytes) else { continue };
        let mut inside = String::new();
        for c in text.chars() {
            match c {
                '"' | '\\' => inside.extend(['\\', c]),
                '\0'..' ' => inside.push_str(&format!("\\u{:04x}", u32::from(c))),
                _ => inside.push(c),
            }
        }
        let text = format!("{{\"a\": \"{inside}\", \"b\" 1}}").into_bytes().leak();
        assert_eq!(check(&Example { bytes: text, ..*example }), None, "{example:?}");
    }
}

#[test]
fn a_magic_that_is_not_complete_gives_no_hint() {
    for (_, row) in rows() {
        let When::Magic([start @ .., _]) = row.when else { continue };
        let text = [start, b"~ a payload"].concat();
        assert_eq!(hint(&text, Some(0), Code::InvalidJson, Context::default()), None, "{}", row.cause);
    }
}

#[test]
fn a_cure_is_for_what_is_in_the_file() {
    let scope = |bytes: &'static [u8]| {
        let example = Example { bytes, reader: Reader::Stream };
        check(&example).map(|hint| hint.scope)
    };
    assert_eq!(scope(b"data={\\x22kind\\x22: 1}"), Some(Scope::File));
    assert_eq!(scope(b"data=%7B%5Cx22kind%5Cx22: 1}"), Some(Scope::DecodedBody));
    assert_eq!(scope(b"data=%7B%27kind%27: 1}"), Some(Scope::DecodedBody));
    assert_eq!(scope(b"data=%7B%2522kind%2522: 1}"), Some(Scope::File));
}

#[test]
fn a_missing_comma_belongs_behind_the_value() {
    let text = "{\n  \"a\": \"x\"  \n  \"b\": 2\n}";
    let hint = hint(text.as_bytes(), text.find("\"b"), Code::InvalidJson, Context::default()).unwrap();
    assert_eq!(hint.place, text.find("  \n"));
}

#[test]
fn a_sign_beyond_the_look_changes_nothing() {
    let long = format!("{}{{\"a\": \"{}\" 1}}", " ".repeat(9000), "&quot;\u{a0}".repeat(90_000));
    let at = long.len() - 2;
    assert_eq!(hint(long.as_bytes(), Some(at), Code::InvalidJson, Context::default()), None);
}

proptest! {
    #[test]
    fn any_bytes_at_any_place_give_a_hint_or_none(
        text in proptest::collection::vec(any::<u8>(), 0..300),
        at in proptest::option::of(0_usize..400),
        code in proptest::sample::select(vec![Code::InvalidJson, Code::InvalidUtf8, Code::InvalidForm]),
    ) {
        let reader = Reader::Terminal;
        for body in [Body::Plain, Body::Form(&text)] {
            if let Some(hint) = hint(&text, at, code, Context { reader, body }) {
                prop_assert!(hint.place.is_none_or(|place| place <= text.len()));
            }
        }
    }
}
