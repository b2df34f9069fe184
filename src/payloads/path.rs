//! Paths in a record: of a payload that was found, and of `--at`.

use std::fmt::Write;

use crate::json::strings::unescape;
use crate::json::value::value_end;
use crate::payloads::piece::is_json;

/// The way from a record to a value in it. Nothing is allocated until it is written.
#[derive(Clone, Copy, Debug)]
pub struct Path<'a>(Option<(&'a Path<'a>, Step<'a>)>);

#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    /// Into the cell with this index of a row.
    Column(usize),
    /// Into the member with this raw key (the text between its quotes).
    Member(&'a [u8]),
    Element(usize),
}

/// Whether a path is written with the indices of elements. Without, it is an [`At`] too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Indices {
    Written,
    Dropped,
}

impl<'a> Path<'a> {
    pub const RECORD: Path<'static> = Path(None);

    pub fn column(index: usize) -> Path<'static> {
        Path(Some((&Path::RECORD, Step::Column(index))))
    }

    pub(super) fn member(&'a self, key: &'a [u8]) -> Path<'a> {
        Path(Some((self, Step::Member(key))))
    }

    pub(super) fn element(&'a self, index: usize) -> Path<'a> {
        Path(Some((self, Step::Element(index))))
    }

    /// Whether it leads into the record, and is not the record itself.
    pub fn is_inside(&self) -> bool {
        self.0.is_some()
    }

    /// Appends it to a text: `hits.hits[12]._source`.
    pub fn write(&self, indices: Indices, out: &mut String) {
        if self.is_inside() {
            self.write_steps(indices, out);
        } else {
            out.push('.');
        }
    }

    fn write_steps(&self, indices: Indices, out: &mut String) {
        let Some((outer, step)) = self.0 else { return };
        outer.write_steps(indices, out);
        out.push_str(match (outer.0, step) {
            (Some((_, Step::Column(_))), _) => ": ",
            (Some(_), Step::Member(_)) => ".",
            _ => "",
        });
        // Writing to a string cannot fail.
        let _ = match step {
            Step::Column(index) => write!(out, "column {}", index + 1),
            Step::Member(key) => write_key(out, key),
            Step::Element(index) if indices == Indices::Written => write!(out, "[{index}]"),
            Step::Element(_) => out.write_str("[]"),
        };
    }
}

/// Writes a key as it is, or in quotes if it would not be read back as one.
fn write_key(out: &mut String, raw: &[u8]) -> std::fmt::Result {
    let key = unescape(raw);
    match std::str::from_utf8(&key) {
        Ok(key) if is_plain(key) => out.write_str(key),
        _ => write!(out, "\"{}\"", String::from_utf8_lossy(raw)),
    }
}

/// `--at PATH`: the one place in a record where payloads are, such as `body`, `hits.hits[]._source` or `.`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At(pub(super) Vec<AtStep>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum AtStep {
    Member(Vec<u8>),
    Element(usize),
    /// Into every element.
    Elements,
}

const MAX_STEPS: usize = 32;

impl At {
    /// Parses a path. Keys that are not plain words are in quotes, as in JSON: `"a.b".c`.
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
}

/// The key that a text begins with, and what follows it.
fn key(text: &str) -> Result<(AtStep, &str), &'static str> {
    if text.starts_with('"') {
        let (quoted, rest) = text.split_at(value_end(text.as_bytes()));
        if !is_json(quoted.as_bytes()) {
            return Err("a key in quotes is not a JSON string");
        }
        return Ok((AtStep::Member(unescape(&quoted.as_bytes()[1..quoted.len() - 1]).into_owned()), rest));
    }
    let end = text.find(['.', '[']).unwrap_or(text.len());
    let (key, rest) = text.split_at(end);
    match key {
        "" => Err("a part of the path is empty"),
        _ if !is_plain(key) => Err("a key with white space, quotes or brackets in it must be in quotes"),
        _ => Ok((AtStep::Member(key.into()), rest)),
    }
}

/// The index before a closing bracket, and what follows the bracket. Without an index it means every element.
fn index(text: &str) -> Result<(AtStep, &str), &'static str> {
    let (inside, rest) = text.split_once(']').ok_or("a bracket is not closed")?;
    let step = match inside {
        "" => AtStep::Elements,
        _ if inside.bytes().all(|byte| byte.is_ascii_digit()) => {
            AtStep::Element(inside.parse().map_err(|_| "an index is too large")?)
        }
        _ => return Err("expected an index or nothing between brackets"),
    };
    Ok((step, rest))
}

/// Whether a key can stand in a path without quotes.
fn is_plain(key: &str) -> bool {
    let special = |c: char| matches!(c, '.' | '[' | ']' | '"' | '\\') || c.is_whitespace() || c.is_control();
    !key.is_empty() && !key.contains(special)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payloads::search::tests::{P, json_record, quoted, text_record};
    use crate::payloads::search::{Found, MAX_LEVEL, Searched, search};

    fn written(path: &Path) -> (String, String) {
        let written = |indices| {
            let mut out = String::new();
            path.write(indices, &mut out);
            out
        };
        (written(Indices::Written), written(Indices::Dropped))
    }

    #[test]
    fn a_path_is_written_with_and_without_indices() {
        let record = Path::RECORD;
        assert_eq!(written(&record), (".".into(), ".".into()));
        let (hits, first) = (record.member(b"hits"), record.element(0));
        let inner = hits.member(b"hits");
        let element = inner.element(12);
        assert_eq!(
            written(&element.member(b"_source")),
            ("hits.hits[12]._source".into(), "hits.hits[]._source".into())
        );
        assert_eq!(written(&first), ("[0]".into(), "[]".into()));
        assert_eq!(written(&first.member(b"a")), ("[0].a".into(), "[].a".into()));
        assert_eq!(written(&first.element(7)), ("[0][7]".into(), "[][]".into()));
        let cell = Path::column(2);
        assert_eq!(written(&cell), ("column 3".into(), "column 3".into()));
        assert_eq!(
            written(&cell.element(0).member(b"a")),
            ("column 3: [0].a".into(), "column 3: [].a".into())
        );
        assert_eq!(written(&cell.member(b"a").member(b"b")).0, "column 3: a.b");
    }

    #[test]
    fn a_key_that_is_no_plain_word_is_quoted() {
        for (key, expected) in [
            ("_id", "_id"),
            (r"caf\u00e9", "café"),
            ("", r#""""#),
            ("a.b", r#""a.b""#),
            ("a[]", r#""a[]""#),
            ("a b", r#""a b""#),
            (r#"a\"b"#, r#""a\"b""#),
            (r"\ud800", r#""\ud800""#),
            (r"\u001b", r#""\u001b""#),
        ] {
            assert_eq!(written(&Path::RECORD.member(key.as_bytes())).0, expected);
        }
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

    /// Everything that is found at a path.
    fn search_at(at: &str, record: Searched, mut each: impl FnMut(Found)) {
        search(record, &Path::RECORD, Some(&At::parse(at).unwrap()), None, |found| {
            each(found);
            false
        });
    }

    /// The paths of what is found at a path, and whether it is always the one payload.
    fn paths(at: &str, record: &str) -> Vec<String> {
        let mut paths = Vec::new();
        search_at(at, json_record(&record), |found| {
            assert_eq!(std::str::from_utf8(found.piece.text).unwrap(), P);
            paths.push(written(&found.path).0);
        });
        paths
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
            search_at(at, text_record(&cell), |_| found += 1);
            assert_eq!(found, expected, "{at} {cell}");
        }
    }

    #[test]
    fn at_a_path_any_visitor_makes_a_payload() {
        let mut found = Vec::new();
        let record = br#"{"a":{"visitor":null},"b":{"x":1}}"#;
        for at in ["a", "b"] {
            search_at(at, json_record(&record), |payload| found.push(payload.piece.text.to_vec()));
        }
        assert_eq!(found, [br#"{"visitor":null}"#.to_vec()]);
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
