//! How records are treated.

use crate::explain::Explainer;
use crate::input::unwrap::At;
use crate::options::OnReject;

/// How records are treated.
#[derive(Clone, Debug)]
pub struct WorkerSettings {
    /// Whether the first reject ends the run.
    pub on_reject: OnReject,
    /// How payloads are explained, in place of writing their events.
    pub explain: Option<Explainer>,
    /// Where in records payloads are, if that is said.
    pub at: Option<At>,
    /// For which rejects a hint is looked for.
    pub hints: Hints,
    /// The one line whose record is converted, if it is only one.
    pub line: Option<u64>,
}

/// For which rejects a hint is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hints {
    /// For those that are shown.
    Shown,
    /// For all: they are kept or explained.
    All,
}
