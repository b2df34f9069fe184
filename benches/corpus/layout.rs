//! The layouts in which payloads are kept, each made from their text as Olark spaces it.

use super::sql;
use crate::shared::form::form;
use crate::shared::json::{compact, pretty};

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
    /// An object a line that holds the payload as a string.
    Wrapped,
    /// The `INSERT` statements of `mysqldump`.
    Mysqldump,
    /// The `COPY` block of `pg_dump`.
    PgDump,
}

impl Layout {
    pub const ALL: [Layout; 8] = [
        Layout::Ndjson,
        Layout::Compact,
        Layout::Pretty,
        Layout::Array,
        Layout::Form,
        Layout::Wrapped,
        Layout::Mysqldump,
        Layout::PgDump,
    ];

    /// Those with nothing around the payloads.
    pub const BARE: [Layout; 5] =
        [Layout::Ndjson, Layout::Compact, Layout::Pretty, Layout::Array, Layout::Form];

    pub fn name(self) -> &'static str {
        match self {
            Layout::Ndjson => "ndjson",
            Layout::Compact => "compact",
            Layout::Pretty => "pretty",
            Layout::Array => "array",
            Layout::Form => "form",
            Layout::Wrapped => "wrapped",
            Layout::Mysqldump => "mysqldump",
            Layout::PgDump => "pg_dump",
        }
    }

    /// The text before the first payload, and after the last.
    pub fn around(self) -> [&'static str; 2] {
        match self {
            Layout::Array => ["[", "]\n"],
            Layout::Mysqldump => sql::MYSQL_AROUND,
            Layout::PgDump => sql::POSTGRES_AROUND,
            _ => ["", "\n"],
        }
    }

    /// The text between two payloads, of which the second has this number.
    pub fn between(self, number: usize) -> &'static str {
        match self {
            Layout::Array => ", ",
            Layout::Mysqldump if number.is_multiple_of(sql::ROWS_OF_INSERT) => sql::NEXT_INSERT,
            Layout::Mysqldump => ",",
            _ => "\n",
        }
    }

    /// The payload with this number in this layout.
    pub fn render(self, number: usize, payload: &[u8]) -> Vec<u8> {
        match self {
            Layout::Ndjson | Layout::Array => payload.to_vec(),
            Layout::Compact => compact(payload),
            Layout::Pretty => pretty(payload),
            Layout::Form => form(payload, "+"),
            Layout::Wrapped => [b"{\"data\": \"", &*escaped(payload, b"\\\""), b"\"}"].concat(),
            Layout::Mysqldump => sql::mysql_row(number, &escaped(payload, b"\\\"'")),
            Layout::PgDump => sql::postgres_row(number, &escaped(payload, b"\\")),
        }
    }
}

/// A text with a backslash before each of these bytes.
fn escaped(text: &[u8], special: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + text.len() / 8);
    for byte in text {
        if special.contains(byte) {
            out.push(b'\\');
        }
        out.push(*byte);
    }
    out
}
