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
    mod members;
    mod outputs;
    mod piped;
    mod tar;
}

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
    mod selection;
}

mod explain {
    mod hint_rows;
    mod hints;
    mod table;
}

#[cfg(unix)]
mod faults;

mod golden;

mod layouts {
    mod broken;
    mod cuts;
    mod encodings;
    mod laws;
    mod same_events;
}

mod limits {
    #[cfg(unix)]
    mod linear;
    mod oversized;
    mod records;
}

mod output {
    mod clashes;
    mod directory;
    #[cfg(unix)]
    mod file;
    mod formats;
    #[cfg(unix)]
    mod open_streams;
    mod resume;
}

mod pipes {
    #[cfg(unix)]
    mod signals;
    mod streams;
}

mod report {
    mod messages;
    mod privacy;
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
    mod completions;
    #[cfg(unix)]
    mod readme;
}
