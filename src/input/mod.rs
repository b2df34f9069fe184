//! From files and streams to records.
//!
//! [`walk`] finds the [`source`]s, [`stream`] reads and decompresses one or finds an [`archive`] there,
//! [`split`] splits what it holds into [`record`]s, and [`reader`] groups these into [`block`]s.

pub mod after_record;
pub mod archive;
pub mod block;
pub mod boundary;
pub mod compression;
pub mod csv;
pub mod decoded_places;
pub mod encoding;
pub mod file;
pub mod file_list;
pub mod file_name;
pub mod form;
pub mod log_line;
pub mod meter;
pub mod not_read;
pub mod reader;
pub mod record;
pub mod source;
pub mod split;
pub mod stream;
pub mod unwrap;
pub mod walk;
