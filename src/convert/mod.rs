//! From one payload to its events.
//!
//! [`mapping`] is the table, [`chat_events`] that of live-chat events. [`plan`] compiles the rows, [`converter`] follows
//! them for each payload, and [`event`] writes one event.

mod agents;
mod chat;
pub mod chat_events;
pub mod converter;
pub mod event;
pub mod event_writer;
pub mod identity;
pub mod mapping;
pub mod options;
pub mod plan;
pub mod reason;
pub mod requirements;
pub mod steps;
pub mod time;
pub mod warning;
