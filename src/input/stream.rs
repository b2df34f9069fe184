//! The bytes of one source, decompressed if its first bytes say so, or the archive that it turns out to be.

use std::io::{self, Cursor, Read};
use std::mem;

use crate::input::archive::tar::{self, Tar};
use crate::input::archive::zip;
use crate::input::compression::{Decoder, Head, recognize};
use crate::input::encoding::{ByteOrder, Utf16};
use crate::input::file::Waiting;

/// Whether a source may hold others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nesting {
    /// It may be an archive.
    Outermost,
    /// It is in an archive itself, and is not opened as another.
    Member,
}

pub type BoxedRead = Box<dyn Read + Send>;

/// A source that is being read.
pub struct Stream {
    /// Bytes that were put back.
    ahead: Cursor<Vec<u8>>,
    state: State,
    /// An error to report once the bytes read before it were returned.
    deferred: Option<io::Error>,
    waiting: Waiting,
    nesting: Nesting,
}

enum State {
    Fresh(BoxedRead),
    Reading(BoxedRead),
    Ended,
}

/// The result of a read.
pub enum ReadOutcome {
    /// This many bytes; 0 at the end.
    Bytes(usize),
    /// The source is an archive.
    Archive(Archive),
}

/// A source that holds others.
pub enum Archive {
    /// A tar, which is read on here.
    Tar(Box<Tar<BoxedRead>>),
    /// A zip, which is read from its end. This many bytes were read to see that.
    Zip(usize),
}

impl Stream {
    /// A stream of this reader.
    pub fn new(read: impl Read + Send + 'static, waiting: Waiting, nesting: Nesting) -> Stream {
        let state = State::Fresh(Box::new(read));
        Stream { ahead: Cursor::default(), state, deferred: None, waiting, nesting }
    }

    pub fn waiting(&self) -> Waiting {
        self.waiting
    }

    /// Reads into the start of a buffer, which at first has room for a tar's header.
    pub fn read(&mut self, buffer: &mut [u8]) -> io::Result<ReadOutcome> {
        let len = self.ahead.read(buffer)?;
        if len > 0 {
            return Ok(ReadOutcome::Bytes(len));
        }
        if let Some(error) = self.deferred.take() {
            return Err(error);
        }
        match &mut self.state {
            State::Fresh(_) => self.begin(buffer),
            State::Reading(_) => self.fill(buffer, 0).map(ReadOutcome::Bytes),
            State::Ended => Ok(ReadOutcome::Bytes(0)),
        }
    }

    /// Whether there is no more to read, as far as that is known without reading.
    pub fn has_ended(&self) -> bool {
        matches!(self.state, State::Ended) && self.ahead.position() == self.ahead.get_ref().len() as u64
    }

    /// Puts bytes back, to be read again, and an error to be returned after them.
    pub fn put_back(&mut self, bytes: Vec<u8>, error: Option<io::Error>) {
        self.ahead = Cursor::new(bytes);
        self.deferred = self.deferred.take().or(error);
    }

    /// Fills the rest of a buffer; sources that may block return early. So fewer and larger pieces go from thread to
    /// thread, and the last one is known to be the last.
    fn fill(&mut self, buffer: &mut [u8], mut len: usize) -> io::Result<usize> {
        while let State::Reading(read) = &mut self.state {
            if len == buffer.len() || len > 0 && self.waiting == Waiting::Possible {
                break;
            }
            match read.read(&mut buffer[len..]) {
                Ok(0) => self.state = State::Ended,
                Ok(more) => len += more,
                Err(error) if len == 0 => return Err(error),
                Err(error) => {
                    self.deferred = Some(error);
                    break;
                }
            }
        }
        Ok(len)
    }

    /// Reads the first bytes, and decides by them.
    fn begin(&mut self, buffer: &mut [u8]) -> io::Result<ReadOutcome> {
        let State::Fresh(mut read) = mem::replace(&mut self.state, State::Ended) else {
            return Ok(ReadOutcome::Bytes(0));
        };
        let outermost = self.nesting == Nesting::Outermost;
        let may_be_tar = |head: &[u8]| outermost && tar::may_be_tar(head);
        let is_unclear = |head: &[u8]| match ByteOrder::of(head) {
            Some(_) => false,
            None => ByteOrder::is_unclear(head) || may_be_tar(head),
        };
        let mut len = read_head(&mut read, buffer, |head| match recognize(head) {
            Head::Compressed(_) => false,
            Head::Short => true,
            Head::Plain => is_unclear(head) || outermost && zip::may_be_zip(head),
        })?;
        if let Head::Compressed(format) = recognize(&buffer[..len]) {
            read = Box::new(Decoder::new(format, chained(&buffer[..len], read))?);
            len = read_head(&mut read, buffer, is_unclear)?;
        } else if outermost && zip::is_zip(&buffer[..len]) {
            return Ok(ReadOutcome::Archive(Archive::Zip(len)));
        }
        if outermost && tar::is_tar(&buffer[..len]) {
            let tar = Tar::new(chained(&buffer[..len], read));
            return Ok(ReadOutcome::Archive(Archive::Tar(Box::new(tar))));
        }
        if let Some(order) = ByteOrder::of(&buffer[..len]) {
            read = Box::new(Utf16::new(order, chained(&buffer[2..len], read)));
            len = read_head(&mut read, buffer, |_| false)?;
        }
        // Nothing at all is the end: at a terminal, another read would wait.
        if len > 0 {
            self.state = State::Reading(read);
        }
        self.fill(buffer, len).map(ReadOutcome::Bytes)
    }
}

/// The bytes that were read already, then the rest.
fn chained(head: &[u8], rest: BoxedRead) -> BoxedRead {
    Box::new(Cursor::new(head.to_vec()).chain(rest))
}

/// Reads the first bytes, and more of them until they tell enough.
fn read_head(
    read: &mut BoxedRead,
    buffer: &mut [u8],
    is_unclear: impl Fn(&[u8]) -> bool,
) -> io::Result<usize> {
    let mut len = 0;
    while len == 0 || len < buffer.len() && is_unclear(&buffer[..len]) {
        match read.read(&mut buffer[len..]) {
            Ok(0) => break,
            Ok(more) => len += more,
            // The error comes again after what was read.
            Err(_) if len > 0 => break,
            Err(error) => return Err(error),
        }
    }
    Ok(len)
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
            let mut stream = Stream::new(FailsOnce(0), waiting, Nesting::Member);
            let mut text = Vec::new();
            let error = loop {
                let mut buffer = [0; 8];
                match stream.read(&mut buffer) {
                    Ok(ReadOutcome::Bytes(len)) if len > 0 => text.extend_from_slice(&buffer[..len]),
                    other => break other.err().map(|error| error.to_string()),
                }
            };
            assert_eq!((&*text, error.as_deref()), (&b"xxx"[..], Some("it broke")), "{waiting:?}");
        }
    }

    #[test]
    fn the_last_piece_is_known_to_be_the_last_where_nothing_has_to_be_waited_for() {
        for (waiting, is_known) in [(Waiting::Never, true), (Waiting::Possible, false)] {
            let mut stream = Stream::new(Cursor::new(b"{}\n"), waiting, Nesting::Outermost);
            assert!(matches!(stream.read(&mut [0; 8]), Ok(ReadOutcome::Bytes(3))));
            assert_eq!(stream.has_ended(), is_known);
            assert!(matches!(stream.read(&mut [0; 8]), Ok(ReadOutcome::Bytes(0))));
            assert!(stream.has_ended());
        }
    }
}
