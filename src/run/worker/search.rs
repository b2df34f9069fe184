//! The payloads in a record that is not one itself: each is converted, counted, rejected and explained on its own.

use std::fmt::{self, Write};
use std::ops::Range;

use super::results::{PayloadText, Rejection, Results};
use super::{BlockText, Utf8, Worker, check_utf8};
use crate::convert::converted::Converted;
use crate::convert::converter::Trailing;
use crate::convert::reason::{Code, Reason};
use crate::json::scan::trim;
use crate::payloads::search::{self, Found, Origin, Searched, Verdict};
use crate::payloads::{decode, dynamodb};
use crate::records::dialect::Dialect;
use crate::records::table::cells;
use crate::report::message::Inside;

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

impl Worker<'_> {
    /// Whether a value that was not converted for this reason may have payloads inside.
    pub(super) fn can_hold_payloads(&self, reason: &Reason) -> bool {
        let is_typed = || self.converter.visitor().is_some_and(dynamodb::is_typed_map);
        reason.code == Code::NoPayload || reason.code == Code::MissingVisitorId && is_typed()
    }

    /// Searches a value in the block, and returns the number of payloads in it.
    pub(super) fn search(&mut self, text: BlockText, range: Range<usize>, results: &mut Results) -> usize {
        let value = &results.block.text()[range.clone()];
        let record = Record { text: Searched::Json(value), range, block: Some(text), cell: None };
        self.search_record(record, 0, results)
    }

    /// Searches a value that was decoded from a range of the block, and returns the number of payloads in it.
    pub(super) fn search_decoded(
        &mut self,
        json: &[u8],
        range: Range<usize>,
        results: &mut Results,
    ) -> usize {
        let record = Record { text: Searched::Json(trim(json)), range, block: None, cell: None };
        self.search_record(record, 0, results)
    }

    /// A row of a table: the payloads in its cells.
    pub(super) fn row(
        &mut self,
        text: BlockText,
        dialect: Dialect,
        range: Range<usize>,
        results: &mut Results,
    ) {
        let row = &results.block.text()[range.clone()];
        let mut number = 0;
        let is_utf8 = if text.utf8 == Utf8::Valid { Ok(()) } else { check_utf8(row) };
        let result = is_utf8.and_then(|()| {
            let each = cells::each(dialect, row, |index, cell| {
                // Escapes can stand for bytes that are no text.
                if let Err(reason) = check_utf8(cell) {
                    if decode::text(cell).is_some() {
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
        let reason = match result {
            Err(reason) => reason,
            Ok(()) if number == 0 => Reason::new(Code::NoPayload, "no Olark payload in any cell of this row"),
            Ok(()) => return,
        };
        results.reject(Rejection::new(reason, PayloadText::Block(range)));
    }

    /// Converts every payload in a record, and returns their number, including those found before.
    fn search_record(&mut self, record: Record, mut number: usize, results: &mut Results) -> usize {
        results.enter(record.range.start);
        let at = self.options.at.as_ref();
        let mut found = |found: Found| {
            let verdict = if !results.is_over() {
                self.found(&record, number + 1, &found, results)
            } else if found.origin == Origin::Unchecked {
                Verdict::Other
            } else {
                Verdict::Payload
            };
            number += usize::from(verdict == Verdict::Payload);
            verdict
        };
        match at {
            Some(at) => at.search(record.text, |payload| _ = found(payload)),
            None => search::search(record.text, found),
        }
        number
    }

    /// Converts a payload that was found, unless it was unchecked and is none.
    fn found(&mut self, record: &Record, number: usize, found: &Found, results: &mut Results) -> Verdict {
        let events = results.output.events.len();
        let out = &mut results.output.events;
        let (at, text, result) = match (found.origin, record.block) {
            (Origin::Record(offset), Some(block)) => {
                let start = record.range.start + offset;
                let range = start..start + found.text.len();
                let result =
                    self.converter.convert_at(block.indexed.until(range.end), start, Trailing::Nothing, out);
                (start, PayloadText::Block(range), result)
            }
            _ => {
                let start = record.range.start;
                (start, PayloadText::Decoded(start, found.text), self.converter.convert(found.text, out))
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
        // The path is turned into text only where it is shown.
        let inside = || {
            let mut path = String::new();
            record.write_path(&mut path, is_inside, found.path);
            Some(Inside { number, path })
        };
        match result {
            Ok(converted) => {
                let is_shown = !converted.warnings.kept().is_empty() || results.options.explain.is_some();
                let inside = if is_shown { inside() } else { None };
                results.convert(at, inside, (self.plan, &self.converter), &converted, events);
            }
            Err(reason) => results.reject(Rejection { inside: inside(), ..Rejection::new(reason, text) }),
        }
        results.write_if_large();
        Verdict::Payload
    }

    /// Whether a search would find the text that was just read, and as it is.
    fn is_found(&self, result: &Result<Converted, Reason>) -> bool {
        let is_read = !matches!(result, Err(Reason { code: Code::InvalidJson | Code::TooDeep, .. }));
        let is_payload = |visitor: &[u8]| visitor.starts_with(b"{") && !dynamodb::is_typed_map(visitor);
        is_read && self.converter.visitor().is_some_and(is_payload)
    }
}
