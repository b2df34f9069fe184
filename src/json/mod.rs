//! A JSON reader that knows nothing of Olark.
//!
//! Text is indexed once ([`string_index`]), then read token by token ([`cursor`]): [`extract`] checks all of it
//! and records where the values of a [`path_tree`] are.

pub mod boundary;
pub mod compact;
pub mod cursor;
pub mod depth;
pub mod error;
pub mod escape;
pub mod extract;
pub mod extracted;
pub mod kind;
pub mod literal;
pub mod members;
pub mod path_tree;
pub mod simd;
pub mod string;
mod string_end;
pub mod string_index;
pub mod unescape;
pub mod whitespace;

pub use escape::HEX;
