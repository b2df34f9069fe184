//! Text on a terminal: what may be shown, and how wide it is.

pub mod color;
pub mod sanitize;
pub mod width;
