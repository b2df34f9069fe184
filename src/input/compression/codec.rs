//! The decoder of one member, from bytes to bytes.

use std::io;

use flate2::{Decompress, FlushDecompress};
use lzma_rust2::XzStream;

use crate::input::compression::zstd::Zstd;
use crate::input::compression::{DecodeStep, Progress};
use crate::input::damage::{Damage, Format};

/// Memory for the dictionary of xz; its largest preset takes half of it.
const MAX_XZ_KIB: u32 = 129 << 10;
/// xz input that is decoded at a time.
const XZ_PIECE: usize = 4 << 10;

pub enum Codec {
    /// Gzip, or the bare deflate of a zip's member.
    Deflate(Format, Box<Decompress>),
    Zstd(Zstd),
    Bzip2(bzip2::Decompress),
    Xz(Box<XzStream>),
}

impl Codec {
    /// The decoder of a format.
    pub fn new(format: Format) -> io::Result<Codec> {
        Ok(match format {
            Format::Gzip => Codec::Deflate(format, Box::new(Decompress::new_gzip(15))),
            Format::Deflate => Codec::Deflate(format, Box::new(Decompress::new(false))),
            Format::Zstd => Codec::Zstd(Zstd::new()),
            Format::Bzip2 => Codec::Bzip2(bzip2::Decompress::new(false)),
            Format::Xz => Codec::Xz(Box::new(XzStream::new_mem_limit(false, MAX_XZ_KIB))),
            Format::Tar | Format::Zip => return Err(io::ErrorKind::Unsupported.into()),
        })
    }

    pub fn format(&self) -> Format {
        match self {
            Codec::Deflate(format, _) => *format,
            Codec::Zstd(_) => Format::Zstd,
            Codec::Bzip2(_) => Format::Bzip2,
            Codec::Xz(_) => Format::Xz,
        }
    }

    /// Prepares for the next member.
    pub fn reset(&mut self) -> io::Result<()> {
        match self {
            Codec::Deflate(Format::Gzip, decoder) => decoder.reset(true),
            _ => *self = Codec::new(self.format())?,
        }
        Ok(())
    }

    /// Decodes the next bytes. Output from before damage is valid.
    pub fn run(&mut self, input: &[u8], output: &mut [u8]) -> DecodeStep {
        let format = self.format();
        let broken = Damage::Broken(format);
        match self {
            Codec::Deflate(_, decoder) => {
                let before = (decoder.total_in(), decoder.total_out());
                let status = decoder.decompress(input, output, FlushDecompress::None);
                let is_end = status.map(|status| status == flate2::Status::StreamEnd).map_err(|_| broken);
                step(before, (decoder.total_in(), decoder.total_out()), is_end)
            }
            Codec::Zstd(decoder) => decoder.run(input, output),
            Codec::Bzip2(decoder) => {
                let before = (decoder.total_in(), decoder.total_out());
                let status = decoder.decompress(input, output);
                let is_end = status.map(|status| status == bzip2::Status::StreamEnd).map_err(|_| broken);
                step(before, (decoder.total_in(), decoder.total_out()), is_end)
            }
            Codec::Xz(decoder) => {
                let before = (decoder.total_in(), decoder.total_out());
                // In small pieces: a call that finds damage loses all that it decoded before.
                let input = &input[..input.len().min(XZ_PIECE)];
                let result = decoder.process(input, output, lzma_rust2::Action::Run);
                let is_end = result.map(|result| result.status == lzma_rust2::Status::StreamEnd);
                let is_end = is_end.map_err(|error| match error.kind() {
                    io::ErrorKind::OutOfMemory => Damage::Memory(format),
                    _ => broken,
                });
                step(before, (decoder.total_in(), decoder.total_out()), is_end)
            }
        }
    }
}

/// The step between two pairs of total input and output.
fn step(before: (u64, u64), after: (u64, u64), is_end: Result<bool, Damage>) -> DecodeStep {
    DecodeStep {
        read: (after.0 - before.0) as usize,
        written: (after.1 - before.1) as usize,
        progress: is_end.map(|is_end| if is_end { Progress::AtEnd } else { Progress::Inside }),
    }
}
