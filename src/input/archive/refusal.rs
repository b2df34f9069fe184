//! An output that must not be written, found out only while an archive is read.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::term::sanitize::path_text;

/// An output that must not be written.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// Where it would be.
    pub output: PathBuf,
    /// Why not.
    pub reason: String,
}

impl Refusal {
    /// The refusal that an error is about.
    pub fn of(error: &io::Error) -> Option<&Refusal> {
        error.get_ref()?.downcast_ref()
    }

    /// What must not be written, and why.
    pub fn message(&self) -> String {
        format!("{}: {}", path_text(&self.output), self.reason)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl Error for Refusal {}

impl From<Refusal> for io::Error {
    fn from(refusal: Refusal) -> io::Error {
        io::Error::other(refusal)
    }
}
