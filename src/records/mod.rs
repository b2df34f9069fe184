//! From bytes to records: [`splitter`] splits the text of a source in the [`layout`] that [`detect`] finds, and [`reader`]
//! groups its records into [`block`]s.

pub mod block;
pub mod detect;
pub mod dialect;
mod document;
pub mod input_format;
pub mod layout;
mod lines;
mod literal_end;
mod log;
mod oversize;
pub mod reader;
pub mod record;
mod row_end;
mod source_quoting;
mod source_text;
pub mod splitter;
mod sql;
pub mod table;
mod text;
mod utf32;
