//! What the operating system gives: consoles, disks, open streams, pipes, signals, temporary files, who may read
//! a file, and which file something is. The only room that knows which system this is.
//!
//! - **Linux** is where all of it works.
//! - **macOS** syncs each file by itself, has pipes of a fixed size, and takes names that differ only in case
//!   for the same.
//! - **Windows** does that too, and has no modes, FIFOs or names for open streams. Ctrl-C is the only signal, and
//!   a run that waits for input is not woken by it, but ended. Names must be Unicode, and some are devices.
//!
//! Each file says why.

pub mod access;
pub mod closed_pipe;
pub mod console;
pub mod disk;
pub mod file_kind;
pub mod lock;
pub mod names;
pub mod open_stream;
pub mod pipe_size;
pub mod same_file;
pub mod signals;
pub mod temporary;
pub mod to_read;
