//! Runs the tool as its users do; a module for each subject. What is about shells, links, FIFOs, signals, terminals and
//! modes is only for Unix; `.ci/platforms` runs the rest on Windows.

#![cfg_attr(not(unix), allow(dead_code, unused_imports))]

#[path = "../shared/mod.rs"]
mod shared;

mod harness;

mod archives {
    mod compressed;
    mod damaged;
    mod decoding;
    #[cfg(unix)]
    mod members;
    mod outputs;
    #[cfg(unix)]
    mod piped;
    mod tar;
}

#[cfg(unix)]
mod directories {
    mod left_out;
    mod walk;
}

mod events {
    mod json_suite;
    mod laws;
    mod live_chat;
    mod mapping;
    mod naughty;
}

mod explain {
    mod hint_rows;
    mod hints;
    mod table;
}

#[cfg(unix)]
mod faults {
    mod calls;
    mod threads;
}

mod golden;

mod layouts {
    mod broken;
    mod cuts;
    mod encodings;
    mod same_events;
}

mod limits {
    #[cfg(unix)]
    mod linear;
    mod oversized;
    #[cfg(unix)]
    mod records;
}

mod output {
    #[cfg(unix)]
    mod clashes;
    #[cfg(unix)]
    mod directory;
    #[cfg(unix)]
    mod file;
    mod formats;
    #[cfg(unix)]
    mod open_streams;
    #[cfg(unix)]
    mod preflight;
    #[cfg(unix)]
    mod resume;
}

#[cfg(unix)]
mod pipes {
    mod signals;
    mod streams;
}

mod report {
    #[cfg(unix)]
    mod names;
    mod messages;
    mod privacy;
    #[cfg(unix)]
    mod rejects;
    mod summary;
    #[cfg(unix)]
    mod terminal;
    mod warnings;
}

mod search {
    mod exports;
    mod inside;
    mod quoting;
}

mod usage {
    mod cli;
    #[cfg(unix)]
    mod completions;
    mod documented;
    #[cfg(unix)]
    mod readme;
}
