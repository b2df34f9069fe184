//! The keys of a payload that the mapping reads, as a tree for the scanner to walk along.

/// The root's index: the payload itself.
pub const PAYLOAD: usize = 0;

/// Keys of this length and above share a bucket.
const LONG: usize = 31;

/// A tree of keys, numbered depth first, so that all that lies beneath a node follows it directly.
#[derive(Debug)]
pub struct Shape {
    nodes: Vec<Node>,
    lists: usize,
}

#[derive(Debug)]
struct Node {
    path: String,
    /// One past the last node beneath this one.
    end: usize,
    /// The keys beneath, by length: most lookups compare one candidate or none.
    keys: Vec<(Box<[u8]>, usize)>,
    buckets: [(u16, u16); LONG + 1],
    list: Option<List>,
}

/// A node whose value is read as an array of objects, such as `groups[]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct List {
    /// Which list of the scan result holds its rows.
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
        if let Some(rest) = rest {
            node.add(rest);
        }
    }
}

impl Shape {
    /// The tree of these paths: keys joined by dots, `[]` behind a key for each element of its array.
    pub fn new<'p>(paths: impl IntoIterator<Item = &'p str>) -> Shape {
        let mut root = Branch::default();
        for path in paths {
            root.add(path);
        }
        let mut shape = Shape { nodes: Vec::new(), lists: 0 };
        shape.number(&root);
        shape
    }

    fn number(&mut self, branch: &Branch) -> usize {
        let at = self.nodes.len();
        self.nodes.push(Node {
            path: branch.path.clone(),
            end: 0,
            keys: Vec::new(),
            buckets: [(0, 0); LONG + 1],
            list: None,
        });
        if let Some(element) = &branch.element {
            let index = self.lists;
            self.lists += 1;
            let element = self.number(element);
            let width = self.nodes.len() - element;
            self.nodes[at].list = Some(List { index, element, width });
        }
        let mut keys: Vec<_> =
            branch.children.iter().map(|child| (child.key.as_bytes().into(), self.number(child))).collect();
        keys.sort_by_key(|(key, _): &(Box<[u8]>, usize)| key.len().min(LONG));
        let end = self.nodes.len();
        let node = &mut self.nodes[at];
        for (bucket, range) in node.buckets.iter_mut().enumerate() {
            let from = keys.partition_point(|(key, _)| key.len().min(LONG) < bucket);
            let to = keys.partition_point(|(key, _)| key.len().min(LONG) <= bucket);
            *range = (from as u16, to as u16);
        }
        (node.keys, node.end) = (keys, end);
        at
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether nothing at all is read; the payload itself always is.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// How many lists there are.
    pub fn lists(&self) -> usize {
        self.lists
    }

    /// The node of a path that was given to [`Shape::new`], or of a path above one.
    pub fn node(&self, path: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.path == path)
    }

    /// The node of a key beneath a node, where the mapping reads it.
    #[inline]
    pub fn child(&self, node: usize, key: &[u8]) -> Option<usize> {
        let node = &self.nodes[node];
        let (from, to) = node.buckets[key.len().min(LONG)];
        node.keys[from as usize..to as usize].iter().find(|(name, _)| **name == *key).map(|(_, at)| *at)
    }

    /// Whether something beneath a node is read, when its value is an object.
    #[inline]
    pub fn has_keys(&self, node: usize) -> bool {
        !self.nodes[node].keys.is_empty()
    }

    /// Whether nothing beneath a node is read.
    #[inline]
    pub fn is_leaf(&self, node: usize) -> bool {
        self.nodes[node].end == node + 1
    }

    /// How a node's value is read when it is an array, if it is.
    #[inline]
    pub fn list(&self, node: usize) -> Option<List> {
        self.nodes[node].list
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
        let shape =
            Shape::new(["visitor.id", "groups[].id", "visitor.customFields.a", "groups[].name", "id"]);
        let visitor = shape.node("visitor").unwrap();
        assert_eq!(shape.end(visitor), visitor + 4);
        assert_eq!(shape.child(visitor, b"id"), shape.node("visitor.id"));
        assert_eq!(shape.child(PAYLOAD, b"visitor"), Some(visitor));
        assert_eq!(shape.child(PAYLOAD, b"visitors"), None);
        let groups = shape.list(shape.node("groups").unwrap()).unwrap();
        assert_eq!((groups.index, groups.width), (0, 3));
        assert_eq!(shape.child(groups.element, b"name"), shape.node("groups[].name"));
    }

    #[test]
    fn keys_of_any_length_are_found() {
        let long = "k".repeat(300);
        let longer = "k".repeat(301);
        let shape = Shape::new([long.as_str(), longer.as_str()]);
        assert_eq!(shape.child(PAYLOAD, long.as_bytes()), Some(1));
        assert_eq!(shape.child(PAYLOAD, longer.as_bytes()), Some(2));
    }
}
