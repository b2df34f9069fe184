//! Decompression of a whole source: members in a row, and whatever comes between and after them.

use std::io::{self, BufRead, BufReader, Read};

use crate::input::compression::codec::Codec;
use crate::input::compression::{Progress, may_begin_with};
use crate::input::damage::{Damage, Format};

const BUFFER_BYTES: usize = 64 << 10;

/// Decodes one or more members in a row, possibly with zeros between and after them.
///
/// It reads no more than it needs for the next bytes.
pub struct Decoder<R> {
    source: BufReader<R>,
    codec: Codec,
    state: State,
}

#[derive(Clone, Copy)]
enum State {
    /// Within a member.
    Inside,
    /// Within a member that may have more output without more input.
    Full,
    /// After a member.
    Between,
    /// After the last member.
    End,
    /// At damage: it cannot go on.
    Failed(Damage),
}

impl<R: Read> Decoder<R> {
    /// Decodes a reader from its beginning on.
    pub fn new(format: Format, source: R) -> io::Result<Decoder<R>> {
        let source = BufReader::with_capacity(BUFFER_BYTES, source);
        Ok(Decoder { source, codec: Codec::new(format)?, state: State::Inside })
    }

    /// Goes on to the next member, if there is one.
    fn begin(&mut self) -> io::Result<State> {
        let format = self.codec.format();
        loop {
            let input = self.source.fill_buf()?;
            if input.is_empty() {
                return Ok(State::End);
            }
            let zeros = input.iter().take_while(|byte| **byte == 0).count();
            let next = input.get(zeros).copied();
            self.source.consume(zeros);
            match next {
                None => {}
                Some(byte) if may_begin_with(format, byte) => {
                    self.codec.reset()?;
                    return Ok(State::Inside);
                }
                Some(_) => return Ok(State::Failed(Damage::Foreign(format))),
            }
        }
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, output: &mut [u8]) -> io::Result<usize> {
        if output.is_empty() {
            return Ok(0);
        }
        loop {
            let input = match self.state {
                State::Failed(damage) => return Err(damage.into()),
                State::End => return Ok(0),
                State::Between => {
                    self.state = self.begin()?;
                    continue;
                }
                // Output that is decoded already must not wait for more input to arrive.
                State::Full => self.source.buffer(),
                State::Inside => self.source.fill_buf()?,
            };
            let step = self.codec.run(input, output);
            let has_moved = step.read > 0 || step.written > 0;
            let format = self.codec.format();
            self.state = match step.progress {
                Err(damage) => State::Failed(damage),
                Ok(Progress::AtEnd) => State::Between,
                Ok(Progress::Inside) if step.written == output.len() => State::Full,
                Ok(Progress::Inside) if has_moved || matches!(self.state, State::Full) => State::Inside,
                Ok(Progress::Inside) if input.is_empty() => State::Failed(Damage::CutOff(format)),
                Ok(Progress::Inside) => State::Failed(Damage::Broken(format)),
            };
            self.source.consume(step.read);
            if step.written > 0 {
                return Ok(step.written);
            }
        }
    }
}
