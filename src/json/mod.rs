//! A JSON reader that knows nothing of Olark.

pub mod compact;
mod cursor;
pub mod depth;
pub mod error;
pub mod escape;
pub mod extract;
pub mod extracted;
pub mod literal;
pub mod path_tree;
pub mod simd;
pub mod string;
pub mod string_index;
