//! Converts one block: records in, events and messages out.

use std::cmp::Ordering;
use std::ops::Range;

use crate::convert::converted::Converted;
use crate::convert::converter::{Converter, Trailing};
use crate::convert::plan::Plan;
use crate::convert::reason::{Code, Reason};
use crate::json::boundary::{Boundary, BoundarySearch, LikeLines};
use crate::json::scan::{leading_space_on_line, trim_end};
use crate::json::string_index::IndexedText;
use crate::options::OnReject;
use crate::payloads::after_record;
use crate::payloads::decoded::is_json;
use crate::payloads::form;
use crate::payloads::log_line::{self, Missing};
use crate::records::block::Block;
use crate::records::record::{Completeness, Kind};
use crate::report::hint::Body;
use crate::run::block_output::BlockOutput;
use crate::run::outcome::AsRead;
use crate::run::recorder::{PayloadText, Recorder, WritePart};
use crate::run::worker_settings::WorkerSettings;

/// Converts blocks, reusing its buffers.
pub struct Worker<'p> {
    pub(super) plan: &'p Plan,
    pub(super) converter: Converter<'p>,
    /// What a form body holds, decoded.
    form: Vec<u8>,
    string_index: Vec<u64>,
    pub(super) settings: WorkerSettings,
    /// Where a payload was found, without indices; for counting.
    pub(super) path: String,
}

/// A block's text as it is read.
#[derive(Clone, Copy)]
pub(super) struct BlockText<'t> {
    pub(super) indexed: IndexedText<'t>,
    /// Whether all of it is UTF-8; if not, each record is checked by itself.
    pub(super) utf8: Utf8,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Utf8 {
    Valid,
    Unknown,
}

impl<'p> Worker<'p> {
    /// A worker by this plan.
    pub fn new(plan: &'p Plan, settings: WorkerSettings) -> Self {
        Worker {
            plan,
            converter: Converter::new(plan),
            form: Vec::new(),
            string_index: Vec::new(),
            settings,
            path: String::new(),
        }
    }

    /// Converts the records of a block. `write` is called when their events are so large that they must be
    /// written before the block is done.
    pub fn convert(&mut self, block: &Block, output: &mut BlockOutput, write: &mut WritePart) {
        output.clear();
        let utf8 = match simdutf8::basic::from_utf8(block.text()) {
            Ok(_) => Utf8::Valid,
            Err(_) => Utf8::Unknown,
        };
        let mut buffer = std::mem::take(&mut self.string_index);
        let text = BlockText { indexed: IndexedText::new(block.text(), &mut buffer), utf8 };
        let mut first = 0;
        'parts: for (part, of_part) in block.parts.iter().enumerate() {
            for record in &block.records[first..of_part.end] {
                let mut write = |block: &Block, output: &mut BlockOutput| write(block, output);
                let mut recorder = Recorder::new(block, part, record, output, &mut write);
                match self.settings.line.map(|line| recorder.meets(line)) {
                    None | Some(Ordering::Equal) => self.record(text, &mut recorder),
                    Some(Ordering::Less) => {}
                    Some(Ordering::Greater) => recorder.output.is_done = true,
                }
                if self.is_over(output) {
                    output.ends.push(output.events.len());
                    break 'parts;
                }
            }
            output.ends.push(output.events.len());
            first = of_part.end;
        }
        self.string_index = buffer;
    }

    /// Whether nothing more is to be converted.
    pub(super) fn is_over(&self, output: &BlockOutput) -> bool {
        self.settings.on_reject == OnReject::Stop && output.counts.rejected() > 0 || output.is_done
    }

    fn record(&mut self, text: BlockText, recorder: &mut Recorder) {
        let range = recorder.record.start..recorder.record.end;
        let (code, message, bytes) = match recorder.record.kind {
            Kind::Objects => return self.json(text, range, Trailing::Objects, recorder),
            Kind::Value => return self.json(text, range, Trailing::Nothing, recorder),
            Kind::Form => return self.form(range, recorder),
            Kind::LogLine => return self.log_line(text, range, recorder),
            Kind::Row(dialect) => return self.row(text, dialect, range, recorder),
            Kind::TooLarge(bytes) => {
                let message = format!("a record of {bytes} bytes, over the limit that --max-record sets");
                (Code::TooLarge, message, Some(bytes))
            }
            Kind::Encoding(encoding, bytes) => {
                let message = format!(
                    "the source is {}, not UTF-8: convert it with iconv -f UTF-32 -t UTF-8",
                    encoding.name()
                );
                (Code::UnsupportedEncoding, message, range.is_empty().then_some(bytes))
            }
            Kind::UnclosedArray => {
                (Code::Truncated, "the input ends inside an array: its ] is missing".into(), None)
            }
            Kind::Damaged(damage) => {
                let message = match damage {
                    Some(damage) => format!("{damage} from here on"),
                    None => "the source cannot be read from here on".into(),
                };
                (Code::Truncated, message, None)
            }
        };
        let reason = Reason::new(code, message);
        match bytes {
            None => self.rejected(&PayloadText::Block(range), None, reason, recorder),
            Some(bytes) => {
                let place = recorder.rejected_without_text(bytes, reason.clone());
                self.explain_reject(place, None, &reason, &AsRead::default(), recorder);
            }
        }
    }

    /// JSON: one value, or several objects.
    fn json(&mut self, text: BlockText, range: Range<usize>, trailing: Trailing, recorder: &mut Recorder) {
        let block = recorder.block;
        let end = range.start + without_tail(&block.text()[range.clone()]);
        let mut start = range.start;
        while start < end && !self.is_over(recorder.output) {
            let events = recorder.output.events.len();
            let reason = match self.payload(text, start..end, trailing, recorder) {
                Ok(converted) => {
                    let payload = PayloadText::Block(start..start + converted.len);
                    self.converted(&payload, None, &converted, events, recorder);
                    start += converted.len;
                    continue;
                }
                Err(reason) => reason,
            };
            if self.can_hold_payloads(&reason) {
                let value =
                    start..start + trim_end(&block.text()[start..start + self.converter.last_len()]).len();
                start += self.converter.last_len();
                if self.search(text, value.clone(), recorder) == 0 {
                    self.rejected(&PayloadText::Block(value), None, reason, recorder);
                }
                continue;
            }
            let rest = &block.text()[start..range.end];
            let len = if trailing == Trailing::Objects { next_object(rest) } else { rest.len() };
            let own = trim_end(&rest[..len]);
            let own = start..start + own.len();
            let reason = reason_at(reason, &own, recorder);
            self.rejected(&PayloadText::Block(own), None, reason, recorder);
            start += len;
        }
    }

    /// Converts the payload that a range of the block's text starts with.
    fn payload(
        &mut self,
        text: BlockText,
        range: Range<usize>,
        trailing: Trailing,
        recorder: &mut Recorder,
    ) -> Result<Converted, Reason> {
        let indexed = text.indexed.until(range.end);
        if text.utf8 == Utf8::Unknown {
            let own = &indexed.text()[range.start..];
            check_utf8(if trailing == Trailing::Objects { &own[..next_object(own)] } else { own })?;
        }
        if self.settings.at.is_some() {
            // Whatever the value is, only what `--at` names can be a payload.
            self.converter.check_at(indexed, range.start, trailing)?;
            return Err(Reason::new(Code::NoPayload, "no Olark payload where --at says"));
        }
        self.converter.convert_at(indexed, range.start, trailing, &mut recorder.output.events)
    }

    /// JSON within a line. If there is no payload in it, the line is rejected for what it is itself.
    fn json_in_line(
        &mut self,
        text: BlockText,
        within: Range<usize>,
        line: Range<usize>,
        recorder: &mut Recorder,
    ) {
        let events = recorder.output.events.len();
        match self.payload(text, within.clone(), Trailing::Nothing, recorder) {
            Ok(converted) => {
                self.converted(&PayloadText::Block(within), None, &converted, events, recorder);
            }
            Err(reason) if self.can_hold_payloads(&reason) => {
                if self.search(text, within, recorder) == 0 {
                    self.json(text, line, Trailing::Nothing, recorder);
                }
            }
            Err(reason) => {
                let reason = reason_at(reason, &within, recorder);
                self.rejected(&PayloadText::Block(within), None, reason, recorder);
            }
        }
    }

    /// A form body.
    fn form(&mut self, range: Range<usize>, recorder: &mut Recorder) {
        let body = &recorder.block.text()[range.clone()];
        let payload = PayloadText::Block(range.clone());
        let mut form = std::mem::take(&mut self.form);
        match form::decode(body, &mut form) {
            Ok(field) => {
                let events = recorder.output.events.len();
                let converted = check_utf8(&form).and_then(|()| self.decoded(&form, recorder));
                match converted {
                    Ok(converted) => self.converted(&payload, None, &converted, events, recorder),
                    Err(reason) if self.can_hold_payloads(&reason) => {
                        self.search_decoded(&form, range, reason, recorder);
                    }
                    Err(reason) => {
                        let read = AsRead { text: &form, at: reason.at, body: Body::Form(body), hint: None };
                        let mut places = field.places(body);
                        let at = reason.at.map(|at| places.place(at));
                        let json = range.start..range.start + places.place(form.len());
                        let reason = reason_at(Reason { at, ..reason }, &json, recorder);
                        self.rejected_as_read(&payload, None, reason, read, recorder);
                    }
                }
            }
            Err(error) => {
                // The percent sign has no digits because the input ends there.
                let is_cut_off = recorder.record.completeness == Completeness::MayBeCutOff
                    && range.end == recorder.record.end
                    && error.at > 0
                    && error.at + 3 > body.len();
                let (code, message) = match is_cut_off {
                    true => (Code::Truncated, format!("the input ends inside a record: {}", error.reason)),
                    false => (Code::InvalidForm, error.reason.into()),
                };
                self.rejected(&payload, None, Reason::at(code, message, error.at), recorder);
            }
        }
        self.form = form;
    }

    /// Converts a payload that was decoded, unless `--at` says to look elsewhere.
    fn decoded(&mut self, json: &[u8], recorder: &mut Recorder) -> Result<Converted, Reason> {
        if self.settings.at.is_some() {
            let mut buffer = Vec::new();
            self.converter.check_at(IndexedText::new(json, &mut buffer), 0, Trailing::Nothing)?;
            return Err(Reason::new(Code::NoPayload, "no Olark payload where --at says"));
        }
        self.converter.convert(json, &mut recorder.output.events)
    }

    /// A line that does not start with a record: the payload in it, or what is wrong with the line.
    fn log_line(&mut self, text: BlockText, range: Range<usize>, recorder: &mut Recorder) {
        let line = &recorder.block.text()[range.clone()];
        if is_json(after_record::trim(line)) {
            // Then it is a record itself, whatever is in it.
            return self.json(text, range, Trailing::Nothing, recorder);
        }
        match log_line::find(line) {
            Ok(found) => {
                let within = range.start + found.range.start..range.start + found.range.end;
                match found.kind {
                    log_line::Kind::Json => self.json_in_line(text, within, range, recorder),
                    log_line::Kind::Form => self.form(within, recorder),
                }
            }
            Err(Missing::Behind(at)) => {
                let message = "text after the payload that may be a part of it, or another payload";
                let reason = Reason::at(Code::InvalidJson, message, at);
                self.rejected(&PayloadText::Block(range), None, reason, recorder);
            }
            Err(Missing::Nothing | Missing::Part) => self.json(text, range, Trailing::Nothing, recorder),
        }
    }
}

/// How long a record is without the ignored text after its last bracket.
fn without_tail(text: &[u8]) -> usize {
    let trimmed = after_record::trim(text);
    if trimmed.ends_with(b"}") || trimmed.ends_with(b"]") { trimmed.len() } else { text.len() }
}

/// The reason for a reject of a payload that takes this much of the block's text; the reason's index is counted from
/// its start. It can have been cut off only if the record ends with it.
fn reason_at(reason: Reason, payload: &Range<usize>, recorder: &Recorder) -> Reason {
    match payload.end == recorder.record.end {
        true => recorder.truncated(reason, payload.len()),
        false => reason,
    }
}

pub(super) fn check_utf8(text: &[u8]) -> Result<(), Reason> {
    let invalid =
        |error: simdutf8::compat::Utf8Error| Reason::at(Code::InvalidUtf8, "not UTF-8", error.valid_up_to());
    simdutf8::compat::from_utf8(text).map(drop).map_err(invalid)
}

/// Where the second object on a line starts; the text's length when there is none. A broken object ends where
/// its brackets say so.
fn next_object(text: &[u8]) -> usize {
    let Boundary::Whole(end) = BoundarySearch::new(0, LikeLines::MayBelong, form::starts_line).run(text)
    else {
        return text.len();
    };
    let blank = leading_space_on_line(&text[end..]);
    if text.get(end + blank) == Some(&b'{') { end + blank } else { text.len() }
}
