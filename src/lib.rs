//! Olark live-chat transcripts in, RudderStack events out.

#![forbid(unsafe_code)]

pub mod browser;
pub mod compact;
pub mod convert;
pub mod explain;
pub mod fields;
mod fit;
pub mod hint;
pub mod identity;
pub mod input;
pub mod interrupt;
mod lanes;
pub mod mapping;
mod nesting;
pub mod output;
mod piece;
pub mod plan;
pub mod progress;
pub mod reject;
pub mod report;
pub mod run;
pub mod scan;
pub mod shape;
mod tape;
pub mod text;
pub mod time;
pub mod visible;
pub mod work;
