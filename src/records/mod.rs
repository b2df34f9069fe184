//! From bytes to records: [`splitter`] recognizes the [`layout`] of a source and splits its text into [`record`]s, and
//! [`reader`] groups these into [`block`]s.

pub mod block;
pub mod layout;
pub mod reader;
pub mod record;
mod source_quoting;
pub mod splitter;
mod sql;
pub mod table;
mod text;
mod utf32;
