//! Converts one record, whatever it is.

use std::borrow::Cow;
use std::ops::Range;

use super::block_text::{BlockText, Utf8, check_utf8};
use super::results::{PayloadText, Rejection, Results, WorkerOptions};
use super::search::PayloadSearch;
use crate::convert::converter::Trailing;
use crate::convert::plan::Plan;
use crate::convert::reason::{Code, Reason};
use crate::json::boundary::{Boundary, BoundarySearch, LikeLines};
use crate::json::scan::{leading_space_on_line, trim_end};
use crate::payloads::after_record;
use crate::payloads::decode;
use crate::payloads::decoded::is_json;
use crate::payloads::form;
use crate::payloads::quoting::{COPY, ESCAPED_LITERAL, SQL_LITERAL};
use crate::payloads::text::{Content, Rest, parts};
use crate::records::record::{Completeness, IfEmpty, Kind, Literal};

/// Converts records, reusing its buffers.
pub(super) struct RecordConverter<'p> {
    payloads: PayloadSearch<'p>,
    /// The decoded text of a form body.
    form: Vec<u8>,
}

impl<'p> RecordConverter<'p> {
    pub fn new(plan: &'p Plan, options: &'p WorkerOptions) -> Self {
        RecordConverter { payloads: PayloadSearch::new(plan, options), form: Vec::new() }
    }

    /// Converts a record of a block.
    pub fn convert(&mut self, text: BlockText, results: &mut Results) {
        let range = results.record.start..results.record.end;
        let own = PayloadText::Block(range.clone());
        let (code, message, text) = match results.record.kind {
            Kind::Objects => return self.json(text, range, Trailing::Objects, results),
            Kind::Value => return self.json(text, range, Trailing::Nothing, results),
            Kind::Form => return self.forms(range, results),
            Kind::LogLine => return self.log_line(text, range, results),
            Kind::Copy => return self.copy_line(range, results),
            Kind::Literal(literal) => return self.literal(literal, range, results),
            Kind::Row(dialect) => return self.payloads.row(text, dialect, range, results),
            Kind::TooLarge(bytes) => {
                let message = format!("a record of {bytes} bytes, over the limit (--max-record raises it)");
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
            match self.value(text, start..end, trailing, results) {
                Ok(len) => start += len,
                Err(reason) if self.payloads.can_be_in(&reason) => {
                    let len = self.payloads.last_len();
                    let value = start..start + trim_end(&block[start..start + len]).len();
                    start += len;
                    if self.payloads.search(text, value.clone(), results) == 0 {
                        results.add_empty(Rejection::new(reason, PayloadText::Block(value)));
                    }
                }
                Err(reason) => {
                    let rest = &block[start..range.end];
                    let len = if trailing == Trailing::Objects { next_object(rest) } else { rest.len() };
                    let own = start..start + trim_end(&rest[..len]).len();
                    let reason = results.truncated(reason, &own);
                    results.add_empty(Rejection::new(reason, PayloadText::Block(own)));
                    start += len;
                }
            }
            results.write_if_large();
        }
    }

    /// Converts the payload that a range of the block starts with, and returns its length.
    fn value(
        &mut self,
        text: BlockText,
        range: Range<usize>,
        trailing: Trailing,
        results: &mut Results,
    ) -> Result<usize, Reason> {
        let indexed = text.indexed.until(range.end);
        if text.utf8 == Utf8::Unknown {
            let own = &indexed.text()[range.start..];
            check_utf8(if trailing == Trailing::Objects { &own[..next_object(own)] } else { own })?;
        }
        self.payloads.convert_at(indexed, range.start, trailing, results)
    }

    /// An object in a line; `own` is its range. Whether it is one is not known yet.
    fn object_in_line(&mut self, text: BlockText, own: Range<usize>, results: &mut Results) {
        match self.value(text, own.clone(), Trailing::Nothing, results) {
            Ok(_) => {}
            Err(reason) if self.payloads.can_be_in(&reason) => {
                let object = &results.block.text()[own.clone()];
                if self.payloads.search(text, own.clone(), results) == 0 && decode::has_visitor_key(object) {
                    results.reject(Rejection::new(reason, PayloadText::Block(own)));
                }
            }
            Err(reason) => {
                if decode::names_visitor(&results.block.text()[own.clone()]) {
                    let reason = results.truncated(reason, &own);
                    results.reject(Rejection::new(reason, PayloadText::Block(own)));
                }
            }
        }
    }

    /// A form body: each of its `data` fields.
    fn forms(&mut self, range: Range<usize>, results: &mut Results) {
        let mut start = range.start;
        loop {
            let next = form::next_data(&results.block.text()[start..range.end]);
            let end = next.map_or(range.end, |at| start + at - 1);
            self.form(start..end, results);
            match next {
                Some(at) => start += at,
                None => break,
            }
        }
    }

    /// A form body with one `data` field.
    fn form(&mut self, range: Range<usize>, results: &mut Results) {
        let body = &results.block.text()[range.clone()];
        let text = PayloadText::Block(range.clone());
        let mut form = std::mem::take(&mut self.form);
        match form::decode(body, &mut form) {
            Ok(field) => match self.payloads.convert_decoded(&form, range.start, results) {
                Ok(()) => {}
                Err(reason) if self.payloads.can_be_in(&reason) => {
                    if self.payloads.search_decoded(&form, range, results) == 0 {
                        let form = Some((form.as_slice(), None));
                        results.add_empty(Rejection { form, ..Rejection::new(reason, text) });
                    }
                }
                Err(reason) => {
                    let mut places = field.places(body);
                    let at = reason.at.map(|at| places.place(at));
                    let json = range.start..range.start + places.place(form.len());
                    let form = Some((form.as_slice(), reason.at));
                    let reason = results.truncated(Reason { at, ..reason }, &json);
                    results.reject(Rejection { form, ..Rejection::new(reason, text) });
                }
            },
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

    /// A line that does not start with a record: the payloads in it.
    fn log_line(&mut self, text: BlockText, range: Range<usize>, results: &mut Results) {
        let line = &results.block.text()[range.clone()];
        if is_json(after_record::trim(line)) {
            // Then it is a record itself, whatever is in it.
            return self.json(text, range, Trailing::Nothing, results);
        }
        let (parts, rest) = parts(line, results.record.context.quoting);
        if let Rest::Key(at) = rest {
            let message = if parts.first().is_some_and(|first| first.range.end <= at) {
                "text after the payload that may belong to it, or to another one"
            } else {
                "a key outside a complete object: part of a payload may be missing"
            };
            let reason = Reason::at(Code::InvalidJson, message, at);
            return results.reject(Rejection::new(reason, PayloadText::Block(range)));
        }
        let kept = results.kept();
        for part in parts {
            let own = range.start + part.range.start..range.start + part.range.end;
            match part.content {
                Content::Plain | Content::Open(None) => self.object_in_line(text, own, results),
                Content::Undone(json) | Content::Open(Some(json)) => {
                    self.payloads.object_undone(&json, own, results);
                }
                Content::Form => self.forms(own, results),
                Content::Ambiguous => {
                    let text = PayloadText::Block(own);
                    results.reject(Rejection::new(PayloadSearch::ambiguous(), text));
                }
            }
        }
        if results.kept() > kept || results.is_over() {
            return;
        }
        if decode::text(line).is_some() && self.payloads.search_text(line, range.clone(), results) > 0 {
            return;
        }
        match rest {
            Rest::Form(at) if results.record.context.if_empty == IfEmpty::PassOver => {
                let reason = Reason::at(Code::InvalidForm, "a form body without a payload", at);
                results.reject(Rejection::new(reason, PayloadText::Block(range)));
            }
            _ if results.record.context.if_empty == IfEmpty::PassOver => results.pass_over(),
            _ => self.json(text, range, Trailing::Nothing, results),
        }
    }

    /// A line of `COPY`'s text with one column.
    fn copy_line(&mut self, range: Range<usize>, results: &mut Results) {
        let line = &results.block.text()[range.clone()];
        let text = COPY.undo(line).unwrap_or(Cow::Borrowed(line));
        if self.payloads.search_text(&text, range.clone(), results) == 0 {
            let reason = Reason::new(Code::NoPayload, "no Olark payload in it");
            results.add_empty(Rejection::new(reason, PayloadText::Decoded(range.start, &text)));
        }
    }

    /// A literal of an SQL statement.
    fn literal(&mut self, literal: Literal, range: Range<usize>, results: &mut Results) {
        let own = &results.block.text()[range.clone()];
        let from = own.iter().position(|byte| *byte == b'\'').map_or(2, |at| at + 1);
        let inside = own.get(from..).unwrap_or_default();
        let inside = inside.strip_suffix(b"'").unwrap_or(inside);
        let text = match literal {
            Literal::Plain => SQL_LITERAL.undo(inside),
            Literal::Escaped => ESCAPED_LITERAL.undo(inside),
            Literal::Hex => decode::hex(&inside[..inside.len() / 2 * 2]).map(Cow::Owned),
        };
        let text = text.unwrap_or(Cow::Borrowed(inside));
        if self.payloads.search_text(&text, range.clone(), results) > 0 {
            return;
        }
        let may_be_cut = literal == Literal::Hex || results.record.completeness == Completeness::MayBeCutOff;
        let is_object = starts_with_key(&text) || may_be_cut && text.starts_with(b"{");
        if is_object && !is_json(&text) {
            let reason = Reason::new(Code::InvalidJson, "the payload is cut off in its literal");
            let reason = results.truncated(reason, &range);
            results.reject(Rejection::new(reason, PayloadText::Decoded(range.start, &text)));
        } else {
            results.pass_over();
        }
    }
}

/// Whether a text is an object with a key, and no array of PostgreSQL: `{"a b",c}`.
fn starts_with_key(text: &[u8]) -> bool {
    let key = text.strip_prefix(b"{").and_then(|text| text.trim_ascii_start().strip_prefix(b"\""));
    let Some(key) = key else { return false };
    memchr::memchr(b'"', key).is_some_and(|len| key[len + 1..].trim_ascii_start().starts_with(b":"))
}

/// The length of a record without the ignored text after its last bracket.
fn without_tail(text: &[u8]) -> usize {
    let trimmed = after_record::trim(text);
    if trimmed.ends_with(b"}") || trimmed.ends_with(b"]") { trimmed.len() } else { text.len() }
}

/// The start of the second object on a line, or the text's length if there is none. A broken object ends with its last
/// bracket.
fn next_object(text: &[u8]) -> usize {
    let mut search = BoundarySearch::new(0, LikeLines::MayBelong, form::starts_line);
    let Boundary::Whole(end) = search.run(text) else { return text.len() };
    let blank = leading_space_on_line(&text[end..]);
    if text.get(end + blank) == Some(&b'{') { end + blank } else { text.len() }
}
