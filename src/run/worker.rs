//! One block's work: its records in, event lines, notices and counts out.

use std::ops::Range;

use crate::convert::converter::{Converted, Converter};
use crate::convert::plan::Plan;
use crate::convert::reason::{Code, Reason};
use crate::explain::{Case, Explainer};
use crate::input::form;
use crate::input::reader::{Block, Part};
use crate::input::record::Kind;
use crate::input::split::boundary::{Boundary, BoundarySearch, blanks, trim_end};
use crate::json::string_index::IndexedText;
use crate::report::hint::hint;
use crate::report::outcome::BlockOutput;
use crate::run::task::Task;

/// Converts blocks; keeps its buffers from one to the next.
pub struct Worker<'p> {
    plan: &'p Plan,
    converter: Converter<'p>,
    /// What a form body holds, decoded.
    form: Vec<u8>,
    /// Where strings end in a block.
    stops: Vec<u64>,
    /// Stop at the first reject.
    fail_fast: bool,
    /// Explain records in place of writing their events.
    explain: Option<Explainer>,
}

impl<'p> Worker<'p> {
    /// A worker by this plan.
    pub fn new(plan: &'p Plan, fail_fast: bool, explain: Option<Explainer>) -> Self {
        let converter = Converter::new(plan);
        // What is explained is shown without its white space.
        let converter = if explain.is_some() { converter.compact() } else { converter };
        Worker { plan, converter, form: Vec::new(), stops: Vec::new(), fail_fast, explain }
    }

    /// Converts the records of a block.
    pub fn convert(&mut self, block: &Block, outcome: &mut BlockOutput) {
        outcome.clear();
        // Once for all of them; only when that fails, record by record.
        let valid = simdutf8::basic::from_utf8(block.text()).is_ok();
        let mut stops = std::mem::take(&mut self.stops);
        let marked = IndexedText::new(block.text(), &mut stops);
        let mut records = block.records.iter();
        let mut first = 0;
        for (part, Part { end, .. }) in block.parts.iter().enumerate() {
            for record in records.by_ref().take(end - first) {
                self.record(Task { block, marked, record, part, valid, explain: self.explain, outcome });
                if self.fail_fast && outcome.tally.rejected() > 0 {
                    outcome.ends.push(outcome.events.len());
                    return;
                }
            }
            outcome.ends.push(outcome.events.len());
            first = *end;
        }
        self.stops = stops;
    }

    fn record(&mut self, mut task: Task) {
        let range = task.record.start..task.record.end;
        let refuse = |code, reason: &str| Reason::new(code, reason);
        match task.record.kind {
            Kind::Json | Kind::One => self.json(&mut task, range),
            Kind::Early(len) => self.early(&mut task, range, len),
            Kind::Form => self.form(&mut task, range),
            Kind::TooLarge(bytes) => {
                let reason = format!("a record of {bytes} bytes, over the limit that --max-record sets");
                task.reject(range, Some(bytes), refuse(Code::TooLarge, &reason));
            }
            Kind::Encoding(name, bytes) => {
                let reason = format!(
                    "the source is {name}, not UTF-8: convert it with iconv -f {} -t UTF-8",
                    &name[..6]
                );
                let bytes = range.is_empty().then_some(bytes);
                task.reject(range, bytes, refuse(Code::UnsupportedEncoding, &reason));
            }
            Kind::Unclosed => {
                task.reject(
                    range,
                    None,
                    refuse(Code::Truncated, "the input ends inside an array: its ] is missing"),
                );
            }
            Kind::Damaged => {
                task.reject(
                    range,
                    None,
                    refuse(Code::Truncated, "the source is damaged or cut off from here on"),
                );
            }
        }
    }

    /// One object, or several on one line.
    fn json(&mut self, task: &mut Task, range: Range<usize>) {
        let several = task.record.kind == Kind::Json;
        let block = task.block;
        let mut start = range.start;
        while start < range.end {
            let text = &block.text()[start..range.end];
            let events = task.outcome.events.len();
            let refusal = match self.read(task, start..range.end, several) {
                Ok(converted) => {
                    task.converted(start, &converted);
                    self.explain(task, start, &converted, events);
                    start += converted.end;
                    continue;
                }
                Err(refusal) => refusal,
            };
            let broken = task.record.by_lines && refusal.code == Code::InvalidJson;
            if broken && let Some(line) = memchr::memchr(b'\n', text) {
                // Lines that only together have matching brackets: each stands for itself.
                self.json(task, start..start + trim_end(&text[..line]).len());
                start += line + blanks(&text[line..]);
                continue;
            }
            let taken = if several { next_object(text) } else { text.len() };
            let own = trim_end(&text[..taken]).len();
            let to_the_end = start + taken == task.record.end;
            let refusal = with_hint(&text[..own], refusal);
            task.reject(start..start + own, None, task.truncated(refusal, own, to_the_end));
            start += taken;
        }
    }

    /// An object, and what is the rest of it if it is broken; otherwise that stands for itself.
    fn early(&mut self, task: &mut Task, range: Range<usize>, len: usize) {
        let rest = range.start + len;
        let events = task.outcome.events.len();
        match self.read(task, range.start..rest, false) {
            Ok(converted) => {
                task.converted(range.start, &converted);
                self.explain(task, range.start, &converted, events);
                let rest = rest + blanks(&task.block.text()[rest..range.end]);
                self.json(task, rest..range.end);
            }
            Err(refusal) => {
                let text = &task.block.text()[range.clone()];
                let refusal = task.truncated(with_hint(text, refusal), text.len(), true);
                task.reject(range, None, refusal);
            }
        }
    }

    /// Converts the object that a part of the block begins with.
    fn read(&mut self, task: &mut Task, range: Range<usize>, several: bool) -> Result<Converted, Reason> {
        if !task.valid {
            let text = &task.block.text()[range.clone()];
            check_utf8(if several { &text[..next_object(text)] } else { text })?;
        }
        let marked = task.marked.until(range.end);
        self.converter.convert_at(marked, range.start, several, &mut task.outcome.events)
    }

    /// Puts an explanation in the place of a payload's events, which begin at an index.
    fn explain(&self, task: &mut Task, start: usize, converted: &Converted, events: usize) {
        let Some(explainer) = self.explain else { return };
        let place = task.name(task.place(start).line);
        let events = task.outcome.events.split_off(events);
        let case = Case { plan: self.plan, fields: self.converter.fields(), converted, events: &events };
        task.outcome.events.extend(explainer.payload(&place, &case).into_bytes());
    }

    fn form(&mut self, task: &mut Task, range: Range<usize>) {
        let body = &task.block.text()[range.clone()];
        let payload = match form::decode(body, &mut self.form) {
            Ok(payload) => payload,
            Err(bad) => {
                // A percent sign without its digits, because there the input ends.
                let cut = task.record.cut && bad.at > 0 && bad.at + 3 > body.len();
                let (code, reason) = match cut {
                    true => (Code::Truncated, format!("the input ends inside a record: {}", bad.reason)),
                    false => (Code::InvalidForm, bad.reason.into()),
                };
                return task.reject(range, None, Reason { code, reason, at: Some(bad.at) });
            }
        };
        let events = task.outcome.events.len();
        let events_out = &mut task.outcome.events;
        match check_utf8(&self.form).and_then(|()| self.converter.convert(&self.form, false, events_out)) {
            Ok(converted) => {
                task.converted(range.start, &converted);
                self.explain(task, range.start, &converted, events);
            }
            Err(refusal) => {
                let refusal = task.truncated(with_hint(&self.form, refusal), self.form.len(), true);
                let at = refusal.at.map(|at| payload.place(body, at));
                task.reject(range, None, Reason { at, ..refusal });
            }
        }
    }
}

/// The reason with the likely cause, where there is a sign of one.
fn with_hint(text: &[u8], refusal: Reason) -> Reason {
    match hint(text, refusal.at.unwrap_or(0), refusal.code) {
        Some(hint) => Reason { reason: format!("{} ({hint})", refusal.reason), ..refusal },
        None => refusal,
    }
}

fn check_utf8(text: &[u8]) -> Result<(), Reason> {
    let invalid = |error: simdutf8::compat::Utf8Error| Reason {
        code: Code::InvalidUtf8,
        reason: "not UTF-8".into(),
        at: Some(error.valid_up_to()),
    };
    simdutf8::compat::from_utf8(text).map(drop).map_err(invalid)
}

/// Where the object behind the first begins on a line; the text's length when there is none. A broken
/// object ends where its brackets say so.
fn next_object(text: &[u8]) -> usize {
    let Boundary::Whole(end) = BoundarySearch::new(0, false).run(text) else { return text.len() };
    let blank = text[end..].iter().take_while(|b| b" \t\r".contains(b)).count();
    if text.get(end + blank) == Some(&b'{') { end + blank } else { text.len() }
}
