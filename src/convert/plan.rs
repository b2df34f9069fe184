//! The rows of one mapping, compiled: the values of a payload to find, and the steps that write an event.

use crate::convert::chat_rows;
use crate::convert::mapping::{self, Event, MappingRow, Via};
use crate::convert::options::{MappingOptions, Timestamp};
use crate::convert::steps::{Conflict, Content, EventStep, Object};
use crate::json::extract::Extracted;
use crate::json::path_tree::{NodeId, PathTree};

const ITEM_TIME: &str = "items[].timestamp";

/// A compiled mapping.
#[derive(Debug)]
pub struct Plan {
    pub options: MappingOptions,
    /// The fields of a payload that are read.
    pub tree: PathTree,
    /// The steps of a track event; `None` if it is not wanted. The same goes for the others.
    pub track: Option<Vec<EventStep>>,
    /// The steps of a group event, once its group is loaded.
    pub group: Option<Vec<EventStep>>,
    pub identify: Option<Identify>,
    pub chat: Option<Chat>,
    /// The fields that may say who the user is; the first usable one does.
    pub user_ids: Vec<NodeId>,
    /// The fields of the user's own rows.
    pub extra_fields: Vec<NodeId>,
    /// The nodes that conversion reads besides those of the rows.
    pub nodes: Nodes,
}

#[derive(Debug)]
pub struct Identify {
    pub steps: Vec<EventStep>,
    /// The fields that are its traits.
    pub traits: Vec<NodeId>,
}

#[derive(Debug)]
pub struct Chat {
    /// The steps of each of [`chat_rows::EVENTS`], once its item is loaded.
    pub events: Vec<Vec<EventStep>>,
    pub operators: NodeId,
    pub item_kind: NodeId,
    pub item_body: NodeId,
    pub item_operator: NodeId,
}

/// Nodes that the rules refer to; `group` and `item` stand for one of their arrays' elements.
#[derive(Clone, Copy, Debug)]
pub struct Nodes {
    pub id: NodeId,
    pub kind: NodeId,
    pub event_type: NodeId,
    pub visitor: NodeId,
    pub visitor_id: NodeId,
    pub browser: NodeId,
    pub groups: NodeId,
    pub group: NodeId,
    pub group_id: NodeId,
    pub items: NodeId,
    pub item: NodeId,
    pub item_time: NodeId,
}

impl Plan {
    /// Compiles a mapping.
    ///
    /// # Errors
    /// When an extra row's target is already written by the mapping or by another extra row.
    pub fn new(options: MappingOptions) -> Result<Plan, Conflict> {
        let has_chat = options.events.has(Event::Chat);
        let chat_fields = chat_rows::ROWS.iter().map(|row| row.field()).chain([chat_rows::KIND]);
        let paths = mapping::rows(options.mapping)
            .map(|row| row.source)
            .chain(options.extra_rows.iter().map(|row| row.source.as_str()))
            .chain(options.user_id.0.iter().map(|path| path.0.as_str()))
            .chain(["id", "eventType", ITEM_TIME])
            .chain(chat_fields.filter(|_| has_chat));
        let tree = PathTree::new(paths);
        let nodes = Nodes {
            id: tree.node("id"),
            kind: tree.node("kind"),
            event_type: tree.node("eventType"),
            visitor: tree.node("visitor"),
            visitor_id: tree.node("visitor.id"),
            browser: tree.node("visitor.browser"),
            groups: tree.node("groups"),
            group: tree.node("groups[]"),
            group_id: tree.node("groups[].id"),
            items: tree.node("items"),
            item: tree.node("items[]"),
            item_time: tree.node(ITEM_TIME),
        };
        let steps = |event| {
            let steps = options.events.has(event).then(|| steps(event, &options, &tree));
            steps.transpose()
        };
        let (track, group, identify) = (steps(Event::Track)?, steps(Event::Group)?, steps(Event::Identify)?);
        let identify = identify.map(|steps| Identify { steps, traits: traits(&options, &tree) });
        let chat = has_chat.then(|| Chat::new(&options, &tree)).transpose()?;
        let extra_fields = options.extra_rows.iter().map(|row| tree.node(&row.source)).collect();
        let user_ids = options.user_id.0.iter().map(|path| tree.node(&path.0)).collect();
        Ok(Plan { tree, track, group, identify, chat, extra_fields, user_ids, nodes, options })
    }

    /// The value of a node, if it gets into events.
    pub fn carried<'e>(&self, extracted: &'e Extracted, node: NodeId) -> Option<&'e [u8]> {
        extracted.get(node).filter(|value| self.options.mapping.carries(value))
    }
}

impl Chat {
    fn new(options: &MappingOptions, tree: &PathTree) -> Result<Chat, Conflict> {
        let steps = chat_rows::EVENTS.iter().map(|event| {
            let name = format!("\"{}\"", event.name);
            let mut root = fixed(Event::Chat, options)?;
            root.insert("event", Content::Text(&name))?;
            extend(&mut root, event.rows(), tree)?;
            extend_by_user(&mut root, Event::Chat, options, tree)?;
            Ok(root.steps())
        });
        Ok(Chat {
            events: steps.collect::<Result<_, _>>()?,
            operators: tree.node("operators"),
            item_kind: tree.node(chat_rows::KIND),
            item_body: tree.node("items[].body"),
            item_operator: tree.node("items[].operatorId"),
        })
    }
}

/// The steps of an event that the table of the mapping describes.
fn steps(event: Event, options: &MappingOptions, tree: &PathTree) -> Result<Vec<EventStep>, Conflict> {
    let mut root = fixed(event, options)?;
    extend(&mut root, mapping::rows_of(event, options.mapping), tree)?;
    for target in mapping::TIMES.iter().filter(|_| options.timestamp == Timestamp::LatestItem) {
        root.insert(target, Content::Value(tree.node(ITEM_TIME), Via::Time))?;
    }
    extend_by_user(&mut root, event, options, tree)?;
    Ok(root.steps())
}

/// An event with what every event of its kind has, whatever the payload says.
fn fixed<'t>(event: Event, options: &MappingOptions) -> Result<Object<'t>, Conflict> {
    let mut root = Object::event();
    for &(target, text, events) in mapping::FIXED {
        if events.contains(&event) {
            root.insert(target, Content::Text(text))?;
        }
    }
    for &(path, events, mappings) in mapping::ALWAYS {
        if events.contains(&event) && mappings.contains(&options.mapping) {
            root.keep(path)?;
        }
    }
    root.insert(mapping::RUDDER_ID, Content::RudderId)?;
    root.insert(mapping::MESSAGE_ID, Content::MessageId)?;
    Ok(root)
}

/// Adds rows to an event.
fn extend<E: 'static>(
    root: &mut Object,
    rows: impl Iterator<Item = &'static MappingRow<E>>,
    tree: &PathTree,
) -> Result<(), Conflict> {
    for row in rows {
        root.insert(row.target, Content::Value(tree.node(row.field()), row.via))?;
    }
    Ok(())
}

/// Adds the user's own rows to an event.
fn extend_by_user(
    root: &mut Object,
    event: Event,
    options: &MappingOptions,
    tree: &PathTree,
) -> Result<(), Conflict> {
    for row in options.extra_rows.iter().filter(|row| row.event == event) {
        root.insert(&row.target, Content::Value(tree.node(&row.source), Via::Copy))?;
    }
    Ok(())
}

/// The fields that are an identify event's traits.
fn traits(options: &MappingOptions, tree: &PathTree) -> Vec<NodeId> {
    let rows = mapping::rows_of(Event::Identify, options.mapping).map(|row| (row.source, row.target));
    let extra_rows = options.extra_rows.iter().filter(|row| row.event == Event::Identify);
    let all = rows.chain(extra_rows.map(|row| (row.source.as_str(), row.target.as_str())));
    let is_trait = |target: &str| target.starts_with("context.traits.") || target.starts_with("traits.");
    all.filter(|(_, target)| is_trait(target)).map(|(source, _)| tree.node(source)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convert::mapping::Mapping;

    fn options(rows: &[&str]) -> MappingOptions {
        let extra_rows = rows.iter().map(|row| row.parse().unwrap()).collect();
        MappingOptions { extra_rows, ..MappingOptions::default() }
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
            assert!(Plan::new(options(bad)).is_err(), "{bad:?}");
        }
        assert!(Plan::new(options(&["id=traits.kind", "id=properties.x.y", "kind=properties.x.z"])).is_ok());
        let full = MappingOptions { mapping: Mapping::Full, ..options(&["id=traits.kind"]) };
        assert!(Plan::new(full).is_err());
    }

    #[test]
    fn every_path_of_every_mapping_is_found() {
        for mapping in Mapping::ALL {
            assert!(Plan::new(MappingOptions { mapping, ..MappingOptions::default() }).is_ok());
        }
    }
}
