//! From one payload to its events.
//!
//! [`mapping`] is the table, [`chat_rows`] the table of live-chat events. [`plan`] compiles their rows,
//! [`converter`] follows them for each payload, and [`event`] writes one event.

mod agents;
pub mod browser;
mod chat_events;
pub mod chat_rows;
pub mod converted;
pub mod converter;
pub mod event;
mod event_writer;
pub mod fields;
pub mod identity;
pub mod mapping;
pub mod options;
pub mod plan;
pub mod reason;
pub mod requirements;
pub mod steps;
pub mod time;
pub mod warning;
