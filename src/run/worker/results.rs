//! The results of one record: counts, messages, explanations, and the place of each payload.

use std::cmp::Ordering;
use std::ops::Range;

use crate::convert::converted::Converted;
use crate::convert::converter::Converter;
use crate::convert::plan::Plan;
use crate::convert::reason::{Code, Reason};
use crate::convert::warning::Warning;
use crate::explain::reject::Rejected;
use crate::explain::{Case, Explainer};
use crate::options::OnReject;
use crate::payloads::at_path::At;
use crate::payloads::decode;
use crate::records::block::Block;
use crate::records::record::{Completeness, IfEmpty, Kind, Place, Record};
use crate::report::MAX_SHOWN;
use crate::report::hint::{Body, Context, Reader, hint};
use crate::report::message::{Inside, Location, Message, MessageKind, Path, Reject, RejectText};
use crate::run::block_output::BlockOutput;

/// Options of a worker.
#[derive(Clone, Debug)]
pub struct WorkerOptions {
    pub on_reject: OnReject,
    /// Explains payloads instead of writing their events.
    pub explain: Option<Explainer>,
    pub at: Option<At>,
    pub hints: Hints,
    /// The only line whose record is converted.
    pub line: Option<u64>,
}

/// The rejects that get a hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hints {
    /// Those that are shown.
    Shown,
    /// All, since they are kept or explained.
    All,
}

/// The results of the payloads in one record.
pub struct Results<'a> {
    pub block: &'a Block,
    pub record: &'a Record,
    pub output: &'a mut BlockOutput,
    pub options: &'a WorkerOptions,
    /// The index of the block's part that the record belongs to.
    part: usize,
    write: &'a mut WritePart<'a>,
    /// An index of the block and its place. The next payload's place is counted from here, not from the record's start.
    known: (usize, Place),
    /// The same for the value that is searched: what is decoded from it has its place.
    searched: (usize, Place),
}

/// Writes the results of a block so far once it is the block's turn, and clears them.
pub type WritePart<'w> = dyn FnMut(&Block, &mut BlockOutput) + 'w;

/// The text of a payload.
#[derive(Clone, Debug)]
pub enum PayloadText<'t> {
    /// A range of the block's text.
    Block(Range<usize>),
    /// Decoded from the text at this index of the block.
    Decoded(usize, &'t [u8]),
    /// Too large to be kept: its length in bytes.
    Dropped(u64),
}

impl PayloadText<'_> {
    fn bytes<'a>(&'a self, block: &'a [u8]) -> &'a [u8] {
        match self {
            PayloadText::Block(range) => &block[range.clone()],
            PayloadText::Decoded(_, text) => text,
            PayloadText::Dropped(_) => &[],
        }
    }
}

/// A payload that was not converted.
pub struct Rejection<'t> {
    /// Its index counts in the payload's text.
    pub reason: Reason,
    pub text: PayloadText<'t>,
    pub inside: Option<Inside>,
    /// The JSON in the text if that is a form body, and the index at which it is wrong.
    pub form: Option<(&'t [u8], Option<usize>)>,
}

impl<'t> Rejection<'t> {
    /// A payload that is not inside of something else.
    pub fn new(reason: Reason, text: PayloadText<'t>) -> Rejection<'t> {
        Rejection { reason, text, inside: None, form: None }
    }
}

impl<'a> Results<'a> {
    /// For a record of one of the block's parts.
    pub fn new(
        block: &'a Block,
        part: usize,
        record: &'a Record,
        output: &'a mut BlockOutput,
        options: &'a WorkerOptions,
        write: &'a mut WritePart<'a>,
    ) -> Results<'a> {
        let start = (record.start, record.place);
        Results { block, record, output, options, part, write, known: start, searched: start }
    }

    /// Whether nothing more is to be converted.
    pub fn is_over(&self) -> bool {
        self.output.is_over(self.options.on_reject)
    }

    /// Writes the results of the block so far if they are large.
    pub fn write_if_large(&mut self) {
        if self.output.is_large() {
            (self.write)(self.block, self.output);
        }
    }

    /// Notes that the value at an index is searched from here on.
    pub fn enter(&mut self, at: usize) {
        self.searched = (at, self.place(at));
    }

    /// The place of an index of the block, counted from the last place that was asked for if that is before it.
    fn place(&mut self, at: usize) -> Place {
        if at == self.searched.0 {
            return self.searched.1;
        }
        let (known, place) =
            if at < self.known.0 { (self.record.start, self.record.place) } else { self.known };
        self.known = (at, place.after(&self.block.text()[known..at]));
        self.known.1
    }

    /// Adds a payload that was converted and starts at an index; its events are those after `events` bytes.
    pub fn convert(
        &mut self,
        at: usize,
        inside: Option<Inside>,
        (plan, converter): (&Plan, &Converter),
        converted: &Converted,
        events: usize,
    ) {
        self.output.source.kept += 1;
        let counts = &mut self.output.counts;
        counts.add_converted(converted);
        counts.extra_rows.resize(plan.extra_fields.len(), 0);
        for (field, count) in plan.extra_fields.iter().zip(&mut counts.extra_rows) {
            *count += u64::from(converter.extracted().get(*field).is_some());
        }
        let warnings = &converted.warnings;
        if warnings.kept().is_empty() && self.options.explain.is_none() {
            return;
        }
        let location = Location { line: self.place(at).line, column: None, inside };
        if let Some(explainer) = self.options.explain {
            let events = self.output.events.split_off(events);
            let case = Case { plan, extracted: converter.extracted(), converted, events: &events };
            let explained = case.explain(explainer, &self.name(&location));
            self.output.events.extend_from_slice(explained.as_bytes());
        }
        let more = Some(warnings.not_kept()).filter(|more| *more > 0).map(MessageKind::MoreWarnings);
        for kind in warnings.kept().iter().map(|warning| MessageKind::Warning(*warning)).chain(more) {
            self.output.messages.push(Message { part: self.part, location: location.clone(), kind });
        }
    }

    /// Adds a record without a payload: a reject, unless such records are passed over.
    pub fn add_empty(&mut self, rejection: Rejection) {
        let is_harmless = matches!(rejection.reason.code, Code::NoPayload | Code::NotAnObject)
            && (self.is_cell() || !decode::has_visitor_key(rejection.text.bytes(self.block.text())));
        if is_harmless && self.record.context.if_empty == IfEmpty::PassOver {
            self.pass_over();
        } else {
            self.reject(rejection);
        }
    }

    /// Passes over a record that cannot be a part of a payload.
    pub fn pass_over(&mut self) {
        self.output.source.passed += 1;
        self.output.counts.skipped_lines += u64::from(!self.is_cell());
    }

    /// Whether the record is of a dump or a table, whose cells may hold anything else.
    fn is_cell(&self) -> bool {
        matches!(self.record.kind, Kind::Row(_) | Kind::Literal(_))
    }

    /// The number of payloads and rejects of the part so far.
    pub fn kept(&self) -> u64 {
        self.output.source.kept
    }

    /// Adds a warning about a payload at an index that gives no events.
    pub fn warn(&mut self, at: usize, inside: Option<Inside>, warning: Warning) {
        self.output.counts.warnings[warning.code().index()] += 1;
        let location = Location { line: self.place(at).line, column: None, inside };
        let kind = MessageKind::Warning(warning);
        self.output.messages.push(Message { part: self.part, location, kind });
    }

    /// Adds a payload that was not converted.
    #[cold]
    pub fn reject(&mut self, rejection: Rejection) {
        self.output.source.kept += 1;
        let Rejection { reason, text, inside, form } = rejection;
        let block = self.block.text();
        let (start, column) = match &text {
            PayloadText::Block(range) => {
                let start = self.place(range.start);
                let wrong = reason.at.map(|at| start.after(&block[range.start..][..at]));
                (
                    Place { line: wrong.map_or(start.line, |wrong| wrong.line), ..start },
                    wrong.map(|wrong| wrong.column),
                )
            }
            PayloadText::Decoded(at, _) => (self.place(*at), None),
            PayloadText::Dropped(_) => (self.record.place, None),
        };
        let own = text.bytes(block);
        let (read, at, body) = match form {
            Some((json, at)) => (json, at, Body::Form(own)),
            None => (own, reason.at, Body::Plain),
        };
        let is_hinted = self.options.hints == Hints::All || self.is_shown(reason.code);
        let context = Context { reader: self.reader(), body };
        let is_log = self.record.context.if_empty == IfEmpty::PassOver;
        let hint = if !is_hinted {
            None
        } else if is_log && reason.code == Code::NoPayload {
            // The text is no JSON, either, and that may have a cause.
            hint(read, Some(0), &Reason::new(Code::InvalidJson, "expected a value"), context)
        } else {
            hint(read, at, &reason, context)
        };
        let location = Location { line: start.line, column, inside };
        if let Some(explainer) = self.options.explain {
            let name = &self.name(&location);
            let rejected = Rejected { name, reason: &reason, hint, text: read, at };
            self.output.events.extend_from_slice(rejected.explain(explainer).as_bytes());
        }
        self.output.counts.rejects[reason.code.index()] += 1;
        let text = match text {
            PayloadText::Block(range) => RejectText::Block(range),
            PayloadText::Decoded(_, text) => RejectText::Decoded(text.to_vec()),
            PayloadText::Dropped(bytes) => RejectText::Dropped(bytes),
        };
        let kind = MessageKind::Reject(Reject { reason, hint, offset: start.offset, text });
        self.output.messages.push(Message { part: self.part, location, kind });
    }

    /// Whether a reject of this code will be shown, unless one of another block comes before it.
    fn is_shown(&self, code: Code) -> bool {
        self.output.counts.rejects[code.index()] < MAX_SHOWN
    }

    fn reader(&self) -> Reader {
        let is_terminal = self.block.parts[self.part].source.is_terminal();
        if is_terminal { Reader::Terminal } else { Reader::Stream }
    }

    /// Whether the record is before, at or after a line.
    pub fn cmp_line(&self, line: u64) -> Ordering {
        let first = self.record.place.line;
        let text = || self.block.text()[self.record.start..self.record.end].trim_ascii_end();
        if first > line {
            Ordering::Greater
        } else if first + memchr::memchr_iter(b'\n', text()).count() as u64 >= line {
            Ordering::Equal
        } else {
            Ordering::Less
        }
    }

    /// The reason for a reject of a payload at a range of the block; the reason's index counts from its start. If it ends
    /// too early at the record's end, the reason says so; if the source ends there too, it is truncated, not broken.
    pub fn truncated(&self, reason: Reason, payload: &Range<usize>) -> Reason {
        let is_at_end = payload.end == self.record.end && reason.at == Some(payload.len());
        if reason.code != Code::InvalidJson || !is_at_end {
            return reason;
        }
        let (code, end) = match self.record.completeness {
            Completeness::Complete => (Code::InvalidJson, "the record ends too early"),
            Completeness::MayBeCutOff => (Code::Truncated, "the input ends inside a record"),
        };
        Reason { code, message: format!("{end}: {}", reason.message), ..reason }
    }

    /// The location in its source, for explanations.
    fn name(&self, location: &Location) -> String {
        location.of(&self.block.parts[self.part].source.name(), Path::Shown).to_string()
    }
}
