//! From files and streams to records.
//!
//! [`walk`] finds the [`source`]s, [`stream`] reads and decompresses one, [`split`] splits what it holds into
//! [`record`]s, of which [`reader`] makes [`block`]s.

pub mod block;
pub mod csv;
pub mod encoding;
pub mod file;
pub mod file_list;
pub mod file_name;
pub mod form;
pub mod log_line;
pub mod places;
pub mod reader;
pub mod record;
pub mod source;
pub mod split;
pub mod stream;
pub mod tail;
pub mod unwrap;
pub mod walk;
