//! From one payload to its events.
//!
//! [`mapping`] is the table, [`chat`] that of live-chat events. [`plan`] compiles their rows, [`converter`] follows
//! them for each payload, and [`event`] writes one event.

mod agents;
pub mod browser;
pub mod chat;
pub mod check;
pub mod converted;
pub mod converter;
pub mod event;
pub mod identity;
mod live_chat;
pub mod mapping;
pub mod options;
pub mod plan;
pub mod reason;
pub mod steps;
pub mod time;
pub mod warning;
