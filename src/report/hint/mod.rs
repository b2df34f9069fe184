//! The usual causes of a reject, each with what helps. A wrong hint is worse than none, so every row needs a sign that
//! leaves no doubt.
//!
//! A hint is a row in the file of its kind. Hints quote nothing of the record, except keys that a row names.

mod encoding;
mod format;
mod payload;
mod row;
mod syntax;

pub use row::{Body, Context, Hint};

use crate::convert::reason::{Code, Reason};
use row::{Cause, Row, Text};

use Code::{InvalidForm, InvalidJson, InvalidUtf8, NoPayload, Truncated};

/// All rows, and the rejects that they are about.
const LISTS: [(&[Code], Cause, &[Row]); 4] = [
    (&[InvalidJson, Truncated, InvalidUtf8], Cause::Found, format::MAGIC),
    (&[InvalidJson, Truncated, InvalidUtf8, InvalidForm], Cause::Why, encoding::ROWS),
    (&[InvalidJson, Truncated, NoPayload], Cause::Found, format::ROWS),
    (&[InvalidJson, Truncated], Cause::Why, syntax::ROWS),
];

/// The hint about a record that was rejected, at an index of its text if there is one: the first row that applies.
/// Broken JSON is looked at only around that index and at its start.
pub fn hint(text: &[u8], at: Option<usize>, reason: &Reason, context: Context) -> Option<Hint> {
    if matches!(reason.code, Code::NoPayload | Code::MissingVisitorId)
        && let Some(hint) = payload::something_else(text).or_else(|| payload::near_miss(text))
    {
        return Some(hint);
    }
    let text = Text::new(text, at.unwrap_or(0), &reason.message, context);
    let lists = LISTS.iter().filter(|(codes, ..)| codes.contains(&reason.code));
    lists
        .flat_map(|(_, is, rows)| rows.iter().map(|row| (*is, row)))
        .find_map(|(is, row)| row.hint(is, &text))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use strum::VariantArray;

    use super::*;

    proptest! {
        #[test]
        fn any_bytes_at_any_index_give_a_hint_or_none(
            text in proptest::collection::vec(any::<u8>(), 0..300),
            at in proptest::option::of(0_usize..400),
            code in proptest::sample::select(Code::VARIANTS.to_vec()),
        ) {
            let reason = Reason::new(code, "");
            for body in [Body::Plain, Body::Form(&text)] {
                let context = Context { is_terminal: true, body };
                if let Some(hint) = hint(&text, at, &reason, context) {
                    prop_assert!(hint.place.is_none_or(|place| place <= text.len()));
                }
            }
        }
    }
}
