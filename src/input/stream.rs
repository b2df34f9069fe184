//! The bytes of one source, decompressed if its first bytes say so, or the archive that it turns out to be.

use std::io::{self, Cursor, Read};

use crate::input::archive::tar::{self, Tar};
use crate::input::archive::zip;
use crate::input::compression::{Decoder, Head, recognize};
use crate::input::damage::Format;
use crate::input::encoding::{Utf16, is_unclear, utf_16};
use crate::input::file::Waiting;

pub type BoxedRead = Box<dyn Read + Send>;

/// The bytes that are read first: as many as most payloads have, and no more, since they are zeroed for each source.
/// A tar's header needs 512.
const HEAD_BYTES: usize = 2 << 10;

/// The content of a source that may be an archive.
pub enum Content {
    Stream(Stream),
    /// A tar, which is read on here.
    Tar(Box<Tar<BoxedRead>>),
    /// A zip, which is read from its end. This many bytes were read to see that.
    Zip(usize),
}

/// A source that is being read.
pub struct Stream {
    /// Bytes that were read already.
    ahead: Cursor<Vec<u8>>,
    /// `None` at its end.
    rest: Option<BoxedRead>,
    /// An error to report once the bytes read before it were returned.
    deferred: Option<io::Error>,
    pub waiting: Waiting,
}

impl Content {
    /// Reads the first bytes, and decides by them.
    pub fn open(read: impl Read + Send + 'static, waiting: Waiting) -> Content {
        match begin(Box::new(read), Nesting::Outermost) {
            Ok(Beginning { head, archive: Some(Format::Zip), .. }) => Content::Zip(head.len()),
            Ok(Beginning { head, rest, archive: Some(_) }) => {
                Content::Tar(Box::new(Tar::new(chained(&head, rest))))
            }
            start => Content::Stream(Stream::started(start, waiting)),
        }
    }
}

impl Stream {
    /// A stream that is not opened as an archive, since it is in one.
    pub fn new(read: impl Read + Send + 'static, waiting: Waiting) -> Stream {
        Stream::started(begin(Box::new(read), Nesting::Member), waiting)
    }

    fn started(start: io::Result<Beginning>, waiting: Waiting) -> Stream {
        match start {
            Ok(Beginning { head, rest, .. }) => {
                // Nothing at all is the end: at a terminal, another read would wait.
                let rest = Some(rest).filter(|_| !head.is_empty());
                Stream { ahead: Cursor::new(head), rest, deferred: None, waiting }
            }
            Err(error) => Stream { ahead: Cursor::default(), rest: None, deferred: Some(error), waiting },
        }
    }

    /// Whether there is no more to read, as far as that is known without reading.
    pub fn has_ended(&self) -> bool {
        let is_read = self.ahead.position() == self.ahead.get_ref().len() as u64;
        self.rest.is_none() && self.deferred.is_none() && is_read
    }

    /// Puts bytes back, to be read again, and an error to be returned after them.
    pub fn put_back(&mut self, bytes: Vec<u8>, error: Option<io::Error>) {
        self.ahead = Cursor::new(bytes);
        self.deferred = self.deferred.take().or(error);
    }
}

impl Read for Stream {
    /// Fills the buffer; sources that may block return early. So fewer and larger pieces go from thread to thread, and
    /// the last one is known to be the last.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut len = self.ahead.read(buffer)?;
        if let Some(error) = self.deferred.take_if(|_| len == 0) {
            return Err(error);
        }
        while let Some(rest) = &mut self.rest
            && self.deferred.is_none()
            && len < buffer.len()
            && (len == 0 || self.waiting == Waiting::Never)
        {
            match rest.read(&mut buffer[len..]) {
                Ok(0) => self.rest = None,
                Ok(more) => len += more,
                Err(error) if len == 0 => return Err(error),
                Err(error) => self.deferred = Some(error),
            }
        }
        Ok(len)
    }
}

/// Whether a source may hold others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nesting {
    Outermost,
    Member,
}

/// The first bytes of a source, decompressed and decoded, and what comes after them.
struct Beginning {
    head: Vec<u8>,
    rest: BoxedRead,
    archive: Option<Format>,
}

fn begin(mut rest: BoxedRead, nesting: Nesting) -> io::Result<Beginning> {
    let outermost = nesting == Nesting::Outermost;
    let is_unclear = |head: &[u8]| match utf_16(head) {
        Some(_) => false,
        None => is_unclear(head) || outermost && tar::may_be_tar(head),
    };
    let mut head = read_head(&mut rest, |head| match recognize(head) {
        Head::Compressed(_) => false,
        Head::Short => true,
        Head::Plain => is_unclear(head) || outermost && zip::may_be_zip(head),
    })?;
    if let Head::Compressed(format) = recognize(&head) {
        rest = Box::new(Decoder::new(format, chained(&head, rest))?);
        head = read_head(&mut rest, is_unclear)?;
    } else if outermost && zip::is_zip(&head) {
        return Ok(Beginning { head, rest, archive: Some(Format::Zip) });
    }
    if outermost && tar::is_tar(&head) {
        return Ok(Beginning { head, rest, archive: Some(Format::Tar) });
    }
    if let Some(read_unit) = utf_16(&head) {
        rest = Box::new(Utf16::new(read_unit, chained(&head[2..], rest)));
        head = read_head(&mut rest, |_| false)?;
    }
    Ok(Beginning { head, rest, archive: None })
}

/// The bytes that were read already, then the rest.
fn chained(head: &[u8], rest: BoxedRead) -> BoxedRead {
    Box::new(Cursor::new(head.to_vec()).chain(rest))
}

/// Reads the first bytes, and more of them until they tell enough.
fn read_head(read: &mut BoxedRead, is_unclear: impl Fn(&[u8]) -> bool) -> io::Result<Vec<u8>> {
    let mut head = vec![0; HEAD_BYTES];
    let mut len = 0;
    while len == 0 || len < head.len() && is_unclear(&head[..len]) {
        match read.read(&mut head[len..]) {
            Ok(0) => break,
            Ok(more) => len += more,
            // The error comes again after what was read.
            Err(_) if len > 0 => break,
            Err(error) => return Err(error),
        }
    }
    head.truncate(len);
    Ok(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives some bytes, fails once, and is at its end.
    struct FailsOnce(u8);

    impl Read for FailsOnce {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0 += 1;
            match self.0 {
                1..4 => {
                    buffer[0] = b'x';
                    Ok(1)
                }
                4 => Err(io::Error::other("it broke")),
                _ => Ok(0),
            }
        }
    }

    #[test]
    fn an_error_comes_after_the_bytes_that_were_read_before_it() {
        for waiting in [Waiting::Never, Waiting::Possible] {
            let mut stream = Stream::new(FailsOnce(0), waiting);
            let mut text = Vec::new();
            let error = loop {
                let mut buffer = [0; 8];
                match stream.read(&mut buffer) {
                    Ok(len) if len > 0 => text.extend_from_slice(&buffer[..len]),
                    other => break other.err().map(|error| error.to_string()),
                }
            };
            assert_eq!((&*text, error.as_deref()), (&b"xxx"[..], Some("it broke")), "{waiting:?}");
        }
    }

    #[test]
    fn the_last_piece_is_known_to_be_the_last_where_nothing_has_to_be_waited_for() {
        for (waiting, is_known) in [(Waiting::Never, true), (Waiting::Possible, false)] {
            let mut stream = Stream::new(Cursor::new(b"{}\n"), waiting);
            assert_eq!(stream.read(&mut [0; 8]).unwrap(), 3);
            assert_eq!(stream.has_ended(), is_known);
            assert_eq!(stream.read(&mut [0; 8]).unwrap(), 0);
            assert!(stream.has_ended());
        }
    }
}
