//! Converts the payloads in a record. It may be one itself, or hold any number of them; each is counted, rejected and
//! explained on its own.

use super::repeats::Repeats;
use super::results::{Results, Within};
use crate::convert::converter::{Converter, Trailing};
use crate::convert::event_writer::Converted;
use crate::convert::plan::Plan;
use crate::convert::reason::{Code, Reason};
use crate::convert::warning::Warning;
use crate::json::boundary::{Boundary, BoundarySearch};
use crate::json::scan::leading_space_on_line;
use crate::json::string_index::IndexedText;
use crate::options::WorkerOptions;
use crate::payloads::path::{Indices, Path};
use crate::payloads::piece::Piece;
use crate::payloads::search::{Found, Searched, State, Unreadable, search};
use crate::payloads::{decode, dynamodb, form, visitor_key};
use crate::report::message::Inside;

/// Converts payloads, reusing its buffers.
pub(super) struct PayloadConverter<'p> {
    converter: Converter<'p>,
    options: &'p WorkerOptions,
    /// The number of payloads that were found in the record so far.
    number: usize,
    repeats: Repeats,
    /// The path of a payload without indices, for counting.
    path: String,
}

/// The reason for which a value is no payload and holds none.
pub(super) struct NotConverted {
    pub reason: Reason,
    /// The length of the value and the white space after it, if it is JSON that could hold payloads.
    pub len: Option<usize>,
}

impl<'p> PayloadConverter<'p> {
    pub fn new(plan: &'p Plan, options: &'p WorkerOptions) -> Self {
        let (path, repeats) = (String::new(), Repeats::default());
        PayloadConverter { converter: Converter::new(plan), options, number: 0, repeats, path }
    }

    /// Starts another record or value, whose payloads are numbered from 1.
    pub fn start(&mut self) {
        self.number = 0;
        self.repeats.clear();
    }

    /// Converts the value that a text starts with, or the payloads in it, and returns its length.
    pub fn value(
        &mut self,
        value: Piece,
        trailing: Trailing,
        results: &mut Results,
    ) -> Result<usize, NotConverted> {
        let events = results.output.events.len();
        match self.value_itself(value, trailing, results) {
            Ok(converted) => {
                let len = converted.len;
                results.add(value.place(), || None, &self.converter, converted, events);
                Ok(len)
            }
            Err(reason) if self.may_hold_payloads(&reason) => {
                let len = self.converter.len;
                let own = value.part(0..len).trimmed().as_record();
                self.start();
                self.search(Searched::Json(own), &Path::RECORD, results);
                if self.number > 0 { Ok(len) } else { Err(NotConverted { reason, len: Some(len) }) }
            }
            Err(reason) => Err(NotConverted { reason, len: None }),
        }
    }

    /// Converts the payloads in a text, and returns the number of those that were found in the record so far.
    pub fn text(&mut self, text: Piece, path: &Path, results: &mut Results) -> usize {
        match check_utf8(text.text) {
            Ok(()) => self.search(Searched::Text(text), path, results),
            Err(reason) => {
                let is_cell = path.is_inside();
                if visitor_key::may_be_in(text.text) || is_cell && decode::text(text.text).is_some() {
                    self.number += 1;
                    let inside = is_cell.then(|| inside(self.number, path));
                    results.reject(text, reason, Within::Record(inside));
                }
            }
        }
        self.number
    }

    /// Converts a value that is a payload itself.
    fn value_itself(
        &mut self,
        value: Piece,
        trailing: Trailing,
        results: &mut Results,
    ) -> Result<Converted, Reason> {
        if value.offset.is_none() || !results.text.is_utf8 {
            let has_more = trailing == Trailing::Objects;
            check_utf8(if has_more { &value.text[..next_object(value.text)] } else { value.text })?;
        }
        if self.options.at.is_none() {
            return self.convert(value, trailing, results);
        }
        // Whatever the value is, only what `--at` names can be a payload.
        let mut buffer = Vec::new();
        let (text, at) = match value.offset {
            Some(at) => (results.text.indexed.until(at + value.text.len()), at),
            None => (IndexedText::new(value.text, &mut buffer), 0),
        };
        self.converter.check_at(text, at, trailing)?;
        Err(Reason::new(Code::NoPayload, "no Olark payload at the path given by --at"))
    }

    /// Converts a payload, and appends its events.
    fn convert(
        &mut self,
        payload: Piece,
        trailing: Trailing,
        results: &mut Results,
    ) -> Result<Converted, Reason> {
        let out = &mut results.output.events;
        match payload.offset {
            Some(at) => {
                let text = results.text.indexed.until(at + payload.text.len());
                self.converter.convert_at(text, at, trailing, out)
            }
            None => self.converter.convert(payload.text, out),
        }
    }

    /// Whether payloads may be in a value that was not converted for this reason.
    fn may_hold_payloads(&self, reason: &Reason) -> bool {
        let visitor_is = |is: fn(&[u8]) -> bool| self.converter.visitor().is_some_and(is);
        match reason.code {
            Code::NoPayload => true,
            Code::MissingVisitorId => visitor_is(dynamodb::is_typed_map),
            Code::WrongType => visitor_is(|visitor| !visitor.starts_with(b"{")),
            _ => false,
        }
    }

    /// Converts every payload that a search finds.
    fn search(&mut self, searched: Searched, path: &Path, results: &mut Results) {
        let is_text = matches!(searched, Searched::Text(_));
        let dialect = results.record.context.quoting;
        search(searched, path, self.options.at.as_ref(), dialect, |found: Found| {
            let is_payload = if results.is_over() {
                found.state != State::Unchecked
            } else {
                self.found(&found, is_text && !found.path.is_inside(), results)
            };
            self.number += usize::from(is_payload);
            is_payload
        });
    }

    /// Converts a payload that was found; `false` if it was unchecked and is none.
    fn found(&mut self, found: &Found, is_whole: bool, results: &mut Results) -> bool {
        let Found { piece, state, path } = *found;
        let events = results.output.events.len();
        let result = match state {
            State::Payload | State::Unchecked => self.convert(piece, Trailing::Nothing, results),
            State::Unreadable(unreadable) => self.read(piece.text, unreadable, &mut results.output.events),
        };
        if state == State::Unchecked && !self.is_found(&result) {
            results.output.events.truncate(events);
            return false;
        }
        self.path.clear();
        path.write(Indices::Dropped, &mut self.path);
        results.output.counts.add_found(&self.path, 1);
        let number = self.number + 1;
        let inside = || (!is_whole).then(|| inside(number, &path));
        match result {
            Ok(_) if self.repeats.add(self.converter.ids(), &self.path, piece.text) => {
                results.output.events.truncate(events);
                results.warn(piece.place(), inside(), Warning::Repeated);
            }
            Ok(converted) => {
                results.add(piece.place(), inside, &self.converter, converted, events);
            }
            Err(reason) => results.reject(piece, reason, Within::Record(inside())),
        }
        results.write_if_large();
        true
    }

    /// Reads a text that starts to be a payload, to know the reason for which it cannot be read.
    fn read(&mut self, text: &[u8], unreadable: Unreadable, out: &mut Vec<u8>) -> Result<Converted, Reason> {
        match unreadable {
            Unreadable::Ambiguous => Err(ambiguous()),
            Unreadable::Fragment(at) => Err(fragment(at)),
            Unreadable::DynamoDb => {
                Err(Reason::new(Code::WrongType, "this DynamoDB item has a value of an unknown type"))
            }
            Unreadable::Encoded => {
                let message =
                    "a payload in base64 or hexadecimal digits that does not decode to correct JSON";
                Err(Reason::new(Code::InvalidJson, message))
            }
            Unreadable::Json if form::begins(text) => {
                let mut json = Vec::new();
                match form::decode(text, &mut json) {
                    Err(error) => Err(Reason::at(Code::InvalidForm, error.reason, error.at)),
                    Ok(_) => check_utf8(&json).and_then(|()| self.converter.convert(&json, out)),
                }
            }
            Unreadable::Json => check_utf8(text).and_then(|()| self.converter.convert(text, out)),
        }
    }

    /// Whether a search would find the text that was just read, and as it is.
    fn is_found(&self, result: &Result<Converted, Reason>) -> bool {
        let is_read = !matches!(result, Err(Reason { code: Code::InvalidJson | Code::TooDeep, .. }));
        let is_payload = |visitor: &[u8]| visitor.starts_with(b"{") && !dynamodb::is_typed_map(visitor);
        is_read && self.converter.visitor().is_some_and(is_payload)
    }
}

/// The payload with this number in its record.
fn inside(number: usize, path: &Path) -> Inside {
    let mut text = String::new();
    path.write(Indices::Written, &mut text);
    Inside { number, path: text }
}

/// The reason for a payload that has two readings.
pub(super) fn ambiguous() -> Reason {
    Reason::new(
        Code::InvalidJson,
        "its quotes or backslashes can be read in two ways, with different results",
    )
}

/// The reason for a key, at an index, that is in no complete object.
pub(super) fn fragment(at: usize) -> Reason {
    let message = "a key outside a complete object: part of a payload may be missing";
    Reason::at(Code::InvalidJson, message, at)
}

/// Checks a text.
///
/// # Errors
/// When it is not UTF-8.
pub(super) fn check_utf8(text: &[u8]) -> Result<(), Reason> {
    let invalid =
        |error: simdutf8::compat::Utf8Error| Reason::at(Code::InvalidUtf8, "not UTF-8", error.valid_up_to());
    simdutf8::compat::from_utf8(text).map(drop).map_err(invalid)
}

/// The start of the second object on a line, or the text's length if there is none. A broken object ends with its last
/// bracket.
pub(super) fn next_object(text: &[u8]) -> usize {
    let mut search = BoundarySearch::new(form::starts_line);
    let Boundary::Whole(end) = search.run(text) else { return text.len() };
    let blank = leading_space_on_line(&text[end..]);
    if text.get(end + blank) == Some(&b'{') { end + blank } else { text.len() }
}
