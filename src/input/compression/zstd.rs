//! Decodes zstd, with memory that is used again for the next frame.

use std::sync::Mutex;

use zstd::zstd_safe::{DCtx, DParameter, InBuffer, OutBuffer, ResetDirective, SafeResult, get_error_name};

use crate::input::compression::{DecodeStep, Progress};
use crate::input::damage::{Damage, Format};

/// The largest window, as a power of two, that `zstd --long=31` writes.
const MAX_WINDOW_LOG: u32 = 31;

/// Bytes that a frame wants at first.
const START: usize = 5;

/// A context with more memory than this is freed; `zstd -19` takes half of it.
const KEPT_BYTES: usize = 16 << 20;

/// Contexts to use again, as many as there were frames open at a time. Where many files are read side by side, the
/// system would otherwise have to give new pages for each, which takes a good part of the time.
static SPARE: Mutex<Vec<DCtx<'static>>> = Mutex::new(Vec::new());

/// Decodes one frame.
pub struct Zstd {
    /// `None` before the frame begins.
    context: Option<DCtx<'static>>,
    /// Bytes that zstd wants next.
    wanted: usize,
}

impl Zstd {
    /// At the start of a frame.
    pub fn new() -> Zstd {
        Zstd { context: None, wanted: START }
    }

    /// Decodes the next bytes: one block at a time, so that a broken block does not lose those before it.
    pub fn run(&mut self, input: &[u8], output: &mut [u8]) -> DecodeStep {
        let mut input = InBuffer::around(&input[..input.len().min(self.wanted)]);
        let mut output = OutBuffer::around(output);
        let hint = self.decode(&mut input, &mut output);
        self.wanted = hint.unwrap_or(0);
        let progress = match hint {
            Ok(0) => {
                keep(self.context.take());
                Ok(Progress::AtEnd)
            }
            Ok(_) => Ok(Progress::Inside),
            Err(code) if lacks_memory(code) => Err(Damage::Memory(Format::Zstd)),
            Err(_) => Err(Damage::Broken(Format::Zstd)),
        };
        DecodeStep { read: input.pos(), written: output.pos(), progress }
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
    if let Some(mut spare) = SPARE.lock().unwrap().pop() {
        spare.reset(ResetDirective::SessionOnly)?;
        return Ok(spare);
    }
    let mut context = DCtx::create();
    context.set_parameter(DParameter::WindowLogMax(MAX_WINDOW_LOG))?;
    Ok(context)
}

/// Keeps the context of a frame that has ended.
fn keep(context: Option<DCtx<'static>>) {
    SPARE.lock().unwrap().extend(context.filter(|context| context.sizeof() <= KEPT_BYTES));
}

/// Whether zstd refused a window as too large, or got no memory for it. Only the message tells.
fn lacks_memory(code: usize) -> bool {
    get_error_name(code).contains("memory")
}
