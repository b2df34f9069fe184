//! Whether an output failed because nobody reads it any more.

use std::io;

/// A third error for a pipe whose reader is gone; the standard library maps the other two to `BrokenPipe`.
#[cfg(windows)]
const ERROR_PIPE_NOT_CONNECTED: i32 = 233;

/// Whether an error means that nobody reads the output any more.
pub fn is_closed_pipe(error: &io::Error) -> bool {
    #[cfg(windows)]
    if error.raw_os_error() == Some(ERROR_PIPE_NOT_CONNECTED) {
        return true;
    }
    error.kind() == io::ErrorKind::BrokenPipe
}
