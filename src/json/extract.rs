//! One pass over a JSON value: checks every byte, drops the white space, and records where the values of a path
//! tree are.

use std::ops::{Index, IndexMut};

use crate::json::cursor::{Cursor, Numbers};
use crate::json::depth::{Container, MAX_DEPTH, OpenBrackets};
use crate::json::error::{Error, ErrorKind, Result};
use crate::json::path_tree::{Key, NodeId, PathTree, ROOT};
use crate::json::scan::leading_space;
use crate::json::string_index::IndexedText;
use crate::json::value::{Member, Members, Span, value_end};

/// The values that were found in a payload.
#[derive(Debug, Default)]
pub struct Extracted {
    /// The compact text, followed by room with leftovers of earlier texts.
    pub(super) text: Vec<u8>,
    /// The range of each node's value; the end is 0 for a missing one.
    spans: Vec<Span>,
    pub numbers: Numbers,
    /// Used while reading: which brackets are open.
    pub(super) brackets: OpenBrackets,
}

/// The elements of an array that are still to be looked at.
#[derive(Clone, Copy, Debug)]
pub struct ElementsLeft {
    at: usize,
    end: usize,
}

impl ElementsLeft {
    fn next(&mut self, text: &[u8]) -> Option<Span> {
        let rest = text.get(self.at..self.end).filter(|rest| !rest.is_empty())?;
        let span = Span { start: self.at, end: self.at + value_end(rest) };
        // Skip the comma.
        self.at = span.end + 1;
        Some(span)
    }
}

impl Index<NodeId> for Extracted {
    type Output = Span;

    #[inline(always)]
    fn index(&self, node: NodeId) -> &Span {
        &self.spans[node.index()]
    }
}

impl IndexMut<NodeId> for Extracted {
    #[inline(always)]
    fn index_mut(&mut self, node: NodeId) -> &mut Span {
        &mut self.spans[node.index()]
    }
}

impl Extracted {
    /// The compact JSON text of a node's value. If a key occurs twice, the last one counts.
    #[inline]
    pub fn get(&self, node: NodeId) -> Option<&[u8]> {
        let span = self[node];
        (span.end != 0).then(|| &self.text[span.start..span.end])
    }

    /// The compact JSON text of a span, even if its node has another value by now.
    pub fn at(&self, span: Span) -> &[u8] {
        &self.text[span.start..span.end]
    }

    /// The elements of the array that is a node's value; none when it is something else.
    pub fn elements(&self, array: NodeId) -> ElementsLeft {
        match self.get(array) {
            Some([b'[', ..]) => ElementsLeft { at: self[array].start + 1, end: self[array].end - 1 },
            _ => ElementsLeft { at: 0, end: 0 },
        }
    }

    /// The compact JSON text of an array's next element.
    pub fn next_element(&self, elements: &mut ElementsLeft) -> Option<&[u8]> {
        elements.next(&self.text).map(|span| &self.text[span.start..span.end])
    }

    /// Makes an array's next element the value of a node, and its members the values of the nodes under it.
    /// Returns whether there was one. Elements are loaded one by one, since an array may have millions.
    pub fn load_next(&mut self, elements: &mut ElementsLeft, tree: &PathTree, node: NodeId) -> bool {
        let start = elements.at;
        if start >= elements.end {
            return false;
        }
        self.forget(tree, node);
        let text = &self.text[..elements.end];
        let end = match text[start] {
            // Where it ends is found on the way.
            b'{' if tree.has_keys(node) => load_members(text, &mut self.spans, tree, node, start),
            _ => start + value_end(&text[start..]),
        };
        self[node] = Span { start, end };
        // Skip the comma.
        elements.at = end + 1;
        true
    }

    /// Forgets a node's value and all that was found in it.
    #[inline(never)]
    pub(super) fn forget(&mut self, tree: &PathTree, node: NodeId) {
        self.spans[node.index()..tree.end(node)].fill(Span::default());
    }

    /// Forgets everything, and makes room for a compact text of this length.
    pub(super) fn reset(&mut self, tree: &PathTree, room: usize) {
        self.spans.clear();
        self.spans.resize(tree.len(), Span::default());
        if self.text.len() < room {
            self.text.resize(room, 0);
        }
    }
}

/// Records where the value of a node is, and the values of the nodes under it.
fn load(text: &[u8], spans: &mut [Span], tree: &PathTree, node: NodeId, span: Span) {
    spans[node.index()..tree.end(node)].fill(Span::default());
    spans[node.index()] = span;
    if tree.has_keys(node) && text[span.start] == b'{' {
        load_members(text, spans, tree, node, span.start);
    }
}

/// The same for the members of the object that starts at an index; returns the index after it.
fn load_members(text: &[u8], spans: &mut [Span], tree: &PathTree, node: NodeId, start: usize) -> usize {
    let mut members = Members::from(text, start);
    for Member { key, value } in members.by_ref() {
        if let Some(child) = tree.keys(node).find(Key::new(&text[key.start..], key.end - key.start)) {
            load(text, spans, tree, child, value);
        }
    }
    members.end()
}

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
    match end + leading_space(&text[end..]) {
        end if end == text.len() => Ok(()),
        at => Err(Error { at, kind: ErrorKind::TrailingText }),
    }
}
