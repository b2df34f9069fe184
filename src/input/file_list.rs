//! `--files-from`: a list of inputs.

use std::io::{self, Read};
use std::path::PathBuf;

use crate::error::RunError;
use crate::input::file::{InputFile, ReadContext};
use crate::input::source::is_stdin;
use crate::sys::{file, names, stream};
use crate::term::sanitize::{describe, path_text};

/// A list of inputs in a file.
#[derive(Clone, Debug)]
pub struct FileList {
    /// `-` is standard input.
    pub path: PathBuf,
    pub separator: Separator,
}

/// The separator of the paths of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    LineFeed,
    /// A zero byte, so that a path may contain any other byte.
    Nul,
}

impl FileList {
    /// Reads the list. Empty lines are ignored.
    pub fn read(&self, context: &ReadContext) -> Result<Vec<PathBuf>, RunError> {
        let mut text = Vec::new();
        let file = if is_stdin(&self.path) { stream::stdin() } else { file::open(&self.path) };
        let file = file.and_then(|file| InputFile::new(file, &context.uncounted()));
        let read = file.and_then(|mut file| file.read_to_end(&mut text));
        let paths = read.and_then(|_| paths(&text, self.separator));
        paths.map_err(|error| {
            RunError::Usage(format!("{}: cannot be read: {}", path_text(&self.path), describe(&error)))
        })
    }
}

fn paths(text: &[u8], separator: Separator) -> io::Result<Vec<PathBuf>> {
    let (byte, unit, ending): (u8, &str, &[u8]) = match separator {
        Separator::LineFeed => (b'\n', "line", b"\r"),
        Separator::Nul => (0, "path", b""),
    };
    let paths = text.split(|other| *other == byte).map(|path| path.strip_suffix(ending).unwrap_or(path));
    let to_path = |(index, path): (usize, &[u8])| {
        let message = || io::Error::other(format!("{unit} {} is not UTF-8", index + 1));
        names::path(path).ok_or_else(message)
    };
    paths.enumerate().filter(|(_, path)| !path.is_empty()).map(to_path).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_a_path_on_each_line_or_between_zero_bytes() {
        for (text, separator, expected) in [
            ("a\nb c\n\nd", Separator::LineFeed, &["a", "b c", "d"] as &[&str]),
            ("a\r\nb\r\n", Separator::LineFeed, &["a", "b"]),
            ("a\nb\0c\0", Separator::Nul, &["a\nb", "c"]),
            ("", Separator::LineFeed, &[]),
        ] {
            let expected: Vec<_> = expected.iter().map(PathBuf::from).collect();
            assert_eq!(paths(text.as_bytes(), separator).unwrap(), expected);
        }
    }
}
