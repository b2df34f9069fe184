//! Decodes zstd, with memory that is used again for the next frame.

use std::sync::Mutex;

use zstd::zstd_safe::{DCtx, DParameter, InBuffer, OutBuffer, ResetDirective, SafeResult, get_error_name};

use crate::input::compression::codec::{End, Step};
use crate::input::compression::damage::{Damage, Format};
use crate::sys::lock::lock;

/// The largest window, as a power of two; what `zstd --long=31` writes.
const WINDOW_LOG: u32 = 31;

/// How many bytes of a frame it wants at first.
const START: usize = 5;

/// A context with more memory than this is freed; `zstd -19` takes half of it.
const KEPT_BYTES: usize = 16 << 20;

/// Contexts to use again, as many as there were frames open at a time. Where many files are read side by side, pages
/// that the system has to give anew for each take a good part of the time.
static SPARE: Mutex<Vec<DCtx<'static>>> = Mutex::new(Vec::new());

/// Decodes one frame.
pub struct Zstd {
    /// What zstd knows of the frame, once it has begun.
    context: Option<DCtx<'static>>,
    /// How much it wants to see next.
    wanted: usize,
}

impl Zstd {
    /// At the start of a frame.
    pub fn new() -> Zstd {
        Zstd { context: None, wanted: START }
    }

    /// Decodes the next bytes: one block at a time, so that a broken block does not lose those before it.
    pub fn run(&mut self, input: &[u8], output: &mut [u8]) -> Step {
        let mut input = InBuffer::around(&input[..input.len().min(self.wanted)]);
        let mut output = OutBuffer::around(output);
        let hint = self.decode(&mut input, &mut output);
        self.wanted = hint.unwrap_or(0);
        let end = match hint {
            Ok(0) => {
                keep(self.context.take());
                Ok(End::Reached)
            }
            Ok(_) => Ok(End::Ahead),
            Err(code) => Err(match lacks_memory(code) {
                true => Damage::Memory(Format::Zstd),
                false => Damage::Broken(Format::Zstd),
            }),
        };
        Step { read: input.pos(), written: output.pos(), end }
    }

    fn decode(&mut self, input: &mut InBuffer, output: &mut OutBuffer<[u8]>) -> SafeResult {
        let context = match &mut self.context {
            Some(context) => context,
            None => self.context.insert(begin()?),
        };
        context.decompress_stream(output, input)
    }
}

/// A context for another frame.
fn begin() -> Result<DCtx<'static>, usize> {
    if let Some(mut spare) = lock(&SPARE).pop() {
        spare.reset(ResetDirective::SessionOnly)?;
        return Ok(spare);
    }
    let mut context = DCtx::create();
    context.set_parameter(DParameter::WindowLogMax(WINDOW_LOG))?;
    Ok(context)
}

/// Keeps the context of a frame that has ended.
fn keep(context: Option<DCtx<'static>>) {
    lock(&SPARE).extend(context.filter(|context| context.sizeof() <= KEPT_BYTES));
}

/// Whether zstd refused a window as too large, or got no memory for it. Only the message tells.
fn lacks_memory(code: usize) -> bool {
    get_error_name(code).contains("memory")
}
