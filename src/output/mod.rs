//! From event lines to files and streams.

pub mod format;
pub mod pretty;
pub mod sink;
pub mod target;
