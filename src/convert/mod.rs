//! From one payload to its events.
//!
//! [`mapping`] is the table. [`plan`] compiles its rows, [`converter`] follows them for each payload, and [`event`]
//! writes one event.

pub mod browser;
pub mod check;
pub mod converter;
pub mod event;
pub mod identity;
pub mod mapping;
pub mod options;
pub mod plan;
pub mod reason;
pub mod time;
pub mod warning;
