//! Writes a corpus to standard output, for measuring whole processes:
//! `cargo bench --bench generate -- mysqldump 300 > chats.sql` writes the payloads that are 300 MB as lines.

mod corpus;
#[path = "../tests/shared/mod.rs"]
mod shared;

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use corpus::Layout;

fn main() -> io::Result<ExitCode> {
    // Cargo adds a flag of its own.
    let words: Vec<_> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let layout = |name: &String| Layout::ALL.into_iter().find(|layout| layout.name() == name);
    let wanted = match &words[..] {
        [name, megabytes] => layout(name).zip(megabytes.parse::<usize>().ok()),
        _ => None,
    };
    let Some((layout, megabytes)) = wanted else {
        let names = Layout::ALL.map(Layout::name).join("|");
        eprintln!("usage: cargo bench --bench generate -- {names} MEGABYTES");
        // Running all benchmarks runs this one too, and asks for nothing.
        return Ok(if words.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    };
    let mut out = BufWriter::new(io::stdout().lock());
    corpus::write(layout, megabytes * 1_000_000, &mut out)?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
