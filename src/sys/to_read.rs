//! Opening what is read.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Opens a file. A FIFO that nobody writes to must not keep us from noticing a signal; on Windows there are none
/// in the file system.
///
/// # Errors
/// When the system refuses.
pub fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        let flags = rustix::fs::OFlags::NONBLOCK.bits();
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, flags as i32);
    }
    options.read(true).open(path)
}

/// A second handle of standard input, which shares its position.
///
/// # Errors
/// When the system refuses.
pub fn stdin() -> io::Result<File> {
    #[cfg(unix)]
    use std::os::fd::AsFd as _;
    #[cfg(windows)]
    use std::os::windows::io::AsHandle as _;
    #[cfg(unix)]
    let stdin = io::stdin().as_fd().try_clone_to_owned();
    #[cfg(windows)]
    let stdin = io::stdin().as_handle().try_clone_to_owned();
    stdin.map(File::from)
}
