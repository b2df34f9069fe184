//! `--at PATH`: the one place in a record where payloads are.

use super::decoded;
use super::path::is_plain;
use crate::json::strings::unescape;
use crate::json::value::Walk;

/// A place in a record, such as `body`, `hits.hits[]._source` or `.`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At(pub(super) Vec<Step>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
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
    /// The reason.
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
}
