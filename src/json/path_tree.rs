//! The paths to read from a JSON text, as a tree that the extraction walks along.

use crate::json::strings::is_named;

/// A node of a [`PathTree`].
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
    /// The node that stands for each element, when the value is read as an array.
    element: Option<NodeId>,
}

/// The keys under a node.
#[derive(Debug, Default)]
pub struct Keys {
    keys: Vec<KnownKey>,
    /// The first key of each length, from where `next` leads to the others: most look-ups compare one or none.
    first: Vec<usize>,
}

/// No key.
const NONE: usize = usize::MAX;

/// Keys of this length and above share a place in [`Keys::first`].
const LONG: usize = 31;

/// The bytes of a key that are compared at once.
const HEAD: usize = 16;

/// A key as it is written in a text, and the first `HEAD` bytes of the text from there, if it has as many.
#[derive(Clone, Copy, Debug)]
pub struct Key<'t> {
    text: &'t [u8],
    head: Option<&'t [u8; HEAD]>,
}

impl<'t> Key<'t> {
    /// The key of this length that a text begins with.
    #[inline(always)]
    pub fn new(text: &'t [u8], len: usize) -> Key<'t> {
        Key { text: &text[..len], head: text.first_chunk() }
    }
}

/// A key that is read, its first bytes as a number to compare at once.
#[derive(Debug)]
struct KnownKey {
    name: Box<[u8]>,
    head: u128,
    mask: u128,
    node: NodeId,
    /// Another key of this length.
    next: usize,
}

impl KnownKey {
    fn new(name: &[u8], node: NodeId) -> KnownKey {
        let mut head = [0; HEAD];
        let mut mask = [0; HEAD];
        let len = name.len().min(HEAD);
        head[..len].copy_from_slice(&name[..len]);
        mask[..len].fill(0xff);
        let (head, mask) = (u128::from_le_bytes(head), u128::from_le_bytes(mask));
        KnownKey { name: name.into(), head, mask, node, next: NONE }
    }
}

impl Keys {
    fn new(mut keys: Vec<KnownKey>) -> Keys {
        let mut first = vec![NONE; LONG + 1];
        for (index, key) in keys.iter_mut().enumerate() {
            key.next = std::mem::replace(&mut first[key.name.len().min(LONG)], index);
        }
        Keys { keys, first }
    }

    /// The node of a key.
    #[inline(always)]
    pub fn find(&self, key: Key) -> Option<NodeId> {
        let len = key.text.len();
        let mut index = self.first[len.min(LONG)];
        while let Some(known) = self.keys.get(index) {
            let found = match key.head {
                Some(head) if len <= HEAD => (u128::from_le_bytes(*head) ^ known.head) & known.mask == 0,
                _ => *known.name == *key.text,
            };
            if found {
                return Some(known.node);
            }
            index = known.next;
        }
        if key.text.contains(&b'\\') { self.find_escaped(key.text) } else { None }
    }

    /// A key may be written with escapes and is still that key.
    #[cold]
    fn find_escaped(&self, key: &[u8]) -> Option<NodeId> {
        self.keys.iter().find(|known| is_named(key, &known.name)).map(|known| known.node)
    }
}

/// A node while the tree grows.
#[derive(Default)]
struct Branch<'p> {
    key: &'p str,
    path: String,
    children: Vec<Branch<'p>>,
    element: Option<Box<Branch<'p>>>,
}

impl<'p> Branch<'p> {
    fn add(&mut self, path: &'p str) {
        let (part, rest) = path.split_once('.').map_or((path, None), |(part, rest)| (part, Some(rest)));
        let key = part.strip_suffix("[]").unwrap_or(part);
        let at = self.children.iter().position(|child| child.key == key).unwrap_or_else(|| {
            let path = if self.path.is_empty() { key.into() } else { format!("{}.{key}", self.path) };
            self.children.push(Branch { key, path, ..Branch::default() });
            self.children.len() - 1
        });
        let mut node = &mut self.children[at];
        if key.len() < part.len() {
            let path = format!("{}[]", node.path);
            node = node.element.get_or_insert_with(|| Branch { path, ..Branch::default() }.into());
        }
        if let Some(rest) = rest {
            node.add(rest);
        }
    }
}

impl PathTree {
    /// The tree of these paths: keys joined by dots, `[]` after a key for each element of its array.
    pub fn new<'p>(paths: impl IntoIterator<Item = &'p str>) -> PathTree {
        let mut root = Branch::default();
        for path in paths {
            root.add(path);
        }
        let mut tree = PathTree { nodes: Vec::new() };
        tree.push(&root);
        tree
    }

    fn push(&mut self, branch: &Branch) -> NodeId {
        let at = self.nodes.len();
        self.nodes.push(Node { path: branch.path.clone(), end: 0, keys: Keys::default(), element: None });
        let element = branch.element.as_ref().map(|element| self.push(element));
        let keys = branch.children.iter().map(|child| KnownKey::new(child.key.as_bytes(), self.push(child)));
        let keys = Keys::new(keys.collect());
        let end = self.nodes.len();
        let node = &mut self.nodes[at];
        (node.keys, node.end, node.element) = (keys, end, element);
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

    /// The node that stands for each element of a node's array.
    pub fn element(&self, node: NodeId) -> Option<NodeId> {
        self.nodes[node.index()].element
    }

    /// The keys that are read under a node, when its value is an object.
    #[inline]
    pub(super) fn keys(&self, node: NodeId) -> &Keys {
        &self.nodes[node.index()].keys
    }

    /// Whether anything under a node is read, when its value is an object.
    #[inline]
    pub(super) fn has_keys(&self, node: NodeId) -> bool {
        !self.keys(node).keys.is_empty()
    }

    /// One past the last node under a node.
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
        let group = tree.element(tree.node("groups")).unwrap();
        assert_eq!(child(group, "name"), tree.find("groups[].name"));
        assert_eq!((tree.element(visitor), tree.find(""), tree.find("groups.id")), (None, Some(ROOT), None));
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
