//! Olark live-chat transcripts in, RudderStack events out: the core of the `olark2rudder` command, as a
//! library so that tests and benchmarks reach it. It is no promised interface.

#![forbid(unsafe_code)]

pub mod convert;
pub mod exit_code;
pub mod explain;
pub mod input;
pub mod json;
pub mod options;
pub mod output;
pub mod report;
pub mod run;
pub mod sys;
pub mod term;
