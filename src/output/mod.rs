//! From event lines to files and streams.

pub mod append;
pub mod destination;
pub mod directory;
pub mod format;
pub mod pretty;
pub mod sink;
pub mod writer;
