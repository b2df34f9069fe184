//! The payloads inside a record that is not one itself: each is converted, counted, rejected and explained on
//! its own.

use std::fmt::{self, Write};
use std::ops::Range;

use crate::convert::converted::Converted;
use crate::convert::converter::Trailing;
use crate::convert::reason::{Code, Reason};
use crate::payloads::search::{self, Found, Origin, Searched, Verdict};
use crate::payloads::{decode, dynamodb};
use crate::records::dialect::Dialect;
use crate::records::table::cells;
use crate::report::diagnostic::Inside;
use crate::report::hint::Body;
use crate::run::outcome::AsRead;
use crate::run::recorder::{PayloadText, Recorder};
use crate::run::worker::{BlockText, Utf8, Worker, check_utf8};

/// What is searched for payloads.
struct Record<'t> {
    text: Searched<'t>,
    /// Its range in the block, or the range that it was decoded from.
    range: Range<usize>,
    /// The block, if the text is there as it is.
    block: Option<BlockText<'t>>,
    /// The cell of a row that it is, counted from 0.
    cell: Option<usize>,
}

impl Record<'_> {
    /// Where something is in it: its column if it is a cell, and its path if it is inside.
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
        let typed = || self.converter.visitor().is_some_and(dynamodb::is_typed_map);
        reason.code == Code::NoPayload || reason.code == Code::MissingVisitorId && typed()
    }

    /// Searches a value in the block, and gives how many payloads are in it.
    pub(super) fn search(&mut self, text: BlockText, range: Range<usize>, recorder: &mut Recorder) -> usize {
        let value = &recorder.block.text()[range.clone()];
        let record = Record { text: Searched::Json(value), range, block: Some(text), cell: None };
        self.search_record(record, 0, recorder)
    }

    /// Searches a value that was decoded from a range of the block.
    pub(super) fn search_decoded(
        &mut self,
        json: &[u8],
        range: Range<usize>,
        reason: Reason,
        recorder: &mut Recorder,
    ) {
        let record =
            Record { text: Searched::Json(json.trim_ascii()), range: range.clone(), block: None, cell: None };
        if self.search_record(record, 0, recorder) == 0 {
            let body = Body::Form(&recorder.block.text()[range.clone()]);
            let read = AsRead { text: json, at: None, body, hint: None };
            self.rejected_as_read(&PayloadText::Block(range), None, reason, read, recorder);
        }
    }

    /// A row of a table: the payloads in its cells.
    pub(super) fn row(
        &mut self,
        text: BlockText,
        dialect: Dialect,
        range: Range<usize>,
        recorder: &mut Recorder,
    ) {
        let row = &recorder.block.text()[range.clone()];
        let mut number = 0;
        let is_text = match text.utf8 {
            Utf8::Valid => Ok(()),
            Utf8::Unknown => check_utf8(row),
        };
        let result = is_text.and_then(|()| {
            let each = cells::each(dialect, row, |index, cell| {
                // Escapes can stand for bytes that are no text.
                if let Err(reason) = check_utf8(cell) {
                    if decode::text(cell).is_some() {
                        number += 1;
                        let inside = Inside { number, path: format!("column {}", index + 1) };
                        let text = PayloadText::Decoded(range.start, cell);
                        self.rejected(&text, Some(&inside), reason, recorder);
                    }
                    return;
                }
                let record = Record {
                    text: Searched::Text(cell),
                    range: range.clone(),
                    block: None,
                    cell: Some(index),
                };
                number = self.search_record(record, number, recorder);
            });
            each.map_err(|bad| Reason::new(Code::NoPayload, bad.reason()))
        });
        let reason = match result {
            Err(reason) => reason,
            Ok(()) if number == 0 => Reason::new(Code::NoPayload, "no Olark payload in any cell of this row"),
            Ok(()) => return,
        };
        self.rejected(&PayloadText::Block(range), None, reason, recorder);
    }

    /// Converts every payload in a record, and returns how many there are, including those found before.
    fn search_record(&mut self, record: Record, mut number: usize, recorder: &mut Recorder) -> usize {
        recorder.enter(record.range.start);
        let at = self.settings.at.take();
        let mut found = |found: Found| {
            let verdict = match self.is_over(recorder.output) {
                true if found.origin == Origin::Unchecked => Verdict::Other,
                true => Verdict::Payload,
                false => self.found(&record, number + 1, &found, recorder),
            };
            number += usize::from(verdict == Verdict::Payload);
            verdict
        };
        match &at {
            Some(at) => at.search(record.text, |payload| _ = found(payload)),
            None => search::search(record.text, found),
        }
        self.settings.at = at;
        number
    }

    /// Converts what was found and records what became of it, unless it was unchecked and is no payload.
    fn found(&mut self, record: &Record, number: usize, found: &Found, recorder: &mut Recorder) -> Verdict {
        let events = recorder.output.events.len();
        let out = &mut recorder.output.events;
        let (text, result) = match (found.origin, record.block) {
            (Origin::Record(offset), Some(block)) => {
                let start = record.range.start + offset;
                let range = start..start + found.text.len();
                let indexed = block.indexed.until(range.end);
                let result = self.converter.convert_at(indexed, start, Trailing::Nothing, out);
                (PayloadText::Block(range), result)
            }
            _ => {
                let result = self.converter.convert(found.text, out);
                (PayloadText::Decoded(record.range.start, found.text), result)
            }
        };
        if found.origin == Origin::Unchecked && !self.is_found(&result) {
            recorder.output.events.truncate(events);
            return Verdict::Other;
        }
        let is_inside = found.path.is_inside();
        self.path.clear();
        record.write_path(&mut self.path, is_inside, found.path.without_indices());
        recorder.output.counts.add_found(&self.path, 1);
        // The path is turned into text only where it is shown.
        let inside = || {
            let mut path = String::new();
            record.write_path(&mut path, is_inside, found.path);
            Inside { number, path }
        };
        match result {
            Ok(converted) if converted.warnings.kept().is_empty() && self.settings.explain.is_none() => {
                self.converted(&text, None, &converted, events, recorder);
            }
            Ok(converted) => self.converted(&text, Some(&inside()), &converted, events, recorder),
            Err(reason) => self.rejected(&text, Some(&inside()), reason, recorder),
        }
        recorder.write_if_large();
        Verdict::Payload
    }

    /// Whether a search would find the text that was just read, and as it is.
    fn is_found(&self, result: &Result<Converted, Reason>) -> bool {
        let is_read = !matches!(result, Err(Reason { code: Code::InvalidJson | Code::TooDeep, .. }));
        let is_payload = |visitor: &[u8]| visitor.starts_with(b"{") && !dynamodb::is_typed_map(visitor);
        is_read && self.converter.visitor().is_some_and(is_payload)
    }
}
