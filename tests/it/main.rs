//! Runs the tool as its users do; a module for each subject.

mod anything;
mod archives;
mod completions;
mod cuts;
mod faults;
mod gateway;
mod golden;
mod harness;
mod hostile;
mod laws;
mod layouts;
mod limits;
mod mapping;
mod output;
mod readme;
mod rejects;
mod report;
#[path = "../shared/mod.rs"]
mod shared;
mod streams;
mod supply;
mod version;
