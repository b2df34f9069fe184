//! The decoder of one member, from bytes to bytes.

use std::io;
use std::sync::Mutex;

use flate2::{Decompress, FlushDecompress};
use lzma_rust2::XzStream;
use zstd::zstd_safe::{DCtx, DParameter, InBuffer, OutBuffer, ResetDirective, SafeResult, get_error_name};

use crate::input::damage::{Damage, Format};

/// Memory for the dictionary of xz; its largest preset takes half of it.
const MAX_XZ_KIB: u32 = 129 << 10;
/// xz input that is decoded at a time: a call that finds damage loses all that it decoded before.
const XZ_PIECE: usize = 4 << 10;

/// The largest window, as a power of two, that `zstd --long=31` writes.
const MAX_WINDOW_LOG: u32 = 31;
/// Bytes that a zstd frame wants at first.
const FRAME_START: usize = 5;
/// A zstd context with more memory than this is freed; `zstd -19` takes half of it.
const KEPT_BYTES: usize = 16 << 20;

pub enum Codec {
    /// Gzip, or the bare deflate of a zip's member.
    Deflate(Box<Decompress>),
    Zstd(Zstd),
    Bzip2(bzip2::Decompress),
    Xz(Box<XzStream>),
}

/// The result of one call of a codec.
pub struct Step {
    /// Bytes of input consumed.
    pub read: usize,
    /// Bytes of output produced; that from before damage is valid.
    pub written: usize,
    pub is_end: Result<bool, Damage>,
}

impl Step {
    /// Whether anything happened.
    pub fn has_moved(&self) -> bool {
        self.read > 0 || self.written > 0 || self.is_end != Ok(false)
    }
}

impl Codec {
    /// The decoder of a format.
    pub fn new(format: Format) -> io::Result<Codec> {
        Ok(match format {
            Format::Gzip => Codec::Deflate(Box::new(Decompress::new_gzip(15))),
            Format::Deflate => Codec::Deflate(Box::new(Decompress::new(false))),
            Format::Zstd => Codec::Zstd(Zstd { context: None, wanted: FRAME_START, read: 0, written: 0 }),
            Format::Bzip2 => Codec::Bzip2(bzip2::Decompress::new(false)),
            Format::Xz => Codec::Xz(Box::new(XzStream::new_mem_limit(false, MAX_XZ_KIB))),
            Format::Tar | Format::Zip => return Err(io::ErrorKind::Unsupported.into()),
        })
    }

    /// Prepares for the next member.
    pub fn reset(&mut self, format: Format) -> io::Result<()> {
        match self {
            Codec::Deflate(decoder) if format == Format::Gzip => decoder.reset(true),
            _ => *self = Codec::new(format)?,
        }
        Ok(())
    }

    /// Decodes the next bytes.
    pub fn run(&mut self, format: Format, input: &[u8], output: &mut [u8]) -> Step {
        let broken = Damage::Broken(format);
        let (read, written) = self.totals();
        let is_end = match self {
            Codec::Deflate(decoder) => {
                let status = decoder.decompress(input, output, FlushDecompress::None);
                status.map(|status| status == flate2::Status::StreamEnd).map_err(|_| broken)
            }
            Codec::Bzip2(decoder) => {
                let status = decoder.decompress(input, output);
                status.map(|status| status == bzip2::Status::StreamEnd).map_err(|_| broken)
            }
            Codec::Xz(decoder) => {
                let input = &input[..input.len().min(XZ_PIECE)];
                let result = decoder.process(input, output, lzma_rust2::Action::Run);
                let is_end = result.map(|result| result.status == lzma_rust2::Status::StreamEnd);
                is_end.map_err(|error| match error.kind() {
                    io::ErrorKind::OutOfMemory => Damage::Memory(Format::Xz),
                    _ => broken,
                })
            }
            Codec::Zstd(decoder) => decoder.run(input, output),
        };
        let (all_read, all_written) = self.totals();
        Step { read: (all_read - read) as usize, written: (all_written - written) as usize, is_end }
    }

    /// The bytes of input and output so far.
    fn totals(&self) -> (u64, u64) {
        match self {
            Codec::Deflate(decoder) => (decoder.total_in(), decoder.total_out()),
            Codec::Bzip2(decoder) => (decoder.total_in(), decoder.total_out()),
            Codec::Xz(decoder) => (decoder.total_in(), decoder.total_out()),
            Codec::Zstd(decoder) => (decoder.read, decoder.written),
        }
    }
}

/// Decodes one frame.
pub struct Zstd {
    /// `None` before the frame begins.
    context: Option<DCtx<'static>>,
    /// Bytes that zstd wants next.
    wanted: usize,
    read: u64,
    written: u64,
}

/// Contexts to use again, as many as there were frames open at a time. Where many files are read side by side, the
/// system would otherwise have to give new pages for each, which takes a good part of the time.
static SPARE: Mutex<Vec<DCtx<'static>>> = Mutex::new(Vec::new());

impl Zstd {
    /// Decodes the next bytes: one block at a time, so that a broken block does not lose those before it.
    fn run(&mut self, input: &[u8], output: &mut [u8]) -> Result<bool, Damage> {
        let mut input = InBuffer::around(&input[..input.len().min(self.wanted)]);
        let mut output = OutBuffer::around(output);
        let hint = self.decode(&mut input, &mut output);
        self.read += input.pos() as u64;
        self.written += output.pos() as u64;
        self.wanted = hint.unwrap_or(0);
        if hint == Ok(0) {
            let ended = self.context.take().filter(|context| context.sizeof() <= KEPT_BYTES);
            SPARE.lock().unwrap().extend(ended);
        }
        hint.map(|wanted| wanted == 0).map_err(|code| {
            // Whether zstd refused a window as too large, or got no memory for it: only the message tells.
            let lacks_memory = get_error_name(code).contains("memory");
            if lacks_memory { Damage::Memory(Format::Zstd) } else { Damage::Broken(Format::Zstd) }
        })
    }

    fn decode(&mut self, input: &mut InBuffer, output: &mut OutBuffer<[u8]>) -> SafeResult {
        let context = match &mut self.context {
            Some(context) => context,
            None => self.context.insert(new_context()?),
        };
        context.decompress_stream(output, input)
    }
}

fn new_context() -> Result<DCtx<'static>, usize> {
    let spare = SPARE.lock().unwrap().pop();
    let mut context = spare.unwrap_or_else(DCtx::create);
    context.reset(ResetDirective::SessionOnly)?;
    context.set_parameter(DParameter::WindowLogMax(MAX_WINDOW_LOG))?;
    Ok(context)
}
