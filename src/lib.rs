//! Olark live-chat transcripts in, RudderStack events out: the core of the `olark2rudder` command, as a library
//! so that tests and benchmarks reach it. Its interface is not stable.
//!
//! # The path of a payload
//!
//! Data flows one way. Each step is a folder:
//!
//! 1. `cli`, in the binary, turns flags into [`options::Options`];
//!    [`run`] checks and opens what is read and written, and starts the threads.
//! 2. [`input`]: [`input::walk`] finds the sources, [`input::stream`] reads one and decompresses it.
//! 3. [`records`]: [`records::split`] splits it into records, and [`records::reader`] makes blocks of these.
//! 4. A [`run::worker`] takes a block. In a record that is not a payload itself, [`payloads`] finds them.
//! 5. [`json`] reads a payload: [`json::string_index`] finds where strings end, [`json::extract`] checks every
//!    byte and records where the values of a [`json::path_tree`] are.
//! 6. [`convert`] makes events of these values: [`convert::mapping`] is the table, [`convert::plan`] its rows compiled,
//!    [`convert::event`] writes one event, [`convert::identity`] its ids.
//! 7. The result of a block goes, in the order of the input, to [`output`] and [`report`].
//!
//! [`explain`] explains one payload from the same table. [`sys`] wraps the operating system, [`term`] makes text
//! safe and fit for a terminal. `json` and `convert` open no files, read no clock or environment and print
//! nothing. Only the binary knows the command line; the enums that options take are the library's own. Only
//! [`report::progress`] knows the progress bar, only [`json::simd`] the vector crate.
//!
//! # How to add
//!
//! - **a row of the mapping**: a line in [`convert::mapping::ROWS`]. A test compares the README's table with it:
//!   refresh that (README, "Build and test").
//! - **a way to carry a value**: a variant of [`convert::mapping::Via`] and its arm in [`convert::event::carried`].
//! - **a layout of the input**: a variant of [`records::record::Kind`] if its text is read in another way, an arm
//!   in `records/split/next_record.rs` that recognizes it and finds its end, and an arm in [`run::worker`] that
//!   reads it. If `--input-format` can name it, also a variant of [`records::input_format::InputFormat`].
//! - **an output format**: a file in [`output`] that implements [`output::Format`], and a variant of
//!   [`output::FormatName`] with its arm.
//! - **a reason to reject**: a variant of [`convert::reason::Code`] with its place in `ALL`, its name and its meaning,
//!   and the README's table.
//! - **a warning**: an entry in [`convert::warning`].
//! - **a hint**: a row in a file of [`report::hint`], and an example in `tests/it/hint_rows.rs`.
//!
//! # What limits many cores
//!
//! Sources are read side by side ([`run`], `lanes.rs`): opening, decompression, splitting and conversion have no
//! common lock. Output and report are written by one thread at a time, in the order of the input
//! (`collector.rs`): one write to the system for each block, 1% of one thread's time to /dev/null; on many cores
//! the disk is the limit.
//!
//! One large source is read by one thread at a time. Of one thread's time this takes, by samples of the stack:
//!
//! | layout | splitting | reading or decompressing | so at most as quick as so many threads |
//! | --- | ---: | ---: | ---: |
//! | NDJSON | 3% | 18% | 4.7 |
//! | form bodies | 1% | 10% | 8 |
//! | pretty-printed | 21% | 14% | 2.9 |
//! | an array on one line | 20% | 13% | 3 |
//! | gzip | 1% | 61% | 1.6 |
//! | zstd | 2% | 42% | 2.2 |
//!
//! Reading is copying from the page cache here. Where lines end a record, splitting looks for line feeds only. Where
//! brackets do, each byte must be looked at, since a bracket in a string is text. That runs at 4 to 5 GB/s; a third to
//! a half of it is the search for quotes and brackets in vectors of 16 bytes. To search on several threads, one would
//! have to begin in a block before it is known whether that begins in a string. Two threads on one gzip file take 1.15
//! times as long as decompression alone: each block is handed from one thread to the other, and waking one takes time.

#![forbid(unsafe_code)]

pub mod convert;
pub mod error;
pub mod exit_code;
pub mod explain;
pub mod input;
pub mod json;
pub mod options;
pub mod output;
pub mod payloads;
pub mod records;
pub mod report;
pub mod run;
pub mod sys;
pub mod term;
