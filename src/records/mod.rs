//! From bytes to records: [`split`] splits the text of a source, and [`reader`] groups its records into [`block`]s.

pub mod block;
pub mod csv;
pub mod reader;
pub mod record;
pub mod split;
