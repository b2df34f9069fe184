//! The live-chat events of a payload, written while its items are read one by one.

use std::borrow::Cow;
use std::io::Write;

use uuid::fmt::Hyphenated;

use crate::convert::agents::Agent;
use crate::convert::chat_rows::{ChatProgress, EVENTS, Trigger};
use crate::convert::converted::Converted;
use crate::convert::converter::{Converter, EventContext};
use crate::convert::event::{ChatInput, EventInput, EventRef};
use crate::convert::identity;
use crate::convert::plan::Chat;
use crate::convert::reason::Reason;
use crate::convert::time;
use crate::convert::warning::{Warning, Warnings};
use crate::json::extract::Extracted;
use crate::json::path_tree::NodeId;
use crate::json::strings::{self, unescape};
use crate::json::value::Span;

/// State that the live-chat events of one payload share.
struct Conversation<'a> {
    chat: &'a Chat,
    context: &'a EventContext,
    /// The agent of the first item that has one.
    first_agent: Option<Span>,
    /// The position of the current item.
    position: usize,
    /// The same in decimal.
    decimal: Vec<u8>,
}

/// The times of an event.
#[derive(Clone, Copy, Default)]
struct Times {
    time: Option<i64>,
    duration: Option<i64>,
}

impl Converter<'_> {
    /// Writes the live-chat events.
    pub(super) fn live_chat(
        &mut self,
        chat: &Chat,
        context: &EventContext,
        out: &mut Vec<u8>,
        converted: &mut Converted,
    ) -> Result<(), Reason> {
        let (plan, nodes) = (self.plan, self.plan.nodes);
        let first_agent = self.first_agent(chat.item_operator);
        if first_agent.is_some() {
            self.agents.read(self.extracted.get(chat.operators).unwrap_or_default());
        }
        let mut conversation = Conversation { chat, context, first_agent, position: 0, decimal: Vec::new() };
        let mut progress = ChatProgress::default();
        let mut span: Option<(i64, i64)> = None;
        let mut elements = self.extracted.elements(nodes.items);
        let warnings = &mut converted.warnings;
        while self.extracted.load_next(&mut elements, &plan.tree, nodes.item) {
            conversation.next();
            let time = self.extracted.get(nodes.item_time).and_then(time::micros);
            if let Some(time) = time {
                let (earliest, latest) = span.unwrap_or((time, time));
                span = Some((earliest.min(time), latest.max(time)));
            }
            let before = converted.events.chat;
            let given: [bool; EVENTS.len()] = {
                let kind = kind(&self.extracted, chat.item_kind);
                std::array::from_fn(|index| progress.gives(index, &kind))
            };
            for (index, given) in given.into_iter().enumerate() {
                if given {
                    let times = Times { time, duration: None };
                    self.chat_event(index, &conversation, times, out, warnings)?;
                    converted.events.chat += 1;
                }
            }
            if converted.events.chat == before {
                warnings.push(Warning::OtherItem { index: conversation.position - 1 });
            } else if time.is_none() {
                warnings.push(Warning::ItemWithoutTime { index: conversation.position - 1 });
            }
        }
        // The last item is still loaded.
        for index in (0..EVENTS.len()).filter(|index| progress.ends_with(*index)) {
            let duration = span.map(|(earliest, latest)| latest - earliest);
            let times = Times { time: span.map(|(_, latest)| latest), duration };
            self.chat_event(index, &conversation, times, out, warnings)?;
            converted.events.chat += 1;
        }
        Ok(())
    }

    /// The first agent id among the items.
    fn first_agent(&mut self, item_operator: NodeId) -> Option<Span> {
        let nodes = &self.plan.nodes;
        let mut elements = self.extracted.elements(nodes.items);
        while self.extracted.load_next(&mut elements, &self.plan.tree, nodes.item) {
            if self.is_carried(item_operator) {
                return Some(self.extracted[item_operator]);
            }
        }
        None
    }

    /// Writes one event and its line feed.
    fn chat_event(
        &mut self,
        index: usize,
        conversation: &Conversation,
        times: Times,
        out: &mut Vec<u8>,
        warnings: &mut Warnings,
    ) -> Result<(), Reason> {
        let Conversation { chat, context, first_agent, position, ref decimal } = *conversation;
        let (plan, extracted) = (self.plan, &self.extracted);
        let agent = match EVENTS[index].when {
            Trigger::Each(_) => {
                extracted.get(chat.item_operator).filter(|id| plan.options.mapping.carries(id))
            }
            Trigger::First(_) | Trigger::Last(_) => first_agent.map(|span| extracted.at(span)),
        };
        let operators = extracted.get(chat.operators).unwrap_or_default();
        let agent = agent.map_or(Agent::default(), |id| self.agents.find(operators, id));
        let time = times.time.and_then(time::rfc3339);
        let input = EventInput {
            extracted,
            mapping: plan.options.mapping,
            user_id: context.user_id,
            rudder_id: &context.rudder_id,
            time: time.as_deref(),
            chat: ChatInput { position: decimal, agent, duration: times.duration },
        };
        let start = out.len();
        let message_id_at = input.write(&chat.events[index], out);
        self.check_event(EventRef::Item(position), &out[start..], warnings)?;
        let id = plan.nodes.id;
        let id = extracted.get(if self.is_carried(id) { id } else { plan.nodes.visitor_id });
        let item = [plan.nodes.item_time, chat.item_body].map(|node| extracted.get(node));
        self.hashed.clear();
        identity::live_chat(id.unwrap_or_default(), EVENTS[index].name, decimal, item, &mut self.hashed);
        let message_id = self.message_id(&self.hashed);
        message_id.hyphenated().encode_lower(&mut out[message_id_at..][..Hyphenated::LENGTH]);
        out.push(b'\n');
        context.check_size(out)
    }
}

impl Conversation<'_> {
    fn next(&mut self) {
        self.position += 1;
        self.decimal.clear();
        // Writing to a vector cannot fail.
        let _ = write!(self.decimal, "{}", self.position);
    }
}

/// An item's kind; empty when it is not a string.
fn kind(extracted: &Extracted, node: NodeId) -> Cow<'_, [u8]> {
    unescape(extracted.get(node).and_then(strings::inner).unwrap_or_default())
}
