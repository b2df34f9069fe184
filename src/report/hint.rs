//! The usual causes of a text that is not the JSON it should be.

use crate::convert::reason::Code;
use crate::json::string;

/// What probably went wrong with a text that was refused at a byte of it, when that can be guessed.
pub fn hint(text: &[u8], at: usize, code: Code) -> Option<&'static str> {
    match code {
        Code::NotAnObject => doubly_encoded(text),
        Code::InvalidJson | Code::Truncated => whole(text, at).or_else(|| here(text, at)),
        _ => None,
    }
}

/// A text that is something else altogether shows it in its first bytes.
fn whole(text: &[u8], at: usize) -> Option<&'static str> {
    let line = text.split(|b| *b == b'\n').next().unwrap_or_default().trim_ascii();
    let first = *line.first()?;
    if text.iter().take(64).filter(|b| **b == 0).count() >= 2 {
        return Some("zero bytes, as in UTF-16 or UTF-32: convert it to UTF-8 with iconv");
    }
    if first == b'<' {
        return Some("this looks like an HTML page");
    }
    if matches!(first, b'{' | b'[' | b'}' | b']' | b',') {
        return None;
    }
    let before = memchr::memchr(b'{', line).map(|at| &line[..at]);
    if before.is_some_and(|before| !before.contains(&b'"')) {
        return Some("something stands before the {, as in a log");
    }
    let commas = memchr::memchr_iter(b',', line).count();
    let keys = memchr::memmem::find(line, b"\":").is_some();
    (commas > 0 && !keys && before.is_none() && at <= line.len()).then_some("this looks like a CSV export")
}

/// What stands at the place, and before it.
fn here(text: &[u8], at: usize) -> Option<&'static str> {
    let rest = &text[at.min(text.len())..];
    let before = text[..at.min(text.len())].trim_ascii_end().last();
    let word = |word: &str| rest.starts_with(word.as_bytes());
    match rest.first()? {
        b'\'' => Some("JSON takes double quotes, not single ones"),
        b'}' | b']' if before == Some(&b',') => Some("a comma before the closing bracket is not JSON"),
        b'T' | b'F' | b'N' if ["True", "False", "None"].into_iter().any(word) => {
            Some("Python's True, False and None are true, false and null in JSON")
        }
        b'u' | b'N' | b'I' if ["undefined", "NaN", "Infinity"].into_iter().any(word) => {
            Some("JavaScript's undefined, NaN and Infinity are no JSON")
        }
        // Wrong only behind a whole payload.
        b',' if before == Some(&b'}') => Some("payloads are separated by commas in an array only"),
        b'/' | b'#' => Some("JSON has no comments"),
        0xe2 if rest.starts_with("\u{201c}".as_bytes()) || rest.starts_with("\u{201d}".as_bytes()) => {
            Some("JSON takes straight quotes, not typographic ones")
        }
        b'a'..=b'z' | b'A'..=b'Z' | b'_' if matches!(before, Some(b'{' | b',')) => {
            Some("JSON takes keys and strings in double quotes")
        }
        b'\\' if rest.get(1) == Some(&b'"') => Some("the quotes are escaped: the JSON was encoded twice"),
        _ => None,
    }
}

/// A string that holds an object.
fn doubly_encoded(value: &[u8]) -> Option<&'static str> {
    let inner = string::inner(value.trim_ascii())?;
    let first = string::chars(inner).map(|c| c.char).find(|c| !c.is_whitespace());
    (first == Some('{')).then_some("the JSON was encoded twice: decode it once, for example with jq fromjson")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convert::converter::Converter;
    use crate::convert::options::MappingOptions;
    use crate::convert::plan::Plan;

    #[test]
    fn the_usual_causes_are_named() {
        let plan = Plan::new(MappingOptions::default()).unwrap();
        let mut converter = Converter::new(&plan);
        for (text, word) in [
            ("{'kind': 'Conversation'}", "double quotes, not single"),
            (r#"{"a": 'x'}"#, "double quotes, not single"),
            (r#"{"a": 1,}"#, "comma before the closing"),
            (r#"{"a": [1, ]}"#, "comma before the closing"),
            (r#"{"a": True}"#, "Python"),
            (r#"{"a": None}"#, "Python"),
            (r#"{"a": undefined}"#, "JavaScript"),
            (r#"{"a": NaN}"#, "JavaScript"),
            (r#"{kind: "Conversation"}"#, "keys and strings in double quotes"),
            (r#"{"a": 1 // one"#, "comments"),
            ("{\u{201c}a\u{201d}: 1}", "typographic"),
            (r#"2016-09-13 12:00 INFO {"kind": "Conversation"}"#, "log"),
            (r#"{\"kind\": 1}"#, "twice"),
            ("{\"visitor\": {\"id\": 1}},", "in an array only"),
            ("<!DOCTYPE html>", "HTML"),
            ("id,visitor,body", "CSV"),
            (r#""id","visitor""#, "CSV"),
            ("{\0\"\0a\0", "UTF-16"),
        ] {
            let refusal = converter.convert(text.as_bytes(), &mut Vec::new()).unwrap_err();
            let found = hint(text.as_bytes(), refusal.at.unwrap_or(0), refusal.code);
            assert!(found.is_some_and(|hint| hint.contains(word)), "{text}: {found:?}");
        }
    }

    #[test]
    fn nothing_is_guessed_without_a_sign() {
        for text in [r#"{"a" 1}"#, r#"{"a": "#, "{", "[", "x"] {
            assert_eq!(hint(text.as_bytes(), text.len() - 1, Code::InvalidJson), None, "{text}");
        }
    }
}
