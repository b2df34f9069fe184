//! The paths to read from a JSON text, as a tree that the extraction walks along.

use crate::json::strings::is_named;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodeId(u32);

impl NodeId {
    #[inline(always)]
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// The root: the text's own value.
pub const ROOT: NodeId = NodeId(0);

/// A tree of keys. Nodes are numbered depth first, so that all nodes under a node follow it directly.
#[derive(Debug)]
pub struct PathTree {
    nodes: Vec<Node>,
}

#[derive(Debug)]
struct Node {
    path: String,
    /// One past the last node under this one.
    end: usize,
    keys: Keys,
}

/// The keys under a node, by their length: most look-ups compare one or none.
#[derive(Debug, Default)]
pub struct Keys(Vec<Vec<KnownKey>>);

/// Keys of this length and above share a place in [`Keys`].
const LONG: usize = 31;

#[derive(Debug)]
struct KnownKey {
    head: u128,
    name: Box<[u8]>,
    node: NodeId,
}

impl Keys {
    fn add(&mut self, name: &str, node: NodeId) {
        self.0.resize_with(LONG + 1, Vec::new);
        let key = Key::new(name.as_bytes(), name.len());
        self.0[name.len().min(LONG)].push(KnownKey { head: key.head, name: key.text.into(), node });
    }

    #[inline(always)]
    pub fn find(&self, key: Key) -> Option<NodeId> {
        let same = |known: &&KnownKey| {
            known.head == key.head && (key.text.len() <= HEAD || *known.name == *key.text)
        };
        match self.0.get(key.text.len().min(LONG))?.iter().find(same) {
            Some(known) => Some(known.node),
            None if key.text.contains(&b'\\') => self.find_escaped(key.text),
            None => None,
        }
    }

    /// A key may be written with escapes and is still that key.
    #[cold]
    fn find_escaped(&self, key: &[u8]) -> Option<NodeId> {
        self.0.iter().flatten().find(|known| is_named(key, &known.name)).map(|known| known.node)
    }
}

/// A key as it is written in a text.
#[derive(Clone, Copy, Debug)]
pub struct Key<'t> {
    text: &'t [u8],
    /// Its first bytes as a number: one comparison for most keys, and no call.
    head: u128,
}

const HEAD: usize = 16;

impl<'t> Key<'t> {
    /// The key of this length that a text begins with.
    #[inline(always)]
    pub fn new(text: &'t [u8], len: usize) -> Key<'t> {
        let head = text.first_chunk::<HEAD>().copied().unwrap_or_else(|| {
            let mut head = [0; HEAD];
            head[..text.len()].copy_from_slice(text);
            head
        });
        // What follows the key is shifted out.
        let follows = HEAD - len.clamp(1, HEAD);
        Key { text: &text[..len], head: u128::from_le_bytes(head) << (8 * follows) }
    }
}

/// The step of a path to each element of an array.
const ELEMENTS: &str = "[]";

impl PathTree {
    /// The tree of these paths: keys joined by dots, `[]` after a key for each element of its array.
    pub fn new<'p>(paths: impl IntoIterator<Item = &'p str>) -> PathTree {
        let paths: Vec<_> = paths.into_iter().map(|path| path.replace(ELEMENTS, ".[]")).collect();
        let mut tree = PathTree { nodes: Vec::new() };
        tree.add(String::new(), &paths.iter().map(|path| path.split('.').collect()).collect::<Vec<_>>());
        tree
    }

    /// Adds the node of a path and those under it, given the steps from there on.
    fn add(&mut self, path: String, steps: &[Vec<&str>]) -> NodeId {
        let at = self.nodes.len();
        self.nodes.push(Node { path: path.clone(), end: 0, keys: Keys::default() });
        let mut left: Vec<_> = steps.iter().filter(|steps| !steps.is_empty()).collect();
        while let Some(first) = left.first().map(|steps| steps[0]) {
            let (under, others) = left.into_iter().partition::<Vec<_>, _>(|steps| steps[0] == first);
            left = others;
            let under: Vec<_> = under.iter().map(|steps| steps[1..].to_vec()).collect();
            let dot = if path.is_empty() || first == ELEMENTS { "" } else { "." };
            let node = self.add(format!("{path}{dot}{first}"), &under);
            // Elements are loaded, not found by a key.
            if first != ELEMENTS {
                self.nodes[at].keys.add(first, node);
            }
        }
        self.nodes[at].end = self.nodes.len();
        NodeId(at as u32)
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The node of a path that was given to [`PathTree::new`], or of a parent of one; `""` is the root.
    pub fn find(&self, path: &str) -> Option<NodeId> {
        self.nodes.iter().position(|node| node.path == path).map(|at| NodeId(at as u32))
    }

    /// The same for a path that must be there.
    ///
    /// # Panics
    /// When it is not: a mistyped path in the source, which any test that builds the tree finds.
    pub fn node(&self, path: &str) -> NodeId {
        self.find(path).unwrap_or_else(|| panic!("{path} is not a path of this tree"))
    }

    /// The keys that are read under a node, when its value is an object.
    #[inline]
    pub(super) fn keys(&self, node: NodeId) -> &Keys {
        &self.nodes[node.index()].keys
    }

    /// Whether anything under a node is read, when its value is an object.
    #[inline]
    pub(super) fn has_keys(&self, node: NodeId) -> bool {
        !self.keys(node).0.is_empty()
    }

    #[inline]
    pub(super) fn end(&self, node: NodeId) -> usize {
        self.nodes[node.index()].end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_beneath_a_node_follows_it() {
        let tree =
            PathTree::new(["visitor.id", "groups[].id", "visitor.customFields.a", "groups[].name", "id"]);
        let visitor = tree.node("visitor");
        assert_eq!(tree.end(visitor), visitor.index() + 4);
        let child = |node, key: &str| tree.keys(node).find(Key::new(key.as_bytes(), key.len()));
        assert_eq!(child(visitor, "id"), tree.find("visitor.id"));
        assert_eq!(child(ROOT, "visitor"), Some(visitor));
        assert_eq!(child(ROOT, "visitors"), None);
        let group = tree.node("groups[]");
        assert_eq!(child(group, "name"), tree.find("groups[].name"));
        assert_eq!((tree.find(""), tree.find("groups.id")), (Some(ROOT), None));
    }

    #[test]
    #[should_panic(expected = "visitor.idd is not a path")]
    fn a_mistyped_path_is_no_other_node() {
        PathTree::new(["visitor.id"]).node("visitor.idd");
    }

    #[test]
    fn keys_of_any_length_are_found() {
        let keys: Vec<_> = (1..50).chain([300, 301]).map(|len| "k".repeat(len)).collect();
        let tree = PathTree::new(keys.iter().map(String::as_str));
        for key in &keys {
            for after in ["", "\"", "\": and what follows it"] {
                let find = |text: String| tree.keys(ROOT).find(Key::new(text.as_bytes(), key.len()));
                assert_eq!(find(format!("{key}{after}")), tree.find(key));
                assert_eq!(find(format!("{}x{after}", &key[1..])), None);
            }
        }
    }
}
