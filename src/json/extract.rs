//! One pass over a record: checks every byte of its JSON, drops the white space from what is carried over,
//! and notes where the values that the mapping reads came to stand.

use crate::json::cursor::Cursor;
use crate::json::error::{ErrorKind, Result};
use crate::json::extracted::{Extracted, Span};
use crate::json::path_tree::{List, PAYLOAD, PathTree};
use crate::json::string_index::IndexedText;

/// The deepest brackets that is read; the payload's own object is the first level.
pub const MAX_DEPTH: usize = 512;

/// Scans the JSON value that a text begins with, white space before it allowed, and gives the index
/// behind it. `extracted` then holds what `tree` asks for; when the value is no object, only the root.
/// `compact` says to drop the white space everywhere.
///
/// The text must be UTF-8 for the result to be: bytes above 0x7f are carried as they are.
///
/// # Errors
/// When the value is not JSON, or nested deeper than [`MAX_DEPTH`].
pub fn extract(
    indexed: IndexedText,
    from: usize,
    tree: &PathTree,
    compact: bool,
    extracted: &mut Extracted,
) -> Result<usize> {
    extracted.reset(tree, indexed.text().len() - from + Cursor::SLACK);
    let mut room = std::mem::take(&mut extracted.compact);
    let mut cursor = Cursor::new(indexed, from, &mut room);
    cursor.space(true);
    let mut extractor = Extractor { depth: 0, tree, extracted, compact };
    let result = extractor.node(cursor, PAYLOAD).map(|cursor| (cursor.at(), cursor.finish()));
    extracted.compact = room;
    let (at, end) = result?;
    extracted.spans[PAYLOAD] = Span { start: 0, end };
    Ok(at)
}

struct Extractor<'a> {
    depth: usize,
    tree: &'a PathTree,
    extracted: &'a mut Extracted,
    /// Whether what is read is to be compact as a whole, not only its values.
    compact: bool,
}

impl Extractor<'_> {
    #[inline(always)]
    fn enter(&mut self, cursor: &Cursor) -> Result {
        if self.depth == MAX_DEPTH {
            return Err(cursor.error(ErrorKind::TooDeep));
        }
        self.depth += 1;
        Ok(())
    }

    /// A value that the tree has a node for.
    fn node<'t>(&mut self, cursor: Cursor<'t>, node: usize) -> Result<Cursor<'t>> {
        let outer = self.compact;
        self.compact |= self.tree.is_whole(node);
        let result = match (cursor.peek(), self.tree.list(node)) {
            (b'{', _) if !self.tree.has_keys(node) => self.value(cursor),
            (b'{', _) if self.compact => self.object::<true>(cursor, node),
            (b'{', _) => self.object::<false>(cursor, node),
            (b'[', Some(list)) => self.list(cursor, list),
            _ => self.value(cursor),
        };
        self.compact = outer;
        result
    }

    /// An object some of whose keys are read, to be compact itself or not.
    #[inline(never)]
    fn object<'t, const COMPACT: bool>(&mut self, cursor: Cursor<'t>, node: usize) -> Result<Cursor<'t>> {
        let mut cursor = cursor.local();
        let keys = self.tree.keys(node);
        self.enter(&cursor)?;
        cursor.bracket();
        cursor.space(COMPACT);
        if cursor.peek() != b'}' {
            loop {
                if !COMPACT && let Some((key, span, more)) = cursor.member() {
                    if let Some(node) = keys.find(key) {
                        self.forget(node);
                        self.extracted.spans[node] = span;
                    }
                    if more {
                        continue;
                    }
                } else {
                    let found = keys.find(cursor.key(COMPACT)?);
                    let start = cursor.len();
                    if let Some(node) = found {
                        self.forget(node);
                    }
                    match (cursor.peek(), found) {
                        (b'"', _) => cursor.string(ErrorKind::NoValue)?,
                        _ if self.depth < MAX_DEPTH && cursor.empty() => {}
                        // In a leaf, as in what is not read, nothing is looked for.
                        (b'{' | b'[', Some(node)) if !self.tree.is_leaf(node) => {
                            cursor = self.node(cursor, node)?.local();
                        }
                        (b'{' | b'[', _) => cursor = self.value(cursor)?.local(),
                        _ => cursor.literal()?,
                    }
                    if let Some(node) = found {
                        self.extracted.spans[node] = Span { start, end: cursor.len() };
                    }
                }
                if !cursor.comma(COMPACT) {
                    match cursor.peek() {
                        b'}' => break,
                        _ => return Err(cursor.error(ErrorKind::OpenObject)),
                    }
                }
            }
        }
        cursor.bracket();
        self.depth -= 1;
        Ok(cursor)
    }

    /// A repeated key takes back what was found beneath its first value; so does each element of a list.
    #[inline(always)]
    fn forget(&mut self, node: usize) {
        if self.extracted.spans[node].end != 0 {
            self.forget_beneath(node);
        }
    }

    #[inline(never)]
    fn forget_beneath(&mut self, node: usize) {
        let beneath = node..self.tree.end(node);
        self.extracted.spans[beneath].fill(Span::default());
        if let Some(list) = self.tree.list(node) {
            self.extracted.lists[list.index].clear();
        }
    }

    /// An array whose elements are read: a row of spans for each.
    fn list<'t>(&mut self, mut cursor: Cursor<'t>, list: List) -> Result<Cursor<'t>> {
        let compact = self.compact;
        self.enter(&cursor)?;
        cursor.bracket();
        cursor.space(compact);
        if cursor.peek() != b']' {
            loop {
                let start = cursor.len();
                self.forget(list.element);
                cursor = self.node(cursor, list.element)?;
                self.extracted.spans[list.element] = Span { start, end: cursor.len() };
                let row = &self.extracted.spans[list.element..list.element + list.width];
                self.extracted.lists[list.index].extend_from_slice(row);
                if !cursor.comma(compact) {
                    match cursor.peek() {
                        b']' => break,
                        _ => return Err(cursor.error(ErrorKind::OpenArray)),
                    }
                }
            }
        }
        cursor.bracket();
        self.depth -= 1;
        Ok(cursor)
    }

    /// Any value, without recursion: a payload chooses its depth, not our stack.
    fn value<'t>(&mut self, cursor: Cursor<'t>) -> Result<Cursor<'t>> {
        let mut cursor = cursor.local();
        let mut depth = self.depth;
        // What this value itself is in is another's concern.
        self.extracted.brackets.set(depth, true);
        let mut in_object = false;
        'next: loop {
            if in_object {
                cursor.members(!self.extracted.brackets.is_object(depth - 1))?;
            }
            match cursor.peek() {
                b'"' => cursor.string(ErrorKind::NoValue)?,
                open @ (b'{' | b'[') => {
                    if depth == MAX_DEPTH {
                        return Err(cursor.error(ErrorKind::TooDeep));
                    }
                    depth += 1;
                    in_object = open == b'{';
                    self.extracted.brackets.set(depth, in_object);
                    cursor.bracket();
                    cursor.space(true);
                    if !matches!((cursor.peek(), in_object), (b'}', true) | (b']', false)) {
                        continue;
                    }
                }
                _ => cursor.literal()?,
            }
            loop {
                if depth == self.depth {
                    return Ok(cursor);
                }
                if cursor.comma(true) {
                    continue 'next;
                }
                match (cursor.peek(), in_object) {
                    (b'}', true) | (b']', false) => {
                        cursor.bracket();
                        depth -= 1;
                        in_object = self.extracted.brackets.is_object(depth);
                    }
                    (_, true) => return Err(cursor.error(ErrorKind::OpenObject)),
                    (_, false) => return Err(cursor.error(ErrorKind::OpenArray)),
                }
            }
        }
    }
}
