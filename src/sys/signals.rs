//! SIGINT, SIGTERM and SIGHUP: noticed between two steps of the work, so that nothing is left half done. A run
//! that is kept waiting is ended too.

use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::{flag, low_level};

use crate::sys::temporary::TemporaryFiles;

/// How long a run may take to end by itself.
const PATIENCE: Duration = Duration::from_millis(600);

/// Whether the run was asked to stop.
#[derive(Debug)]
pub struct Signals {
    code: Arc<AtomicUsize>,
    wake: UnixStream,
    last_words: Arc<LastWords>,
}

#[derive(Debug)]
struct LastWords {
    text: String,
    said: AtomicBool,
}

impl LastWords {
    fn say(&self) {
        if !self.said.swap(true, Ordering::Relaxed) {
            let _ = io::stderr().write_all(format!("{}\n", self.text).as_bytes());
        }
    }
}

impl Signals {
    /// Starts to watch for signals. After one, a run that does not end soon is ended: its temporary files are
    /// removed, and `last_words` are printed.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn watch(temporary: TemporaryFiles, last_words: String) -> io::Result<Signals> {
        let (mut alarm, rings) = UnixStream::pair()?;
        let (wake, awakened) = UnixStream::pair()?;
        let code = Arc::new(AtomicUsize::new(0));
        for (signal, exit) in [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] {
            flag::register_usize(signal, Arc::clone(&code), exit)?;
            low_level::pipe::register(signal, rings.try_clone()?)?;
            low_level::pipe::register(signal, awakened.try_clone()?)?;
        }
        // A file over the size limit is a failed output, not a reason to be killed.
        flag::register(SIGXFSZ, Arc::default())?;
        let last_words = Arc::new(LastWords { text: last_words, said: AtomicBool::new(false) });
        let signals = Signals { code: Arc::clone(&code), wake, last_words: Arc::clone(&last_words) };
        // Without the thread, a run ends when it next checks for a signal.
        let _ = std::thread::Builder::new().name("signals".into()).spawn(move || {
            if alarm.read(&mut [0]).is_ok_and(|len| len > 0) {
                std::thread::sleep(PATIENCE);
                temporary.remove_all();
                last_words.say();
                std::process::exit(code.load(Ordering::Relaxed) as i32);
            }
        });
        Ok(signals)
    }

    /// The exit code of the signal that came, if one came.
    pub fn code(&self) -> Option<u8> {
        match self.code.load(Ordering::Relaxed) {
            0 => None,
            code => Some(code as u8),
        }
    }

    /// Prints how to go on, once.
    pub fn say_last_words(&self) {
        self.last_words.say();
    }

    /// Waits until something can be read, or a signal came.
    ///
    /// # Errors
    /// When the system cannot wait for it.
    pub fn wait_readable(&self, fd: BorrowedFd) -> io::Result<()> {
        let mut fds =
            [PollFd::new(&fd, PollFlags::IN), PollFd::from_borrowed_fd(self.wake.as_fd(), PollFlags::IN)];
        retry(|| rustix::event::poll(&mut fds, None))
    }
}

/// Waits until something can be written: a pipe that was made not to block may be full.
///
/// # Errors
/// When the system cannot wait for it.
pub fn wait_writable(fd: BorrowedFd) -> io::Result<()> {
    let mut fds = [PollFd::new(&fd, PollFlags::OUT)];
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
