//! SIGINT, SIGTERM and SIGHUP. A byte in a socket wakes blocked readers.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use rustix::event::{PollFd, PollFlags};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::{flag, low_level};

#[derive(Debug)]
pub struct Watch {
    /// Can be read once a byte was written into the other.
    woken: UnixStream,
    alarm: UnixStream,
}

impl Watch {
    /// Sets an exit code when a signal comes, and then calls `end`.
    pub fn start(code: &Arc<AtomicUsize>, end: impl FnOnce() + Send + 'static) -> io::Result<Watch> {
        let (mut ends, end_soon) = UnixStream::pair()?;
        let (woken, alarm) = UnixStream::pair()?;
        for (signal, exit) in [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] {
            flag::register_usize(signal, Arc::clone(code), exit)?;
            low_level::pipe::register(signal, end_soon.try_clone()?)?;
            low_level::pipe::register(signal, alarm.try_clone()?)?;
        }
        // A file over the size limit is a failed output, not a reason to be killed.
        flag::register(SIGXFSZ, Arc::default())?;
        // Without the thread, a run ends when it next checks for a signal.
        let _ = std::thread::Builder::new().name("signals".into()).spawn(move || {
            if ends.read(&mut [0]).is_ok_and(|len| len > 0) {
                end();
            }
        });
        Ok(Watch { woken, alarm })
    }

    pub fn wake(&self) {
        // A socket that is full has woken all of them already.
        let _ = (&self.alarm).write(&[0]);
    }

    /// Waits until something can be read, or until it is woken.
    pub fn wait_readable(&self, file: &File) -> io::Result<()> {
        let mut fds = [
            PollFd::from_borrowed_fd(file.as_fd(), PollFlags::IN),
            PollFd::from_borrowed_fd(self.woken.as_fd(), PollFlags::IN),
        ];
        retry(|| rustix::event::poll(&mut fds, None))
    }
}

/// Waits until something can be written: a pipe that was made not to block may be full.
pub fn wait_writable(file: &File) -> io::Result<()> {
    let mut fds = [PollFd::new(file, PollFlags::OUT)];
    retry(|| rustix::event::poll(&mut fds, None))
}

fn retry(mut poll: impl FnMut() -> rustix::io::Result<usize>) -> io::Result<()> {
    loop {
        match poll() {
            Err(rustix::io::Errno::INTR) => {}
            other => return other.map(drop).map_err(io::Error::from),
        }
    }
}
