//! The bytes of one source, decompressed when its first bytes say so.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::fs::FileType;

use crate::sys::pipe;
use crate::sys::signals::Signals;

const GZIP: &[u8] = b"\x1f\x8b";
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";

/// A source that is open.
pub struct Stream {
    state: State,
    compressed: bool,
    may_wait: bool,
}

enum State {
    /// Nothing read yet.
    Fresh(Raw),
    Raw(Raw),
    Decoded(Box<dyn Read + Send>),
    Empty,
}

/// A file or pipe as the system gives it.
struct Raw {
    file: File,
    /// Set for what may keep us waiting.
    interrupt: Option<Arc<Signals>>,
    /// Bytes read, for all sources together.
    read: Arc<AtomicU64>,
}

impl Stream {
    /// Reads from an open file; `read` counts the bytes as they stand there.
    ///
    /// # Errors
    /// When the file is a directory or its kind cannot be found out.
    pub fn new(file: File, interrupt: &Arc<Signals>, read: &Arc<AtomicU64>) -> io::Result<Stream> {
        let kind = FileType::from_raw_mode(rustix::fs::fstat(&file)?.st_mode);
        if kind == FileType::Directory {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if kind == FileType::Fifo {
            pipe::enlarge(&file);
        }
        let may_wait = kind != FileType::RegularFile;
        let raw = Raw { file, interrupt: may_wait.then(|| Arc::clone(interrupt)), read: Arc::clone(read) };
        Ok(Stream { state: State::Fresh(raw), compressed: false, may_wait })
    }

    /// Whether reading may wait for somebody to write.
    pub fn may_wait(&self) -> bool {
        self.may_wait
    }

    /// Whether the source turned out to be compressed.
    pub fn is_compressed(&self) -> bool {
        self.compressed
    }

    /// Reads into the beginning of a buffer; 0 at the end.
    ///
    /// # Errors
    /// When the system cannot read on, or what is compressed is damaged or cut off.
    pub fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.state {
            State::Raw(raw) => raw.read(buffer),
            State::Decoded(decoder) => retry(|| decoder.read(buffer)),
            State::Empty => Ok(0),
            State::Fresh(raw) => {
                let mut len = 0;
                while len == 0 || (len < ZSTD.len() && may_be_compressed(&buffer[..len])) {
                    match raw.read(&mut buffer[len..])? {
                        0 => break,
                        more => len += more,
                    }
                }
                self.begin(&buffer[..len])?;
                if self.compressed { self.read(buffer) } else { Ok(len) }
            }
        }
    }

    /// Goes over from the first bytes to all that follow.
    fn begin(&mut self, head: &[u8]) -> io::Result<()> {
        let State::Fresh(raw) = std::mem::replace(&mut self.state, State::Empty) else { return Ok(()) };
        let whole = || Cursor::new(head.to_vec());
        self.compressed = head.starts_with(GZIP) || head.starts_with(ZSTD);
        self.state = if head.starts_with(GZIP) {
            State::Decoded(Box::new(flate2::read::MultiGzDecoder::new(whole().chain(raw))))
        } else if head.starts_with(ZSTD) {
            State::Decoded(Box::new(zstd::stream::read::Decoder::new(whole().chain(raw))?))
        } else {
            State::Raw(raw)
        };
        Ok(())
    }
}

fn may_be_compressed(head: &[u8]) -> bool {
    GZIP.starts_with(head) || ZSTD.starts_with(head)
}

impl Read for Raw {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = loop {
            if let Some(interrupt) = &self.interrupt {
                interrupt.wait_readable(self.file.as_fd())?;
                if interrupt.code().is_some() {
                    return Err(io::Error::other("interrupted"));
                }
            }
            match retry(|| self.file.read(buffer)) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                other => break other?,
            }
        };
        self.read.fetch_add(len as u64, Ordering::Relaxed);
        Ok(len)
    }
}

fn retry(mut read: impl FnMut() -> io::Result<usize>) -> io::Result<usize> {
    loop {
        match read() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}
