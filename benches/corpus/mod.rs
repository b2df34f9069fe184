//! Made-up Olark payloads to measure with: always the same ones, in every layout.

mod chance;
mod conversation;
mod dumps;
mod layout;
mod words;

use std::io::{self, Write};

use conversation::Conversations;
pub use layout::Layout;

/// Writes payloads that would have this many bytes as lines, so that a corpus of one size holds the
/// same payloads in every layout.
pub fn write(layout: Layout, bytes: usize, out: &mut impl Write) -> io::Result<()> {
    let [before, between, behind] = layout.around();
    let mut written = 0;
    for payload in Conversations::new() {
        out.write_all(if written == 0 { before } else { between }.as_bytes())?;
        out.write_all(&layout.render(payload.as_bytes()))?;
        written += payload.len() + 1;
        if written >= bytes {
            break;
        }
    }
    out.write_all(behind.as_bytes())
}
