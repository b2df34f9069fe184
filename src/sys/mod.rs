//! What the operating system gives: disks, open streams, pipes, signals, temporary files, and which file
//! something is.

pub mod disk;
pub mod open_stream;
pub mod pipe_size;
pub mod same_file;
pub mod signals;
pub mod temporary;
