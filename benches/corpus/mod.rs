//! Made-up Olark payloads to measure with: always the same ones, in every layout. Each benchmark uses its own part.
#![allow(dead_code)]

mod chance;
mod conversation;
mod dumps;
mod layout;
mod sql;
mod words;

use std::io::{self, Write};

use conversation::Conversations;
pub use layout::Layout;

/// Writes payloads that would have this many bytes as lines, so that a corpus of one size holds the
/// same payloads in every layout.
pub fn write(layout: Layout, bytes: usize, out: &mut impl Write) -> io::Result<()> {
    let [before, after] = layout.around();
    out.write_all(before.as_bytes())?;
    let mut written = 0;
    for (number, payload) in Conversations::new().enumerate() {
        if number > 0 {
            out.write_all(layout.between(number).as_bytes())?;
        }
        out.write_all(&layout.render(number, payload.as_bytes()))?;
        written += payload.len() + 1;
        if written >= bytes {
            break;
        }
    }
    out.write_all(after.as_bytes())
}
