//! What the operating system gives: open streams, pipes, signals, and which file something is.

pub mod disk;
pub mod identity;
pub mod pipe;
pub mod signals;
pub mod stream;
pub mod temporary;
