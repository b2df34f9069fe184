//! The results of one record: counts, messages, explanations, and the place of each payload.

use crate::convert::converter::Converter;
use crate::convert::event_writer::Converted;
use crate::convert::reason::{Code, Reason};
use crate::convert::warning::Warning;
use crate::explain::case::Case;
use crate::explain::explain;
use crate::explain::reject::Rejected;
use crate::input::source::Source;
use crate::json::string_index::IndexedText;
use crate::options::{Hints, WorkerOptions};
use crate::payloads::piece::Piece;
use crate::payloads::{form, visitor_key};
use crate::records::block::Block;
use crate::records::record::{Doubt, Kind, Place, Record};
use crate::report::MAX_SHOWN;
use crate::report::hint::{Body, Context, hint};
use crate::report::message::{Inside, Keys, Location, Message, MessageKind, Reject, RejectText};
use crate::run::block_output::BlockOutput;

/// The text of a block.
#[derive(Clone, Copy)]
pub struct BlockText<'t> {
    pub block: &'t Block,
    pub indexed: IndexedText<'t>,
    /// Whether all of it is UTF-8; if not, each record is checked by itself.
    pub is_utf8: bool,
}

/// The results of the payloads in one record.
pub struct Results<'a> {
    pub text: BlockText<'a>,
    pub record: &'a Record,
    pub output: &'a mut BlockOutput,
    options: &'a WorkerOptions,
    write: &'a mut WritePart<'a>,
    /// The last index of the block whose place was asked for, and its place. The next is counted from here, not from the
    /// record's start.
    last: (usize, Place),
    /// The same for indices before that: what is decoded from a value has the value's place.
    earlier: (usize, Place),
}

/// Writes the results of a block so far once it is the block's turn, and clears them.
pub type WritePart<'w> = dyn FnMut(&Block, &mut BlockOutput) + 'w;

/// The surroundings of a text that is rejected.
pub enum Within<'t> {
    /// The record as it is, or a payload in it.
    Record(Option<Inside>),
    /// The text is a form body, which was decoded to this JSON.
    Form(&'t [u8], form::Payload),
}

impl<'a> Results<'a> {
    pub fn new(
        text: BlockText<'a>,
        record: &'a Record,
        output: &'a mut BlockOutput,
        options: &'a WorkerOptions,
        write: &'a mut WritePart,
    ) -> Results<'a> {
        let start = (record.start, record.place);
        Results { text, record, output, options, write, last: start, earlier: start }
    }

    /// Whether nothing more is to be converted.
    pub fn is_over(&self) -> bool {
        self.output.is_over(self.options.on_reject)
    }

    /// Writes the results of the block so far if they are large.
    pub fn write_if_large(&mut self) {
        if self.output.is_large() {
            (self.write)(self.text.block, self.output);
        }
    }

    fn place(&mut self, at: usize) -> Place {
        let known = if at < self.last.0 { &mut self.earlier } else { &mut self.last };
        if at < known.0 {
            *known = (self.record.start, self.record.place);
        }
        let place = known.1.after(&self.text.block.text()[known.0..at]);
        *known = (at, place);
        place
    }

    /// Adds a payload that was converted and starts at an index; its events are those after `start` bytes.
    pub fn add(
        &mut self,
        at: usize,
        inside: impl FnOnce() -> Option<Inside>,
        converter: &Converter,
        mut converted: Converted,
        start: usize,
    ) {
        if self.record.context.doubt == Doubt::DoubledBackslashes {
            converted.warnings.push(Warning::DoubledBackslashes);
        }
        self.output.source.kept += 1;
        let counts = &mut self.output.counts;
        counts.add_converted(&converted);
        let plan = converter.plan;
        counts.extra_rows.resize(plan.extra_fields.len(), 0);
        for (field, count) in plan.extra_fields.iter().zip(&mut counts.extra_rows) {
            *count += u64::from(converter.extracted.get(*field).is_some());
        }
        let warnings = &converted.warnings;
        if warnings.kept().is_empty() && self.options.explain.is_none() {
            return;
        }
        // The path is turned into text only where it is shown.
        let location = Location { line: self.place(at).line, column: None, inside: inside() };
        if let Some(explainer) = self.options.explain {
            let events = self.output.events.split_off(start);
            let case = Case { plan, extracted: &converter.extracted, converted: &converted, events: &events };
            let explained = explain(&case, explainer, &self.name(&location));
            self.output.events.extend_from_slice(explained.as_bytes());
        }
        let more = Some(warnings.not_kept()).filter(|more| *more > 0).map(MessageKind::MoreWarnings);
        for kind in warnings.kept().iter().map(|warning| MessageKind::Warning(*warning)).chain(more) {
            self.message(location.clone(), kind);
        }
    }

    /// Adds a warning about a payload at an index that gives no events.
    pub fn warn(&mut self, at: usize, inside: Option<Inside>, warning: Warning) {
        self.output.counts.warnings[warning.code() as usize] += 1;
        let location = Location { line: self.place(at).line, column: None, inside };
        self.message(location, MessageKind::Warning(warning));
    }

    /// Adds a text without a payload: a reject, unless such records are passed over.
    pub fn add_empty(&mut self, text: Piece, reason: Reason, within: Within) {
        let is_harmless = matches!(reason.code, Code::NoPayload | Code::NotAnObject)
            && (self.is_cell() || !visitor_key::is_in(text.text));
        if is_harmless && self.record.context.pass_over_if_empty {
            self.pass_over();
        } else {
            self.reject(text, reason, within);
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

    /// Adds a text that was not converted. The reason's index counts in it, or in the JSON of a form body.
    #[cold]
    pub fn reject(&mut self, text: Piece, mut reason: Reason, within: Within) {
        self.output.source.kept += 1;
        let read_at = reason.at;
        let (read, body, inside) = match within {
            Within::Record(inside) => (text.text, Body::Plain, inside),
            Within::Form(json, payload) => {
                reason.at = read_at.map(|at| payload.place(text.text, at));
                (json, Body::Form(text.text), None)
            }
        };
        let reason = self.truncated(reason, text);
        let start = self.place(text.place());
        let wrong = text.offset.and(reason.at).map(|at| start.after(&text.text[..at]));
        let location =
            Location { line: wrong.unwrap_or(start).line, column: wrong.map(|wrong| wrong.column), inside };
        // It is shown, unless rejects of another block come before it.
        let is_shown = self.output.counts.rejects[reason.code as usize] < MAX_SHOWN;
        let context = Context { is_terminal: self.source().is_terminal(), body };
        let is_log = self.record.context.pass_over_if_empty;
        let hint = if self.options.hints == Hints::Shown && !is_shown {
            None
        } else if is_log && reason.code == Code::NoPayload {
            // The text is no JSON, either, and that may have a cause.
            hint(read, Some(0), &Reason::new(Code::InvalidJson, "expected a value"), context)
        } else {
            hint(read, read_at, &reason, context)
        };
        if let Some(explainer) = self.options.explain {
            let name = &self.name(&location);
            let rejected = Rejected { name, reason: &reason, hint: hint.as_ref(), text: read, at: read_at };
            self.output.events.extend_from_slice(rejected.explain(explainer).as_bytes());
        }
        self.output.counts.rejects[reason.code as usize] += 1;
        let text = match (self.record.kind, text.offset) {
            (Kind::TooLarge(bytes) | Kind::Encoding(_, bytes), _) if text.text.is_empty() => {
                RejectText::Dropped(bytes)
            }
            (_, Some(at)) => RejectText::Block(at..at + text.text.len()),
            (_, None) => RejectText::Decoded(text.text.to_vec()),
        };
        let reject = Reject { reason, hint, offset: start.offset, text };
        self.message(location, MessageKind::Reject(reject));
    }

    fn message(&mut self, location: Location, kind: MessageKind) {
        self.output.messages.push(Message { part: self.output.parts.len(), location, kind });
    }

    /// The source of the record, which is in the first part that is not converted yet.
    fn source(&self) -> &Source {
        &self.text.block.parts[self.output.parts.len()].source
    }

    /// The reason for a reject of a text. If it ends too early at the record's end, the reason says so; if the source ends
    /// there too, it is truncated, not broken.
    fn truncated(&self, mut reason: Reason, text: Piece) -> Reason {
        let len = text.text.len();
        let is_last = text.offset.is_some_and(|at| at + len == self.record.end);
        let is_at_end = match (reason.code, reason.at) {
            (Code::InvalidJson, Some(at)) => at == len,
            // Of an escape, two digits may be missing.
            (Code::InvalidForm, Some(at)) => at > 0 && at + 3 > len && self.record.may_be_cut_off,
            _ => false,
        };
        if is_last && is_at_end {
            let end = if self.record.may_be_cut_off {
                reason.code = Code::Truncated;
                "the input ends inside a record"
            } else {
                "the record ends too early"
            };
            reason.message = format!("{end}: {}", reason.message);
        }
        reason
    }

    /// The location in its source, for explanations.
    fn name(&self, location: &Location) -> String {
        location.of(&self.source().name(), Keys::Shown)
    }
}
