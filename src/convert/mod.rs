//! From one payload to its events.

pub mod browser;
pub mod converter;
mod draft;
pub mod event;
pub mod identity;
pub mod mapping;
pub mod options;
pub mod plan;
pub mod reason;
pub mod time;
