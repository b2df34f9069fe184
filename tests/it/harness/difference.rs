//! Where two texts differ, for people.

use std::fmt::Write;

/// How many bytes of a line are shown.
const SHOWN: usize = 300;

/// The first difference between two texts. On Windows, a backslash is as good as a slash: paths have them.
pub fn difference(name: &str, expected: &[u8], got: &[u8]) -> Option<String> {
    if expected == got || cfg!(windows) && with_slashes(expected) == with_slashes(got) {
        return None;
    }
    let lines = |text| <[u8]>::split_inclusive(text, |byte: &u8| *byte == b'\n').collect::<Vec<_>>();
    let (expected, got) = (lines(expected), lines(got));
    let same = expected.iter().zip(&got).take_while(|(a, b)| a == b).count();
    let mut text = format!(
        "{name} differs from line {}: expected {} lines, got {}\n",
        same + 1,
        expected.len(),
        got.len()
    );
    // Where the first two lines part, with a little of what they have in common.
    let both = expected.get(same).zip(got.get(same));
    let common = both.map_or(0, |(a, b)| a.iter().zip(*b).take_while(|(a, b)| a == b).count());
    let from = common.saturating_sub(60);
    for (mark, lines) in [("expected", expected), ("     got", got)] {
        for (index, line) in lines[same..].iter().take(5).enumerate() {
            let part = &line[if index == 0 { from } else { 0 }..];
            let before = if index == 0 && from > 0 { "…" } else { "" };
            let behind = if part.len() > SHOWN { "…" } else { "" };
            let _ = writeln!(text, "  {mark} {before}{}{behind}", show(&part[..part.len().min(SHOWN)]));
        }
    }
    Some(text)
}

/// A path, or a message with paths, as other systems show it: on Windows paths have backslashes.
pub fn slashes(text: &str) -> String {
    if cfg!(windows) { text.replace('\\', "/") } else { text.to_owned() }
}

/// A text with slashes for backslashes, also where JSON doubles them.
fn with_slashes(text: &[u8]) -> String {
    String::from_utf8_lossy(text).replace(r"\\", "/").replace('\\', "/")
}

/// The first lines of an output, for people.
pub fn excerpt(name: &str, text: &[u8]) -> String {
    let lines: Vec<_> = text.split_inclusive(|byte| *byte == b'\n').collect();
    let mut out = format!("{name}, {} lines:\n", lines.len());
    for line in lines.iter().take(20) {
        let behind = if line.len() > SHOWN { "…" } else { "" };
        let _ = writeln!(out, "  {}{behind}", show(&line[..line.len().min(SHOWN)]));
    }
    out + if lines.len() > 20 { "  …\n" } else { "" }
}

/// Bytes as readable text: invalid bytes and invisible characters as escapes.
pub fn show(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' | '\\' | '\'' => text.push(c),
                _ => text.extend(c.escape_debug()),
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text
}
