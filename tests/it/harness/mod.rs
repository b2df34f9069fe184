//! Runs the tool as its users do, and holds everything it writes against what was expected.

mod compress;
mod run;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

pub use crate::shared::form::form;
pub use crate::shared::json::{compact, pretty};
use crate::shared::library::{self, Converter, MappingOptions, Plan};
pub use compress::COMPRESSORS;
pub use run::{Run, run, until};

/// The folder of test data.
pub fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata")
}

/// A captured or documented payload.
pub fn payload(name: &str) -> Vec<u8> {
    read(&testdata().join("payloads").join(name))
}

pub fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A small payload of a visitor's own, on one line and without a line feed.
pub fn chat(visitor: &str) -> String {
    format!(
        r#"{{"kind":"Conversation","id":"c-{visitor}","items":[{{"body":"hi"}}],"visitor":{{"id":"{visitor}"}}}}"#
    )
}

/// The events of payloads, as the library converts them: what these are is for the golden cases to say.
pub fn events<T: AsRef<[u8]>>(payloads: &[T]) -> Vec<u8> {
    events_by(MappingOptions::default(), payloads)
}

pub fn events_by<T: AsRef<[u8]>>(choices: MappingOptions, payloads: &[T]) -> Vec<u8> {
    let plan = Plan::new(choices).unwrap();
    let mut converter = Converter::new(&plan);
    let mut out = Vec::new();
    for payload in payloads {
        library::convert(&mut converter, payload.as_ref(), &mut out).unwrap();
    }
    out
}

/// The events of [`chat`]s.
pub fn chats(visitors: &[&str]) -> Vec<u8> {
    events(&visitors.iter().map(|visitor| chat(visitor)).collect::<Vec<_>>())
}

/// Every line as JSON; the last one has to be complete.
pub fn json_lines(text: &[u8]) -> Vec<Value> {
    assert!(text.is_empty() || text.ends_with(b"\n"), "no line feed at the end");
    let lines = text.split_inclusive(|byte| *byte == b'\n');
    lines.map(|line| serde_json::from_slice(line).unwrap_or_else(|e| panic!("{e}: {}", show(line)))).collect()
}

/// Who the events of an output are of, one after the other.
pub fn users(output: &[u8]) -> Vec<String> {
    json_lines(output).iter().map(|event| event["userId"].as_str().unwrap().to_owned()).collect()
}

/// A temporary directory that runs happen in, so that names in messages are short and the same anywhere.
pub struct Dir(TempDir);

impl Dir {
    pub fn new() -> Dir {
        Dir(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file, and the directories that it needs.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> &Dir {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        read(&self.path(name))
    }

    pub fn has(&self, name: &str) -> bool {
        self.path(name).exists()
    }

    /// All files and directories beneath, sorted, as relative paths: temporary ones too.
    pub fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        let mut left = vec![self.0.path().to_owned()];
        while let Some(directory) = left.pop() {
            for entry in fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                names.push(path.strip_prefix(self.0.path()).unwrap().to_str().unwrap().to_owned());
                if path.is_dir() && !path.is_symlink() {
                    left.push(path);
                }
            }
        }
        names.sort();
        names
    }

    /// A run in this directory.
    pub fn run(&self, args: &[&str]) -> Run<'_> {
        Run::at(self.0.path(), args)
    }
}

/// Where two texts begin to differ, for people.
pub fn difference(name: &str, expected: &[u8], got: &[u8]) -> Option<String> {
    if expected == got {
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
            let behind = if part.len() > 300 { "…" } else { "" };
            let _ = writeln!(text, "  {mark} {before}{}{behind}", show(&part[..part.len().min(300)]));
        }
    }
    Some(text)
}

/// Bytes as readable text: what is no character, or not seen, as an escape.
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
