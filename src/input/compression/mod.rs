//! Compressed data: recognized by its first bytes, and decompressed.

mod codec;

use std::io::{self, BufRead, BufReader, Read};

use crate::input::compression::codec::{Codec, Step};
use crate::input::damage::{Damage, Format};

/// A verdict on the first bytes of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Head {
    Compressed(Format),
    /// More bytes are needed to tell.
    Short,
    /// Not compressed in a supported format.
    Plain,
}

/// The lowest and the highest bytes that compressed data begins with. A bzip2 block follows its header, or the end
/// marker if there is none.
const KNOWN: [(&[u8], &[u8], Format); 6] = [
    (b"\x1f\x8b", b"\x1f\x8b", Format::Gzip),
    (b"\x28\xb5\x2f\xfd", b"\x28\xb5\x2f\xfd", Format::Zstd),
    (b"\x50\x2a\x4d\x18", b"\x5f\x2a\x4d\x18", Format::Zstd),
    (b"BZh1\x31", b"BZh9\x31", Format::Bzip2),
    (b"BZh1\x17", b"BZh9\x17", Format::Bzip2),
    (b"\xfd7zXZ", b"\xfd7zXZ", Format::Xz),
];

/// Looks for compressed data.
pub fn recognize(head: &[u8]) -> Head {
    let mut found = Head::Plain;
    for (lowest, highest, format) in KNOWN {
        let mut bounds = lowest.iter().zip(highest).zip(head);
        if bounds.all(|((lowest, highest), byte)| (lowest..=highest).contains(&byte)) {
            if head.len() >= lowest.len() {
                return Head::Compressed(format);
            }
            found = Head::Short;
        }
    }
    found
}

const BUFFER_BYTES: usize = 64 << 10;

/// Decodes one or more members in a row, possibly with zeros between and after them.
///
/// It reads no more than it needs for the next bytes.
pub struct Decoder<R> {
    format: Format,
    source: BufReader<R>,
    codec: Codec,
    state: State,
}

#[derive(Clone, Copy)]
enum State {
    InMember,
    AfterMember,
    End,
    Failed(Damage),
}

impl<R: Read> Decoder<R> {
    /// Decodes a reader from its beginning on.
    pub fn new(format: Format, source: R) -> io::Result<Decoder<R>> {
        let source = BufReader::with_capacity(BUFFER_BYTES, source);
        Ok(Decoder { format, source, codec: Codec::new(format)?, state: State::InMember })
    }

    /// Goes on to the next member, if there is one.
    fn begin(&mut self) -> io::Result<State> {
        let format = self.format;
        loop {
            let input = self.source.fill_buf()?;
            if input.is_empty() {
                return Ok(State::End);
            }
            let zeros = input.iter().take_while(|byte| **byte == 0).count();
            let next = input.get(zeros).copied();
            self.source.consume(zeros);
            let Some(first) = next else { continue };
            let may_begin = |(lowest, highest, known): &(&[u8], &[u8], Format)| {
                *known == format && (lowest[0]..=highest[0]).contains(&first)
            };
            if !KNOWN.iter().any(may_begin) {
                return Ok(State::Failed(Damage::Foreign(format)));
            }
            self.codec.reset(format)?;
            return Ok(State::InMember);
        }
    }

    /// Decodes the next bytes of a member. Output that is decoded already does not wait for more input to arrive.
    fn decode(&mut self, output: &mut [u8]) -> io::Result<Step> {
        let step = self.codec.run(self.format, self.source.buffer(), output);
        if step.has_moved() {
            return Ok(step);
        }
        let input = self.source.fill_buf()?;
        let mut step = self.codec.run(self.format, input, output);
        if !step.has_moved() {
            let format = self.format;
            let damage = if input.is_empty() { Damage::CutOff(format) } else { Damage::Broken(format) };
            step.is_end = Err(damage);
        }
        Ok(step)
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, output: &mut [u8]) -> io::Result<usize> {
        while !output.is_empty() {
            match self.state {
                State::Failed(damage) => return Err(damage.into()),
                State::End => break,
                State::AfterMember => self.state = self.begin()?,
                State::InMember => {
                    let Step { read, written, is_end } = self.decode(output)?;
                    self.source.consume(read);
                    self.state = match is_end {
                        Ok(false) => State::InMember,
                        Ok(true) => State::AfterMember,
                        Err(damage) => State::Failed(damage),
                    };
                    if written > 0 {
                        return Ok(written);
                    }
                }
            }
        }
        Ok(0)
    }
}
