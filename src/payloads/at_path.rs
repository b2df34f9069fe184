//! `--at PATH`: the one place in a record where payloads are.

use super::path::Path;
use super::path::is_plain;
use super::search::{Found, MAX_LEVEL, Piece, Searched};
use super::{decode, decoded};
use crate::json::strings::{is_named, unescape};
use crate::json::value::{Elements, Member, Members, Walk};

/// A place in a record, such as `body`, `hits.hits[]._source` or `.`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At(Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    /// Into the member with this key.
    Member(Vec<u8>),
    /// Into the element with this index.
    Element(usize),
    /// Into every element.
    Elements,
}

/// The most steps that a path may have.
const MAX_STEPS: usize = 32;

impl At {
    /// Parses a path. Keys that are not plain words are in quotes, as in JSON: `"a.b".c`.
    ///
    /// # Errors
    /// What is wrong with the path.
    pub fn parse(path: &str) -> Result<At, &'static str> {
        let mut steps = Vec::new();
        if path.is_empty() {
            return Err("the path is empty (`.` is the record itself)");
        }
        if path == "." {
            return Ok(At(steps));
        }
        let mut rest = path;
        while !rest.is_empty() {
            let step;
            (step, rest) = match rest.strip_prefix('[') {
                Some(inside) => index(inside)?,
                None if steps.is_empty() => key(rest)?,
                None => key(rest.strip_prefix('.').ok_or("expected a dot or a bracket after a part")?)?,
            };
            steps.push(step);
        }
        match steps.len() {
            0..=MAX_STEPS => Ok(At(steps)),
            _ => Err("a path has at most 32 parts"),
        }
    }

    /// Finds the payloads at this place in a record, in their order. Strings on the way and at the end are
    /// decoded; if the path ends at an array, its elements are looked at. An object there is a payload if it has
    /// a `visitor` of any type. With `.`, only the record itself is looked at.
    pub fn search(&self, record: Searched, mut found: impl FnMut(Found)) {
        let found = &mut found;
        match record {
            Searched::Json(text) => self.follow(&self.0, Piece::of(text), &Path::RECORD, 0, found),
            Searched::Text(text) => {
                if let Some(decoded) = decode::text(text) {
                    self.follow(&self.0, Piece::of(text).decoded(&decoded), &Path::RECORD, 1, found);
                }
            }
        }
    }

    /// `level` counts what the path itself does not bound: decoded strings, and arrays at its end.
    fn follow(&self, steps: &[Step], value: Piece, path: &Path, level: usize, found: &mut impl FnMut(Found)) {
        if value.first() == Some(b'"') {
            let string = value.unquoted();
            if level < MAX_LEVEL
                && let Some(text) = decode::unescaped(string.text)
                && let Some(decoded) = decode::text(&text)
            {
                self.follow(steps, string.unescaped(&text).decoded(&decoded), path, level + 1, found);
            }
            return;
        }
        let Some((step, rest)) = steps.split_first() else { return self.end(value, path, level, found) };
        match step {
            Step::Member(name) => {
                let is_it = |member: &Member| is_named(member.key.of(value.text), name);
                let last = Members::from(value.text, 0).filter(is_it).last();
                if let Some(member) = last {
                    let path = path.member(member.key.of(value.text));
                    self.follow(rest, value.part(member.value), &path, level, found);
                }
            }
            Step::Elements => {
                for (index, element) in Elements::of(value.text).enumerate() {
                    self.follow(rest, value.part(element), &path.element(index), level, found);
                }
            }
            Step::Element(index) => {
                if let Some(element) = Elements::of(value.text).nth(*index) {
                    self.follow(rest, value.part(element), &path.element(*index), level, found);
                }
            }
        }
    }

    /// Looks at a value that the path ends at.
    fn end(&self, value: Piece, path: &Path, level: usize, found: &mut impl FnMut(Found)) {
        let visitor = Members::from(value.text, 0)
            .filter(|member| is_named(member.key.of(value.text), b"visitor"))
            .last();
        if let Some(visitor) = visitor {
            value.give(visitor.value.of(value.text), *path, found);
        }
        if self.0.is_empty() || level == MAX_LEVEL {
            return;
        }
        for (index, element) in Elements::of(value.text).enumerate() {
            self.follow(&[], value.part(element), &path.element(index), level + 1, found);
        }
    }
}

/// The key that a text begins with, and what follows it.
fn key(text: &str) -> Result<(Step, &str), &'static str> {
    if text.starts_with('"') {
        let end = Walk::new(text.as_bytes(), 0).value().map_or(0, |span| span.end);
        let (quoted, rest) = text.split_at_checked(end).ok_or("a key in quotes is not closed")?;
        if !decoded::is_json(quoted.as_bytes()) {
            return Err("a key in quotes is not a JSON string");
        }
        return Ok((Step::Member(unescape(&quoted.as_bytes()[1..end - 1]).into_owned()), rest));
    }
    let end = text.find(['.', '[']).unwrap_or(text.len());
    let (key, rest) = text.split_at(end);
    match key {
        "" => Err("a part of the path is empty"),
        _ if !is_plain(key) => Err("a key with white space, quotes or brackets in it must be in quotes"),
        _ => Ok((Step::Member(key.into()), rest)),
    }
}

/// The index before a closing bracket, and what follows the bracket. Without an index it means every element.
fn index(text: &str) -> Result<(Step, &str), &'static str> {
    let (inside, rest) = text.split_once(']').ok_or("a bracket is not closed")?;
    let step = match inside {
        "" => Step::Elements,
        _ if inside.bytes().all(|byte| byte.is_ascii_digit()) => {
            Step::Element(inside.parse().map_err(|_| "an index is too large")?)
        }
        _ => return Err("expected an index or nothing between brackets"),
    };
    Ok((step, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const P: &str = r#"{"visitor":{"id":"1"}}"#;

    /// The paths of what is found at a path, and whether it is always the one payload.
    fn paths(at: &str, record: &str) -> Vec<String> {
        let mut paths = Vec::new();
        At::parse(at).unwrap().search(Searched::Json(record.as_bytes()), |found| {
            assert_eq!(std::str::from_utf8(found.text).unwrap(), P);
            paths.push(found.path.to_string());
        });
        paths
    }

    fn quoted(text: &str) -> String {
        serde_json::to_string(text).unwrap()
    }

    #[test]
    fn a_path_is_followed_through_members_elements_and_strings() {
        let q = quoted(P);
        for (at, record, expected) in [
            ("body", format!(r#"{{"a":{P},"body":{P}}}"#), vec!["body"]),
            ("body", format!(r#"{{"body":{q}}}"#), vec!["body"]),
            ("body", format!(r#"{{"body":1,"b\u006fdy":{q}}}"#), vec!["body"]),
            ("body", format!(r#"{{"body":{P},"body":1}}"#), vec![]),
            ("a.b", format!(r#"{{"a":{}}}"#, quoted(&format!(r#"{{"b":{q}}}"#))), vec!["a.b"]),
            (
                "hits.hits[]._source",
                format!(r#"{{"hits":{{"hits":[{{"_source":{P}}},{{}},{{"_source":{P}}}]}}}}"#),
                vec!["hits.hits[0]._source", "hits.hits[2]._source"],
            ),
            ("a[1]", format!(r#"{{"a":[{P},{P}]}}"#), vec!["a[1]"]),
            ("a[2]", format!(r#"{{"a":[{P},{P}]}}"#), vec![]),
            ("[]", format!("[{P},{q}]"), vec!["[0]", "[1]"]),
            ("[1].a", format!(r#"[{P},{{"a":{P}}}]"#), vec!["[1].a"]),
            ("[][]", format!("[[{P}],{P}]"), vec!["[0][0]"]),
            ("\"a.b\".\"\"", format!(r#"{{"a.b":{{"":{P}}}}}"#), vec!["\"a.b\".\"\""]),
            ("data", format!(r#"{{"data":[{q},1,[{P}]]}}"#), vec!["data[0]", "data[2][0]"]),
            ("data", format!(r#"{{"data":{}}}"#, quoted(&format!("[{P},{P}]"))), vec!["data[0]", "data[1]"]),
            ("a", format!(r#"{{"a":{{"b":{P}}}}}"#), vec![]),
            ("a.b", format!(r#"{{"a":[{{"b":{P}}}]}}"#), vec![]),
            ("a[]", format!(r#"{{"a":{{"b":{P}}}}}"#), vec![]),
            (".", P.to_string(), vec!["."]),
            (".", q, vec!["."]),
            (".", format!(r#"{{"a":{P}}}"#), vec![]),
            (".", format!("[{P}]"), vec![]),
        ] {
            assert_eq!(paths(at, &record), expected, "{at} {record}");
        }
    }

    #[test]
    fn a_path_leads_into_the_cells_of_a_table() {
        let cell = format!(r#"{{"a":{P},"b":{P}}}"#);
        for (at, cell, expected) in
            [("b", cell.as_str(), 1), (".", &cell, 0), (".", P, 1), (".", "no JSON at all", 0)]
        {
            let mut found = 0;
            At::parse(at).unwrap().search(Searched::Text(cell.as_bytes()), |_| found += 1);
            assert_eq!(found, expected, "{at} {cell}");
        }
    }

    #[test]
    fn at_a_path_any_visitor_makes_a_payload() {
        let mut found = Vec::new();
        let record = br#"{"a":{"visitor":null},"b":{"x":1}}"#;
        for at in ["a", "b"] {
            At::parse(at)
                .unwrap()
                .search(Searched::Json(record), |payload| found.push(payload.text.to_vec()));
        }
        assert_eq!(found, [br#"{"visitor":null}"#.to_vec()]);
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for path in [
            "",
            "..",
            ".a",
            "a.",
            "a..b",
            "a[",
            "a]",
            "a[x]",
            "a[-1]",
            "a[]b",
            "a[].",
            "a[99999999999999999999]",
            "a b",
            "\"a",
            "\"\\x\"",
            "\"a\"b",
        ] {
            assert!(At::parse(path).is_err(), "{path}");
        }
        assert!(At::parse(&["a"; MAX_STEPS].join(".")).is_ok());
        assert!(At::parse(&["a"; MAX_STEPS + 1].join(".")).is_err());
    }

    #[test]
    fn strings_in_strings_are_followed_only_so_far() {
        let mut record = P.to_string();
        for _ in 0..10 {
            record = quoted(&record);
        }
        assert_eq!(paths(".", &record), ["."]);
        let deep = format!("[{}{P}{}]", "[".repeat(MAX_LEVEL), "]".repeat(MAX_LEVEL));
        assert_eq!(paths("[]", &deep).len(), 1);
        assert_eq!(paths("[]", &format!("[{deep}]")).len(), 0);
    }
}
