//! Errors that end a run.

use std::fmt;
use std::io;
use std::path::Path;

use crate::exit_code::ExitCode;
use crate::sys::stream;
use crate::term::sanitize::{describe, path_text};

/// Wrong usage: nothing was written yet.
#[derive(Debug)]
pub struct UsageError(String);

impl UsageError {
    pub fn new(message: impl Into<String>) -> UsageError {
        UsageError(message.into())
    }
}

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.0)
    }
}

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

    /// Whether the output is a pipe that is no longer read.
    pub fn is_closed_pipe(&self) -> bool {
        stream::is_closed_pipe(&self.error)
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
    #[strum(transparent)]
    Usage(UsageError),
    #[strum(transparent)]
    Output(OutputError),
}

impl RunError {
    pub fn exit_code(&self) -> ExitCode {
        match self {
            RunError::Usage(_) => ExitCode::Usage,
            RunError::Output(error) if error.is_closed_pipe() => ExitCode::ClosedPipe,
            RunError::Output(_) => ExitCode::OutputFailed,
        }
    }
}

impl From<UsageError> for RunError {
    fn from(error: UsageError) -> RunError {
        RunError::Usage(error)
    }
}

impl From<OutputError> for RunError {
    fn from(error: OutputError) -> RunError {
        RunError::Output(error)
    }
}
