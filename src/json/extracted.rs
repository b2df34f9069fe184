//! What a extract found in a record.

use crate::json::depth::Brackets;
use crate::json::path_tree::{List, PathTree};

/// Where a value stands in the compact text; `end` is 0 for a value that is not there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// What a extract found: the record, and the places in it of what the tree asks for. There is no white space
/// in what it asks for as a whole, nor in arrays and in objects of which it asks for nothing.
#[derive(Debug, Default)]
pub struct Extracted {
    /// The record's text, and behind it room that was written into before.
    pub(crate) compact: Vec<u8>,
    pub(crate) spans: Vec<Span>,
    pub(crate) lists: Vec<Vec<Span>>,
    /// For the extract itself: which of the brackets at hand are objects.
    pub(crate) brackets: Brackets,
}

impl Extracted {
    /// The JSON text of a node's value, compact if the tree asks for it as a whole. Of a key that occurs
    /// twice it is the last.
    #[inline]
    pub fn get(&self, node: usize) -> Option<&[u8]> {
        let span = self.spans[node];
        (span.end != 0).then(|| &self.compact[span.start..span.end])
    }

    /// The text from where a node's value begins on, which goes on behind it, and how long the value is.
    #[inline]
    pub(crate) fn open(&self, node: usize) -> Option<(&[u8], usize)> {
        let Span { start, end } = self.spans[node];
        (end != 0).then(|| (&self.compact[start..], end - start))
    }

    /// How many elements a list has, of `width` spans each.
    pub fn rows(&self, list: List) -> usize {
        self.lists[list.index].len() / list.width
    }

    /// Makes one element of a list the one that [`Extracted::get`] speaks of.
    pub fn load(&mut self, list: List, row: usize) {
        let from = row * list.width;
        let row = &self.lists[list.index][from..from + list.width];
        self.spans[list.element..list.element + list.width].copy_from_slice(row);
    }

    /// One node's value in each element of a list.
    pub fn column(&self, list: List, node: usize) -> impl Iterator<Item = Option<&[u8]>> {
        let spans = self.lists[list.index].iter().skip(node - list.element).step_by(list.width);
        spans.map(|span| (span.end != 0).then(|| &self.compact[span.start..span.end]))
    }

    /// Forgets everything, and makes room for a compact text of this length.
    pub(crate) fn reset(&mut self, tree: &PathTree, room: usize) {
        self.spans.clear();
        self.spans.resize(tree.len(), Span::default());
        self.lists.resize_with(tree.lists(), Vec::new);
        self.lists.iter_mut().for_each(Vec::clear);
        if self.compact.len() < room {
            self.compact.resize(room, 0);
        }
    }
}
