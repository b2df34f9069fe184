//! The live-chat events of a payload, written while its items are read one by one.

use crate::convert::agents::{Agent, Agents};
use crate::convert::chat_events::{ChatEvent, ChatProgress, Trigger};
use crate::convert::event::{EventDetails, EventRef};
use crate::convert::event_writer::EventWriter;
use crate::convert::mapping::Event;
use crate::convert::plan::{ChatNodes, Plan};
use crate::convert::reason::Reason;
use crate::convert::time;
use crate::convert::warning::Warning;
use crate::json::extract::Extracted;
use crate::json::strings::{self, unescape};
use crate::json::value::Span;

pub fn live_chat(
    nodes: ChatNodes,
    extracted: &mut Extracted,
    agents: &mut Agents,
    writer: &mut EventWriter,
) -> Result<(), Reason> {
    let plan = writer.plan;
    let first_agent = first_agent(plan, nodes, extracted);
    if first_agent.is_some() {
        agents.read(extracted.get(nodes.operators).unwrap_or_default());
    }
    let mut chat = Chat { nodes, agents, first_agent, position: 0 };
    let mut progress = ChatProgress::default();
    let mut times: Option<(i64, i64)> = None;
    let mut elements = extracted.elements(plan.nodes.items);
    while extracted.load_next(&mut elements, &plan.tree, plan.nodes.item) {
        let index = chat.position;
        chat.position += 1;
        let time = extracted.get(plan.nodes.item_time).and_then(time::micros);
        if let Some(time) = time {
            let (earliest, latest) = times.unwrap_or((time, time));
            times = Some((earliest.min(time), latest.max(time)));
        }
        let mut gives_event = false;
        // Empty when it is not a string.
        let kind = unescape(extracted.get(nodes.kind).and_then(strings::inner).unwrap_or_default());
        for event in progress.item(&kind) {
            gives_event = true;
            chat.write(event, time, None, extracted, writer)?;
        }
        if !gives_event {
            writer.converted.warnings.push(Warning::OtherItem { index });
        } else if time.is_none() {
            writer.converted.warnings.push(Warning::ItemWithoutTime { index });
        }
    }
    // The last item is still loaded.
    for event in progress.end() {
        let latest = times.map(|(_, latest)| latest);
        let duration = times.map(|(earliest, latest)| latest - earliest);
        chat.write(event, latest, duration, extracted, writer)?;
    }
    Ok(())
}

fn first_agent(plan: &Plan, nodes: ChatNodes, extracted: &mut Extracted) -> Option<Span> {
    let mut elements = extracted.elements(plan.nodes.items);
    while extracted.load_next(&mut elements, &plan.tree, plan.nodes.item) {
        if plan.carried(extracted, nodes.operator).is_some() {
            return Some(extracted.span(nodes.operator));
        }
    }
    None
}

/// The common part of the live-chat events of one payload.
struct Chat<'a> {
    nodes: ChatNodes,
    agents: &'a Agents,
    first_agent: Option<Span>,
    /// The position of the current item, from 1.
    position: usize,
}

impl Chat<'_> {
    fn write(
        &self,
        event: &ChatEvent,
        time: Option<i64>,
        duration: Option<i64>,
        extracted: &Extracted,
        writer: &mut EventWriter,
    ) -> Result<(), Reason> {
        let Chat { nodes, agents, first_agent, position } = *self;
        let plan = writer.plan;
        let agent = match event.when {
            Trigger::Each => plan.carried(extracted, nodes.operator),
            Trigger::First | Trigger::Last => first_agent.map(|span| extracted.at(span)),
        };
        let operators = extracted.get(nodes.operators).unwrap_or_default();
        let mut agent = agent.map_or(Agent::default(), |id| agents.find(operators, id));
        if event.event == Event::Received {
            let nickname = agent.nickname.filter(|nickname| plan.options.mapping.carries(nickname));
            agent.nickname = nickname.or(extracted.get(nodes.nickname));
        }
        let time = time.and_then(time::rfc3339);
        let details = EventDetails { time: time.as_deref(), agent, duration };
        writer.event(extracted, EventRef { event: event.event, number: position }, details)
    }
}
