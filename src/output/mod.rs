//! From event lines to files and streams.

pub mod destination;
pub mod directory;
pub mod format;
pub mod log;
pub mod pretty;
pub mod sink;
pub mod writer;
