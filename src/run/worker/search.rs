//! The payloads in a record that is not one itself: each is converted, counted, rejected and explained on its own.

use std::fmt::{self, Write};
use std::ops::Range;

use super::block_text::{BlockText, Utf8, check_utf8};
use super::repeats::Repeats;
use super::results::{PayloadText, Rejection, Results, WorkerOptions};
use crate::convert::converted::Converted;
use crate::convert::converter::{Converter, Trailing};
use crate::convert::plan::Plan;
use crate::convert::reason::{Code, Reason};
use crate::convert::warning::Warning;
use crate::json::scan::trim;
use crate::json::string_index::IndexedText;
use crate::payloads::search::{self, Found, Origin, Searched, Unreadable, Verdict};
use crate::payloads::{decode, dynamodb, form};
use crate::records::record::Doubt;
use crate::records::table::cells;
use crate::records::table::cells::Dialect;
use crate::report::message::Inside;

/// Finds and converts payloads.
pub(super) struct PayloadSearch<'p> {
    plan: &'p Plan,
    converter: Converter<'p>,
    options: &'p WorkerOptions,
    /// The path of a payload without indices, for counting.
    path: String,
    repeats: Repeats,
}

/// A text that is searched.
struct Record<'t> {
    text: Searched<'t>,
    /// Its range in the block, or the range that it was decoded from.
    range: Range<usize>,
    /// The block, if the text is there as it is.
    block: Option<BlockText<'t>>,
    /// Its number in its row if it is a cell, from 0.
    cell: Option<usize>,
}

impl Record<'_> {
    /// The path of a payload in it: its column if it is a cell, and the path in that.
    fn write_path(&self, out: &mut String, is_inside: bool, path: impl fmt::Display) {
        // Writing to a string cannot fail.
        let _ = match self.cell {
            None => write!(out, "{path}"),
            Some(index) if is_inside => write!(out, "column {}: {path}", index + 1),
            Some(index) => write!(out, "column {}", index + 1),
        };
    }
}

impl<'p> PayloadSearch<'p> {
    pub fn new(plan: &'p Plan, options: &'p WorkerOptions) -> Self {
        let (path, repeats) = (String::new(), Repeats::default());
        PayloadSearch { plan, converter: Converter::new(plan), options, path, repeats }
    }

    /// The length of the last valid JSON value, including the white space after it.
    pub fn last_len(&self) -> usize {
        self.converter.last_len()
    }

    /// Converts the payload at an index of the block, and returns its length.
    pub fn convert_at(
        &mut self,
        text: IndexedText,
        at: usize,
        trailing: Trailing,
        results: &mut Results,
    ) -> Result<usize, Reason> {
        if self.options.at.is_some() {
            // Whatever the value is, only what `--at` names can be a payload.
            self.converter.check_at(text, at, trailing)?;
            return Err(Reason::new(Code::NoPayload, "no Olark payload at the path of --at"));
        }
        let events = results.output.events.len();
        let converted = self.converter.convert_at(text, at, trailing, &mut results.output.events)?;
        let len = converted.len;
        self.add(at, None, converted, events, results);
        Ok(len)
    }

    /// Converts a payload that was decoded from the text at an index of the block.
    pub fn convert_decoded(&mut self, json: &[u8], at: usize, results: &mut Results) -> Result<(), Reason> {
        check_utf8(json)?;
        if self.options.at.is_some() {
            let mut buffer = Vec::new();
            self.converter.check_at(IndexedText::new(json, &mut buffer), 0, Trailing::Nothing)?;
            return Err(Reason::new(Code::NoPayload, "no Olark payload at the path of --at"));
        }
        let events = results.output.events.len();
        let converted = self.converter.convert(json, &mut results.output.events)?;
        self.add(at, None, converted, events, results);
        Ok(())
    }

    /// An object whose quoting was undone, in a line; whether it is one is not known yet.
    pub fn object_undone(&mut self, json: &[u8], own: Range<usize>, results: &mut Results) {
        let at = own.start;
        match self.convert_decoded(json, at, results) {
            Ok(()) => {}
            Err(reason) if self.can_be_in(&reason) => {
                if self.search_decoded(json, at..at, results) == 0 && decode::has_visitor_key(json) {
                    results.reject(Rejection::new(reason, PayloadText::Decoded(at, json)));
                }
            }
            Err(reason) => {
                // The text may break off before its visitor, and hexadecimal digits show none.
                let written = &results.block.text()[own];
                if decode::names_visitor(written) || !written.starts_with(b"{") {
                    results.reject(Rejection::new(reason, PayloadText::Decoded(at, json)));
                }
            }
        }
    }

    /// Whether payloads may be in a value that was not converted for this reason.
    pub fn can_be_in(&self, reason: &Reason) -> bool {
        let is_typed = || self.converter.visitor().is_some_and(dynamodb::is_typed_map);
        reason.code == Code::NoPayload || reason.code == Code::MissingVisitorId && is_typed()
    }

    /// Searches a value in the block, and returns the number of payloads in it.
    pub fn search(&mut self, text: BlockText, range: Range<usize>, results: &mut Results) -> usize {
        let value = &results.block.text()[range.clone()];
        let record = Record { text: Searched::Json(value), range, block: Some(text), cell: None };
        self.search_record(record, 0, results)
    }

    /// Searches a value that was decoded from a range of the block, and returns the number of payloads in it.
    pub fn search_decoded(&mut self, json: &[u8], range: Range<usize>, results: &mut Results) -> usize {
        let record = Record { text: Searched::Json(trim(json)), range, block: None, cell: None };
        self.search_record(record, 0, results)
    }

    /// Searches a text that was decoded from a range of the block, and returns the number of payloads in it.
    pub fn search_text(&mut self, text: &[u8], range: Range<usize>, results: &mut Results) -> usize {
        if let Err(reason) = check_utf8(text) {
            if decode::names_visitor(text) {
                results.reject(Rejection::new(reason, PayloadText::Decoded(range.start, text)));
                return 1;
            }
            return 0;
        }
        let record = Record { text: Searched::Text(text), range, block: None, cell: None };
        self.search_record(record, 0, results)
    }

    /// A row of a table: the payloads in its cells.
    pub fn row(&mut self, text: BlockText, dialect: Dialect, range: Range<usize>, results: &mut Results) {
        let row = &results.block.text()[range.clone()];
        let mut number = 0;
        let is_utf8 = if text.utf8 == Utf8::Valid { Ok(()) } else { check_utf8(row) };
        let result = is_utf8.and_then(|()| {
            let each = cells::each(dialect, row, |index, cell| {
                // Escapes can stand for bytes that are no text.
                if let Err(reason) = check_utf8(cell) {
                    if decode::names_visitor(cell) || decode::text(cell).is_some() {
                        number += 1;
                        let inside = Some(Inside { number, path: format!("column {}", index + 1) });
                        let text = PayloadText::Decoded(range.start, cell);
                        results.reject(Rejection { inside, ..Rejection::new(reason, text) });
                    }
                    return;
                }
                let text = Searched::Text(cell);
                let record = Record { text, range: range.clone(), block: None, cell: Some(index) };
                number = self.search_record(record, number, results);
            });
            each.map_err(|bad| Reason::new(Code::NoPayload, bad.reason()))
        });
        match result {
            Err(reason) => results.reject(Rejection::new(reason, PayloadText::Block(range))),
            Ok(()) if number == 0 => {
                let reason = Reason::new(Code::NoPayload, "no Olark payload in any cell of this row");
                results.add_empty(Rejection::new(reason, PayloadText::Block(range)));
            }
            Ok(()) => {}
        }
    }

    /// Converts every payload in a record, and returns their number, including those found before.
    fn search_record(&mut self, record: Record, mut number: usize, results: &mut Results) -> usize {
        results.enter(record.range.start);
        if number == 0 {
            self.repeats.clear();
        }
        let (at, quoting) = (self.options.at.as_ref(), results.record.context.quoting);
        search::search(record.text, at, quoting, |found: Found| {
            let verdict = if !results.is_over() {
                self.found(&record, number + 1, &found, results)
            } else if found.origin == Origin::Unchecked {
                Verdict::Other
            } else {
                Verdict::Payload
            };
            number += usize::from(verdict == Verdict::Payload);
            verdict
        });
        number
    }

    /// Converts a payload that was found, unless it was unchecked and is none.
    fn found(&mut self, record: &Record, number: usize, found: &Found, results: &mut Results) -> Verdict {
        let events = results.output.events.len();
        let out = &mut results.output.events;
        let (at, text, result) = match (found.origin, record.block) {
            (Origin::Record(offset), Some(block)) => {
                let at = record.range.start + offset;
                let range = at..at + found.text.len();
                let text = block.indexed.until(range.end);
                let result = self.converter.convert_at(text, at, Trailing::Nothing, out);
                (at, PayloadText::Block(range), result)
            }
            (origin, _) => {
                let at = record.range.start;
                let result = match origin {
                    Origin::Unreadable(unreadable) => self.read(found.text, unreadable, out),
                    _ => self.converter.convert(found.text, out),
                };
                (at, PayloadText::Decoded(at, found.text), result)
            }
        };
        if found.origin == Origin::Unchecked && !self.is_found(&result) {
            results.output.events.truncate(events);
            return Verdict::Other;
        }
        let is_inside = found.path.is_inside();
        self.path.clear();
        record.write_path(&mut self.path, is_inside, found.path.without_indices());
        results.output.counts.add_found(&self.path, 1);
        let is_whole = matches!(record.text, Searched::Text(_)) && record.cell.is_none() && !is_inside;
        // The path is turned into text only where it is shown.
        let inside = || {
            let mut path = String::new();
            record.write_path(&mut path, is_inside, found.path);
            (!is_whole).then_some(Inside { number, path })
        };
        match result {
            Ok(_) if self.repeats.add(self.converter.ids(), &self.path, found.text) => {
                results.output.events.truncate(events);
                results.warn(at, inside(), Warning::Repeated);
            }
            Ok(converted) => {
                let is_shown = !converted.warnings.kept().is_empty() || results.options.explain.is_some();
                let inside = if is_shown { inside() } else { None };
                self.add(at, inside, converted, events, results);
            }
            Err(reason) => results.reject(Rejection { inside: inside(), ..Rejection::new(reason, text) }),
        }
        results.write_if_large();
        Verdict::Payload
    }

    /// Reads a text that starts to be a payload, to know the reason for which it cannot be read.
    fn read(&mut self, text: &[u8], unreadable: Unreadable, out: &mut Vec<u8>) -> Result<Converted, Reason> {
        match unreadable {
            Unreadable::Ambiguous => Err(Self::ambiguous()),
            Unreadable::Fragment(at) => Err(Reason::at(
                Code::InvalidJson,
                "a key outside a complete object: part of a payload may be missing",
                at,
            )),
            Unreadable::DynamoDb => {
                Err(Reason::new(Code::WrongType, "this DynamoDB item has a value of an unknown type"))
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

    /// The reason for a payload that has two readings.
    pub fn ambiguous() -> Reason {
        Reason::new(
            Code::InvalidJson,
            "its quotes or backslashes can be read in two ways, with different results",
        )
    }

    /// Whether a search would find the text that was just read, and as it is.
    fn is_found(&self, result: &Result<Converted, Reason>) -> bool {
        let is_read = !matches!(result, Err(Reason { code: Code::InvalidJson | Code::TooDeep, .. }));
        let is_payload = |visitor: &[u8]| visitor.starts_with(b"{") && !dynamodb::is_typed_map(visitor);
        is_read && self.converter.visitor().is_some_and(is_payload)
    }

    fn add(
        &mut self,
        at: usize,
        inside: Option<Inside>,
        mut converted: Converted,
        events: usize,
        results: &mut Results,
    ) {
        if results.record.context.doubt == Doubt::DoubledBackslashes {
            converted.warnings.push(Warning::DoubledBackslashes);
        }
        results.convert(at, inside, (self.plan, &self.converter), &converted, events);
    }
}
