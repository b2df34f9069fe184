//! All platform-specific code.
//!
//! - **Linux** is where all of it works.
//! - **macOS** syncs each file by itself, has pipes of a fixed size, and takes names that differ only in case
//!   for the same.
//! - **Windows** does that too, and has no modes, FIFOs or names for open streams. Ctrl-C is the only signal, and
//!   a run that waits for input is not woken by it, but ended. Names must be Unicode, and some are devices.

pub mod file;
pub mod names;
pub mod signals;
pub mod stream;
pub mod temporary;
