//! What became of one payload: counted, shown, explained.

use crate::convert::converted::Converted;
use crate::convert::reason::Reason;
use crate::explain::{Case, Rejected};
use crate::report::diagnostic::Inside;
use crate::report::hint::{Body, Context, Hint, hint};
use crate::run::recorder::{PayloadText, Recorder};
use crate::run::worker::Worker;
use crate::run::worker_settings::Hints;

/// A payload's text as it was read, which may differ from the text in the block.
#[derive(Clone, Debug, Default)]
pub(super) struct AsRead<'t> {
    pub(super) text: &'t [u8],
    /// The index in it where it is wrong.
    pub(super) at: Option<usize>,
    pub(super) body: Body<'t>,
    pub(super) hint: Option<Hint>,
}

impl Worker<'_> {
    /// Records a payload that was converted; its events start at an index of the output.
    pub(super) fn converted(
        &self,
        text: &PayloadText,
        inside: Option<&Inside>,
        converted: &Converted,
        events: usize,
        recorder: &mut Recorder,
    ) {
        recorder.converted(text.at(), inside, converted);
        let fields = &self.plan.extra_fields;
        recorder.output.counts.extra_rows.resize(fields.len(), 0);
        for (field, count) in fields.iter().zip(&mut recorder.output.counts.extra_rows) {
            *count += u64::from(self.converter.extracted().get(*field).is_some());
        }
        if let Some(explainer) = self.settings.explain {
            let line = recorder.start_of_payload(text.at()).line;
            let events = recorder.output.events.split_off(events);
            let case =
                Case { plan: self.plan, extracted: self.converter.extracted(), converted, events: &events };
            let explained = explainer.payload(&recorder.name(line, None, inside), &case);
            recorder.output.events.extend_from_slice(explained.as_bytes());
        }
    }

    /// Records a payload that was not converted, and was read as it stands.
    pub(super) fn rejected(
        &self,
        text: &PayloadText,
        inside: Option<&Inside>,
        reason: Reason,
        recorder: &mut Recorder,
    ) {
        let block = recorder.block;
        let read = AsRead { text: text.of(block), at: reason.at, ..AsRead::default() };
        self.rejected_as_read(text, inside, reason, read, recorder);
    }

    /// Records a payload that was not converted.
    pub(super) fn rejected_as_read(
        &self,
        text: &PayloadText,
        inside: Option<&Inside>,
        reason: Reason,
        mut read: AsRead,
        recorder: &mut Recorder,
    ) {
        if self.settings.hints == Hints::All || recorder.is_shown(reason.code) {
            let context = Context { reader: recorder.reader(), body: read.body };
            read.hint = hint(read.text, read.at, &reason, context);
        }
        let place = recorder.rejected(text, inside, reason.clone(), read.hint);
        self.explain_reject(place, inside, &reason, &read, recorder);
    }

    /// Explains a payload that was not converted, if that is wanted.
    pub(super) fn explain_reject(
        &self,
        (line, column): (u64, Option<u64>),
        inside: Option<&Inside>,
        reason: &Reason,
        read: &AsRead,
        recorder: &mut Recorder,
    ) {
        let Some(explainer) = self.settings.explain else { return };
        let rejected = Rejected {
            name: &recorder.name(line, column, inside),
            reason,
            hint: read.hint,
            text: read.text,
            at: read.at,
        };
        recorder.output.events.extend_from_slice(rejected.explain(explainer).as_bytes());
    }
}
