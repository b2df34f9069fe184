//! Decompression of a whole source: members in a row, and what comes between and after them.

use std::io::{self, BufRead, BufReader, Read};

use crate::input::compression::codec::{Codec, End};
use crate::input::compression::damage::{Damage, Format};
use crate::input::compression::may_begin_with;

/// Room for input that is not decoded yet.
const BUFFER_BYTES: usize = 64 << 10;

/// Decodes one or more members in a row, possibly with zeros between and after them.
///
/// It reads no more than it needs for the next bytes.
pub struct Decoder<R> {
    source: BufReader<R>,
    codec: Codec,
    place: Place,
}

#[derive(Clone, Copy)]
enum Place {
    /// Within a member.
    Inside,
    /// Within a member that may have more to give without more input.
    Full,
    /// After a member.
    Between,
    /// After the last member.
    End,
    /// At damage: it cannot go on.
    Failed(Damage),
}

impl<R: Read> Decoder<R> {
    /// Decodes what a reader gives from its beginning on.
    ///
    /// # Errors
    /// When there is no memory.
    pub fn new(format: Format, source: R) -> io::Result<Decoder<R>> {
        let source = BufReader::with_capacity(BUFFER_BYTES, source);
        Ok(Decoder { source, codec: Codec::new(format)?, place: Place::Inside })
    }

    /// Goes on to the next member, if there is one.
    fn begin(&mut self) -> io::Result<Place> {
        loop {
            let input = self.source.fill_buf()?;
            let zeros = input.iter().take_while(|byte| **byte == 0).count();
            let next = input.get(zeros).copied();
            if zeros > 0 {
                self.source.consume(zeros);
            }
            let Some(next) = next else {
                if zeros == 0 {
                    return Ok(Place::End);
                }
                continue;
            };
            let format = self.codec.format();
            if !may_begin_with(format, next) {
                return Ok(Place::Failed(Damage::Foreign(format)));
            }
            self.codec.reset()?;
            return Ok(Place::Inside);
        }
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, output: &mut [u8]) -> io::Result<usize> {
        if output.is_empty() {
            return Ok(0);
        }
        loop {
            let input = match self.place {
                Place::Failed(damage) => return Err(damage.into()),
                Place::End => return Ok(0),
                Place::Between => {
                    self.place = self.begin()?;
                    continue;
                }
                // What is decoded already must not wait for more to arrive.
                Place::Full => self.source.buffer(),
                Place::Inside => self.source.fill_buf()?,
            };
            let step = self.codec.run(input, output);
            let moved = step.read > 0 || step.written > 0;
            self.place = match step.end {
                Err(damage) => Place::Failed(damage),
                Ok(End::Reached) => Place::Between,
                Ok(End::Ahead) if step.written == output.len() => Place::Full,
                Ok(End::Ahead) if moved || matches!(self.place, Place::Full) => Place::Inside,
                Ok(End::Ahead) if input.is_empty() => Place::Failed(Damage::CutOff(self.codec.format())),
                Ok(End::Ahead) => Place::Failed(Damage::Broken(self.codec.format())),
            };
            self.source.consume(step.read);
            if step.written > 0 {
                return Ok(step.written);
            }
        }
    }
}
