//! One block converted: its records in, what came of them out.

use std::ops::Range;

use crate::convert::converter::{Behind, Converted, Converter};
use crate::convert::plan::Plan;
use crate::convert::reason::{Code, Reason};
use crate::explain::{Case, Explainer};
use crate::input::block::Block;
use crate::input::form;
use crate::input::record::{Completeness, Kind};
use crate::input::split::boundary::{Boundary, BoundarySearch, LikeLines};
use crate::json::string_index::IndexedText;
use crate::json::whitespace::{leading_on_line, trim_end};
use crate::options::OnReject;
use crate::report::hint::hint;
use crate::run::block_output::BlockOutput;
use crate::run::recorder::Recorder;

/// Converts blocks; keeps its buffers from one to the next.
pub struct Worker<'p> {
    plan: &'p Plan,
    converter: Converter<'p>,
    /// What a form body holds, decoded.
    form: Vec<u8>,
    string_index: Vec<u64>,
    on_reject: OnReject,
    /// How payloads are explained, in place of writing their events.
    explain: Option<Explainer>,
}

/// A block's text as it is read.
#[derive(Clone, Copy)]
struct Text<'t> {
    indexed: IndexedText<'t>,
    /// Whether all of it is UTF-8; if not, each record is checked by itself.
    utf8: Utf8,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Utf8 {
    Valid,
    Unknown,
}

impl<'p> Worker<'p> {
    /// A worker by this plan.
    pub fn new(plan: &'p Plan, on_reject: OnReject, explain: Option<Explainer>) -> Self {
        let (form, string_index) = (Vec::new(), Vec::new());
        Worker { plan, converter: Converter::new(plan), form, string_index, on_reject, explain }
    }

    /// Converts the records of a block.
    pub fn convert(&mut self, block: &Block, output: &mut BlockOutput) {
        output.clear();
        let utf8 = match simdutf8::basic::from_utf8(block.text()) {
            Ok(_) => Utf8::Valid,
            Err(_) => Utf8::Unknown,
        };
        let mut buffer = std::mem::take(&mut self.string_index);
        let text = Text { indexed: IndexedText::new(block.text(), &mut buffer), utf8 };
        let mut first = 0;
        'parts: for (part, of_part) in block.parts.iter().enumerate() {
            for record in &block.records[first..of_part.end] {
                self.record(text, &mut Recorder::new(block, part, record, output));
                if self.on_reject == OnReject::Stop && output.counts.rejected() > 0 {
                    output.ends.push(output.events.len());
                    break 'parts;
                }
            }
            output.ends.push(output.events.len());
            first = of_part.end;
        }
        self.string_index = buffer;
    }

    fn record(&mut self, text: Text, recorder: &mut Recorder) {
        let range = recorder.record.start..recorder.record.end;
        let (code, message, bytes) = match recorder.record.kind {
            Kind::Objects => return self.json(text, Behind::Objects, recorder),
            Kind::Value => return self.json(text, Behind::Nothing, recorder),
            Kind::Form => return self.form(recorder),
            Kind::TooLarge(bytes) => {
                let message = format!("a record of {bytes} bytes, over the limit that --max-record sets");
                (Code::TooLarge, message, Some(bytes))
            }
            Kind::Encoding(encoding, bytes) => {
                let message = format!(
                    "the source is {}, not UTF-8: convert it with iconv -f {} -t UTF-8",
                    encoding.name(),
                    encoding.iconv_name()
                );
                (Code::UnsupportedEncoding, message, range.is_empty().then_some(bytes))
            }
            Kind::UnclosedArray => {
                (Code::Truncated, "the input ends inside an array: its ] is missing".into(), None)
            }
            Kind::Damaged => (Code::Truncated, "the source is damaged or cut off from here on".into(), None),
        };
        let reason = Reason::new(code, message);
        match bytes {
            None => self.rejected(range, reason, recorder),
            Some(bytes) => {
                let line = recorder.rejected_without_text(bytes, reason.clone());
                self.explain_reject(line, range, &reason, recorder);
            }
        }
    }

    /// A record that is JSON: one value, or several objects.
    fn json(&mut self, text: Text, behind: Behind, recorder: &mut Recorder) {
        let end = recorder.record.end;
        let mut start = recorder.record.start;
        while start < end {
            let events = recorder.output.events.len();
            match self.payload(text, start..end, behind, &mut recorder.output.events) {
                Ok(converted) => {
                    self.converted(start, &converted, events, recorder);
                    start += converted.len;
                }
                Err(reason) => {
                    let rest = &recorder.block.text()[start..end];
                    let len = if behind == Behind::Objects { next_object(rest) } else { rest.len() };
                    let own = trim_end(&rest[..len]);
                    let reason =
                        if len == rest.len() { recorder.truncated(reason, own.len()) } else { reason };
                    self.rejected(start..start + own.len(), with_hint(own, reason), recorder);
                    start += len;
                }
            }
        }
    }

    /// Converts the payload that a range of a block's text starts with.
    fn payload(
        &mut self,
        text: Text,
        range: Range<usize>,
        behind: Behind,
        events: &mut Vec<u8>,
    ) -> Result<Converted, Reason> {
        let indexed = text.indexed.until(range.end);
        if text.utf8 == Utf8::Unknown {
            let own = &indexed.text()[range.start..];
            check_utf8(if behind == Behind::Objects { &own[..next_object(own)] } else { own })?;
        }
        self.converter.convert_at(indexed, range.start, behind, events)
    }

    /// A record that is a form body.
    fn form(&mut self, recorder: &mut Recorder) {
        let range = recorder.record.start..recorder.record.end;
        let body = &recorder.block.text()[range.clone()];
        let events = recorder.output.events.len();
        let field = match form::decode(body, &mut self.form) {
            Ok(field) => field,
            Err(error) => {
                // A percent sign without its digits, because there the input ends.
                let is_cut_off = recorder.record.completeness == Completeness::MayBeCutOff
                    && error.at > 0
                    && error.at + 3 > body.len();
                let (code, message) = match is_cut_off {
                    true => (Code::Truncated, format!("the input ends inside a record: {}", error.reason)),
                    false => (Code::InvalidForm, error.reason.into()),
                };
                return self.rejected(range, Reason::at(code, message, error.at), recorder);
            }
        };
        let converted = check_utf8(&self.form)
            .and_then(|()| self.converter.convert(&self.form, &mut recorder.output.events));
        match converted {
            Ok(converted) => self.converted(range.start, &converted, events, recorder),
            Err(reason) => {
                let reason = with_hint(&self.form, recorder.truncated(reason, self.form.len()));
                let at = reason.at.map(|at| field.place(body, at));
                self.rejected(range, Reason { at, ..reason }, recorder);
            }
        }
    }

    /// A payload at an index of the block was converted; its events start at another of the output.
    fn converted(&self, at: usize, converted: &Converted, events: usize, recorder: &mut Recorder) {
        recorder.converted(at, converted);
        let extra_rows = &self.plan.options.extra_rows;
        recorder.output.counts.extra_rows.resize(extra_rows.len(), 0);
        for (row, count) in extra_rows.iter().zip(&mut recorder.output.counts.extra_rows) {
            let node = self.plan.tree.node(&row.source);
            *count += u64::from(self.converter.extracted().get(node).is_some());
        }
        if let Some(explainer) = self.explain {
            let line = recorder.start_of_payload(at).line;
            let events = recorder.output.events.split_off(events);
            let case =
                Case { plan: self.plan, extracted: self.converter.extracted(), converted, events: &events };
            let explained = explainer.payload(&recorder.name(line), &case);
            recorder.output.events.extend_from_slice(explained.as_bytes());
        }
    }

    fn rejected(&self, text: Range<usize>, reason: Reason, recorder: &mut Recorder) {
        let line = recorder.rejected(text.clone(), reason.clone());
        self.explain_reject(line, text, &reason, recorder);
    }

    fn explain_reject(&self, line: u64, text: Range<usize>, reason: &Reason, recorder: &mut Recorder) {
        let Some(explainer) = self.explain else { return };
        let explained =
            explainer.reject(&recorder.name(line), &recorder.block.text()[text], &reason.message, reason.at);
        recorder.output.events.extend_from_slice(explained.as_bytes());
    }
}

/// The reason with the likely cause, where there is a sign of one.
fn with_hint(text: &[u8], reason: Reason) -> Reason {
    match hint(text, reason.at.unwrap_or(0), reason.code) {
        Some(hint) => Reason { message: format!("{} ({hint})", reason.message), ..reason },
        None => reason,
    }
}

fn check_utf8(text: &[u8]) -> Result<(), Reason> {
    let invalid =
        |error: simdutf8::compat::Utf8Error| Reason::at(Code::InvalidUtf8, "not UTF-8", error.valid_up_to());
    simdutf8::compat::from_utf8(text).map(drop).map_err(invalid)
}

/// Where the object behind the first starts on a line; the text's length when there is none. A broken object ends
/// where its brackets say so.
fn next_object(text: &[u8]) -> usize {
    let Boundary::Whole(end) = BoundarySearch::new(0, LikeLines::MayBelong).run(text) else {
        return text.len();
    };
    let blank = leading_on_line(&text[end..]);
    if text.get(end + blank) == Some(&b'{') { end + blank } else { text.len() }
}
