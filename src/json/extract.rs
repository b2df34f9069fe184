//! One pass over a JSON value: checks every byte, drops the white space, and records where the values of a path
//! tree are.

use crate::json::cursor::Cursor;
use crate::json::depth::{Container, MAX_DEPTH};
use crate::json::error::{Error, ErrorKind, Result};
use crate::json::extracted::Extracted;
use crate::json::members::Span;
use crate::json::path_tree::{NodeId, PathTree, ROOT};
use crate::json::string_index::IndexedText;
use crate::json::whitespace;

/// Reads the value at an index of a text (white space may come before it), and returns the index after it.
/// `extracted` then holds what `tree` asks for, or only the root when the value is not an object.
///
/// The text must be UTF-8 for the result to be: bytes above 0x7f are copied as they are.
///
/// # Errors
/// When the value is not JSON, or nested deeper than [`MAX_DEPTH`].
pub fn extract(
    indexed: IndexedText,
    from: usize,
    tree: &PathTree,
    extracted: &mut Extracted,
) -> Result<usize> {
    extracted.reset(tree, indexed.text().len() - from + Cursor::SLACK);
    let mut room = std::mem::take(&mut extracted.text);
    let mut cursor = Cursor::new(indexed, from, &mut room);
    cursor.space();
    let mut extractor = Extractor { depth: 0, tree, extracted };
    let result = extractor.node(cursor, ROOT).map(|cursor| (cursor.at(), cursor.finish()));
    extracted.text = room;
    let (at, (end, numbers)) = result?;
    extracted[ROOT] = Span { start: 0, end };
    extracted.numbers = numbers;
    Ok(at)
}

struct Extractor<'a> {
    depth: usize,
    tree: &'a PathTree,
    extracted: &'a mut Extracted,
}

impl Extractor<'_> {
    /// A value that the tree has a node for.
    fn node<'t>(&mut self, cursor: Cursor<'t>, node: NodeId) -> Result<Cursor<'t>> {
        match cursor.peek() {
            b'{' if self.tree.has_keys(node) => self.object(cursor, node),
            _ => self.value(cursor),
        }
    }

    /// An object some of whose keys are read.
    #[inline(never)]
    fn object<'t>(&mut self, cursor: Cursor<'t>, node: NodeId) -> Result<Cursor<'t>> {
        let mut cursor = cursor.local();
        let keys = self.tree.keys(node);
        if self.depth == MAX_DEPTH {
            return Err(cursor.error(ErrorKind::TooDeep));
        }
        self.depth += 1;
        cursor.bracket();
        cursor.space();
        if cursor.peek() != b'}' {
            loop {
                let found = keys.find(cursor.key()?);
                let start = cursor.compact_len();
                if let Some(node) = found {
                    self.forget(node);
                }
                match (cursor.peek(), found) {
                    (b'"', _) => cursor.string(ErrorKind::ExpectedValue)?,
                    _ if self.depth < MAX_DEPTH && cursor.empty() => {}
                    (b'{' | b'[', Some(node)) => cursor = self.node(cursor, node)?.local(),
                    (b'{' | b'[', None) => cursor = self.value(cursor)?.local(),
                    _ => cursor.literal()?,
                }
                if let Some(node) = found {
                    self.extracted[node] = Span { start, end: cursor.compact_len() };
                }
                if !cursor.comma() {
                    match cursor.peek() {
                        b'}' => break,
                        _ => return Err(cursor.error(ErrorKind::ExpectedCommaOrBrace)),
                    }
                }
            }
        }
        cursor.bracket();
        self.depth -= 1;
        Ok(cursor)
    }

    /// A repeated key discards what was found in its first value.
    #[inline(always)]
    fn forget(&mut self, node: NodeId) {
        if self.extracted[node].end != 0 {
            self.extracted.forget(self.tree, node);
        }
    }

    /// Any value, without recursion, so that deep payloads cannot overflow the stack.
    fn value<'t>(&mut self, cursor: Cursor<'t>) -> Result<Cursor<'t>> {
        let mut cursor = cursor.local();
        let mut depth = self.depth;
        let mut container = Container::Array;
        'next: loop {
            if depth > self.depth && container == Container::Object {
                cursor.key()?;
            }
            match cursor.peek() {
                b'"' => cursor.string(ErrorKind::ExpectedValue)?,
                open @ (b'{' | b'[') => {
                    if depth == MAX_DEPTH {
                        return Err(cursor.error(ErrorKind::TooDeep));
                    }
                    depth += 1;
                    container = if open == b'{' { Container::Object } else { Container::Array };
                    self.extracted.brackets.set(depth, container);
                    cursor.bracket();
                    cursor.space();
                    if !is_closing(cursor.peek(), container) {
                        continue;
                    }
                }
                _ => cursor.literal()?,
            }
            loop {
                if depth == self.depth {
                    return Ok(cursor);
                }
                if cursor.comma() {
                    continue 'next;
                }
                if !is_closing(cursor.peek(), container) {
                    return Err(cursor.error(match container {
                        Container::Object => ErrorKind::ExpectedCommaOrBrace,
                        Container::Array => ErrorKind::ExpectedCommaOrBracket,
                    }));
                }
                cursor.bracket();
                depth -= 1;
                container = self.extracted.brackets.at(depth);
            }
        }
    }
}

#[inline(always)]
fn is_closing(byte: u8, container: Container) -> bool {
    byte == if container == Container::Object { b'}' } else { b']' }
}

/// Checks that a text is one JSON value with nothing but white space around it.
///
/// # Errors
/// When it is not.
pub fn check(text: &[u8]) -> Result {
    let (mut buffer, mut extracted) = (Vec::new(), Extracted::default());
    let indexed = IndexedText::new(text, &mut buffer);
    let end = extract(indexed, 0, &PathTree::new([]), &mut extracted)?;
    match end + whitespace::leading(&text[end..]) {
        end if end == text.len() => Ok(()),
        at => Err(Error { at, kind: ErrorKind::TrailingText }),
    }
}
