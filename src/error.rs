//! Errors that end a run.

use std::fmt;

use crate::exit_code::ExitCode;
use crate::output::destination::OutputError;

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

/// An error that ends a run.
#[derive(Debug)]
pub enum RunError {
    Usage(UsageError),
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

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            RunError::Usage(error) => error.fmt(f),
            RunError::Output(error) => error.fmt(f),
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
