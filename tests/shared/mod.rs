//! What tests, benchmarks and fuzzing share; each takes it in by its path and uses its own part of it.
#![allow(dead_code, unused_imports)]

pub mod form;
pub mod json;
pub mod library;
pub mod values;
