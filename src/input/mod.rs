//! From files and streams to bytes: [`walk`] finds the [`source`]s, [`stream`] reads and decompresses one or finds an
//! [`archive`] there.

pub mod archive;
pub mod compression;
pub mod encoding;
pub mod file;
pub mod file_list;
pub mod file_name;
pub mod meter;
pub mod not_read;
pub mod source;
pub mod stream;
pub mod walk;
