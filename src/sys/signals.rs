//! SIGINT and SIGTERM: noticed between two steps of the work, so that nothing is left half done.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rustix::event::{PollFd, PollFlags};
use signal_hook::consts::{SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::{flag, low_level};

/// Whether the run was asked to stop.
#[derive(Debug)]
pub struct Signals {
    code: Arc<AtomicUsize>,
    wake: UnixStream,
}

impl Signals {
    /// Begins to watch for signals. A second one ends the process at once.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn watch() -> io::Result<Signals> {
        let (wake, awakened) = UnixStream::pair()?;
        let code = Arc::new(AtomicUsize::new(0));
        let again = Arc::new(AtomicBool::new(false));
        for (signal, exit) in [(SIGINT, 130), (SIGTERM, 143)] {
            flag::register_conditional_shutdown(signal, exit, Arc::clone(&again))?;
            flag::register(signal, Arc::clone(&again))?;
            flag::register_usize(signal, Arc::clone(&code), exit as usize)?;
            low_level::pipe::register(signal, awakened.try_clone()?)?;
        }
        // A file over the size that is allowed is an output that failed, not a reason to be killed.
        flag::register(SIGXFSZ, Arc::default())?;
        Ok(Signals { code, wake })
    }

    /// The exit code of the signal that came, if one came.
    pub fn code(&self) -> Option<u8> {
        match self.code.load(Ordering::Relaxed) {
            0 => None,
            code => Some(code as u8),
        }
    }

    /// Waits until something can be read, or a signal came.
    pub fn wait_readable(&self, fd: BorrowedFd) -> io::Result<()> {
        let mut fds =
            [PollFd::new(&fd, PollFlags::IN), PollFd::from_borrowed_fd(self.wake.as_fd(), PollFlags::IN)];
        loop {
            match rustix::event::poll(&mut fds, None) {
                Err(rustix::io::Errno::INTR) => {}
                other => return other.map(drop).map_err(io::Error::from),
            }
        }
    }
}
