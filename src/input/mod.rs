//! From files and streams to records.

pub mod encoding;
pub mod form;
pub mod frame;
pub mod reader;
pub mod record;
pub mod skip;
pub mod source;
pub mod split;
pub mod stream;
