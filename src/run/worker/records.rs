//! Converts one record, whatever it is.

use std::borrow::Cow;

use super::payloads::{NotConverted, PayloadConverter, ambiguous, check_utf8, fragment, next_object};
use super::results::{Results, Within};
use crate::convert::converter::Trailing;
use crate::convert::plan::Plan;
use crate::convert::reason::{Code, Reason};
use crate::json::scan::trim_end;
use crate::options::WorkerOptions;
use crate::payloads::path::Path;
use crate::payloads::piece::{Piece, is_json};
use crate::payloads::quoting::{COPY, ESCAPED_LITERAL, SQL_LITERAL};
use crate::payloads::reading::Content;
use crate::payloads::text::{Rest, parts};
use crate::payloads::{decode, form, visitor_key};
use crate::records::record::{Kind, Literal};
use crate::records::table::cells;
use crate::records::table::cells::Dialect;

/// Converts records, reusing its buffers.
pub(super) struct RecordConverter<'p> {
    payloads: PayloadConverter<'p>,
    /// The decoded text of a form body.
    form: Vec<u8>,
}

impl<'p> RecordConverter<'p> {
    pub fn new(plan: &'p Plan, options: &'p WorkerOptions) -> Self {
        RecordConverter { payloads: PayloadConverter::new(plan, options), form: Vec::new() }
    }

    /// Converts a record of a block.
    pub fn convert(&mut self, results: &mut Results) {
        let record = results.record;
        let text = Piece::at(record.start, &results.text.block.text()[record.start..record.end]);
        let (code, message) = match record.kind {
            Kind::Objects => return self.json(text, Trailing::Objects, results),
            Kind::Value => return self.json(text, Trailing::Nothing, results),
            Kind::Form => return self.forms(text, results),
            Kind::LogLine => return self.log_line(text, results),
            Kind::Copy => return self.copy_line(text, results),
            Kind::Literal(literal) => return self.literal(literal, text, results),
            Kind::Row(dialect) => return self.row(dialect, text, results),
            Kind::TooLarge(bytes) => {
                let message = format!("a record of {bytes} bytes, over the limit (--max-record raises it)");
                (Code::TooLarge, message)
            }
            Kind::Encoding(encoding, _) => {
                let message =
                    format!("the source is {encoding}, not UTF-8: convert it with iconv -f UTF-32 -t UTF-8");
                (Code::UnsupportedEncoding, message)
            }
            Kind::UnclosedArray => {
                (Code::Truncated, "the input ends inside an array: its ] is missing".into())
            }
            Kind::Damaged(Some(damage)) => (Code::Truncated, format!("{damage} from here on")),
            Kind::Damaged(None) => (Code::Truncated, "the source cannot be read from here on".into()),
        };
        results.reject(text, Reason::new(code, message), Within::Record(None));
    }

    /// JSON: one value, or several objects.
    fn json(&mut self, record: Piece, trailing: Trailing, results: &mut Results) {
        let end = without_tail(record.text);
        let mut start = 0;
        while start < end && !results.is_over() {
            start += match self.payloads.value(record.part(start..end), trailing, results) {
                Ok(len) => len,
                Err(not_converted) => {
                    let rest = record.part(start..record.text.len());
                    let len = match not_converted.len {
                        Some(len) => len,
                        None if trailing == Trailing::Objects => next_object(rest.text),
                        None => rest.text.len(),
                    };
                    let own = rest.part(0..trim_end(&rest.text[..len]).len());
                    results.add_empty(own, not_converted.reason, Within::Record(None));
                    len
                }
            };
            results.write_if_large();
        }
    }

    /// A form body: each of its `data` fields.
    fn forms(&mut self, body: Piece, results: &mut Results) {
        let mut rest = body;
        while let Some(next) = form::next_data(rest.text) {
            self.form(rest.part(0..next - 1), results);
            rest = rest.part(next..rest.text.len());
        }
        self.form(rest, results);
    }

    /// A form body with one `data` field.
    fn form(&mut self, body: Piece, results: &mut Results) {
        let mut json = std::mem::take(&mut self.form);
        match form::decode(body.text, &mut json) {
            Ok(field) => {
                let value = body.as_record().decoded(&json);
                match self.payloads.value(value, Trailing::Nothing, results) {
                    Ok(_) => {}
                    Err(NotConverted { reason, len: Some(_) }) => {
                        results.add_empty(body, reason, Within::Form(&json, field));
                    }
                    Err(NotConverted { reason, len: None }) => {
                        results.reject(body, reason, Within::Form(&json, field));
                    }
                }
            }
            Err(error) => {
                let reason = Reason::at(Code::InvalidForm, error.reason, error.at);
                results.reject(body, reason, Within::Record(None));
            }
        }
        self.form = json;
    }

    /// A line that does not start with a record: the payloads in it.
    fn log_line(&mut self, line: Piece, results: &mut Results) {
        if is_json(form::trim_ignored(line.text)) {
            // Then it is a record itself, whatever is in it.
            return self.json(line, Trailing::Nothing, results);
        }
        let (parts, rest) = parts(line.text, results.record.context.quoting);
        if let Rest::Key(at) = rest {
            let mut reason = fragment(at);
            if parts.first().is_some_and(|first| first.range.end <= at) {
                reason.message =
                    "unexpected text after the payload: it may be part of this or another one".into();
            }
            return results.reject(line, reason, Within::Record(None));
        }
        let kept = results.output.source.kept;
        for part in parts {
            let own = line.part(part.range).as_record();
            match part.content {
                Content::Plain | Content::Open(None) => self.object(own, own, results),
                Content::Unquoted(json) | Content::Open(Some(json)) => {
                    self.object(own.decoded(&json), own, results);
                }
                Content::Form => self.forms(own, results),
                Content::Ambiguous => results.reject(own, ambiguous(), Within::Record(None)),
            }
            results.write_if_large();
        }
        if results.output.source.kept > kept || results.is_over() {
            return;
        }
        let is_encoded = decode::text(line.text).is_some() || decode::is_damaged(line.text);
        if is_encoded && self.text(line.without_offset(), results) > 0 {
            return;
        }
        match rest {
            Rest::Form(at) if results.record.context.pass_over_if_empty => {
                let reason = Reason::at(Code::InvalidForm, "a form body without a payload", at);
                results.reject(line, reason, Within::Record(None));
            }
            _ if results.record.context.pass_over_if_empty => results.pass_over(),
            _ => self.json(line, Trailing::Nothing, results),
        }
    }

    /// An object in a line, and its text as it is written. Whether it is one is not known yet.
    fn object(&mut self, object: Piece, written: Piece, results: &mut Results) {
        let Err(NotConverted { reason, len }) = self.payloads.value(object, Trailing::Nothing, results)
        else {
            return;
        };
        let may_be_payload = match len {
            Some(_) => visitor_key::is_in(object.text),
            // It may break off before its visitor, and hexadecimal digits show none.
            None => visitor_key::may_be_in(written.text) || !written.text.starts_with(b"{"),
        };
        if may_be_payload {
            results.reject(object, reason, Within::Record(None));
        }
    }

    /// Converts the payloads in a text, and returns their number.
    fn text(&mut self, text: Piece, results: &mut Results) -> usize {
        self.payloads.start();
        self.payloads.text(text, &Path::RECORD, results)
    }

    /// A line of `COPY`'s text with one column.
    fn copy_line(&mut self, line: Piece, results: &mut Results) {
        let text = COPY.undo(line.text).unwrap_or(Cow::Borrowed(line.text));
        let text = line.decoded(&text);
        if self.text(text, results) == 0 {
            results.add_empty(text, Reason::no_payload(), Within::Record(None));
        }
    }

    /// A literal of an SQL statement.
    fn literal(&mut self, literal: Literal, own: Piece, results: &mut Results) {
        let from = own.text.iter().position(|byte| *byte == b'\'').map_or(2, |at| at + 1);
        let inside = own.text.get(from..).unwrap_or_default();
        let is_closed = inside.ends_with(b"'");
        let inside = inside.strip_suffix(b"'").unwrap_or(inside);
        let text = match literal {
            Literal::Plain => SQL_LITERAL.undo(inside),
            Literal::Escaped => ESCAPED_LITERAL.undo(inside),
            Literal::Hex => decode::hex(&inside[..inside.len() / 2 * 2]).map(Cow::Owned),
        };
        let text = text.unwrap_or(Cow::Borrowed(inside));
        if self.text(own.decoded(&text), results) > 0 {
            return;
        }
        let is_hex = literal == Literal::Hex;
        let is_last = results.record.may_be_cut_off;
        let is_object = starts_with_key(&text) || is_hex && text.starts_with(b"{");
        let reason = if is_last && !is_hex && !is_closed {
            Reason::new(Code::Truncated, "the input ends inside a literal")
        } else if is_object && !is_json(&text) {
            Reason::new(Code::InvalidJson, "the payload is cut off in its literal")
        } else {
            return results.pass_over();
        };
        results.reject(own.decoded(&text), reason, Within::Record(None));
    }

    /// A row of a table: the payloads in its cells.
    fn row(&mut self, dialect: Dialect, row: Piece, results: &mut Results) {
        if !results.text.is_utf8
            && let Err(reason) = check_utf8(row.text)
        {
            return results.reject(row, reason, Within::Record(None));
        }
        self.payloads.start();
        let mut number = 0;
        let each = cells::each(dialect, row.text, |index, cell| {
            number = self.payloads.text(row.decoded(cell), &Path::column(index), results);
        });
        if let Err(reason) = each {
            results.reject(row, Reason::new(Code::NoPayload, reason), Within::Record(None));
        } else if number == 0 {
            let reason = Reason::new(Code::NoPayload, "no Olark payload in any cell of this row");
            results.add_empty(row, reason, Within::Record(None));
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
    let trimmed = form::trim_ignored(text);
    if trimmed.ends_with(b"}") || trimmed.ends_with(b"]") { trimmed.len() } else { text.len() }
}
