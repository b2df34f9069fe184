//! From event lines to files and streams.

pub mod file;
pub mod format;
pub mod pretty;
pub mod sink;
