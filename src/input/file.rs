//! A file or pipe that is read: it can be interrupted, and its bytes are counted.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::fs::FileType;

use crate::input::stream::Waiting;
use crate::sys::pipe;
use crate::sys::signals::Signals;

/// An open file or pipe.
pub struct InputFile {
    file: File,
    waiting: Waiting,
    signals: Arc<Signals>,
    /// Bytes read, of all sources together.
    bytes_read: Arc<AtomicU64>,
}

impl InputFile {
    /// Reads an open file.
    ///
    /// # Errors
    /// When it is a directory, or its kind cannot be found out.
    pub fn new(file: File, signals: &Arc<Signals>, bytes_read: &Arc<AtomicU64>) -> io::Result<InputFile> {
        let waiting = match FileType::from_raw_mode(rustix::fs::fstat(&file)?.st_mode) {
            FileType::Directory => return Err(io::ErrorKind::IsADirectory.into()),
            FileType::RegularFile => Waiting::Never,
            _ => Waiting::Possible,
        };
        if waiting == Waiting::Possible {
            pipe::enlarge(&file);
        }
        Ok(InputFile { file, waiting, signals: Arc::clone(signals), bytes_read: Arc::clone(bytes_read) })
    }

    /// Whether reading may have to wait for somebody to write.
    pub fn waiting(&self) -> Waiting {
        self.waiting
    }
}

impl Read for InputFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = loop {
            if self.waiting == Waiting::Possible {
                self.signals.wait_readable(self.file.as_fd())?;
            }
            if self.signals.code().is_some() {
                return Err(io::Error::other("interrupted"));
            }
            match self.file.read(buffer) {
                Err(error)
                    if matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock) => {}
                other => break other?,
            }
        };
        self.bytes_read.fetch_add(len as u64, Ordering::Relaxed);
        Ok(len)
    }
}
