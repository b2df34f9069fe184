//! One payload in, its events out, each a line of compact JSON.

use crate::convert::agents::Agents;
use crate::convert::chat::live_chat;
use crate::convert::event::{EventDetails, EventRef};
use crate::convert::event_writer::{Converted, EventWriter};
use crate::convert::mapping::Event;
use crate::convert::options::{Starts, Timestamp};
use crate::convert::plan::Plan;
use crate::convert::reason::{Code, Reason};
use crate::convert::requirements;
use crate::convert::time;
use crate::convert::warning::{Warning, no_id};
use crate::json::error::{Error, ErrorKind};
use crate::json::extract::{self, Extracted};
use crate::json::scan::leading_space;
use crate::json::string_index::IndexedText;

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
    pub plan: &'p Plan,
    /// The values of the last payload; of its groups, only the last one.
    pub extracted: Extracted,
    string_index: Vec<u64>,
    /// A buffer of [`EventWriter`].
    hashed: Vec<u8>,
    /// The length of the last value, including the white space after it.
    pub len: usize,
    agents: Agents,
}

impl<'p> Converter<'p> {
    pub fn new(plan: &'p Plan) -> Self {
        let (extracted, string_index, hashed) = (Extracted::default(), Vec::new(), Vec::new());
        Converter { plan, extracted, string_index, hashed, len: 0, agents: Agents::default() }
    }

    /// Converts a payload, which must be UTF-8: see [`Converter::convert_at`]. Fails when it cannot be converted.
    pub fn convert(&mut self, payload: &[u8], out: &mut Vec<u8>) -> Result<Converted, Reason> {
        let mut buffer = std::mem::take(&mut self.string_index);
        let result = self.convert_at(IndexedText::new(payload, &mut buffer), 0, Trailing::Nothing, out);
        self.string_index = buffer;
        result
    }

    pub fn visitor(&self) -> Option<&[u8]> {
        self.extracted.get(self.plan.nodes.visitor)
    }

    /// The ids of the last value that was read: the conversation's and its visitor's.
    pub fn ids(&self) -> [Option<&[u8]>; 2] {
        [self.plan.nodes.id, self.plan.nodes.visitor_id].map(|node| self.extracted.get(node))
    }

    /// Reads the value at an index of a text as [`Converter::convert_at`] does, but only checks that it is JSON.
    /// Fails when it is not.
    pub fn check_at(&mut self, text: IndexedText, from: usize, trailing: Trailing) -> Result<(), Reason> {
        let invalid = |error| invalid_json(error, from);
        let end = extract::extract(text, from, &self.plan.tree, &mut self.extracted).map_err(invalid)?;
        let end = end + leading_space(&text.text()[end..]);
        let may_be_followed =
            || trailing == Trailing::Objects && matches!(text.text()[from], b'{' | b'[' | b'"');
        match text.text().get(end) {
            None => {}
            Some(b'{') if may_be_followed() => {}
            _ => return Err(invalid(Error { at: end, kind: ErrorKind::TrailingText })),
        }
        self.len = end - from;
        Ok(())
    }

    /// Reads the payload at an index of a text, which must be UTF-8, and appends its events to `out`, each with
    /// a line feed. Indices in a reason count from there. Fails when it cannot be converted; `out` is then unchanged.
    pub fn convert_at(
        &mut self,
        text: IndexedText,
        from: usize,
        trailing: Trailing,
        out: &mut Vec<u8>,
    ) -> Result<Converted, Reason> {
        self.check_at(text, from, trailing)?;
        let Converter { plan, extracted, hashed, agents, .. } = self;
        let user = requirements::check(plan, extracted)?;
        let start = out.len();
        let mut writer = EventWriter::new(plan, self.len, user, hashed, out);
        match events(extracted, agents, &mut writer) {
            Ok(()) => Ok(writer.converted),
            Err(reason) => {
                out.truncate(start);
                Err(reason)
            }
        }
    }
}

fn events(extracted: &mut Extracted, agents: &mut Agents, writer: &mut EventWriter) -> Result<(), Reason> {
    let plan = writer.plan;
    let warnings = &mut writer.converted.warnings;
    if extracted.get(plan.nodes.event_type) == Some(b"\"start\"") {
        if plan.options.starts == Starts::Skip {
            writer.converted.is_skipped_start = true;
            return Ok(());
        }
        warnings.push(Warning::ChatStart);
    }
    let time = latest_time(plan, extracted);
    let [has_conversation, has_groups, has_identify] =
        [Event::Conversation, Event::Group, Event::Identify].map(|event| !plan.steps(event).is_empty());
    let has_undated = has_conversation || has_groups || has_identify;
    if plan.options.timestamp == Timestamp::LatestItem && time.is_none() && has_undated {
        warnings.push(Warning::NoTime);
    }
    let has_kind = extracted.get(plan.nodes.kind).is_some_and(|kind| kind != b"null" && kind != b"\"\"");
    if has_conversation && !has_kind {
        warnings.push(Warning::NoKind);
    }
    let details = EventDetails { time: time.as_deref(), ..EventDetails::default() };
    if has_identify && plan.traits.iter().any(|node| plan.carried(extracted, *node).is_some()) {
        writer.event(extracted, EventRef { event: Event::Identify, number: 0 }, details)?;
    }
    if has_conversation {
        writer.event(extracted, EventRef { event: Event::Conversation, number: 0 }, details)?;
    }
    if has_groups {
        groups(extracted, details, writer)?;
    }
    match plan.chat {
        Some(nodes) => live_chat(nodes, extracted, agents, writer),
        None => Ok(()),
    }
}

/// The time of the latest item that has one, if events are dated by it.
fn latest_time(plan: &Plan, extracted: &mut Extracted) -> Option<String> {
    if plan.options.timestamp == Timestamp::None {
        return None;
    }
    let mut elements = extracted.elements(plan.nodes.items);
    let mut latest = None;
    while extracted.load_next(&mut elements, &plan.tree, plan.nodes.item) {
        latest = latest.max(extracted.get(plan.nodes.item_time).and_then(time::micros));
    }
    time::rfc3339(latest?)
}

fn groups(extracted: &mut Extracted, details: EventDetails, writer: &mut EventWriter) -> Result<(), Reason> {
    let plan = writer.plan;
    let mut elements = extracted.elements(plan.nodes.groups);
    let (mut index, mut number) = (0, 0);
    while extracted.load_next(&mut elements, &plan.tree, plan.nodes.group) {
        let id = extracted.get(plan.nodes.group_id);
        if id.is_none_or(requirements::is_falsy) {
            writer.converted.warnings.push(Warning::GroupWithoutId { index, id: no_id(id) });
        } else {
            number += 1;
            writer.event(extracted, EventRef { event: Event::Group, number }, details)?;
        }
        index += 1;
    }
    Ok(())
}

fn invalid_json(error: Error, from: usize) -> Reason {
    let code = match error.kind {
        ErrorKind::TooDeep => Code::TooDeep,
        _ => Code::InvalidJson,
    };
    Reason::at(code, error.kind.reason(), error.at - from)
}
