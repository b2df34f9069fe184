//! The path of a payload in its record.

use std::fmt::{self, Display, Formatter, Write};

use crate::json::strings::unescape;

/// The way from a record to a value in it. Nothing is allocated until it is written.
#[derive(Clone, Copy, Debug)]
pub struct Path<'a>(Option<(&'a Path<'a>, Step<'a>)>);

#[derive(Clone, Copy, Debug)]
enum Step<'a> {
    /// Into the member with this raw key (the text between its quotes).
    Member(&'a [u8]),
    /// Into the element with this index.
    Element(usize),
}

/// Whether a path is written with the indices of elements.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Indices {
    Written,
    Dropped,
}

impl<'a> Path<'a> {
    /// The path to the record itself.
    pub const RECORD: Path<'static> = Path(None);

    /// The path to a member.
    pub(super) fn member(&'a self, key: &'a [u8]) -> Path<'a> {
        Path(Some((self, Step::Member(key))))
    }

    /// The path to an element.
    pub(super) fn element(&'a self, index: usize) -> Path<'a> {
        Path(Some((self, Step::Element(index))))
    }

    /// Whether it leads into the record, and is not the record itself.
    pub fn is_inside(&self) -> bool {
        self.0.is_some()
    }

    /// The path without the indices of elements: `hits.hits[]._source`. Written so, it is an [`At`] too.
    ///
    /// [`At`]: super::at_path::At
    pub fn without_indices(&self) -> impl Display + '_ {
        WithoutIndices(self)
    }

    fn write(&self, f: &mut Formatter<'_>, indices: Indices) -> fmt::Result {
        let Some((outer, step)) = self.0 else { return Ok(()) };
        outer.write(f, indices)?;
        match step {
            Step::Member(key) => {
                if outer.is_inside() {
                    f.write_char('.')?;
                }
                write_key(f, key)
            }
            Step::Element(index) if indices == Indices::Written => write!(f, "[{index}]"),
            Step::Element(_) => f.write_str("[]"),
        }
    }

    fn write_whole(&self, f: &mut Formatter<'_>, indices: Indices) -> fmt::Result {
        match self.is_inside() {
            false => f.write_char('.'),
            true => self.write(f, indices),
        }
    }
}

impl Display for Path<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.write_whole(f, Indices::Written)
    }
}

struct WithoutIndices<'a>(&'a Path<'a>);

impl Display for WithoutIndices<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.write_whole(f, Indices::Dropped)
    }
}

/// A key as it is, or in quotes if it would not be read back as one.
fn write_key(f: &mut Formatter<'_>, raw: &[u8]) -> fmt::Result {
    let key = unescape(raw);
    match std::str::from_utf8(&key) {
        Ok(key) if is_plain(key) => f.write_str(key),
        _ => write!(f, "\"{}\"", String::from_utf8_lossy(raw)),
    }
}

/// Whether a key can stand in a path without quotes.
pub(super) fn is_plain(key: &str) -> bool {
    let special = |c: char| matches!(c, '.' | '[' | ']' | '"' | '\\') || c.is_whitespace() || c.is_control();
    !key.is_empty() && !key.contains(special)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(path: &Path) -> (String, String) {
        (path.to_string(), path.without_indices().to_string())
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
            assert_eq!(Path::RECORD.member(key.as_bytes()).to_string(), expected);
        }
    }
}
