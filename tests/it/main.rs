//! Runs the tool as its users do; a module for each subject. What is about shells, links, FIFOs, signals, terminals and
//! modes is only for Unix; `.ci/platforms` runs the rest on Windows.

#![cfg_attr(not(unix), allow(dead_code, unused_imports))]

#[path = "../shared/mod.rs"]
mod shared;

mod anything;
mod gateway;
mod harness;

#[cfg(unix)]
mod archives;
#[cfg(unix)]
mod clashes;
mod cli;
#[cfg(unix)]
mod completions;
mod compressed;
mod cuts;
mod damaged;
mod decoding;
mod documented;
mod encodings;
mod explaining;
mod exports;
#[cfg(unix)]
mod faults;
mod formats;
mod golden;
mod hint_rows;
mod hints;
mod inside;
mod json_suite;
mod laws;
mod layouts;
#[cfg(unix)]
mod left_out;
#[cfg(unix)]
mod limits;
#[cfg(unix)]
mod linear;
mod live_chat;
mod mapping;
mod member_outputs;
#[cfg(unix)]
mod members;
mod messages;
#[cfg(unix)]
mod names;
mod naughty;
#[cfg(unix)]
mod open_streams;
#[cfg(unix)]
mod output;
#[cfg(unix)]
mod output_dir;
mod oversized;
#[cfg(unix)]
mod piped_archives;
#[cfg(unix)]
mod preflight;
mod privacy;
mod quoting;
#[cfg(unix)]
mod readme;
mod recovery;
#[cfg(unix)]
mod rejects;
mod report;
#[cfg(unix)]
mod resume;
#[cfg(unix)]
mod signals;
#[cfg(unix)]
mod streams;
mod tar_headers;
#[cfg(unix)]
mod terminal;
#[cfg(unix)]
mod threads;
mod warnings;
