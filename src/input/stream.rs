//! The bytes of one source, decompressed when its first bytes say so.

use std::io::{self, Cursor, Read};

const GZIP: &[u8] = b"\x1f\x8b";
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";

/// Whether reading may have to wait for somebody to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// As at a pipe or a terminal.
    Possible,
    /// As at a regular file.
    Never,
}

/// Whether a source turned out to be compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// It is as it is.
    None,
    /// It is decompressed.
    Some,
}

/// A source that is being read.
pub struct Stream {
    state: State,
    compression: Compression,
    waiting: Waiting,
}

type BoxedRead = Box<dyn Read + Send>;

enum State {
    /// Nothing was read yet.
    Fresh(BoxedRead),
    Reading(BoxedRead),
    Empty,
}

impl Stream {
    /// A stream of what this reads.
    pub fn new(read: impl Read + Send + 'static, waiting: Waiting) -> Stream {
        Stream { state: State::Fresh(Box::new(read)), compression: Compression::None, waiting }
    }

    /// Whether reading may have to wait for somebody to write.
    pub fn waiting(&self) -> Waiting {
        self.waiting
    }

    /// Whether the source turned out to be compressed.
    pub fn compression(&self) -> Compression {
        self.compression
    }

    /// Reads into the start of a buffer; 0 at the end.
    ///
    /// # Errors
    /// When the system cannot read on, or what is compressed is damaged or cut off.
    pub fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.state {
            State::Reading(read) => retry(|| read.read(buffer)),
            State::Empty => Ok(0),
            State::Fresh(read) => {
                let mut len = 0;
                while len == 0 || (len < ZSTD.len() && may_be_compressed(&buffer[..len])) {
                    match retry(|| read.read(&mut buffer[len..]))? {
                        0 => break,
                        more => len += more,
                    }
                }
                self.begin(&buffer[..len])?;
                if self.compression == Compression::Some { self.read(buffer) } else { Ok(len) }
            }
        }
    }

    /// Goes over from the first bytes to all that follow.
    fn begin(&mut self, head: &[u8]) -> io::Result<()> {
        let State::Fresh(read) = std::mem::replace(&mut self.state, State::Empty) else { return Ok(()) };
        let whole = || Cursor::new(head.to_vec());
        let compressed: Option<BoxedRead> = if head.starts_with(GZIP) {
            Some(Box::new(flate2::read::MultiGzDecoder::new(whole().chain(read))))
        } else if head.starts_with(ZSTD) {
            Some(Box::new(zstd::stream::read::Decoder::new(whole().chain(read))?))
        } else {
            self.state = State::Reading(read);
            None
        };
        if let Some(compressed) = compressed {
            (self.state, self.compression) = (State::Reading(compressed), Compression::Some);
        }
        Ok(())
    }
}

fn may_be_compressed(head: &[u8]) -> bool {
    GZIP.starts_with(head) || ZSTD.starts_with(head)
}

fn retry(mut read: impl FnMut() -> io::Result<usize>) -> io::Result<usize> {
    loop {
        match read() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}
