//! Requests to stop: noticed between two steps of the work, so that nothing is left half done. A run that waits is
//! ended, too.

#[cfg_attr(unix, path = "unix.rs")]
#[cfg_attr(windows, path = "windows.rs")]
mod system;

use std::fs::File;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use crate::sys::temporary::TempFiles;

pub use system::wait_writable;

/// The time a run gets to end by itself.
const EXIT_GRACE: Duration = Duration::from_millis(600);

const PRINT_GRACE: Duration = Duration::from_millis(200);

#[derive(Debug)]
pub struct Signals {
    code: Arc<AtomicUsize>,
    /// Whether the run ends by itself, and must not wait for input any more.
    over: AtomicBool,
    watch: system::Watch,
    /// Printed at most once.
    exit_message: Arc<Mutex<Option<String>>>,
}

impl Signals {
    /// Starts to watch for signals. After one, a run that does not end soon is ended: its temporary files are
    /// removed, and the message is printed.
    pub fn watch(files: TempFiles, exit_message: String) -> io::Result<Signals> {
        let code = Arc::new(AtomicUsize::new(0));
        let exit_message = Arc::new(Mutex::new(Some(exit_message)));
        let end = {
            let (code, exit_message) = (Arc::clone(&code), Arc::clone(&exit_message));
            move || {
                thread::sleep(EXIT_GRACE);
                files.remove_all();
                // Standard error may be a pipe that is full and locked.
                let (printed, is_printed) = mpsc::channel();
                let exit_message = Arc::clone(&exit_message);
                let print = move || {
                    print(&exit_message);
                    let _ = printed.send(());
                };
                let _ = thread::Builder::new().spawn(print);
                let _ = is_printed.recv_timeout(PRINT_GRACE);
                std::process::exit(code.load(Ordering::Relaxed) as i32);
            }
        };
        let watch = system::Watch::start(&code, end)?;
        Ok(Signals { code, over: AtomicBool::new(false), watch, exit_message })
    }

    /// The exit code of the signal that came, if one came.
    pub fn code(&self) -> Option<u8> {
        Some(self.code.load(Ordering::Relaxed) as u8).filter(|code| *code > 0)
    }

    /// Wakes blocked readers: the run ends, though no signal came.
    pub fn end_waiting(&self) {
        self.over.store(true, Ordering::Relaxed);
        self.watch.wake();
    }

    /// Whether a signal came or the run ends by itself.
    pub fn is_over(&self) -> bool {
        self.code().is_some() || self.over.load(Ordering::Relaxed)
    }

    pub fn print_exit_message(&self) {
        print(&self.exit_message);
    }

    /// Waits until something can be read, or [`Signals::is_over`].
    pub fn wait_readable(&self, file: &File) -> io::Result<()> {
        self.watch.wait_readable(file)
    }
}

fn print(message: &Mutex<Option<String>>) {
    // Writing may block, and must not keep the lock.
    let text = message.lock().unwrap().take();
    if let Some(text) = text {
        let _ = io::stderr().write_all(format!("{text}\n").as_bytes());
    }
}
