//! One payload in, its events out, each a line of compact JSON.

use uuid::Uuid;
use uuid::fmt::Hyphenated;

use crate::convert::agents::Agents;
use crate::convert::converted::Converted;
use crate::convert::event::{ChatInput, EventInput, EventRef};
use crate::convert::identity;
use crate::convert::options::{MessageId, Starts, Timestamp, Use};
use crate::convert::plan::Plan;
use crate::convert::reason::{Code, Reason};
use crate::convert::requirements::{self, User};
use crate::convert::steps::EventStep;
use crate::convert::time;
use crate::convert::warning::{NoId, Warning, Warnings};
use crate::json::error::{Error, ErrorKind};
use crate::json::extract;
use crate::json::extract::Extracted;
use crate::json::path_tree::NodeId;
use crate::json::scan;
use crate::json::string_index::IndexedText;

/// RudderStack's documented limit for one event, in bytes.
const LARGE_EVENT: usize = 32 * 1024;

/// A payload's events together may have this many times its length, plus this many bytes. Each group event
/// repeats the operators, and each message event the conversation's id, so a malicious payload could otherwise
/// take any amount of memory.
const MAX_TIMES_PAYLOAD: usize = 4;
const MAX_EXTRA_BYTES: usize = 16 << 20;

/// The text that may follow a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trailing {
    /// White space only.
    Nothing,
    /// Another object.
    Objects,
}

/// Converts payloads by one plan, reusing its buffers.
#[derive(Debug)]
pub struct Converter<'p> {
    pub(super) plan: &'p Plan,
    pub(super) extracted: Extracted,
    string_index: Vec<u64>,
    /// The bytes that are hashed for the messageId.
    pub(super) hashed: Vec<u8>,
    /// The length of the last value, including the white space after it.
    len: usize,
    pub(super) agents: Agents,
}

/// State that the events of one payload share.
pub(super) struct EventContext {
    pub user_id: NodeId,
    pub rudder_id: [u8; Hyphenated::LENGTH],
    /// The conversation's time, for events that have no time of their own.
    pub time: Option<String>,
    /// The payload's length, and the start of its events in the output.
    payload: usize,
    start: usize,
}

impl EventContext {
    /// Checks that the events so far are not out of proportion to their payload.
    pub fn check_size(&self, out: &[u8]) -> Result<(), Reason> {
        if out.len() - self.start > MAX_TIMES_PAYLOAD * self.payload + MAX_EXTRA_BYTES {
            let message = "its events would be more than 16 MiB longer than 4 times the payload";
            return Err(Reason::new(Code::EventTooLarge, message));
        }
        Ok(())
    }
}

impl<'p> Converter<'p> {
    /// A converter by this plan.
    pub fn new(plan: &'p Plan) -> Self {
        let (extracted, string_index, hashed) = (Extracted::default(), Vec::new(), Vec::new());
        Converter { plan, extracted, string_index, hashed, len: 0, agents: Agents::default() }
    }

    /// The values of the last payload; of its groups, only the last one.
    pub fn extracted(&self) -> &Extracted {
        &self.extracted
    }

    /// The length of the last valid JSON value, including the white space after it.
    pub fn last_len(&self) -> usize {
        self.len
    }

    /// Converts a payload, which must be UTF-8: see [`Converter::convert_at`].
    ///
    /// # Errors
    /// When it cannot be converted.
    pub fn convert(&mut self, payload: &[u8], out: &mut Vec<u8>) -> Result<Converted, Reason> {
        let mut buffer = std::mem::take(&mut self.string_index);
        let result = self.convert_at(IndexedText::new(payload, &mut buffer), 0, Trailing::Nothing, out);
        self.string_index = buffer;
        result
    }

    /// The ids of the conversation and the visitor that were read last.
    pub fn ids(&self) -> [Option<&[u8]>; 2] {
        [self.plan.nodes.id, self.plan.nodes.visitor_id].map(|node| self.extracted.get(node))
    }

    /// The visitor of the last value that was read, if it has one.
    pub fn visitor(&self) -> Option<&[u8]> {
        self.extracted.get(self.plan.nodes.visitor)
    }

    /// Reads the value at an index of a text as [`Converter::convert_at`] does, but only checks that it is JSON.
    ///
    /// # Errors
    /// When it is not.
    pub fn check_at(&mut self, text: IndexedText, from: usize, trailing: Trailing) -> Result<(), Reason> {
        self.len = self.read(text, from, trailing).map_err(|error| invalid_json(error, from))? - from;
        Ok(())
    }

    /// Reads the payload at an index of a text, which must be UTF-8, and appends its events to `out`, each with
    /// a line feed. Indices in a reason count from there.
    ///
    /// # Errors
    /// When it cannot be converted; `out` is then unchanged.
    pub fn convert_at(
        &mut self,
        text: IndexedText,
        from: usize,
        trailing: Trailing,
        out: &mut Vec<u8>,
    ) -> Result<Converted, Reason> {
        self.check_at(text, from, trailing)?;
        let len = self.len;
        let User { field, rudder_id: uuid } = requirements::user(self.plan, &self.extracted)?;
        let mut rudder_id = [0; Hyphenated::LENGTH];
        uuid.hyphenated().encode_lower(&mut rudder_id);
        let (user_id, start) = (self.plan.user_ids[field], out.len());
        let context = EventContext { user_id, rudder_id, time: self.latest_time(), payload: len, start };
        let mut converted = Converted { len, user_field: field, ..Converted::default() };
        let result = self.events(&context, out, &mut converted);
        if result.is_err() {
            out.truncate(start);
        }
        result.map(|()| converted)
    }

    /// The index after the payload and the white space that follows it.
    fn read(&mut self, text: IndexedText, from: usize, trailing: Trailing) -> Result<usize, Error> {
        let end = extract::extract(text, from, &self.plan.tree, &mut self.extracted)?;
        let end = end + scan::leading_space(&text.text()[end..]);
        let may_be_followed =
            || trailing == Trailing::Objects && matches!(text.text()[from], b'{' | b'[' | b'"');
        match text.text().get(end) {
            None => Ok(end),
            Some(b'{') if may_be_followed() => Ok(end),
            _ => Err(Error { at: end, kind: ErrorKind::TrailingText }),
        }
    }

    /// The time of the latest item that has one, if events are dated by it.
    fn latest_time(&mut self) -> Option<String> {
        if self.plan.options.timestamp == Timestamp::None {
            return None;
        }
        let nodes = &self.plan.nodes;
        let mut elements = self.extracted.elements(nodes.items);
        let mut latest = None;
        while self.extracted.load_next(&mut elements, &self.plan.tree, nodes.item) {
            latest = latest.max(self.extracted.get(nodes.item_time).and_then(time::micros));
        }
        time::rfc3339(latest?)
    }

    fn events(
        &mut self,
        context: &EventContext,
        out: &mut Vec<u8>,
        converted: &mut Converted,
    ) -> Result<(), Reason> {
        let plan = self.plan;
        if self.extracted.get(plan.nodes.event_type) == Some(b"\"start\"") {
            if plan.options.starts == Starts::Skip {
                converted.is_skipped_start = true;
                return Ok(());
            }
            converted.warnings.push(Warning::ChatStart);
        }
        let has_undated = plan.track.is_some() || plan.group.is_some() || plan.identify.is_some();
        if plan.options.timestamp == Timestamp::LatestItem && context.time.is_none() && has_undated {
            converted.warnings.push(Warning::NoTime);
        }
        let has_kind =
            self.extracted.get(plan.nodes.kind).is_some_and(|kind| kind != b"null" && kind != b"\"\"");
        if plan.track.is_some() && !has_kind {
            converted.warnings.push(Warning::NoKind);
        }
        if let Some(identify) = &plan.identify
            && identify.traits.iter().any(|node| self.is_carried(*node))
        {
            converted.events.identify = 1;
            self.event(&identify.steps, EventRef::Identify, context, out, &mut converted.warnings)?;
        }
        if let Some(steps) = &plan.track {
            converted.events.conversation = 1;
            self.event(steps, EventRef::Conversation, context, out, &mut converted.warnings)?;
        }
        if let Some(steps) = &plan.group {
            self.groups(steps, context, out, converted)?;
        }
        match &plan.chat {
            Some(chat) => self.live_chat(chat, context, out, converted),
            None => Ok(()),
        }
    }

    pub(super) fn is_carried(&self, node: NodeId) -> bool {
        self.extracted.get(node).is_some_and(|value| self.plan.options.mapping.carries(value))
    }

    fn groups(
        &mut self,
        steps: &[EventStep],
        context: &EventContext,
        out: &mut Vec<u8>,
        converted: &mut Converted,
    ) -> Result<(), Reason> {
        let plan = self.plan;
        let mut elements = self.extracted.elements(plan.nodes.groups);
        let mut index = 0;
        while self.extracted.load_next(&mut elements, &plan.tree, plan.nodes.group) {
            let id = self.extracted.get(plan.nodes.group_id);
            if id.is_none_or(requirements::is_falsy) {
                converted.warnings.push(Warning::GroupWithoutId { index, id: NoId::of(id) });
            } else {
                converted.events.group += 1;
                let which = EventRef::Group(converted.events.group);
                self.event(steps, which, context, out, &mut converted.warnings)?;
                context.check_size(out)?;
            }
            index += 1;
        }
        Ok(())
    }

    /// Writes one event and its line feed.
    fn event(
        &mut self,
        steps: &[EventStep],
        which: EventRef,
        context: &EventContext,
        out: &mut Vec<u8>,
        warnings: &mut Warnings,
    ) -> Result<(), Reason> {
        self.hashed.clear();
        identity::before_event(self.extracted.get(self.plan.nodes.id), which, &mut self.hashed);
        let start = self.hashed.len();
        let input = EventInput {
            extracted: &self.extracted,
            mapping: self.plan.options.mapping,
            user_id: context.user_id,
            rudder_id: &context.rudder_id,
            time: context.time.as_deref(),
            chat: ChatInput::default(),
        };
        let message_id_at = input.write(steps, &mut self.hashed);
        self.check_event(which, &self.hashed[start..], warnings)?;
        let message_id = self.message_id(&self.hashed);
        message_id.hyphenated().encode_lower(&mut self.hashed[message_id_at..][..Hyphenated::LENGTH]);
        out.extend_from_slice(&self.hashed[start..]);
        out.push(b'\n');
        Ok(())
    }

    /// Checks an event's size, and whether it suits its use.
    #[inline]
    pub(super) fn check_event(
        &self,
        which: EventRef,
        event: &[u8],
        warnings: &mut Warnings,
    ) -> Result<(), Reason> {
        let bytes = event.len();
        if let Use::Batch { max_event } = self.plan.options.events_for {
            if bytes > max_event {
                let message = format!("{which} has {bytes} bytes, more than a batch can hold");
                return Err(Reason::new(Code::EventTooLarge, message));
            }
            requirements::sendable(self.plan, &self.extracted, which, event)?;
        }
        if bytes > LARGE_EVENT {
            warnings.push(Warning::LargeEvent { which, bytes });
        }
        Ok(())
    }

    /// The messageId of an event, given the bytes to hash.
    #[inline]
    pub(super) fn message_id(&self, hashed: &[u8]) -> Uuid {
        match self.plan.options.message_id {
            MessageId::Random => Uuid::new_v4(),
            MessageId::Stable => identity::message_id(hashed),
        }
    }
}

fn invalid_json(error: Error, from: usize) -> Reason {
    let code = match error.kind {
        ErrorKind::TooDeep => Code::TooDeep,
        _ => Code::InvalidJson,
    };
    Reason::at(code, error.kind.reason(), error.at - from)
}
