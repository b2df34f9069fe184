//! The rows of one mapping, compiled: which keys of a payload to look for, and the steps that write
//! an event from them.

use std::fmt;

use uuid::Uuid;

use crate::convert::draft::Piece;
use crate::convert::mapping::{self, Event, Via};
use crate::convert::options::MappingOptions;
use crate::json::path_tree::{List, PathTree};

/// Two things that write one property.
#[derive(Debug, PartialEq, Eq)]
pub struct Conflict {
    target: String,
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}: something else writes this property already", self.target)
    }
}

impl std::error::Error for Conflict {}

/// A step of writing an event. Every member is written with a comma behind it; closing its object
/// takes the last one back.
#[derive(Clone, Debug, PartialEq, Eq)]
// A tag of its own, not one in a length: it is looked at thirty times for each event.
#[repr(u8)]
pub enum Step {
    /// Text that is always the same.
    Text(Piece),
    /// A member: its key with the colon, and the node of the shape that is its value.
    Field(Piece, usize),
    /// The same for a value that is not just copied.
    Via(Piece, usize, Via),
    /// The rudderId's key with the colon.
    RudderId(Piece),
    /// The messageId, nil for now: the member with its comma.
    MessageId(Piece),
    /// The key of the conversation's time, with the colon.
    Time(Piece),
    /// `"key":{`
    Open(Piece),
    /// Closes what this many bytes opened. Unless it is to be kept, an empty object is taken back.
    Close {
        /// How long the opening text was.
        opened: usize,
        /// Whether it stays when it is empty.
        keep: bool,
    },
}

/// A compiled mapping.
#[derive(Debug)]
pub struct Plan {
    /// What it was compiled from.
    pub choices: MappingOptions,
    /// What the scanner looks for.
    pub shape: PathTree,
    /// How the track event is written.
    pub track: Vec<Step>,
    /// How a group event is written, its group loaded.
    pub group: Vec<Step>,
    /// The nodes that conversion looks at beside the rows.
    pub nodes: Nodes,
}

/// Nodes that rules speak of.
#[derive(Clone, Copy, Debug)]
pub struct Nodes {
    /// The conversation's id.
    pub id: usize,
    /// The visitor as a whole.
    pub visitor: usize,
    /// The user's id.
    pub visitor_id: usize,
    /// The browser's text.
    pub browser: usize,
    /// The groups as a whole.
    pub groups: usize,
    /// The groups one by one.
    pub each_group: List,
    /// A group's id.
    pub group_id: usize,
    /// The items one by one, and an item's time; only read for `--timestamp`.
    pub times: Option<(List, usize)>,
}

impl Plan {
    /// Compiles a mapping.
    ///
    /// # Errors
    /// When an extra's target is one that the mapping writes, or two extras have one target.
    pub fn new(choices: MappingOptions) -> Result<Plan, Conflict> {
        let rows = || mapping::rows(choices.mapping);
        let paths = rows()
            .map(|row| row.source)
            .chain(choices.extras.iter().map(|extra| extra.source.as_str()))
            .chain(["id"])
            .chain(choices.timestamp.then_some("items[].timestamp"));
        let shape = PathTree::new(paths);
        let node = |path: &str| shape.node(path).unwrap_or_default();
        let list = |path: &str| shape.list(node(path));
        let nodes = Nodes {
            id: node("id"),
            visitor: node("visitor"),
            visitor_id: node("visitor.id"),
            browser: node("visitor.browser"),
            groups: node("groups"),
            each_group: list("groups").expect("every mapping reads the groups"),
            group_id: node("groups[].id"),
            times: list("items").map(|list| (list, node("items[].timestamp"))),
        };
        let compile = |event: Event| {
            let mut root = Object::default();
            for &(target, text, events) in mapping::FIXED {
                if events.contains(&event) {
                    root.insert(target, Leaf::Text(text))?;
                }
            }
            for &(path, events, mappings) in mapping::ALWAYS {
                if events.contains(&event) && mappings.contains(&choices.mapping) {
                    root.keep(path)?;
                }
            }
            for row in rows().filter(|row| row.events.contains(&event)) {
                root.insert(row.target, Leaf::Field(node(row.source), row.via))?;
            }
            root.insert(mapping::RUDDER_ID, Leaf::Step(Step::RudderId))?;
            root.insert(mapping::MESSAGE_ID, Leaf::Step(nil_message_id))?;
            for target in mapping::TIMES.iter().filter(|_| choices.timestamp) {
                root.insert(target, Leaf::Step(Step::Time))?;
            }
            for extra in choices.extras.iter().filter(|_| event == Event::Track) {
                root.insert(&extra.target, Leaf::Field(node(&extra.source), Via::Copy))?;
            }
            Ok(root.steps())
        };
        let (track, group) = (compile(Event::Track)?, compile(Event::Group)?);
        Ok(Plan { shape, track, group, nodes, choices })
    }
}

/// The event while it is put together: what stands under each key.
#[derive(Default)]
struct Object<'t> {
    members: Vec<(String, Leaf<'t>)>,
    keep: bool,
}

enum Leaf<'t> {
    Text(&'t str),
    Field(usize, Via),
    /// A step of its own, made of its key.
    Step(fn(Piece) -> Step),
    Object(Object<'t>),
}

impl<'t> Object<'t> {
    fn insert(&mut self, path: &str, leaf: Leaf<'t>) -> Result<(), Conflict> {
        let conflict = || Conflict { target: path.into() };
        let (parent, key) = match path.rsplit_once('.') {
            Some((parent, key)) => (self.object(parent).ok_or_else(conflict)?, key),
            None => (self, path),
        };
        if parent.members.iter().any(|(name, _)| name == key) {
            return Err(conflict());
        }
        parent.members.push((key.into(), leaf));
        Ok(())
    }

    fn keep(&mut self, path: &str) -> Result<(), Conflict> {
        let object = self.object(path).ok_or_else(|| Conflict { target: path.into() })?;
        object.keep = true;
        Ok(())
    }

    /// The object at a path, made where it is missing; `None` where something else stands.
    fn object(&mut self, path: &str) -> Option<&mut Object<'t>> {
        path.split('.').try_fold(self, |object, key| {
            let at = object.members.iter().position(|(name, _)| name == key).unwrap_or_else(|| {
                object.members.push((key.into(), Leaf::Object(Object::default())));
                object.members.len() - 1
            });
            match &mut object.members[at].1 {
                Leaf::Object(object) => Some(object),
                _ => None,
            }
        })
    }

    fn steps(mut self) -> Vec<Step> {
        let mut steps = vec![Step::Text(Piece::new("{".into()))];
        self.keep = true;
        self.write(&mut steps, 1);
        steps
    }

    /// The members in the order of the worked example: shorter keys first, then by the alphabet.
    fn write(mut self, steps: &mut Vec<Step>, opened: usize) {
        self.members.sort_by(|(a, _), (b, _)| (a.len(), a).cmp(&(b.len(), b)));
        for (key, leaf) in self.members {
            let quoted = format!("\"{key}\":");
            match leaf {
                Leaf::Text(text) => push_text(steps, format!("{quoted}{text},")),
                Leaf::Field(node, Via::Copy) => steps.push(Step::Field(Piece::new(quoted), node)),
                Leaf::Field(node, via) => steps.push(Step::Via(Piece::new(quoted), node, via)),
                Leaf::Step(step) => steps.push(step(Piece::new(quoted))),
                Leaf::Object(object) => match object.constant() {
                    Some(text) => push_text(steps, format!("{quoted}{text},")),
                    None => {
                        let open = Piece::new(format!("{quoted}{{"));
                        let opened = open.len();
                        steps.push(Step::Open(open));
                        object.write(steps, opened);
                    }
                },
            }
        }
        steps.push(Step::Close { opened, keep: self.keep });
    }

    /// The object's text, when nothing in it depends on the payload.
    fn constant(&self) -> Option<String> {
        let mut members = self.members.iter().collect::<Vec<_>>();
        members.sort_by(|(a, _), (b, _)| (a.len(), a).cmp(&(b.len(), b)));
        let texts = members.into_iter().map(|(key, leaf)| match leaf {
            Leaf::Text(text) => Some(format!("\"{key}\":{text}")),
            Leaf::Object(object) => Some(format!("\"{key}\":{}", object.constant()?)),
            Leaf::Field(..) | Leaf::Step(_) => None,
        });
        let texts = texts.collect::<Option<Vec<_>>>()?;
        Some(format!("{{{}}}", texts.join(",")))
    }
}

fn nil_message_id(key: Piece) -> Step {
    Step::MessageId(key.join(&format!("\"{}\",", Uuid::nil())))
}

/// Neighbouring texts become one.
fn push_text(steps: &mut Vec<Step>, text: String) {
    match steps.last_mut() {
        Some(Step::Text(last)) => *last = last.join(&text),
        _ => steps.push(Step::Text(Piece::new(text))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convert::mapping::Mapping;

    fn choices(extras: &[&str]) -> MappingOptions {
        let extras = extras.iter().map(|extra| extra.parse().unwrap()).collect();
        MappingOptions { extras, ..MappingOptions::default() }
    }

    #[test]
    fn a_property_is_written_once() {
        for bad in [
            &["id=properties.items"] as &[&str],
            &["id=properties.items.x"],
            &["id=context.traits"],
            &["id=context.os"],
            &["id=context.library.name"],
            &["id=properties.x", "kind=properties.x"],
            &["id=properties.x", "kind=properties.x.y"],
            &["id=properties.x.y", "kind=properties.x"],
        ] {
            assert!(Plan::new(choices(bad)).is_err(), "{bad:?}");
        }
        assert!(Plan::new(choices(&["id=traits.kind", "id=properties.x.y", "kind=properties.x.z"])).is_ok());
        let full = MappingOptions { mapping: Mapping::Full, ..choices(&["id=traits.kind"]) };
        assert!(Plan::new(full).is_err());
    }
}
