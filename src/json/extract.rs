//! One pass over a JSON value: checks every byte, drops the white space, and records where the values of a path
//! tree are.

use crate::json::cursor::Cursor;
use crate::json::error::{ErrorKind, MAX_DEPTH, Result};
use crate::json::path_tree::{Key, NodeId, PathTree, ROOT};
use crate::json::scan::{OpenBrackets, is_blank};
use crate::json::string_index::IndexedText;
use crate::json::value::{Member, Span, Walk, value_end};

/// The values that were found in a payload.
#[derive(Debug, Default)]
pub struct Extracted {
    /// The compact text, followed by room with leftovers of earlier texts.
    pub(super) text: Vec<u8>,
    /// The range of each node's value; the end is 0 for a missing one.
    spans: Vec<Span>,
    /// Whether a number may be beyond the range of a double.
    pub has_huge: bool,
    /// Used while reading: which brackets are open.
    pub(super) brackets: OpenBrackets,
}

impl Extracted {
    /// The compact JSON text of a node's value. If a key occurs twice, the last one counts.
    #[inline]
    pub fn get(&self, node: NodeId) -> Option<&[u8]> {
        let span = self.span(node);
        (span.end != 0).then(|| &self.text[span.start..span.end])
    }

    /// The place of a node's value in the compact text; its end is 0 for a missing one.
    #[inline(always)]
    pub fn span(&self, node: NodeId) -> Span {
        self.spans[node.index()]
    }

    /// The compact JSON text of a span, even if its node has another value by now.
    pub fn at(&self, span: Span) -> &[u8] {
        &self.text[span.start..span.end]
    }

    /// The text between the brackets of the array that is a node's value; none when it is something else.
    pub fn elements(&self, array: NodeId) -> Span {
        match self.get(array) {
            Some([b'[', ..]) => Span { start: self.span(array).start + 1, end: self.span(array).end - 1 },
            _ => Span::default(),
        }
    }

    /// Makes the first of an array's elements that are left the value of a node, and its members the values of the
    /// nodes under it. Returns whether there was one. Elements are loaded one by one, since an array may have millions.
    pub fn load_next(&mut self, left: &mut Span, tree: &PathTree, node: NodeId) -> bool {
        let Span { start, end } = *left;
        if start >= end {
            return false;
        }
        forget(&mut self.spans, tree, node);
        let text = &self.text[..end];
        let end = match text[start] {
            // Where it ends is found on the way.
            b'{' if tree.has_keys(node) => load_members(text, &mut self.spans, tree, node, start),
            _ => start + value_end(&text[start..]),
        };
        self.spans[node.index()] = Span { start, end };
        left.start = end + 1;
        true
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

#[inline(always)]
fn forget(spans: &mut [Span], tree: &PathTree, node: NodeId) {
    if spans[node.index()].end != 0 {
        spans[node.index()..tree.end(node)].fill(Span::default());
    }
}

/// Records where the values of the nodes under a node are, from the object that starts at an index; returns the index
/// after it.
fn load_members(text: &[u8], spans: &mut [Span], tree: &PathTree, node: NodeId, start: usize) -> usize {
    let mut walk = Walk::new(text, start);
    while let Some(Member { key, value }) = walk.member() {
        if let Some(child) = tree.keys(node).find(Key::new(&text[key.start..], key.end - key.start)) {
            forget(spans, tree, child);
            spans[child.index()] = value;
            if tree.has_keys(child) && text[value.start] == b'{' {
                load_members(text, spans, tree, child, value.start);
            }
        }
    }
    walk.at + 1
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
    let Extracted { text, spans, brackets, .. } = extracted;
    let mut cursor = Cursor::new(indexed, from, text);
    cursor.space();
    let cursor = Extractor { depth: 0, tree, spans, brackets }.node(cursor, ROOT)?;
    let at = cursor.at();
    let (end, has_huge) = cursor.finish();
    extracted.spans[ROOT.index()] = Span { start: 0, end };
    extracted.has_huge = has_huge;
    Ok(at)
}

struct Extractor<'a> {
    depth: usize,
    tree: &'a PathTree,
    spans: &'a mut [Span],
    brackets: &'a mut OpenBrackets,
}

impl Extractor<'_> {
    /// A value that the tree has a node for.
    fn node<'t>(&mut self, cursor: Cursor<'t>, node: NodeId) -> Result<Cursor<'t>> {
        match cursor.peek() {
            b'{' if self.tree.has_keys(node) => self.object(cursor, node),
            _ => self.value(cursor),
        }
    }

    /// An object some of whose keys are read. No tree is so deep that such an object could be too deep.
    #[inline(never)]
    fn object<'t>(&mut self, cursor: Cursor<'t>, node: NodeId) -> Result<Cursor<'t>> {
        let mut cursor = cursor.local();
        let keys = self.tree.keys(node);
        self.depth += 1;
        cursor.open();
        if cursor.peek() != b'}' {
            loop {
                let found = keys.find(cursor.key()?);
                let start = cursor.compact_len();
                if let Some(node) = found {
                    // Of a repeated key, the last value counts.
                    forget(self.spans, self.tree, node);
                }
                match (cursor.peek(), found) {
                    (b'"', _) => cursor.string(ErrorKind::ExpectedValue)?,
                    _ if cursor.empty() => {}
                    (b'{' | b'[', Some(node)) => cursor = self.node(cursor, node)?.local(),
                    (b'{' | b'[', None) => cursor = self.value(cursor)?.local(),
                    _ => cursor.literal()?,
                }
                if let Some(node) = found {
                    self.spans[node.index()] = Span { start, end: cursor.compact_len() };
                }
                if !cursor.separator(b',') {
                    break;
                }
            }
        }
        cursor.close(b'}')?;
        self.depth -= 1;
        Ok(cursor)
    }

    /// Any value, without recursion, so that deep payloads cannot overflow the stack.
    fn value<'t>(&mut self, cursor: Cursor<'t>) -> Result<Cursor<'t>> {
        let mut cursor = cursor.local();
        let mut depth = self.depth;
        let mut closing = 0;
        'value: loop {
            if closing == b'}' {
                cursor.key()?;
            }
            match cursor.peek() {
                b'"' => cursor.string(ErrorKind::ExpectedValue)?,
                open @ (b'{' | b'[') => {
                    if depth == MAX_DEPTH {
                        return Err(cursor.error(ErrorKind::TooDeep));
                    }
                    depth += 1;
                    closing = self.brackets.open(depth, open);
                    cursor.open();
                    if cursor.peek() != closing {
                        continue;
                    }
                }
                _ => cursor.literal()?,
            }
            while depth > self.depth {
                if cursor.separator(b',') {
                    continue 'value;
                }
                cursor.close(closing)?;
                depth -= 1;
                closing = self.brackets.closing(depth);
            }
            return Ok(cursor);
        }
    }
}

/// Whether a text is one JSON value with nothing but white space around it, nested no deeper than [`MAX_DEPTH`].
pub fn is_value(text: &[u8]) -> bool {
    let (mut buffer, mut extracted) = (Vec::new(), Extracted::default());
    let indexed = IndexedText::new(text, &mut buffer);
    extract(indexed, 0, &PathTree::new([]), &mut extracted).is_ok_and(|end| is_blank(&text[end..]))
}
