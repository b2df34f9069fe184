//! DynamoDB's typed JSON, `{"id":{"S":"x"}}`, as the JSON that it represents.

use crate::json::scan::literal_len;
use crate::json::value::{Walk, members};

const TYPES: [&[u8]; 10] = [b"M", b"L", b"S", b"N", b"B", b"SS", b"NS", b"BS", b"BOOL", b"NULL"];

/// Whether the text of a `visitor` is typed: `{"M":{"id":{"S":…}, …}}`, or `{"M":{}}`.
pub fn is_typed_map(visitor: &[u8]) -> bool {
    let Some((b"M", map @ [b'{', ..])) = only_member(visitor) else { return false };
    let mut members = members(map).peekable();
    members.peek().is_none()
        || members.any(|(_, value)| only_member(value).is_some_and(|(key, _)| TYPES.contains(&key)))
}

/// The key and the value of an object with one member.
fn only_member(object: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut members = members(object);
    let only = members.next()?;
    members.next().is_none().then_some(only)
}

/// The JSON that an item represents, without white space. `None` if a value in it is not an object with just one
/// member, whose key is a type and whose value is of that type.
pub fn convert(item: &[u8]) -> Option<Vec<u8>> {
    let mut walk = Walk::new(item, 0);
    // The result is never longer than the item.
    let mut out = Vec::with_capacity(item.len());
    // The brackets that close what is being written. A stack instead of recursion, since an item may be deep.
    let mut open = vec![b'}'];
    walk.eat(b'{')?;
    out.push(b'{');
    while let Some(close) = open.last().copied() {
        if walk.eat(close).is_some() {
            out.push(close);
            open.pop();
            if !open.is_empty() {
                walk.eat(b'}')?;
            }
            continue;
        }
        if !matches!(out.last(), Some(b'{' | b'[')) {
            walk.eat(b',')?;
            out.push(b',');
        }
        if close == b'}' {
            write_string(&mut walk, &mut out)?;
            walk.eat(b':')?;
            out.push(b':');
        }
        walk.eat(b'{')?;
        let kind = walk.string()?;
        walk.eat(b':')?;
        match kind {
            b"M" | b"L" => {
                let (bracket, close) = if kind == b"M" { (b'{', b'}') } else { (b'[', b']') };
                walk.eat(bracket)?;
                out.push(bracket);
                open.push(close);
                continue;
            }
            b"S" | b"B" => write_string(&mut walk, &mut out)?,
            b"N" => write_number(&mut walk, &mut out)?,
            b"SS" | b"BS" => write_set(&mut walk, &mut out, write_string)?,
            b"NS" => write_set(&mut walk, &mut out, write_number)?,
            b"BOOL" | b"NULL" => out.extend_from_slice(match (kind, walk.value()?.of(item)) {
                (b"BOOL", value @ (b"true" | b"false")) => value,
                (b"NULL", b"true") => b"null",
                _ => return None,
            }),
            _ => return None,
        }
        walk.eat(b'}')?;
    }
    Some(out)
}

fn write_string(walk: &mut Walk, out: &mut Vec<u8>) -> Option<()> {
    let raw = walk.string()?;
    out.push(b'"');
    out.extend_from_slice(raw);
    out.push(b'"');
    Some(())
}

/// DynamoDB keeps numbers as strings.
fn write_number(walk: &mut Walk, out: &mut Vec<u8>) -> Option<()> {
    let text = walk.string()?;
    let is_number =
        matches!(text.first()?, b'-' | b'0'..=b'9') && literal_len(text).is_ok_and(|len| len == text.len());
    is_number.then(|| out.extend_from_slice(text))
}

fn write_set(
    walk: &mut Walk,
    out: &mut Vec<u8>,
    write: fn(&mut Walk, &mut Vec<u8>) -> Option<()>,
) -> Option<()> {
    walk.eat(b'[')?;
    out.push(b'[');
    while walk.eat(b']').is_none() {
        if out.last() != Some(&b'[') {
            walk.eat(b',')?;
            out.push(b',');
        }
        write(walk, out)?;
    }
    out.push(b']');
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn converted(item: &str) -> Option<String> {
        convert(item.as_bytes()).map(|json| String::from_utf8(json).unwrap())
    }

    #[test]
    fn each_type_becomes_the_json_that_it_represents() {
        for (typed, json) in [
            (r#"{"S":"a\"}\u00e9\ud800"}"#, r#""a\"}\u00e9\ud800""#),
            (r#"{"S":""}"#, r#""""#),
            (r#"{"N":"-1.50e+10"}"#, "-1.50e+10"),
            (r#"{"N":"123456789012345678901234567890"}"#, "123456789012345678901234567890"),
            (r#"{"BOOL":false}"#, "false"),
            (r#"{ "NULL" : true }"#, "null"),
            (r#"{"M":{}}"#, "{}"),
            (r#"{"L":[]}"#, "[]"),
            (
                r#"{"L":[{"N":"1"} , {"L":[{"M":{"x":{"S":"["}}},{"L":[]}]}, {"M":{}}]}"#,
                r#"[1,[{"x":"["},[]],{}]"#,
            ),
            (r#"{"M":{"a":{"M":{"b":{"NULL":true}}},"c":{"S":"{"}}}"#, r#"{"a":{"b":null},"c":"{"}"#),
            (r#"{"SS":["a", "["]}"#, r#"["a","["]"#),
            (r#"{"NS":["1","2.0"]}"#, "[1,2.0]"),
            (r#"{"B":"AAE="}"#, r#""AAE=""#),
            (r#"{"BS":["AAE="]}"#, r#"["AAE="]"#),
            (r#"{"M":{"S":{"S":"x"},"N":{"N":"1"}}}"#, r#"{"S":"x","N":1}"#),
        ] {
            assert_eq!(
                converted(&format!(r#"{{"k\u0065y":{typed}}}"#)),
                Some(format!(r#"{{"k\u0065y":{json}}}"#))
            );
            let between = format!(r#" {{ "a" : {{"S":"x"}} , "b" : {typed}, "c":{{"N":"0"}} }} "#);
            assert_eq!(converted(&between), Some(format!(r#"{{"a":"x","b":{json},"c":0}}"#)));
        }
        assert_eq!(converted("{}").as_deref(), Some("{}"));
    }

    #[test]
    fn what_is_not_wholly_typed_is_no_item() {
        for value in [
            r#""x""#,
            "1",
            "{}",
            "[]",
            r#"{"X":"x"}"#,
            r#"{"S":"x","N":"1"}"#,
            r#"{"S":1}"#,
            r#"{"S":{}}"#,
            r#"{"N":1}"#,
            r#"{"N":""}"#,
            r#"{"N":"x"}"#,
            r#"{"N":"01"}"#,
            r#"{"N":"1 "}"#,
            r#"{"N":"+1"}"#,
            r#"{"N":"true"}"#,
            r#"{"BOOL":"true"}"#,
            r#"{"NULL":false}"#,
            r#"{"M":[]}"#,
            r#"{"M":{"a":"x"}}"#,
            r#"{"M":{"a":{"S":"x"}},"S":"y"}"#,
            r#"{"L":{}}"#,
            r#"{"L":["x"]}"#,
            r#"{"SS":[1]}"#,
            r#"{"NS":["x"]}"#,
        ] {
            assert_eq!(converted(&format!(r#"{{"a":{{"S":"x"}},"b":{value}}}"#)), None, "{value}");
        }
    }

    #[test]
    fn a_deep_item_needs_no_stack() {
        let n = 1_000_000;
        let deep = format!(r#"{{"a":{}{}}}"#, r#"{"L":["#.repeat(n), "]}".repeat(n));
        assert_eq!(converted(&deep), Some(format!(r#"{{"a":{}{}}}"#, "[".repeat(n), "]".repeat(n))));
    }

    #[test]
    fn a_visitor_is_typed_only_as_a_single_map() {
        assert!(is_typed_map(br#"{ "M" : {"id":{"S":"x"}} }"#));
        for visitor in [r#"{"M":"x"}"#, r#"{"M":{},"id":"x"}"#, r#"{"id":"x"}"#, "{}"] {
            assert!(!is_typed_map(visitor.as_bytes()), "{visitor}");
        }
    }
}
