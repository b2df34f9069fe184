//! The live-chat events of a payload, written while its items are read one by one.

use std::borrow::Cow;

use crate::convert::agents::{Agent, Agents};
use crate::convert::chat_rows::{ChatProgress, EVENTS, Trigger};
use crate::convert::event::{EventDetails, EventRef};
use crate::convert::event_writer::EventWriter;
use crate::convert::identity;
use crate::convert::plan::{Chat, Plan};
use crate::convert::reason::Reason;
use crate::convert::time;
use crate::convert::warning::Warning;
use crate::json::extract::Extracted;
use crate::json::path_tree::NodeId;
use crate::json::strings::{self, unescape};
use crate::json::value::Span;

/// Writes the live-chat events.
pub fn live_chat(
    chat: &Chat,
    extracted: &mut Extracted,
    agents: &mut Agents,
    writer: &mut EventWriter,
) -> Result<(), Reason> {
    let plan = writer.plan;
    let first_agent = first_agent(plan, chat, extracted);
    if first_agent.is_some() {
        agents.read(extracted.get(chat.operators).unwrap_or_default());
    }
    let mut conversation = Conversation { plan, chat, agents, first_agent, position: 0 };
    let mut progress = ChatProgress::default();
    let mut times: Option<(i64, i64)> = None;
    let mut elements = extracted.elements(plan.nodes.items);
    while extracted.load_next(&mut elements, &plan.tree, plan.nodes.item) {
        let index = conversation.position;
        conversation.position += 1;
        let time = extracted.get(plan.nodes.item_time).and_then(time::micros);
        if let Some(time) = time {
            let (earliest, latest) = times.unwrap_or((time, time));
            times = Some((earliest.min(time), latest.max(time)));
        }
        let before = writer.converted.events.chat;
        let kind = kind(extracted, chat.item_kind);
        for event in 0..EVENTS.len() {
            if progress.gives(event, &kind) {
                conversation.event(event, time, None, extracted, writer)?;
            }
        }
        if writer.converted.events.chat == before {
            writer.converted.warnings.push(Warning::OtherItem { index });
        } else if time.is_none() {
            writer.converted.warnings.push(Warning::ItemWithoutTime { index });
        }
    }
    // The last item is still loaded.
    for event in (0..EVENTS.len()).filter(|event| progress.ends_with(*event)) {
        let latest = times.map(|(_, latest)| latest);
        let duration = times.map(|(earliest, latest)| latest - earliest);
        conversation.event(event, latest, duration, extracted, writer)?;
    }
    Ok(())
}

/// The first agent id among the items.
fn first_agent(plan: &Plan, chat: &Chat, extracted: &mut Extracted) -> Option<Span> {
    let mut elements = extracted.elements(plan.nodes.items);
    while extracted.load_next(&mut elements, &plan.tree, plan.nodes.item) {
        if plan.carried(extracted, chat.item_operator).is_some() {
            return Some(extracted.span(chat.item_operator));
        }
    }
    None
}

/// The common part of the live-chat events of one payload.
struct Conversation<'a> {
    plan: &'a Plan,
    chat: &'a Chat,
    agents: &'a Agents,
    /// The agent of the first item that has one.
    first_agent: Option<Span>,
    /// The position of the current item, from 1.
    position: usize,
}

impl Conversation<'_> {
    /// Writes the event with an index in [`EVENTS`].
    fn event(
        &self,
        index: usize,
        time: Option<i64>,
        duration: Option<i64>,
        extracted: &Extracted,
        writer: &mut EventWriter,
    ) -> Result<(), Reason> {
        let Conversation { plan, chat, agents, first_agent, position } = *self;
        let agent = match EVENTS[index].when {
            Trigger::Each(_) => plan.carried(extracted, chat.item_operator),
            Trigger::First(_) | Trigger::Last(_) => first_agent.map(|span| extracted.at(span)),
        };
        let operators = extracted.get(chat.operators).unwrap_or_default();
        let agent = agent.map_or(Agent::default(), |id| agents.find(operators, id));
        let time = time.and_then(time::rfc3339);
        let details = EventDetails { time: time.as_deref(), position, agent, duration };
        writer.event_hashed_by(
            extracted,
            &chat.events[index],
            EventRef::Item(position),
            details,
            |hashed, _| {
                let id = plan.carried(extracted, plan.nodes.id).or(extracted.get(plan.nodes.visitor_id));
                let item = [plan.nodes.item_time, chat.item_body].map(|node| extracted.get(node));
                identity::live_chat(id.unwrap_or_default(), EVENTS[index].name, position, item, hashed);
            },
        )?;
        writer.converted.events.chat += 1;
        writer.check_size()
    }
}

/// An item's kind; empty when it is not a string.
fn kind(extracted: &Extracted, node: NodeId) -> Cow<'_, [u8]> {
    unescape(extracted.get(node).and_then(strings::inner).unwrap_or_default())
}
