//! The steps that write an event, and the tree of its properties that they are made from.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use uuid::Uuid;

use crate::convert::mapping::Via;
use crate::json::path_tree::NodeId;

/// A step of writing an event. Every member is written with a comma after it; closing the object takes the last
/// comma back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventStep {
    Text(String),
    /// A member: its key with the colon, the node of its row's field, and the way of its value.
    Value(String, NodeId, Via),
    /// The messageId, nil at first: the member with its comma.
    MessageId(String),
    /// Closes an object whose key and bracket have this many bytes.
    Close(Empty, usize),
}

/// The treatment of an object without members.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Empty {
    Keep,
    #[default]
    Drop,
}

/// An object of the event while it is built.
#[derive(Default)]
pub struct Object {
    /// By length and name, which is the order of the worked example: shorter keys first, then alphabetically.
    members: BTreeMap<(usize, String), Content>,
    empty: Empty,
}

pub enum Content {
    Text(String),
    Value(NodeId, Via),
    MessageId,
    Object(Object),
}

impl Object {
    /// One that stays even when nothing is in it.
    pub fn kept() -> Object {
        Object { empty: Empty::Keep, ..Object::default() }
    }

    /// Puts something at a path. Fails when something is there already.
    pub fn insert(&mut self, path: &str, content: Content) -> Result<(), String> {
        let (parent, key) = match path.rsplit_once('.') {
            Some((parent, key)) => (self.object(parent), key),
            None => (Some(self), path),
        };
        match parent.map(|parent| parent.members.entry(sort_key(key))) {
            Some(Entry::Vacant(entry)) => {
                entry.insert(content);
                Ok(())
            }
            _ => Err(format!("{path}: this property is already mapped")),
        }
    }

    /// The object at a path, created if missing; `None` if something else is there.
    fn object(&mut self, path: &str) -> Option<&mut Object> {
        path.split('.').try_fold(self, |object, key| {
            match object.members.entry(sort_key(key)).or_insert_with(|| Content::Object(Object::default())) {
                Content::Object(object) => Some(object),
                _ => None,
            }
        })
    }

    /// The steps that write it, after an opening such as `"context":{`.
    pub fn write(self, opening: &str, steps: &mut Vec<EventStep>) {
        push_text(steps, opening);
        for ((_, key), content) in self.members {
            let key = format!("\"{key}\":");
            match content {
                Content::Text(text) => push_text(steps, &format!("{key}{text},")),
                Content::Value(node, via) => steps.push(EventStep::Value(key, node, via)),
                Content::MessageId => steps.push(EventStep::MessageId(format!("{key}\"{}\",", Uuid::nil()))),
                Content::Object(object) => object.write(&format!("{key}{{"), steps),
            }
        }
        match steps.last_mut() {
            // The last member is always there.
            Some(EventStep::Text(text)) if text.ends_with(',') => {
                text.pop();
                text.push_str("},");
            }
            _ => steps.push(EventStep::Close(self.empty, opening.len())),
        }
    }
}

/// The place of a key among the members: by its length, then its letters.
fn sort_key(key: &str) -> (usize, String) {
    (key.len(), key.into())
}

fn push_text(steps: &mut Vec<EventStep>, text: &str) {
    match steps.last_mut() {
        Some(EventStep::Text(last)) => last.push_str(text),
        _ => steps.push(EventStep::Text(text.into())),
    }
}
