//! What the operating system gives: open streams, pipes, signals, and which file something is.

pub mod disk;
pub mod open_stream;
pub mod pipe_size;
pub mod same_file;
pub mod signals;
pub mod temporary;
