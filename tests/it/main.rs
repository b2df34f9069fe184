//! Runs the tool as its users do; a module for each subject.

#[path = "../shared/mod.rs"]
mod shared;

mod anything;
mod gateway;
mod harness;

mod archives;
mod cli;
mod completions;
mod compressed;
mod cuts;
mod damaged;
mod decoding;
mod documented;
mod faults;
mod formats;
mod golden;
mod inside;
mod json_suite;
mod laws;
mod layouts;
mod limits;
mod mapping;
mod member_outputs;
mod members;
mod naughty;
mod output;
mod output_dir;
mod piped_archives;
mod preflight;
mod privacy;
mod readme;
mod recovery;
mod rejects;
mod report;
mod signals;
mod streams;
mod supply;
mod tar_headers;
mod terminal;
mod version;
