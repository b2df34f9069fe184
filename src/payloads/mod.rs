//! The payloads in a record that is not a payload itself.

mod base64_text;
pub mod decode;
pub mod dynamodb;
pub mod form;
pub mod path;
pub mod piece;
pub mod quoting;
pub mod reading;
pub mod search;
pub mod text;
mod units;
pub mod visitor_key;
