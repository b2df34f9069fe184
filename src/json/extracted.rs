//! What was found in a JSON text: its compact form, and where the values of a path tree are in it.

use std::ops::{Index, IndexMut};

use crate::json::cursor::Numbers;
use crate::json::depth::OpenBrackets;
use crate::json::members::{Member, Members, Span, value_end};
use crate::json::path_tree::{Key, NodeId, PathTree};

/// What was found in a record.
#[derive(Debug, Default)]
pub struct Extracted {
    /// The compact text, followed by room with leftovers of earlier texts.
    pub(super) text: Vec<u8>,
    /// Where each node's value is in it; the end is 0 for a missing one.
    spans: Vec<Span>,
    /// What its numbers are like.
    pub numbers: Numbers,
    /// Used while reading: which brackets are open.
    pub(super) brackets: OpenBrackets,
}

/// How far the elements of an array were looked at.
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
