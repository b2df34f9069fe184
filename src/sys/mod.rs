//! What the operating system gives: pipes and signals.

pub mod pipe;
pub mod signals;
