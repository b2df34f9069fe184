//! Appends the events of one payload to an output, each with its ids and a line feed.

use strum::VariantArray;
use uuid::Uuid;
use uuid::fmt::Hyphenated;

use crate::convert::chat_events::ChatEvent;
use crate::convert::event::{EventDetails, EventInput, EventRef};
use crate::convert::identity;
use crate::convert::mapping::Event;
use crate::convert::options::MessageId;
use crate::convert::plan::Plan;
use crate::convert::reason::{Code, Reason};
use crate::convert::requirements::{self, User};
use crate::convert::warning::{Warning, Warnings};
use crate::json::extract::Extracted;

/// RudderStack's documented limit for one event, in bytes.
const LARGE_EVENT: usize = 32 * 1024;

/// A payload's events together may have this many times its length, plus this many bytes. Each group event
/// repeats the operators, and each message event the conversation's id, so a malicious payload could otherwise
/// take any amount of memory.
const MAX_TIMES_PAYLOAD: usize = 4;
const MAX_EXTRA_BYTES: usize = 16 << 20;

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Converted {
    /// The payload's length in bytes, including the white space after it.
    pub len: usize,
    pub events: EventCounts,
    /// The index of the field that says who the user is.
    pub user_field: usize,
    /// Whether it has no events because it is a post at the start of a chat.
    pub is_skipped_start: bool,
    pub warnings: Warnings,
}

/// By [`Event`].
pub type EventCounts = [u64; Event::VARIANTS.len()];

pub struct EventWriter<'a> {
    pub plan: &'a Plan,
    user: User,
    /// The bytes that are hashed for a messageId.
    hashed: &'a mut Vec<u8>,
    out: &'a mut Vec<u8>,
    start: usize,
    pub converted: Converted,
}

impl<'a> EventWriter<'a> {
    pub fn new(
        plan: &'a Plan,
        len: usize,
        user: User,
        hashed: &'a mut Vec<u8>,
        out: &'a mut Vec<u8>,
    ) -> EventWriter<'a> {
        let converted = Converted { len, user_field: user.field, ..Converted::default() };
        EventWriter { plan, user, hashed, start: out.len(), out, converted }
    }

    /// Writes an event. Fails when it cannot be sent, or the events get too long.
    pub fn event(
        &mut self,
        extracted: &Extracted,
        which: EventRef,
        details: EventDetails,
    ) -> Result<(), Reason> {
        let EventRef { event, number } = which;
        let options = &self.plan.options;
        let input = EventInput { extracted, mapping: options.mapping, user: &self.user, number, details };
        let start = self.out.len();
        let message_id_at = input.write(self.plan.steps(event), self.out);
        let line = &self.out[start..];
        self.check(extracted, which, line)?;
        if line.len() > LARGE_EVENT {
            self.converted.warnings.push(Warning::LargeEvent { which, bytes: line.len() });
        }
        let message_id = match options.message_id {
            MessageId::Random => Uuid::new_v4(),
            MessageId::Stable => stable_id(self.plan, extracted, which, line, self.hashed),
        };
        message_id.hyphenated().encode_lower(&mut self.out[message_id_at..][..Hyphenated::LENGTH]);
        self.out.push(b'\n');
        self.converted.events[event as usize] += 1;
        // A payload has many of these, and they must not be out of all proportion to it.
        let len = self.out.len() - self.start;
        if number > 0 && len > MAX_TIMES_PAYLOAD * self.converted.len + MAX_EXTRA_BYTES {
            let message = "its events would be larger than 4 times the payload plus 16 MiB";
            return Err(Reason::new(Code::EventTooLarge, message));
        }
        Ok(())
    }

    fn check(&self, extracted: &Extracted, which: EventRef, line: &[u8]) -> Result<(), Reason> {
        let Some(max_event) = self.plan.options.max_batch_event else { return Ok(()) };
        if line.len() > max_event {
            let message = format!("{which} has {} bytes, more than a batch can hold", line.len());
            return Err(Reason::new(Code::EventTooLarge, message));
        }
        requirements::sendable(self.plan, extracted, which.event, line)
    }
}

/// The messageId of an event with a nil one. That of a live-chat event is made only of what does not change when Olark
/// posts the conversation again with more items and more details of the visitor and the operators. The item of the Ended
/// event is the last of all: a chat that goes on ends again, with another duration, and that is not a duplicate.
fn stable_id(plan: &Plan, extracted: &Extracted, which: EventRef, line: &[u8], buffer: &mut Vec<u8>) -> Uuid {
    let value = |node| extracted.get(node).unwrap_or_default();
    let id = value(plan.nodes.id);
    let mut digits = itoa::Buffer::new();
    let number = digits.format(which.number).as_bytes();
    match (which.event, plan.chat, ChatEvent::of(which.event)) {
        (Event::Identify, ..) => identity::message_id(&[id, b"identify", line], buffer),
        (_, Some(chat), Some(ChatEvent { name, .. })) => {
            let id = plan.carried(extracted, plan.nodes.id).unwrap_or(value(plan.nodes.visitor_id));
            let (time, body) = (value(plan.nodes.item_time), value(chat.body));
            identity::message_id(&[id, name.as_bytes(), number, time, body], buffer)
        }
        _ => identity::message_id(&[id, number, line], buffer),
    }
}
