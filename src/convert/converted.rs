//! Result of a conversion.

use crate::convert::warning::Warnings;

/// Result of converting a payload.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Converted {
    /// The payload's length in bytes, including the white space after it.
    pub len: usize,
    pub events: EventCounts,
    /// The index of the field that says who the user is.
    pub user_field: usize,
    /// Whether it has no events because it is a post at the start of a chat.
    pub is_skipped_start: bool,
    pub warnings: Warnings,
}

/// Counts of events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EventCounts {
    pub identify: usize,
    pub conversation: usize,
    pub group: usize,
    pub chat: usize,
}

impl EventCounts {
    pub fn all(&self) -> usize {
        self.identify + self.conversation + self.group + self.chat
    }
}
