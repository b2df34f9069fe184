//! The decompressors, each for one member, from bytes to bytes.

use std::io;

use flate2::{Decompress, FlushDecompress};
use lzma_rust2::XzStream;

use crate::input::compression::damage::{Damage, Format};
use crate::input::compression::zstd::Zstd;

/// The most memory for the dictionary of xz; its largest preset takes half of it.
const XZ_MEMORY_KIB: u32 = 129 << 10;
/// How much xz input is decoded at a time.
const XZ_PIECE: usize = 4 << 10;

/// The result of one call of a codec.
pub struct Step {
    /// How much of the input it took.
    pub read: usize,
    /// How much it wrote.
    pub written: usize,
    /// Whether the member has ended, or what is wrong with it.
    pub end: Result<End, Damage>,
}

/// Where the end of the member is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Not reached yet.
    Ahead,
    /// Reached.
    Reached,
}

/// The decoder of one member, from bytes to bytes.
pub enum Codec {
    /// gzip.
    Gzip(Box<Decompress>),
    /// A member of a zip.
    Deflate(Box<Decompress>),
    /// zstd.
    Zstd(Zstd),
    /// bzip2.
    Bzip2(bzip2::Decompress),
    /// xz.
    Xz(Box<XzStream>),
}

impl Codec {
    /// The decoder of a format.
    ///
    /// # Errors
    /// When there is no memory.
    pub fn new(format: Format) -> io::Result<Codec> {
        Ok(match format {
            Format::Gzip => Codec::Gzip(Box::new(Decompress::new_gzip(15))),
            Format::Deflate => Codec::Deflate(Box::new(Decompress::new(false))),
            Format::Zstd => Codec::Zstd(Zstd::new()),
            Format::Bzip2 => Codec::Bzip2(bzip2::Decompress::new(false)),
            Format::Xz => Codec::Xz(Box::new(XzStream::new_mem_limit(false, XZ_MEMORY_KIB))),
            Format::Tar | Format::Zip => return Err(io::ErrorKind::Unsupported.into()),
        })
    }

    /// What it decodes.
    pub fn format(&self) -> Format {
        match self {
            Codec::Gzip(_) => Format::Gzip,
            Codec::Deflate(_) => Format::Deflate,
            Codec::Zstd(_) => Format::Zstd,
            Codec::Bzip2(_) => Format::Bzip2,
            Codec::Xz(_) => Format::Xz,
        }
    }

    /// Gets ready for the next member.
    ///
    /// # Errors
    /// When there is no memory.
    pub fn reset(&mut self) -> io::Result<()> {
        match self {
            Codec::Gzip(decoder) => decoder.reset(true),
            Codec::Deflate(_) | Codec::Zstd(_) | Codec::Bzip2(_) | Codec::Xz(_) => {
                *self = Codec::new(self.format())?;
            }
        }
        Ok(())
    }

    /// Decodes the next bytes. Output from before damage is valid.
    pub fn run(&mut self, input: &[u8], output: &mut [u8]) -> Step {
        let broken = Damage::Broken(self.format());
        let end = |reached| if reached { End::Reached } else { End::Ahead };
        match self {
            Codec::Gzip(decoder) | Codec::Deflate(decoder) => {
                let (read, written) = (decoder.total_in(), decoder.total_out());
                let status = decoder.decompress(input, output, FlushDecompress::None);
                Step {
                    read: (decoder.total_in() - read) as usize,
                    written: (decoder.total_out() - written) as usize,
                    end: status.map(|status| end(status == flate2::Status::StreamEnd)).map_err(|_| broken),
                }
            }
            Codec::Zstd(decoder) => decoder.run(input, output),
            Codec::Bzip2(decoder) => {
                let (read, written) = (decoder.total_in(), decoder.total_out());
                let status = decoder.decompress(input, output);
                Step {
                    read: (decoder.total_in() - read) as usize,
                    written: (decoder.total_out() - written) as usize,
                    end: status.map(|status| end(status == bzip2::Status::StreamEnd)).map_err(|_| broken),
                }
            }
            Codec::Xz(decoder) => {
                let (read, written) = (decoder.total_in(), decoder.total_out());
                // In small pieces: what a call decodes before it finds damage is lost.
                let input = &input[..input.len().min(XZ_PIECE)];
                let result = decoder.process(input, output, lzma_rust2::Action::Run);
                Step {
                    read: (decoder.total_in() - read) as usize,
                    written: (decoder.total_out() - written) as usize,
                    end: result.map(|result| end(result.status == lzma_rust2::Status::StreamEnd)).map_err(
                        |error| match error.kind() {
                            io::ErrorKind::OutOfMemory => Damage::Memory(Format::Xz),
                            _ => broken,
                        },
                    ),
                }
            }
        }
    }
}
