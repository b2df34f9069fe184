//! The command line: its options and their help, what they mean for a run, and what is printed instead of one.

pub mod args;
mod bytes;
pub mod error;
mod help;
pub mod options;
pub mod print;
