//! A JSON reader that knows nothing of Olark.
//!
//! Text is indexed once ([`string_index`]), then read token by token ([`cursor`]): [`extract`] checks all of it
//! and records where the values of a [`path_tree`] are.

pub mod boundary;
pub mod cursor;
pub mod error;
pub mod extract;
pub mod path_tree;
pub mod scan;
pub mod simd;
pub mod string_index;
pub mod strings;
pub mod value;
