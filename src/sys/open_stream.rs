//! Streams that are open already, by the names that they have in the file system.
//!
//! Windows has no such names: there only `-` is one.

use std::fs::File;
use std::io;
use std::path::Path;

/// An open stream of this process, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamNumber(u32);

impl std::fmt::Display for StreamNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "/dev/fd/{}", self.0)
    }
}

impl StreamNumber {
    /// Standard output.
    pub const STDOUT: StreamNumber = StreamNumber(1);

    /// The stream that an output's path stands for, if it stands for one.
    pub fn of(path: &Path) -> Option<StreamNumber> {
        let path = path.to_str()?;
        let number = match path {
            "-" => return Some(StreamNumber::STDOUT),
            _ if cfg!(windows) => return None,
            "/dev/stdout" => return Some(StreamNumber::STDOUT),
            "/dev/stdin" => return Some(StreamNumber(0)),
            "/dev/stderr" => return Some(StreamNumber(2)),
            _ => path.strip_prefix("/dev/fd/").or_else(|| path.strip_prefix("/proc/self/fd/"))?,
        };
        number
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| number.parse().ok().map(StreamNumber))
            .flatten()
    }

    /// A second handle of the stream, which shares its position.
    ///
    /// # Errors
    /// When there is no such stream.
    #[cfg(unix)]
    pub fn open(self) -> io::Result<File> {
        use std::os::fd::AsFd;
        match self.0 {
            1 => Ok(io::stdout().as_fd().try_clone_to_owned()?.into()),
            2 => Ok(io::stderr().as_fd().try_clone_to_owned()?.into()),
            number => duplicate(number),
        }
    }

    /// A second handle of standard output, which shares its position.
    ///
    /// # Errors
    /// When there is none.
    #[cfg(windows)]
    pub fn open(self) -> io::Result<File> {
        use std::os::windows::io::AsHandle;
        Ok(io::stdout().as_handle().try_clone_to_owned()?.into())
    }
}

/// On Linux, opening the name again would start at the beginning of the file.
#[cfg(target_os = "linux")]
fn duplicate(number: u32) -> io::Result<File> {
    use rustix::process::{ForeignRawFd, PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};
    let process = pidfd_open(getpid(), PidfdFlags::empty())?;
    Ok(pidfd_getfd(process, number as ForeignRawFd, PidfdGetfdFlags::empty())?.into())
}

/// Elsewhere, opening the name duplicates the stream.
#[cfg(all(unix, not(target_os = "linux")))]
fn duplicate(number: u32) -> io::Result<File> {
    std::fs::OpenOptions::new().write(true).open(format!("/dev/fd/{number}"))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_known_by_each_of_its_names() {
        for (path, number) in [
            ("-", Some(1)),
            ("/dev/stdin", Some(0)),
            ("/dev/stdout", Some(1)),
            ("/dev/stderr", Some(2)),
            ("/dev/fd/1", Some(1)),
            ("/dev/fd/63", Some(63)),
            ("/proc/self/fd/2", Some(2)),
            ("/dev/fd/", None),
            ("/dev/fd/+1", None),
            ("/dev/fd/1/x", None),
            ("/dev/fd/99999999999", None),
            ("/dev/null", None),
            ("dev/stdout", None),
        ] {
            assert_eq!(StreamNumber::of(Path::new(path)), number.map(StreamNumber), "{path}");
        }
    }
}
