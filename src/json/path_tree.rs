//! The keys of a payload that the mapping reads, as a tree for the extractor to walk along.

use crate::json::string;

/// The root's index: the payload itself.
pub const PAYLOAD: usize = 0;

/// Keys of this length and above share a bucket.
const LONG: usize = 31;

/// How many bytes of a key are compared at once.
const HEAD: usize = 16;

/// A tree of keys, numbered depth first, so that all that lies beneath a node follows it directly.
#[derive(Debug)]
pub struct PathTree {
    nodes: Vec<Node>,
    lists: usize,
}

#[derive(Debug)]
struct Node {
    path: String,
    /// One past the last node beneath this one.
    end: usize,
    /// Whether its own text is asked for, not only what is beneath it.
    whole: bool,
    keys: Keys,
    list: Option<List>,
}

/// The keys beneath a node.
#[derive(Debug)]
pub struct Keys {
    keys: Vec<Entry>,
    /// A key of each length, from which `next` leads to others: most lookups compare one or none.
    first: [usize; LONG + 1],
}

/// What stands for no key.
const NONE: usize = usize::MAX;

/// A key as it stands in a payload, and as much of the text from there on as is compared at once, if any.
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
struct Entry {
    name: Box<[u8]>,
    head: u128,
    mask: u128,
    node: usize,
    /// Another key of this length.
    next: usize,
}

impl Keys {
    fn new(mut keys: Vec<Entry>) -> Keys {
        let mut first = [NONE; LONG + 1];
        for (index, key) in keys.iter_mut().enumerate() {
            key.next = std::mem::replace(&mut first[key.name.len().min(LONG)], index);
        }
        Keys { keys, first }
    }

    /// The node of a key.
    #[inline(always)]
    pub fn find(&self, key: Key) -> Option<usize> {
        let len = key.text.len();
        let mut index = self.first[len.min(LONG)];
        while let Some(entry) = self.keys.get(index) {
            let found = match key.head {
                Some(head) if len <= HEAD => (u128::from_le_bytes(*head) ^ entry.head) & entry.mask == 0,
                _ => *entry.name == *key.text,
            };
            if found {
                return Some(entry.node);
            }
            index = entry.next;
        }
        if key.text.contains(&b'\\') { self.find_escaped(key.text) } else { None }
    }

    /// A key may be written with escapes and is still that key.
    #[cold]
    fn find_escaped(&self, key: &[u8]) -> Option<usize> {
        let name = string::decode(std::str::from_utf8(key).ok()?);
        self.keys.iter().find(|key| *key.name == *name.as_bytes()).map(|key| key.node)
    }
}

impl Entry {
    fn new(name: &[u8], node: usize) -> Entry {
        let mut head = [0; HEAD];
        let mut mask = [0; HEAD];
        let len = name.len().min(HEAD);
        head[..len].copy_from_slice(&name[..len]);
        mask[..len].fill(0xff);
        let (head, mask) = (u128::from_le_bytes(head), u128::from_le_bytes(mask));
        Entry { name: name.into(), head, mask, node, next: NONE }
    }
}

/// A node whose value is read as an array of objects, such as `groups[]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct List {
    /// Which list of the extract result holds its rows.
    pub index: usize,
    /// The node that stands for each element.
    pub element: usize,
    /// How many spans a row has: the element's own and one for each node beneath it.
    pub width: usize,
}

/// A node while the tree grows.
#[derive(Default)]
struct Branch<'p> {
    key: &'p str,
    path: String,
    whole: bool,
    children: Vec<Branch<'p>>,
    element: Option<Box<Branch<'p>>>,
}

impl<'p> Branch<'p> {
    fn add(&mut self, path: &'p str) {
        let (part, rest) = path.split_once('.').map_or((path, None), |(p, r)| (p, Some(r)));
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
        match rest {
            Some(rest) => node.add(rest),
            None => node.whole = true,
        }
    }
}

impl PathTree {
    /// The tree of these paths: keys joined by dots, `[]` behind a key for each element of its array.
    pub fn new<'p>(paths: impl IntoIterator<Item = &'p str>) -> PathTree {
        let mut root = Branch::default();
        for path in paths {
            root.add(path);
        }
        let mut tree = PathTree { nodes: Vec::new(), lists: 0 };
        tree.number(&root);
        tree
    }

    fn number(&mut self, branch: &Branch) -> usize {
        let at = self.nodes.len();
        self.nodes.push(Node {
            path: branch.path.clone(),
            end: 0,
            whole: branch.whole,
            keys: Keys::new(Vec::new()),
            list: None,
        });
        if let Some(element) = &branch.element {
            let index = self.lists;
            self.lists += 1;
            let element = self.number(element);
            let width = self.nodes.len() - element;
            self.nodes[at].list = Some(List { index, element, width });
        }
        let keys = branch.children.iter().map(|child| {
            let node = self.number(child);
            Entry::new(child.key.as_bytes(), node)
        });
        let keys = Keys::new(keys.collect());
        let end = self.nodes.len();
        let node = &mut self.nodes[at];
        (node.keys, node.end) = (keys, end);
        at
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether nothing at all is read, which is never so: the payload itself always is.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// How many lists there are.
    pub fn lists(&self) -> usize {
        self.lists
    }

    /// The node of a path that was given to [`PathTree::new`], or of a path above one.
    pub fn node(&self, path: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.path == path)
    }

    /// The keys that are read beneath a node, when its value is an object.
    #[inline]
    pub fn keys(&self, node: usize) -> &Keys {
        &self.nodes[node].keys
    }

    /// Whether something beneath a node is read, when its value is an object.
    #[inline]
    pub fn has_keys(&self, node: usize) -> bool {
        !self.nodes[node].keys.keys.is_empty()
    }

    /// Whether a node's own text was asked for: it must be compact then.
    #[inline]
    pub fn is_whole(&self, node: usize) -> bool {
        self.nodes[node].whole
    }

    /// How a node's value is read when it is an array, if it is.
    #[inline]
    pub fn list(&self, node: usize) -> Option<List> {
        self.nodes[node].list
    }

    /// Whether nothing beneath a node is read.
    #[inline]
    pub fn is_leaf(&self, node: usize) -> bool {
        self.nodes[node].end == node + 1
    }

    /// One past the last node beneath a node.
    #[inline]
    pub fn end(&self, node: usize) -> usize {
        self.nodes[node].end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_beneath_a_node_follows_it() {
        let tree =
            PathTree::new(["visitor.id", "groups[].id", "visitor.customFields.a", "groups[].name", "id"]);
        let visitor = tree.node("visitor").unwrap();
        assert_eq!(tree.end(visitor), visitor + 4);
        let child = |node, key: &str| tree.keys(node).find(Key::new(key.as_bytes(), key.len()));
        assert_eq!(child(visitor, "id"), tree.node("visitor.id"));
        assert_eq!(child(PAYLOAD, "visitor"), Some(visitor));
        assert_eq!(child(PAYLOAD, "visitors"), None);
        let groups = tree.list(tree.node("groups").unwrap()).unwrap();
        assert_eq!((groups.index, groups.width), (0, 3));
        assert_eq!(child(groups.element, "name"), tree.node("groups[].name"));
    }

    #[test]
    fn keys_of_any_length_are_found() {
        let keys: Vec<_> = (1..50).chain([300, 301]).map(|len| "k".repeat(len)).collect();
        let tree = PathTree::new(keys.iter().map(String::as_str));
        for (index, key) in keys.iter().enumerate() {
            let expected = Some(index + 1);
            for behind in ["", "\"", "\": and what follows it"] {
                let find = |text: String| tree.keys(PAYLOAD).find(Key::new(text.as_bytes(), key.len()));
                assert_eq!(find(format!("{key}{behind}")), expected);
                assert_eq!(find(format!("{}x{behind}", &key[1..])), None);
            }
        }
    }

    #[test]
    fn a_node_is_whole_when_it_was_asked_for_itself() {
        let tree = PathTree::new(["a.b", "c.d", "c", "e[].f", "g", "g[].h"]);
        let whole = |path| tree.is_whole(tree.node(path).unwrap());
        assert!(!whole("a") && !whole("") && !whole("e") && !whole("e[]") && !whole("g[]"));
        assert!(whole("a.b") && whole("c") && whole("c.d") && whole("e[].f") && whole("g"));
    }
}
