//! Errors that end a run.

use std::fmt;
use std::io;
use std::path::Path;

use crate::exit_code::ExitCode;
use crate::sys::stream;
use crate::term::sanitize::{describe, path_text};

/// An output that failed, so that it is not complete.
#[derive(Debug)]
pub struct OutputError {
    name: String,
    error: io::Error,
}

impl OutputError {
    pub fn new(name: String, error: io::Error) -> OutputError {
        OutputError { name, error }
    }

    /// The failure of the output at a path.
    pub fn at(path: &Path, error: io::Error) -> OutputError {
        OutputError::new(path_text(path), error)
    }

    /// An output that must not be written, which was found only after the run had begun.
    pub fn refused(path: &Path, reason: &str) -> OutputError {
        OutputError::at(path, io::Error::other(reason))
    }
}

impl fmt::Display for OutputError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}: cannot be written: {}", self.name, describe(&self.error))
    }
}

/// An error that ends a run.
#[derive(Debug, strum::Display)]
pub enum RunError {
    /// Wrong usage: nothing was written yet.
    #[strum(transparent)]
    Usage(String),
    #[strum(transparent)]
    Output(OutputError),
}

impl RunError {
    pub fn exit_code(&self) -> ExitCode {
        match self {
            RunError::Usage(_) => ExitCode::Usage,
            RunError::Output(error) if stream::is_closed_pipe(&error.error) => ExitCode::ClosedPipe,
            RunError::Output(_) => ExitCode::OutputFailed,
        }
    }
}

impl From<OutputError> for RunError {
    fn from(error: OutputError) -> RunError {
        RunError::Output(error)
    }
}
