//! Olark live-chat transcripts in, RudderStack events out: the core of the `olark2rudder` command, as a
//! library so that tests and benchmarks reach it. It is no promised interface.
//!
//! # The way of a payload
//!
//! Data flows one way. [`input::source`] finds files; [`input::stream`] reads and decompresses them;
//! [`input::split`] cuts what they hold into records, of which [`input::reader`] makes numbered blocks. A
//! [`work::Worker`] takes a block, whose text is [`marked`]: each record goes through [`scan`], which checks
//! its JSON token by token (`tape`; the most usual members at once, `tape/member`) and puts the values that a
//! [`shape`] asks for into [`fields`], and [`convert`], which writes an [`event`] from these by the steps of a
//! [`plan`], as a `draft` at first. What comes of a block, an [`outcome`], goes in turn to [`output`] and
//! [`report`]. [`run`] ties this together and owns the threads.
//!
//! [`mapping`] is the table that all of this follows: [`plan`] compiles it, [`explain`] shows it. What is not
//! `input`, `output`, `report`, `progress`, `guard`, `interrupt`, `pipe` or `run` is pure: no files, no clock,
//! no environment, no printing (random messageIds come in from outside, as a function). Only the binary
//! knows the command line, only [`progress`] the progress bar, only `lanes` the vector crate.
//!
//! # How to add
//!
//! - a row to the mapping: a line in [`mapping::ROWS`], then refresh what tests compare with (README);
//! - a way to carry a value: a variant of [`mapping::Via`] and its arm in [`event::carried`];
//! - an input layout: an arm in `input/split/cut.rs`, a [`input::record::Kind`] if its text is not JSON and
//!   how [`work`] reads that, and if it is to be asked for, a variant of [`input::split::Layout`] and one in
//!   `cli.rs`, which `cli/options.rs` makes that;
//! - an output format: a variant of [`output::format::Format`] and its arms there, a variant in `cli.rs` and
//!   its arm in `cli/options.rs`, which also says whether people may have it indented;
//! - a reason to reject: a [`reject::Code`], and the README's table.

#![forbid(unsafe_code)]

pub mod broken;
pub mod browser;
pub mod choices;
pub mod compact;
pub mod convert;
mod draft;
mod escape;
pub mod event;
pub mod explain;
pub mod fields;
mod fit;
pub mod guard;
pub mod hint;
pub mod identity;
pub mod input;
pub mod interrupt;
mod lanes;
pub mod mapping;
pub mod marked;
mod nesting;
pub mod outcome;
pub mod output;
mod pipe;
pub mod plan;
pub mod progress;
pub mod reject;
pub mod report;
pub mod run;
mod scalar;
pub mod scan;
pub mod shape;
mod tape;
mod task;
pub mod text;
pub mod time;
pub mod visible;
pub mod work;
