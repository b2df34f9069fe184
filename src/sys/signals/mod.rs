//! Being asked to stop: noticed between two steps of the work, so that nothing is left half done. A run that is
//! kept waiting is ended too.

#[cfg_attr(unix, path = "unix.rs")]
#[cfg_attr(windows, path = "windows.rs")]
mod system;

use std::fs::File;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use crate::sys::temporary::TempFiles;

pub use system::wait_writable;

/// How long a run may take to end by itself.
const PATIENCE: Duration = Duration::from_millis(600);

/// Whether the run was asked to stop.
#[derive(Debug)]
pub struct Signals {
    code: Arc<AtomicUsize>,
    /// Whether the run ends by itself, so that nobody needs to wait for input any more.
    over: AtomicBool,
    watch: system::Watch,
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
    pub fn watch(temporary: TempFiles, last_words: String) -> io::Result<Signals> {
        let code = Arc::new(AtomicUsize::new(0));
        let last_words = Arc::new(LastWords { text: last_words, said: AtomicBool::new(false) });
        let end = {
            let (code, last_words) = (Arc::clone(&code), Arc::clone(&last_words));
            move || {
                std::thread::sleep(PATIENCE);
                temporary.remove_all();
                last_words.say();
                std::process::exit(code.load(Ordering::Relaxed) as i32);
            }
        };
        let watch = system::Watch::start(&code, end)?;
        Ok(Signals { code, over: AtomicBool::new(false), watch, last_words })
    }

    /// The exit code of the signal that came, if one came.
    pub fn code(&self) -> Option<u8> {
        match self.code.load(Ordering::Relaxed) {
            0 => None,
            code => Some(code as u8),
        }
    }

    /// Lets nobody wait for input any more: the run ends, though no signal came.
    pub fn end_waiting(&self) {
        self.over.store(true, Ordering::Relaxed);
        self.watch.wake();
    }

    /// Whether a signal came or the run ends by itself.
    pub fn is_over(&self) -> bool {
        self.code().is_some() || self.over.load(Ordering::Relaxed)
    }

    /// Prints how to go on, once.
    pub fn say_last_words(&self) {
        self.last_words.say();
    }

    /// Waits until something can be read, or [`Signals::is_over`].
    ///
    /// # Errors
    /// When the system cannot wait for it.
    pub fn wait_readable(&self, file: &File) -> io::Result<()> {
        self.watch.wait_readable(file)
    }
}
