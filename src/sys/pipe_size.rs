//! Pipes on either side of a run. Only Linux lets us choose how large they are.

use std::fs::File;

/// How large a pipe is made where the system lets us: larger reads and writes, fewer switches.
#[cfg(target_os = "linux")]
const BYTES: usize = 1 << 20;

/// Enlarges a pipe. Anything else, and a pipe that may not be larger, stays as it is.
#[cfg(target_os = "linux")]
pub fn enlarge(file: &File) {
    let _ = rustix::pipe::fcntl_setpipe_size(file, BYTES);
}

/// Leaves a pipe as it is.
#[cfg(not(target_os = "linux"))]
pub fn enlarge(_: &File) {}
