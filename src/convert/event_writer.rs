//! Appends the events of one payload to an output, each with its ids and a line feed.

use uuid::Uuid;
use uuid::fmt::Hyphenated;

use crate::convert::converted::Converted;
use crate::convert::event::{EventDetails, EventInput, EventRef};
use crate::convert::identity;
use crate::convert::options::{MessageId, Use};
use crate::convert::plan::Plan;
use crate::convert::reason::{Code, Reason};
use crate::convert::requirements::{self, User};
use crate::convert::steps::EventStep;
use crate::convert::warning::Warning;
use crate::json::extract::Extracted;
use crate::json::path_tree::NodeId;

/// RudderStack's documented limit for one event, in bytes.
const LARGE_EVENT: usize = 32 * 1024;

/// A payload's events together may have this many times its length, plus this many bytes. Each group event
/// repeats the operators, and each message event the conversation's id, so a malicious payload could otherwise
/// take any amount of memory.
const MAX_TIMES_PAYLOAD: usize = 4;
const MAX_EXTRA_BYTES: usize = 16 << 20;

/// Writes the events of one payload.
pub struct EventWriter<'a> {
    pub plan: &'a Plan,
    user_id: NodeId,
    rudder_id: [u8; Hyphenated::LENGTH],
    /// A buffer for the bytes that are hashed for a messageId.
    hashed: &'a mut Vec<u8>,
    out: &'a mut Vec<u8>,
    /// The index of the first event in `out`.
    start: usize,
    pub converted: Converted,
}

impl<'a> EventWriter<'a> {
    /// A writer for a payload of this length and user.
    pub fn new(
        plan: &'a Plan,
        len: usize,
        user: User,
        hashed: &'a mut Vec<u8>,
        out: &'a mut Vec<u8>,
    ) -> EventWriter<'a> {
        let user_id = plan.user_ids[user.field];
        let mut rudder_id = [0; Hyphenated::LENGTH];
        user.rudder_id.hyphenated().encode_lower(&mut rudder_id);
        let start = out.len();
        let converted = Converted { len, user_field: user.field, ..Converted::default() };
        EventWriter { plan, user_id, rudder_id, hashed, out, start, converted }
    }

    /// Writes an event whose messageId depends on all that is in it.
    ///
    /// # Errors
    /// When it cannot be sent.
    pub fn event(
        &mut self,
        extracted: &Extracted,
        steps: &[EventStep],
        event: EventRef,
        details: EventDetails,
    ) -> Result<(), Reason> {
        let conversation = extracted.get(self.plan.nodes.id);
        self.event_hashed_by(extracted, steps, event, details, |hashed, line| {
            identity::before_event(conversation, event, hashed);
            hashed.extend_from_slice(line);
        })
    }

    /// Writes an event. `hash` appends to a buffer what the messageId is made of, given the event with a nil one.
    ///
    /// # Errors
    /// When it cannot be sent.
    pub fn event_hashed_by(
        &mut self,
        extracted: &Extracted,
        steps: &[EventStep],
        event: EventRef,
        details: EventDetails,
        hash: impl FnOnce(&mut Vec<u8>, &[u8]),
    ) -> Result<(), Reason> {
        let (mapping, rudder_id) = (self.plan.options.mapping, &self.rudder_id);
        let input = EventInput { extracted, mapping, user_id: self.user_id, rudder_id, details };
        let start = self.out.len();
        let message_id_at = input.write(steps, self.out);
        let line = &self.out[start..];
        self.check(extracted, event, line)?;
        if line.len() > LARGE_EVENT {
            self.converted.warnings.push(Warning::LargeEvent { which: event, bytes: line.len() });
        }
        let message_id = match self.plan.options.message_id {
            MessageId::Random => Uuid::new_v4(),
            MessageId::Stable => {
                self.hashed.clear();
                hash(self.hashed, line);
                identity::message_id(self.hashed)
            }
        };
        message_id.hyphenated().encode_lower(&mut self.out[message_id_at..][..Hyphenated::LENGTH]);
        self.out.push(b'\n');
        Ok(())
    }

    /// Checks that an event suits its use.
    fn check(&self, extracted: &Extracted, event: EventRef, line: &[u8]) -> Result<(), Reason> {
        let Use::Batch { max_event } = self.plan.options.events_for else { return Ok(()) };
        if line.len() > max_event {
            let message = format!("{event} has {} bytes, more than a batch can hold", line.len());
            return Err(Reason::new(Code::EventTooLarge, message));
        }
        requirements::sendable(self.plan, extracted, event, line)
    }

    /// Checks that the events so far are not out of all proportion to their payload.
    ///
    /// # Errors
    /// When they are.
    pub fn check_size(&self) -> Result<(), Reason> {
        if self.out.len() - self.start > MAX_TIMES_PAYLOAD * self.converted.len + MAX_EXTRA_BYTES {
            let message = "its events would be larger than 4 times the payload plus 16 MiB";
            return Err(Reason::new(Code::EventTooLarge, message));
        }
        Ok(())
    }
}
