//! The payloads in a record that is not a payload itself.

pub mod after_record;
pub mod at_path;
mod base64_text;
pub mod decode;
pub mod decoded;
pub mod decoded_places;
pub mod dynamodb;
pub mod form;
mod form_text;
pub mod path;
pub mod quoting;
pub mod reading;
pub mod search;
pub mod text;
mod units;
