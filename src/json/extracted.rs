//! What was found in a JSON text: its compact form, and where the values of a path tree stand in it.

use std::ops::{Index, IndexMut};

use crate::json::compact::{MemberRanges, value_len};
use crate::json::cursor::Numbers;
use crate::json::depth::OpenBrackets;
use crate::json::path_tree::{Key, NodeId, PathTree};

/// Where a value stands in the compact text; `end` is 0 for a value that is not there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
}

/// What was found in a record.
#[derive(Debug, Default)]
pub struct Extracted {
    /// The compact text, and behind it room that was written before.
    pub(super) text: Vec<u8>,
    spans: Vec<Span>,
    /// What its numbers are like.
    pub numbers: Numbers,
    /// For the reading itself: which brackets are open.
    pub(super) brackets: OpenBrackets,
}

/// How far the elements of an array were looked at.
#[derive(Clone, Copy, Debug)]
pub struct Elements {
    at: usize,
    end: usize,
}

impl Elements {
    fn next(&mut self, text: &[u8]) -> Option<Span> {
        let rest = text.get(self.at..self.end).filter(|rest| !rest.is_empty())?;
        let span = Span { start: self.at, end: self.at + value_len(rest) };
        // Over the comma.
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
    /// The compact JSON text of a node's value. Of a key that occurs twice it is the last.
    #[inline]
    pub fn get(&self, node: NodeId) -> Option<&[u8]> {
        let span = self[node];
        (span.end != 0).then(|| &self.text[span.start..span.end])
    }

    /// The elements of the array that is a node's value; none when it is something else.
    pub fn elements(&self, array: NodeId) -> Elements {
        match self.get(array) {
            Some([b'[', ..]) => Elements { at: self[array].start + 1, end: self[array].end - 1 },
            _ => Elements { at: 0, end: 0 },
        }
    }

    /// The compact JSON text of an array's next element.
    pub fn next_element(&self, elements: &mut Elements) -> Option<&[u8]> {
        elements.next(&self.text).map(|span| &self.text[span.start..span.end])
    }

    /// Makes an array's next element the value of a node, and what is beneath it that of the nodes beneath it.
    /// Says whether there was one. Elements are looked at one by one, since an array may have millions.
    pub fn load_next(&mut self, elements: &mut Elements, tree: &PathTree, node: NodeId) -> bool {
        let Some(span) = elements.next(&self.text) else { return false };
        self.forget(tree, node);
        self.load(tree, node, span);
        true
    }

    fn load(&mut self, tree: &PathTree, node: NodeId, span: Span) {
        self[node] = span;
        if !tree.has_keys(node) {
            return;
        }
        let mut members = MemberRanges::new(&self.text[span.start..span.end]);
        while let Some((key, value)) = members.next(&self.text[span.start..span.end]) {
            // Less its quotes.
            let key = Key::new(&self.text[span.start + key.start + 1..], key.len() - 2);
            if let Some(child) = tree.keys(node).find(key) {
                self.forget(tree, child);
                self.load(tree, child, Span { start: span.start + value.start, end: span.start + value.end });
            }
        }
    }

    /// Forgets a node's value and all that was found beneath it.
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
