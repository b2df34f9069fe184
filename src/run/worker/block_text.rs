//! The text of a block, and whether it is UTF-8.

use crate::convert::reason::{Code, Reason};
use crate::json::string_index::IndexedText;

/// The text of a block.
#[derive(Clone, Copy)]
pub(super) struct BlockText<'t> {
    pub indexed: IndexedText<'t>,
    pub utf8: Utf8,
}

/// Whether all of a block is UTF-8; if not, each record is checked by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Utf8 {
    Valid,
    Unknown,
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
