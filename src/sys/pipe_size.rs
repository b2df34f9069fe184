//! Pipes on either side of a run.

use std::os::fd::AsFd;

/// How large a pipe is made where the system lets us: larger reads and writes, fewer switches.
const BYTES: usize = 1 << 20;

/// Enlarges a pipe. Anything else, and a pipe that may not be larger, stays as it is.
pub fn enlarge(file: impl AsFd) {
    let _ = rustix::pipe::fcntl_setpipe_size(file, BYTES);
}
