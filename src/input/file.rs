//! Reads files and pipes so that a signal ends it, and counts the bytes.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::sys::file::FileKind;
use crate::sys::signals::Signals;
use crate::sys::stream;

/// Whether reads may block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// As at a pipe or a terminal.
    Possible,
    /// As at a regular file.
    Never,
}

/// Byte counting and interruption, shared by all readers of a run.
#[derive(Clone)]
pub struct ReadContext {
    pub signals: Arc<Signals>,
    pub bytes_read: Arc<AtomicU64>,
}

impl ReadContext {
    /// A context for bytes that are searched, and read again if they are wanted.
    pub fn uncounted(&self) -> ReadContext {
        ReadContext { signals: Arc::clone(&self.signals), bytes_read: Arc::default() }
    }

    /// Fails once the run is over.
    fn check(&self) -> io::Result<()> {
        if self.signals.is_over() { Err(io::Error::other("interrupted")) } else { Ok(()) }
    }

    fn add(&self, len: usize) {
        self.bytes_read.fetch_add(len as u64, Ordering::Relaxed);
    }

    /// Takes back the count of bytes that will be read again.
    pub fn take_back(&self, len: usize) {
        self.bytes_read.fetch_sub(len as u64, Ordering::Relaxed);
    }
}

/// An open file or pipe.
pub struct InputFile {
    file: File,
    waiting: Waiting,
    /// Bytes of a regular file that are left. `None` if it may have more than the system says, as in `/proc`.
    left: Option<u64>,
    context: ReadContext,
}

impl InputFile {
    /// Reads an open file.
    pub fn new(file: File, context: &ReadContext) -> io::Result<InputFile> {
        let (waiting, left) = match FileKind::of_open(&file)? {
            FileKind::Directory => return Err(io::ErrorKind::IsADirectory.into()),
            FileKind::Regular(bytes) => (Waiting::Never, Some(bytes).filter(|bytes| *bytes > 0)),
            FileKind::Other => (Waiting::Possible, None),
        };
        if waiting == Waiting::Possible {
            stream::enlarge_pipe(&file);
        }
        Ok(InputFile { file, waiting, left, context: context.clone() })
    }
}

impl Read for InputFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = loop {
            if self.waiting == Waiting::Possible {
                self.context.signals.wait_readable(&self.file)?;
            }
            self.context.check()?;
            if self.left == Some(0) {
                return Ok(0);
            }
            match stream::read(&mut self.file, buffer) {
                Err(error)
                    if matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock) => {}
                other => break other?,
            }
        };
        self.left = self.left.and_then(|left| left.checked_sub(len as u64));
        self.context.add(len);
        Ok(len)
    }
}

/// Counts the bytes of a reader that never blocks, and stops at a signal.
pub struct CountedRead<R> {
    pub read: R,
    pub context: ReadContext,
}

impl<R: Read> Read for CountedRead<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.context.check()?;
        let len = self.read.read(buffer)?;
        self.context.add(len);
        Ok(len)
    }
}
