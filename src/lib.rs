//! Olark chat transcripts in, RudderStack events out: the core of the `olark2rudder` command, as a library so that tests
//! and benchmarks reach it. Its interface is not stable.
//!
//! # The path of a payload
//!
//! Data flows one way. Each step is a folder:
//!
//! 1. `cli`, in the binary, turns flags into [`options::Options`]; [`run`] checks and opens what is read and written, and
//!    starts the threads.
//! 2. [`input`]: [`input::walk`] finds the sources, [`input::stream`] reads and decompresses one.
//! 3. [`records`]: [`records::splitter`] recognizes the layout of a source and splits its text into records, and
//!    [`records::reader`] groups these into blocks.
//! 4. A [`run::worker`] converts a block. If a record is no payload itself, [`payloads::search`] finds those in it:
//!    [`payloads::decode`] reads encoded strings, [`payloads::text`] lines of text, [`payloads::quoting`] undoes quoting.
//!    A [`payloads::piece`] of text knows where it is, until it is converted or rejected.
//! 5. [`json`] reads a payload: [`json::string_index`] finds its strings, [`json::extract`] checks every byte and records
//!    where the values of a [`json::path_tree`] are.
//! 6. [`convert`] makes events of these values: [`convert::mapping`] is the table, [`convert::plan`] compiles its rows,
//!    [`convert::event`] writes one event, [`convert::identity`] its ids.
//! 7. [`output`] and [`report`] get the results in the order of the input.
//!
//! [`explain`] explains one payload from its events. [`sys`] has all that depends on the operating system, [`term`] makes
//! text safe for terminals. `json` and `convert` open no files, read no clock or environment and print nothing. Only
//! [`report::progress`] knows the progress bar, only [`json::simd`] the vector crate.
//!
//! # How to add
//!
//! - **a row of the mapping**: a line in [`convert::mapping::ROWS`], and the README's table, which a test compares with it
//!   (README, "Development", says how to refresh it).
//! - **a way to carry a value**: a variant of [`convert::mapping::Via`] and its arm in [`convert::event`].
//! - **a layout of the input**: a file in [`records`] with a type that implements [`records::layout::Layout`], and its
//!   `recognize` in the list of [`records::splitter`]. Also a variant of [`records::record::Kind`] if its records are read
//!   in a new way, and of [`records::layout::InputFormat`] if `--input-format` can name it.
//! - **a quoting**: a row in the table of [`payloads::quoting`], and the function that undoes one of its units.
//! - **an output format**: a variant of [`output::format::FormatName`] with its arms.
//! - **a reason to reject**: a variant of [`convert::reason::Code`].
//! - **a warning**: a variant of [`convert::warning::Warning`].
//! - **a hint**: a row in a file of [`report::hint`], and an example in `tests/it/explain/hint_rows.rs`.
//!
//! # Limits of many cores
//!
//! Sources are read side by side (`run/lanes.rs`): opening, decompression, splitting and conversion have no common lock.
//! Output and report are written by one thread at a time, in the order of the input (`run/collector.rs`).
//!
//! One large source is read by one thread at a time, which decompresses and splits it. If each line is a record, splitting
//! only looks for line feeds. In other layouts it looks at each byte, since a bracket in a string is text: no thread can
//! begin in the middle without knowing whether that is inside a string.

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
