//! How records are treated.

use crate::explain::Explainer;
use crate::options::OnReject;
use crate::payloads::at_path::At;

/// How records are treated.
#[derive(Clone, Debug)]
pub struct WorkerSettings {
    /// Whether the first reject ends the run.
    pub on_reject: OnReject,
    /// How payloads are explained, instead of writing their events.
    pub explain: Option<Explainer>,
    /// Where in records payloads are, if `--at` says so.
    pub at: Option<At>,
    /// Which rejects get a hint.
    pub hints: Hints,
    /// The line whose record alone is converted, if one was chosen.
    pub line: Option<u64>,
}

/// Which rejects get a hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hints {
    /// Those that are shown.
    Shown,
    /// All, since they are kept or explained.
    All,
}
