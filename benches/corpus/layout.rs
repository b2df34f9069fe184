//! The layouts in which payloads are kept, each made from their text as Olark spaces it.

use crate::shared::form::form;
use crate::shared::json::{compact, pretty};

/// How a corpus is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// A payload a line, as Olark posts it.
    Ndjson,
    /// A payload a line, without white space.
    Compact,
    /// Indented payloads one after the other, as `cat` joins files.
    Pretty,
    /// One array on one line.
    Array,
    /// Form bodies, one to a line.
    Form,
}

impl Layout {
    /// All of them.
    pub const ALL: [Layout; 5] =
        [Layout::Ndjson, Layout::Compact, Layout::Pretty, Layout::Array, Layout::Form];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Layout::Ndjson => "ndjson",
            Layout::Compact => "compact",
            Layout::Pretty => "pretty",
            Layout::Array => "array",
            Layout::Form => "form",
        }
    }

    /// What stands before the first payload, between two, and behind the last.
    pub fn around(self) -> [&'static str; 3] {
        match self {
            Layout::Array => ["[", ", ", "]\n"],
            _ => ["", "\n", "\n"],
        }
    }

    /// A payload in this layout.
    pub fn render(self, payload: &[u8]) -> Vec<u8> {
        match self {
            Layout::Ndjson | Layout::Array => payload.to_vec(),
            Layout::Compact => compact(payload),
            Layout::Pretty => pretty(payload),
            Layout::Form => form(payload, "+"),
        }
    }
}
