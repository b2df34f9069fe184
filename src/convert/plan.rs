//! The rows of one mapping, compiled: the values of a payload to find, and the steps that write an event.

use strum::VariantArray;

use crate::convert::chat_events::{self, ChatEvent};
use crate::convert::mapping::{ALWAYS, CHAT_ROWS, Event, FIXED, ITEM_TIME, MESSAGE_ID, RUDDER_ID, Via, rows};
use crate::convert::options::MappingOptions;
use crate::convert::steps::{Content, EventStep, Object};
use crate::json::extract::Extracted;
use crate::json::path_tree::{NodeId, PathTree, ROOT};

#[derive(Debug)]
pub struct Plan {
    pub options: MappingOptions,
    pub tree: PathTree,
    /// The steps of each event, by its index; none if it is not wanted.
    steps: Vec<Vec<EventStep>>,
    pub traits: Vec<NodeId>,
    /// The fields that may say who the user is; the first usable one does.
    pub user_ids: Vec<NodeId>,
    /// The fields of the user's own rows.
    pub extra_fields: Vec<NodeId>,
    /// The nodes that conversion reads besides those of the rows.
    pub nodes: Nodes,
    /// Those that only live-chat events need.
    pub chat: Option<ChatNodes>,
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

#[derive(Clone, Copy, Debug)]
pub struct ChatNodes {
    pub operators: NodeId,
    pub kind: NodeId,
    pub body: NodeId,
    pub operator: NodeId,
    pub nickname: NodeId,
}

impl Plan {
    /// Compiles a mapping. Fails when an extra row's target is already written by the mapping or by another extra row.
    pub fn new(options: MappingOptions) -> Result<Plan, String> {
        let has_chat = options.events.iter().any(|event| ChatEvent::of(*event).is_some());
        let chat_paths = CHAT_ROWS.iter().map(|row| &*row.source).chain([chat_events::KIND, ITEM_NICKNAME]);
        let paths = rows(options.mapping)
            .map(|row| &*row.source)
            .chain(options.extra_rows.iter().map(|row| &*row.source))
            .chain(options.user_ids.iter().map(String::as_str))
            .chain(["id", "eventType", ITEM_TIME])
            .chain(chat_paths.filter(|_| has_chat));
        let tree = PathTree::new(paths);
        let steps = Event::VARIANTS.iter().map(|event| {
            let is_wanted = options.events.contains(event);
            if is_wanted { steps(*event, &options, &tree) } else { Ok(Vec::new()) }
        });
        let is_trait = |target: &str| target.starts_with("context.traits.") || target.starts_with("traits.");
        let traits = options.rows(Event::Identify).filter(|row| is_trait(&row.target));
        Ok(Plan {
            steps: steps.collect::<Result<_, _>>()?,
            traits: traits.map(|row| tree.node(&row.source)).collect(),
            user_ids: options.user_ids.iter().map(|path| tree.node(path)).collect(),
            extra_fields: options.extra_rows.iter().map(|row| tree.node(&row.source)).collect(),
            nodes: Nodes::of(&tree),
            chat: has_chat.then(|| ChatNodes::of(&tree)),
            tree,
            options,
        })
    }

    /// The steps of an event, once its group or item is loaded.
    pub fn steps(&self, event: Event) -> &[EventStep] {
        &self.steps[event as usize]
    }

    /// The value of a node, if the mapping copies it into events.
    pub fn carried<'e>(&self, extracted: &'e Extracted, node: NodeId) -> Option<&'e [u8]> {
        extracted.get(node).filter(|value| self.options.mapping.carries(value))
    }
}

impl Nodes {
    fn of(tree: &PathTree) -> Nodes {
        Nodes {
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
        }
    }
}

const ITEM_NICKNAME: &str = "items[].nickname";

impl ChatNodes {
    fn of(tree: &PathTree) -> ChatNodes {
        ChatNodes {
            operators: tree.node("operators"),
            kind: tree.node(chat_events::KIND),
            body: tree.node("items[].body"),
            operator: tree.node("items[].operatorId"),
            nickname: tree.node(ITEM_NICKNAME),
        }
    }
}

fn steps(event: Event, options: &MappingOptions, tree: &PathTree) -> Result<Vec<EventStep>, String> {
    let mut root = Object::kept();
    let text = |text: &str| Content::Text(format!("\"{text}\""));
    root.insert("type", text(event.type_name()))?;
    if let Some(chat) = ChatEvent::of(event) {
        root.insert("event", text(chat.name))?;
    }
    for (target, text) in FIXED {
        root.insert(target, Content::Text(text.into()))?;
    }
    for (path, events, mappings) in ALWAYS {
        if events.contains(&event) && mappings.contains(&options.mapping) {
            root.insert(path, Content::Object(Object::kept()))?;
        }
    }
    root.insert(RUDDER_ID, Content::Value(ROOT, Via::RudderId))?;
    root.insert(MESSAGE_ID, Content::MessageId)?;
    for row in options.rows(event) {
        root.insert(&row.target, Content::Value(tree.node(&row.source), row.via))?;
    }
    let mut steps = Vec::new();
    root.write("{", &mut steps);
    Ok(steps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::convert::mapping::Mapping;
    use crate::convert::options::Timestamp;

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
    fn the_rows_of_every_mapping_are_compatible() {
        for mapping in Mapping::VARIANTS {
            let events = Event::VARIANTS.to_vec();
            let timestamp = Timestamp::LatestItem;
            let options =
                MappingOptions { mapping: *mapping, events, timestamp, ..MappingOptions::default() };
            assert!(Plan::new(options).is_ok(), "{mapping}");
        }
    }
}
