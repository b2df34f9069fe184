//! From files and streams to records.
//!
//! [`walk`] finds the [`source`]s, [`stream`] reads and decompresses one or finds an [`archive`] there, [`split`]
//! splits what it holds into [`record`]s, of which [`reader`] makes [`block`]s.

pub mod archive;
pub mod block;
pub mod codec;
pub mod compression;
pub mod csv;
pub mod damage;
pub mod decoder;
pub mod encoding;
pub mod file;
pub mod file_list;
pub mod file_name;
pub mod form;
pub mod log_line;
pub mod meter;
pub mod not_read;
pub mod places;
pub mod reader;
pub mod record;
pub mod source;
pub mod split;
pub mod stream;
pub mod tail;
pub mod unwrap;
pub mod walk;
