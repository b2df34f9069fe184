//! What all readers of a run have in common: a signal ends them, and what they read is counted.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::sys::signals::Signals;

/// Counts the bytes that are read from all sources.
#[derive(Clone)]
pub struct Meter {
    signals: Arc<Signals>,
    bytes_read: Arc<AtomicU64>,
}

impl Meter {
    /// A meter that stops at signals.
    pub fn new(signals: &Arc<Signals>, bytes_read: &Arc<AtomicU64>) -> Meter {
        Meter { signals: Arc::clone(signals), bytes_read: Arc::clone(bytes_read) }
    }

    /// Whether to go on.
    ///
    /// # Errors
    /// When the run is over.
    pub fn check(&self) -> io::Result<()> {
        match self.signals.is_over() {
            true => Err(io::Error::other("interrupted")),
            false => Ok(()),
        }
    }

    /// Waits until there is something to read, or the run is over.
    ///
    /// # Errors
    /// When the system cannot wait.
    pub fn wait_readable(&self, file: &File) -> io::Result<()> {
        self.signals.wait_readable(file)
    }

    /// Counts bytes that were read.
    pub fn add(&self, len: usize) {
        self.bytes_read.fetch_add(len as u64, Ordering::Relaxed);
    }

    /// Takes back the count of bytes that will be read again.
    pub fn take_back(&self, len: usize) {
        self.bytes_read.fetch_sub(len as u64, Ordering::Relaxed);
    }
}

/// Counts what is read and stops at a signal; for readers that never wait.
pub struct Metered<R> {
    read: R,
    meter: Meter,
}

impl<R: Read> Metered<R> {
    /// Reads this.
    pub fn new(read: R, meter: &Meter) -> Metered<R> {
        Metered { read, meter: meter.clone() }
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.meter.check()?;
        let len = self.read.read(buffer)?;
        self.meter.add(len);
        Ok(len)
    }
}
