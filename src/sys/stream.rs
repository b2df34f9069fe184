//! Open streams: pipes, terminals, and the names that streams have in the file system.
//!
//! A Windows console takes and gives bytes in the code page that it happens to be set to, and only the standard
//! library's own streams convert these from and to UTF-8. Elsewhere a terminal is a file like any other. Windows has no
//! names for open streams: there only `-` is one.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

/// The keys that end what is typed.
pub const END_OF_INPUT: &str = if cfg!(windows) { "Ctrl-Z and Enter" } else { "Ctrl-D" };

/// An open stream of this process, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamNumber(u32);

impl std::fmt::Display for StreamNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "/dev/fd/{}", self.0)
    }
}

impl StreamNumber {
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
        let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
        number.parse().ok().filter(|_| is_number).map(StreamNumber)
    }

    /// A second handle of the stream, which shares its position.
    pub fn open(self) -> io::Result<File> {
        match self.0 {
            1 => clone(&io::stdout()),
            2 => clone(&io::stderr()),
            number => duplicate(number),
        }
    }
}

pub fn stdin() -> io::Result<File> {
    clone(&io::stdin())
}

#[cfg(unix)]
fn clone(stream: &impl std::os::fd::AsFd) -> io::Result<File> {
    Ok(stream.as_fd().try_clone_to_owned()?.into())
}

#[cfg(windows)]
fn clone(stream: &impl std::os::windows::io::AsHandle) -> io::Result<File> {
    Ok(stream.as_handle().try_clone_to_owned()?.into())
}

/// On Linux, opening the name again would start at the beginning of the file.
#[cfg(target_os = "linux")]
fn duplicate(number: u32) -> io::Result<File> {
    use rustix::process::{ForeignRawFd, PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};
    let process = pidfd_open(getpid(), PidfdFlags::empty())?;
    Ok(pidfd_getfd(process, number as ForeignRawFd, PidfdGetfdFlags::empty())?.into())
}

/// Elsewhere, opening the name duplicates the stream, if there are such names.
#[cfg(not(target_os = "linux"))]
fn duplicate(number: u32) -> io::Result<File> {
    std::fs::OpenOptions::new().write(true).open(format!("/dev/fd/{number}"))
}

pub fn read(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    #[cfg(windows)]
    if std::io::IsTerminal::is_terminal(file) {
        return io::stdin().lock().read(buffer);
    }
    file.read(buffer)
}

pub fn write(file: &mut File, bytes: &[u8]) -> io::Result<usize> {
    #[cfg(windows)]
    if std::io::IsTerminal::is_terminal(file) && std::io::IsTerminal::is_terminal(&io::stdout()) {
        let mut stdout = io::stdout().lock();
        stdout.write_all(bytes)?;
        return stdout.flush().map(|()| bytes.len());
    }
    file.write(bytes)
}

/// Makes the terminal show colours, and returns whether it does.
pub fn shows_colors() -> bool {
    // Consoles before Windows Terminal have to be asked.
    #[cfg(windows)]
    return winapi_util::console::Console::stdout()
        .and_then(|mut console| console.set_virtual_terminal_processing(true))
        .is_ok();
    #[cfg(not(windows))]
    true
}

/// Enlarges a pipe where the system allows it: larger reads and writes, fewer switches. Anything else stays as it is.
pub fn enlarge_pipe(file: &File) {
    #[cfg(target_os = "linux")]
    let _ = rustix::pipe::fcntl_setpipe_size(file, 1 << 20);
    #[cfg(not(target_os = "linux"))]
    let _ = file;
}

/// Whether an error means that the other end of a pipe was closed.
pub fn is_closed_pipe(error: &io::Error) -> bool {
    // ERROR_PIPE_NOT_CONNECTED, which the standard library does not map to `BrokenPipe` like the other two.
    let is_not_connected = cfg!(windows) && error.raw_os_error() == Some(233);
    is_not_connected || error.kind() == io::ErrorKind::BrokenPipe
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
