//! Olark live-chat transcripts in, RudderStack events out: the core of the `olark2rudder` command, as a library so
//! that tests and benchmarks reach it. It is no promised interface.
//!
//! # The path of a payload
//!
//! Data flows one way. Each step is a folder:
//!
//! 1. `cli`, in the binary, turns flags into [`options::Options`];
//!    [`run`] checks and opens what is read and written, and starts the threads.
//! 2. [`input`]: [`input::walk`] finds the sources, [`input::stream`] reads one and decompresses it,
//!    [`input::split`] splits it into records, and [`input::reader`] makes blocks of these.
//! 3. A [`run::worker`] takes a block. A record that is no payload itself goes through [`input::unwrap`],
//!    [`input::log_line`] or [`input::csv`], which find the payloads in it.
//! 4. [`json`] reads a payload: [`json::string_index`] finds where strings end, [`json::extract`] checks every byte
//!    and notes where the values of a [`json::path_tree`] stand.
//! 5. [`convert`] makes events of these values: [`convert::mapping`] is the table, [`convert::plan`] its rows compiled,
//!    [`convert::event`] writes one event, [`convert::identity`] its ids.
//! 6. What came of a block goes, in the order of the input, to [`output`] and [`report`].
//!
//! [`explain`] shows one payload by the same table. [`sys`] is what the operating system gives, [`term`] what a
//! terminal shows. `json` and `convert` open no files, read no clock or environment and print nothing; random
//! messageIds come in as a function. Only the binary knows the command line, only [`report::progress`] the progress
//! bar, only [`json::simd`] the vector crate.
//!
//! # How to add
//!
//! - **a row of the mapping**: a line in [`convert::mapping::ROWS`]. Tests hold the README's table to it: refresh it
//!   (README, "Build and test").
//! - **a way to carry a value**: a variant of [`convert::mapping::Via`] and its arm in [`convert::event::carried`].
//! - **a layout of the input**: a variant of [`input::record::Kind`] if its text is read in another way, an arm in
//!   `input/split/next_record.rs` that recognizes it and ends it, and an arm in [`run::worker`] that reads it. If it can be
//!   asked for, a variant of [`input::split::Layout`] and of the one in `cli`.
//! - **an output format**: a file in [`output`] that implements [`output::Format`], a line in [`output::FormatName`]
//!   and one in `cli`.
//! - **a reason to reject**: a variant of [`convert::reason::Code`] with its name, and the README's table.
//! - **a warning**: a variant of [`convert::warning::Warning`] with its name and its sentence.
//!
//! # What limits many cores
//!
//! Sources are read side by side ([`run`], `lanes.rs`): opening, decompression, splitting and conversion have no
//! common lock. One large source is read by one thread at a time; there, splitting is the serial part, and for plain
//! files reading. In the order of the input, one thread at a time writes the output and the report (`pipeline.rs`);
//! for a plain file that is copying its events to the system once.

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
