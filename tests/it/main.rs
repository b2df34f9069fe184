//! Runs the tool as its users do; a module for each subject. Most of it is about shells, links, FIFOs, signals and
//! modes, so only for Unix; `.ci/platforms` runs the tool on Windows.

#![cfg(unix)]

#[path = "../shared/mod.rs"]
mod shared;

mod anything;
mod gateway;
mod harness;

mod archives;
mod clashes;
mod cli;
mod completions;
mod compressed;
mod cuts;
mod damaged;
mod decoding;
mod documented;
mod encodings;
mod explaining;
mod faults;
mod formats;
mod golden;
mod hint_rows;
mod hints;
mod inside;
mod json_suite;
mod laws;
mod layouts;
mod left_out;
mod limits;
mod linear;
mod live_chat;
mod mapping;
mod member_outputs;
mod members;
mod names;
mod naughty;
mod open_streams;
mod output;
mod output_dir;
mod oversized;
mod piped_archives;
mod preflight;
mod privacy;
mod readme;
mod recovery;
mod rejects;
mod report;
mod resume;
mod signals;
mod streams;
mod supply;
mod tar_headers;
mod terminal;
mod threads;
mod warnings;
