//! One payload in, its events out, each a line of compact JSON.

use uuid::Uuid;
use uuid::fmt::Hyphenated;

use crate::convert::draft::Draft;
use crate::convert::event::{Material, Quoted};
use crate::convert::identity;
use crate::convert::mapping::Mapping;
use crate::convert::plan::{Plan, Step};
use crate::convert::reason::{Code, Reason, Warning};
use crate::convert::time;
use crate::json::error::{Error, ErrorKind};
use crate::json::extract;
use crate::json::extracted::Extracted;
use crate::json::path_tree::PAYLOAD;
use crate::json::string_index::IndexedText;

/// The size of one event that RudderStack documents as its limit, in bytes.
pub const LARGE_EVENT: usize = 32 * 1024;

/// How many times as long as its payload all of its events may be, and by how many bytes more. Each group's
/// event repeats the operators, so that a payload made for it could ask for any amount of memory.
const MOST_EVENTS: (usize, usize) = (64, 1 << 20);

/// What became of one payload that could be converted.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Converted {
    /// The index in the text behind the payload and the white space that follows it.
    pub end: usize,
    /// How many group events followed the track event.
    pub groups: usize,
    /// What was odd.
    pub warnings: Vec<Warning>,
}

/// Converts payloads by one plan; keeps its buffers from one to the next.
#[derive(Debug)]
pub struct Converter<'p> {
    plan: &'p Plan,
    fields: Extracted,
    compact: bool,
    stops: Vec<u64>,
    draft: Draft,
}

/// What the events of one payload share.
struct Shared {
    rudder_id: Quoted,
    time: Option<String>,
}

impl<'p> Converter<'p> {
    /// A converter by this plan.
    pub fn new(plan: &'p Plan) -> Self {
        Converter {
            plan,
            fields: Extracted::default(),
            compact: false,
            stops: Vec::new(),
            draft: Draft::default(),
        }
    }

    /// The same, whose [`Converter::fields`] hold the whole payload's compact text.
    pub fn compact(self) -> Self {
        Converter { compact: true, ..self }
    }

    /// What the last payload's scan found; the text of its values for `--explain`.
    pub fn fields(&self) -> &Extracted {
        &self.fields
    }

    /// Reads the JSON object that a text, which must be UTF-8, begins with, and appends its events to
    /// `out`, each with a line feed. Nothing may follow the object but, where `several` may stand
    /// there, another.
    ///
    /// # Errors
    /// When the payload cannot be converted; `out` is then as it was.
    pub fn convert(&mut self, text: &[u8], several: bool, out: &mut Vec<u8>) -> Result<Converted, Reason> {
        let mut stops = std::mem::take(&mut self.stops);
        let result = self.convert_at(IndexedText::new(text, &mut stops), 0, several, out);
        self.stops = stops;
        result
    }

    /// The same for the object that begins at an index of a text that was looked through already. Result
    /// and refusal speak of indices into what begins there.
    ///
    /// # Errors
    /// When the payload cannot be converted.
    pub fn convert_at(
        &mut self,
        marked: IndexedText,
        from: usize,
        several: bool,
        out: &mut Vec<u8>,
    ) -> Result<Converted, Reason> {
        let text = &marked.text()[from..];
        let scanned = extract::extract(marked, from, &self.plan.shape, self.compact, &mut self.fields);
        let end = scanned.map_err(|broken| refusal(Error { at: broken.at - from, ..broken }))? - from;
        let end = end + text[end..].iter().take_while(|b| b" \t\r\n".contains(b)).count();
        if text.get(end).is_some_and(|next| !several || *next != b'{') {
            let reason = "expected nothing more behind the value".into();
            return Err(Reason { code: Code::InvalidJson, reason, at: Some(end) });
        }
        let shared = Shared { rudder_id: Quoted::new(self.check()?), time: self.time() };
        let start = out.len();
        let mut done = Converted { end, ..Converted::default() };
        let result = self.events(&shared, out, &mut done);
        if result.is_err() {
            out.truncate(start);
        }
        result.map(|()| done)
    }

    /// The rudderId, if all holds that must hold for a payload to be converted at all.
    fn check(&self) -> Result<Uuid, Reason> {
        let nodes = &self.plan.nodes;
        let live = self.plan.choices.mapping == Mapping::Live;
        let get = |node| self.fields.get(node);
        let wrong = |path: &str, value: &[u8], wanted: &str| {
            Reason::new(Code::WrongType, format!("{path} is {}, not {wanted}", kind(value)))
        };
        let payload = get(PAYLOAD).unwrap_or_default();
        if payload.first() != Some(&b'{') {
            return Err(Reason::new(
                Code::NotAnObject,
                format!("expected an object, found {}", kind(payload)),
            ));
        }
        if let Some(visitor) = get(nodes.visitor).filter(|visitor| visitor[0] != b'{') {
            return Err(wrong("visitor", visitor, "an object"));
        }
        let missing = |what: &str| Reason::new(Code::MissingVisitorId, format!("visitor.id {what}"));
        let rudder_id = match get(nodes.visitor_id) {
            None | Some(b"null") => return Err(missing("is missing")),
            Some(id @ [b'"' | b'-' | b'0'..=b'9', ..]) => {
                identity::rudder_id(id).ok_or_else(|| missing("is blank"))?
            }
            Some(id) => return Err(missing(&format!("is {}, not a string or number", kind(id)))),
        };
        match get(nodes.browser) {
            None | Some([b'"', ..] | b"null") => {}
            Some(nothing) if live && is_falsy(nothing) => {}
            Some(browser) => return Err(wrong("visitor.browser", browser, "a string")),
        }
        match get(nodes.groups) {
            None | Some(b"null") => {}
            Some([b'[', ..]) => {
                for (index, group) in
                    self.fields.column(nodes.each_group, nodes.each_group.element).enumerate()
                {
                    match group {
                        Some([b'{', ..]) => {}
                        // JavaScript looks for an id on these, finds none and goes on.
                        Some([b'"' | b'-' | b'0'..=b'9' | b't' | b'f', ..]) if live => {}
                        other => {
                            return Err(wrong(
                                &format!("groups[{index}]"),
                                other.unwrap_or_default(),
                                "an object",
                            ));
                        }
                    }
                }
            }
            Some(nothing) if live && is_falsy(nothing) => {}
            Some(groups) => return Err(wrong("groups", groups, "an array")),
        }
        Ok(rudder_id)
    }

    /// The time of the latest item that has one.
    fn time(&self) -> Option<String> {
        let (list, node) = self.plan.nodes.times?;
        let latest = self.fields.column(list, node).flatten().filter_map(time::micros).max()?;
        time::rfc3339(latest)
    }

    fn events(&mut self, shared: &Shared, out: &mut Vec<u8>, done: &mut Converted) -> Result<(), Reason> {
        if self.plan.choices.timestamp && shared.time.is_none() {
            done.warnings.push(Warning::NoTime);
        }
        let start = out.len();
        self.event(&self.plan.track, 0, shared, out, done)?;
        let nodes = self.plan.nodes;
        if !matches!(self.fields.get(nodes.groups), Some([b'[', ..])) {
            return Ok(());
        }
        for index in 0..self.fields.rows(nodes.each_group) {
            self.fields.load(nodes.each_group, index);
            if self.fields.get(nodes.group_id).is_none_or(is_falsy) {
                done.warnings.push(Warning::GroupWithoutId(index));
                continue;
            }
            done.groups += 1;
            self.event(&self.plan.group, done.groups, shared, out, done)?;
            if out.len() - start > MOST_EVENTS.0 * done.end + MOST_EVENTS.1 {
                let reason = "its groups' events would be more than 64 times as long as it is";
                return Err(Reason::new(Code::EventTooLarge, reason));
            }
        }
        Ok(())
    }

    /// Writes one event and its line feed.
    fn event(
        &mut self,
        steps: &[Step],
        number: usize,
        shared: &Shared,
        out: &mut Vec<u8>,
        done: &mut Converted,
    ) -> Result<(), Reason> {
        self.draft.clear();
        identity::before_event(self.fields.open(self.plan.nodes.id), number, &mut self.draft);
        let start = self.draft.len();
        let material = Material {
            fields: &self.fields,
            mapping: self.plan.choices.mapping,
            rudder_id: &shared.rudder_id,
            time: shared.time.as_deref(),
        };
        let id_at = material.write(steps, &mut self.draft);
        let text = self.draft.text();
        let len = text.len() - start;
        if self.plan.choices.max_event.is_some_and(|max| len > max) {
            let reason = format!("event {number} has {len} bytes, more than a batch can hold");
            return Err(Reason::new(Code::EventTooLarge, reason));
        }
        if len > LARGE_EVENT {
            done.warnings.push(Warning::LargeEvent(number, len));
        }
        let id = match self.plan.choices.fresh_id {
            Some(fresh) => fresh(),
            None => identity::message_id(text),
        };
        id.hyphenated().encode_lower(&mut text[id_at..id_at + Hyphenated::LENGTH]);
        out.extend_from_slice(&text[start..]);
        out.push(b'\n');
        Ok(())
    }
}

/// What JavaScript takes for false: `null`, `false`, `""` and every way to write zero.
fn is_falsy(value: &[u8]) -> bool {
    match value {
        b"null" | b"false" | b"\"\"" => true,
        [b'-' | b'0'..=b'9', ..] => std::str::from_utf8(value)
            .is_ok_and(|number| number.parse::<f64>().is_ok_and(|number| number == 0.0)),
        _ => false,
    }
}

/// What a JSON value is called.
pub fn kind(value: &[u8]) -> &'static str {
    match value.first() {
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        Some(_) => "a number",
        None => "nothing",
    }
}

fn refusal(broken: Error) -> Reason {
    let code = match broken.kind {
        ErrorKind::TooDeep => Code::TooDeep,
        _ => Code::InvalidJson,
    };
    Reason { code, reason: broken.kind.reason(), at: Some(broken.at) }
}
