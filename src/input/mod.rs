//! From files and streams to records.

pub mod decode;
pub mod encoding;
pub mod form;
pub mod reader;
pub mod record;
pub mod source;
pub mod split;
