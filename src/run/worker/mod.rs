//! Converts one block: records in, events and messages out.

pub mod results;
mod search;

use std::cmp::Ordering;
use std::ops::Range;

use crate::convert::converted::Converted;
use crate::convert::converter::{Converter, Trailing};
use crate::convert::plan::Plan;
use crate::convert::reason::{Code, Reason};
use crate::json::boundary::{Boundary, BoundarySearch, LikeLines};
use crate::json::scan::{leading_space_on_line, trim_end};
use crate::json::string_index::IndexedText;
use crate::payloads::after_record;
use crate::payloads::decoded::is_json;
use crate::payloads::form;
use crate::payloads::log_line::{self, Missing};
use crate::records::block::Block;
use crate::records::record::{Completeness, Kind};
use crate::run::block_output::BlockOutput;
use results::{PayloadText, Rejection, Results, WorkerOptions, WritePart};

/// Converts blocks, reusing its buffers.
pub struct Worker<'p> {
    plan: &'p Plan,
    converter: Converter<'p>,
    options: &'p WorkerOptions,
    /// The decoded text of a form body.
    form: Vec<u8>,
    string_index: Vec<u64>,
    /// The path of a payload without indices, for counting.
    path: String,
}

/// The text of a block.
#[derive(Clone, Copy)]
struct BlockText<'t> {
    indexed: IndexedText<'t>,
    utf8: Utf8,
}

/// Whether all of a block is UTF-8; if not, each record is checked by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Utf8 {
    Valid,
    Unknown,
}

impl<'p> Worker<'p> {
    /// A worker that converts by a plan.
    pub fn new(plan: &'p Plan, options: &'p WorkerOptions) -> Self {
        Worker {
            plan,
            converter: Converter::new(plan),
            options,
            form: Vec::new(),
            string_index: Vec::new(),
            path: String::new(),
        }
    }

    /// Converts the records of a block. `write` is called when their results are so large that they must be
    /// written before the block is done.
    pub fn convert(&mut self, block: &Block, output: &mut BlockOutput, write: &mut WritePart) {
        output.clear();
        let is_utf8 = simdutf8::basic::from_utf8(block.text()).is_ok();
        let utf8 = if is_utf8 { Utf8::Valid } else { Utf8::Unknown };
        let mut buffer = std::mem::take(&mut self.string_index);
        let text = BlockText { indexed: IndexedText::new(block.text(), &mut buffer), utf8 };
        let mut first = 0;
        'parts: for (part, of_part) in block.parts.iter().enumerate() {
            for record in &block.records[first..of_part.end] {
                let mut write = |block: &Block, output: &mut BlockOutput| write(block, output);
                let mut results = Results::new(block, part, record, output, self.options, &mut write);
                match self.options.line.map(|line| results.cmp_line(line)) {
                    None | Some(Ordering::Equal) => self.record(text, &mut results),
                    Some(Ordering::Less) => {}
                    Some(Ordering::Greater) => results.output.is_done = true,
                }
                if output.is_over(self.options.on_reject) {
                    output.ends.push(output.events.len());
                    break 'parts;
                }
            }
            output.ends.push(output.events.len());
            first = of_part.end;
        }
        self.string_index = buffer;
    }

    fn record(&mut self, text: BlockText, results: &mut Results) {
        let range = results.record.start..results.record.end;
        let own = PayloadText::Block(range.clone());
        let (code, message, text) = match results.record.kind {
            Kind::Objects => return self.json(text, range, Trailing::Objects, results),
            Kind::Value => return self.json(text, range, Trailing::Nothing, results),
            Kind::Form => return self.form(range, results),
            Kind::LogLine => return self.log_line(text, range, results),
            Kind::Row(dialect) => return self.row(text, dialect, range, results),
            Kind::TooLarge(bytes) => {
                let message = format!("a record of {bytes} bytes, over the limit that --max-record sets");
                (Code::TooLarge, message, PayloadText::Dropped(bytes))
            }
            Kind::Encoding(encoding, bytes) => {
                let name = encoding.name();
                let message =
                    format!("the source is {name}, not UTF-8: convert it with iconv -f UTF-32 -t UTF-8");
                let text = if range.is_empty() { PayloadText::Dropped(bytes) } else { own };
                (Code::UnsupportedEncoding, message, text)
            }
            Kind::UnclosedArray => {
                (Code::Truncated, "the input ends inside an array: its ] is missing".into(), own)
            }
            Kind::Damaged(Some(damage)) => (Code::Truncated, format!("{damage} from here on"), own),
            Kind::Damaged(None) => (Code::Truncated, "the source cannot be read from here on".into(), own),
        };
        results.reject(Rejection::new(Reason::new(code, message), text));
    }

    /// JSON: one value, or several objects.
    fn json(&mut self, text: BlockText, range: Range<usize>, trailing: Trailing, results: &mut Results) {
        let block = results.block.text();
        let end = range.start + without_tail(&block[range.clone()]);
        let mut start = range.start;
        while start < end && !results.is_over() {
            let events = results.output.events.len();
            match self.payload(text, start..end, trailing, results) {
                Ok(converted) => {
                    results.convert(start, None, (self.plan, &self.converter), &converted, events);
                    start += converted.len;
                }
                Err(reason) if self.can_hold_payloads(&reason) => {
                    let len = self.converter.last_len();
                    let value = start..start + trim_end(&block[start..start + len]).len();
                    start += len;
                    if self.search(text, value.clone(), results) == 0 {
                        results.reject(Rejection::new(reason, PayloadText::Block(value)));
                    }
                }
                Err(reason) => {
                    let rest = &block[start..range.end];
                    let len = if trailing == Trailing::Objects { next_object(rest) } else { rest.len() };
                    let own = start..start + trim_end(&rest[..len]).len();
                    let reason = results.truncated(reason, &own);
                    results.reject(Rejection::new(reason, PayloadText::Block(own)));
                    start += len;
                }
            }
            results.write_if_large();
        }
    }

    /// Converts the payload that a range of the block's text starts with.
    fn payload(
        &mut self,
        text: BlockText,
        range: Range<usize>,
        trailing: Trailing,
        results: &mut Results,
    ) -> Result<Converted, Reason> {
        let indexed = text.indexed.until(range.end);
        if text.utf8 == Utf8::Unknown {
            let own = &indexed.text()[range.start..];
            check_utf8(if trailing == Trailing::Objects { &own[..next_object(own)] } else { own })?;
        }
        if self.options.at.is_some() {
            // Whatever the value is, only what `--at` names can be a payload.
            self.converter.check_at(indexed, range.start, trailing)?;
            return Err(Reason::new(Code::NoPayload, "no Olark payload where --at says"));
        }
        self.converter.convert_at(indexed, range.start, trailing, &mut results.output.events)
    }

    /// JSON within a line. If there is no payload in it, the line is rejected for what it is itself.
    fn json_in_line(
        &mut self,
        text: BlockText,
        within: Range<usize>,
        line: Range<usize>,
        results: &mut Results,
    ) {
        let events = results.output.events.len();
        match self.payload(text, within.clone(), Trailing::Nothing, results) {
            Ok(converted) => {
                results.convert(within.start, None, (self.plan, &self.converter), &converted, events);
            }
            Err(reason) if self.can_hold_payloads(&reason) => {
                if self.search(text, within, results) == 0 {
                    self.json(text, line, Trailing::Nothing, results);
                }
            }
            Err(reason) => {
                let reason = results.truncated(reason, &within);
                results.reject(Rejection::new(reason, PayloadText::Block(within)));
            }
        }
    }

    /// A form body.
    fn form(&mut self, range: Range<usize>, results: &mut Results) {
        let body = &results.block.text()[range.clone()];
        let text = PayloadText::Block(range.clone());
        let mut form = std::mem::take(&mut self.form);
        match form::decode(body, &mut form) {
            Ok(field) => {
                let events = results.output.events.len();
                match check_utf8(&form).and_then(|()| self.decoded(&form, results)) {
                    Ok(converted) => {
                        results.convert(range.start, None, (self.plan, &self.converter), &converted, events);
                    }
                    Err(reason) if self.can_hold_payloads(&reason) => {
                        if self.search_decoded(&form, range, results) == 0 {
                            results.reject(Rejection {
                                form: Some((&form, None)),
                                ..Rejection::new(reason, text)
                            });
                        }
                    }
                    Err(reason) => {
                        let form = Some((form.as_slice(), reason.at));
                        let mut places = field.places(body);
                        let at = reason.at.map(|at| places.place(at));
                        let json =
                            range.start..range.start + places.place(form.map_or(0, |(json, _)| json.len()));
                        let reason = results.truncated(Reason { at, ..reason }, &json);
                        results.reject(Rejection { form, ..Rejection::new(reason, text) });
                    }
                }
            }
            Err(error) => {
                // The percent sign has no digits because the input ends there.
                let is_cut_off = results.record.completeness == Completeness::MayBeCutOff
                    && range.end == results.record.end
                    && error.at > 0
                    && error.at + 3 > body.len();
                let reason = if is_cut_off {
                    let message = format!("the input ends inside a record: {}", error.reason);
                    Reason::at(Code::Truncated, message, error.at)
                } else {
                    Reason::at(Code::InvalidForm, error.reason, error.at)
                };
                results.reject(Rejection::new(reason, text));
            }
        }
        self.form = form;
    }

    /// Converts a payload that was decoded, unless `--at` says to look elsewhere.
    fn decoded(&mut self, json: &[u8], results: &mut Results) -> Result<Converted, Reason> {
        if self.options.at.is_some() {
            let mut buffer = Vec::new();
            self.converter.check_at(IndexedText::new(json, &mut buffer), 0, Trailing::Nothing)?;
            return Err(Reason::new(Code::NoPayload, "no Olark payload where --at says"));
        }
        self.converter.convert(json, &mut results.output.events)
    }

    /// A line that does not start with a record: the payload in it, or what is wrong with the line.
    fn log_line(&mut self, text: BlockText, range: Range<usize>, results: &mut Results) {
        let line = &results.block.text()[range.clone()];
        if is_json(after_record::trim(line)) {
            // Then it is a record itself, whatever is in it.
            return self.json(text, range, Trailing::Nothing, results);
        }
        match log_line::find(line) {
            Ok(found) => {
                let within = range.start + found.range.start..range.start + found.range.end;
                match found.kind {
                    log_line::Kind::Json => self.json_in_line(text, within, range, results),
                    log_line::Kind::Form => self.form(within, results),
                }
            }
            Err(Missing::Behind(at)) => {
                let message = "text after the payload that may be a part of it, or another payload";
                let reason = Reason::at(Code::InvalidJson, message, at);
                results.reject(Rejection::new(reason, PayloadText::Block(range)));
            }
            Err(Missing::Nothing | Missing::Part) => self.json(text, range, Trailing::Nothing, results),
        }
    }
}

/// The length of a record without the ignored text after its last bracket.
fn without_tail(text: &[u8]) -> usize {
    let trimmed = after_record::trim(text);
    if trimmed.ends_with(b"}") || trimmed.ends_with(b"]") { trimmed.len() } else { text.len() }
}

fn check_utf8(text: &[u8]) -> Result<(), Reason> {
    let invalid =
        |error: simdutf8::compat::Utf8Error| Reason::at(Code::InvalidUtf8, "not UTF-8", error.valid_up_to());
    simdutf8::compat::from_utf8(text).map(drop).map_err(invalid)
}

/// The start of the second object on a line, or the text's length if there is none. A broken object ends with its last
/// bracket.
fn next_object(text: &[u8]) -> usize {
    let Boundary::Whole(end) = BoundarySearch::new(0, LikeLines::MayBelong, form::starts_line).run(text)
    else {
        return text.len();
    };
    let blank = leading_space_on_line(&text[end..]);
    if text.get(end + blank) == Some(&b'{') { end + blank } else { text.len() }
}
