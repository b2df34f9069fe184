//! From files and streams to bytes: [`walk`] finds the [`source`]s, [`stream`] reads and decompresses one or finds an
//! [`archive`] there, whose [`members`] are sources too.

pub mod archive;
pub mod compression;
pub mod content;
pub mod damage;
pub mod encoding;
pub mod file;
pub mod file_list;
pub mod file_name;
pub mod members;
pub mod selection;
pub mod source;
pub mod stream;
pub mod walk;
