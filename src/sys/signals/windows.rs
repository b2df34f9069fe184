//! Ctrl-C and Ctrl-Break. Nothing waits for both input and these: a run that waits is ended.

use std::fs::File;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const INTERRUPTED: usize = 130;

#[derive(Debug)]
pub struct Watch;

impl Watch {
    /// Sets an exit code at Ctrl-C, and then calls `end`.
    pub fn start(code: &Arc<AtomicUsize>, end: impl Fn() + Send + 'static) -> io::Result<Watch> {
        let code = Arc::clone(code);
        let set = ctrlc::set_handler(move || {
            code.store(INTERRUPTED, Ordering::Relaxed);
            end();
        });
        set.map(|()| Watch).map_err(io::Error::other)
    }

    /// Does nothing: only reads wait here.
    pub fn wake(&self) {}

    /// Leaves the waiting to the read that comes next.
    pub fn wait_readable(&self, _: &File) -> io::Result<()> {
        Ok(())
    }
}

/// Does nothing: no pipe here gives up instead of waiting.
pub fn wait_writable(_: &File) -> io::Result<()> {
    Ok(())
}
