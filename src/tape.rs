//! The tokens of a JSON text, one at a time: each is checked, and carried over to the compact text.
//!
//! This is where nearly all of a run's time goes. The small steps are always inlined and the slow ones
//! take plain values, never the tape itself, so that a loop over a tape keeps its indices in registers.

use crate::lanes::{Lanes, WIDTH};
use crate::scan::MAX_DEPTH;

/// What is wrong with a record's JSON, and at which byte of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The byte's index in the scanned text; the text's length when it ends too early.
    pub at: usize,
    /// What is wrong there.
    pub problem: Problem,
}

/// What can be wrong with a JSON text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// No value stands where one must.
    NoValue,
    /// No key stands where one must.
    NoKey,
    /// No colon stands behind a key.
    NoColon,
    /// Neither a comma nor a closing bracket stands behind a member.
    OpenObject,
    /// Neither a comma nor a closing bracket stands behind an element.
    OpenArray,
    /// A number that is not written as JSON writes numbers.
    BadNumber,
    /// The text ends inside a string.
    OpenString,
    /// A byte below U+0020 inside a string.
    ControlCharacter,
    /// A backslash with something behind it that is no escape.
    BadEscape,
    /// Nesting deeper than [`MAX_DEPTH`].
    TooDeep,
}

impl Problem {
    /// What is wrong, without a word of the payload.
    pub fn reason(self) -> String {
        match self {
            Problem::NoValue => "expected a value".into(),
            Problem::NoKey => "expected a key in double quotes".into(),
            Problem::NoColon => "expected a colon".into(),
            Problem::OpenObject => "expected a comma or }".into(),
            Problem::OpenArray => "expected a comma or ]".into(),
            Problem::BadNumber => "expected a number without leading zeros or missing digits".into(),
            Problem::OpenString => "expected a closing quote".into(),
            Problem::ControlCharacter => "a control character or line break inside a string".into(),
            Problem::BadEscape => "a backslash that begins no valid escape".into(),
            Problem::TooDeep => format!("nested deeper than {MAX_DEPTH} levels"),
        }
    }
}

/// What comes of a step.
pub type Scanned<T = ()> = Result<T, Broken>;

/// A text being read, and its compact form being written.
pub struct Tape<'t> {
    text: &'t [u8],
    /// What is still to be read of the text.
    rest: &'t [u8],
    /// The room that is still to be written into, and how much there was.
    out: &'t mut [u8],
    room: usize,
}

impl<'t> Tape<'t> {
    /// How much longer than the text the room for its compact form must be: a step may write a whole
    /// vector of which only the first byte counts.
    pub const SLACK: usize = 2 * WIDTH;

    /// A tape at the beginning of a text.
    pub fn new(text: &'t [u8], out: &'t mut [u8]) -> Tape<'t> {
        let room = out.len();
        Tape { text, rest: text, out, room }
    }

    /// The same tape, as a variable of the function that calls this: one that was handed in is read and
    /// written in memory at every step, a tenth of all instructions.
    #[inline(always)]
    pub fn local(self) -> Tape<'t> {
        let Tape { text, rest, out, room } = self;
        Tape { text, rest, out, room }
    }

    /// How much of the text was read.
    #[inline(always)]
    pub fn at(&self) -> usize {
        self.text.len() - self.rest.len()
    }

    /// How much of the compact text was written.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.room - self.out.len()
    }

    /// A part of the text.
    #[inline(always)]
    pub fn text(&self, from: usize, to: usize) -> &'t [u8] {
        &self.text[from..to]
    }

    /// The byte at hand; past the end a zero, which is no part of any JSON.
    #[inline(always)]
    pub fn peek(&self) -> u8 {
        self.rest.first().copied().unwrap_or(0)
    }

    /// What is wrong at hand.
    #[inline(always)]
    pub fn broken(&self, problem: Problem) -> Broken {
        Broken { at: self.at(), problem }
    }

    /// Goes on by as much as was carried over.
    #[inline(always)]
    fn advance(&mut self, len: usize) {
        self.rest = &self.rest[len..];
        self.out = &mut std::mem::take(&mut self.out)[len..];
    }

    /// Carries the byte at hand over.
    #[inline(always)]
    pub fn take(&mut self, byte: u8) {
        self.out[0] = byte;
        self.advance(1);
    }

    /// Passes white space.
    #[inline(always)]
    pub fn space(&mut self) {
        if self.peek() <= b' ' {
            self.rest = behind_space(self.rest);
        }
    }

    /// Carries the comma or colon at hand over, and passes the white space behind it: by far the most
    /// often one space, or none.
    #[inline(always)]
    pub fn separator(&mut self, byte: u8) {
        match self.rest {
            [_, b' ', b'!'..=255, ..] => {
                self.out[0] = byte;
                self.out = &mut std::mem::take(&mut self.out)[1..];
                self.rest = &self.rest[2..];
            }
            _ => {
                self.take(byte);
                self.space();
            }
        }
    }

    /// Carries the colon behind a key over, with white space around it passed.
    #[inline(always)]
    pub fn colon(&mut self) -> Scanned {
        self.space();
        if self.peek() != b':' {
            return Err(self.broken(Problem::NoColon));
        }
        self.separator(b':');
        Ok(())
    }

    /// Carries a string over; whether there are escapes in it.
    #[inline(always)]
    pub fn string(&mut self, missing: Problem) -> Scanned<bool> {
        if self.peek() != b'"' {
            return Err(self.broken(missing));
        }
        let mut escaped = false;
        // The opening quote goes along with the first vector, and is no end.
        let mut opening = 1;
        loop {
            if let (Some(bytes), Some(out)) =
                (self.rest.first_chunk::<WIDTH>(), self.out.first_chunk_mut::<WIDTH>())
            {
                *out = *bytes;
                let (quotes, others) = Lanes::new(*bytes).string_stops();
                let quotes = quotes & !opening;
                // Nothing but plain bytes up to the first quote, if there is one.
                if others & quotes.wrapping_sub(1) & !quotes == 0 {
                    if quotes != 0 {
                        self.advance(quotes.trailing_zeros() as usize + 1);
                        return Ok(escaped);
                    }
                    self.advance(WIDTH);
                    opening = 0;
                    continue;
                }
                self.advance(others.trailing_zeros() as usize);
            } else if opening == 1 {
                self.take(b'"');
            }
            opening = 0;
            // An escape, or one of the text's last few bytes.
            let first = self.peek();
            match character(self.rest) {
                Ok(1) => {
                    self.take(first);
                    if first == b'"' {
                        return Ok(escaped);
                    }
                }
                Ok(len) => {
                    escaped = true;
                    match (self.rest.first_chunk::<8>(), self.out.first_chunk_mut::<8>()) {
                        (Some(bytes), Some(out)) => *out = *bytes,
                        _ => self.out[..len].copy_from_slice(&self.rest[..len]),
                    }
                    self.advance(len);
                }
                Err(Broken { at, problem }) => return Err(Broken { at: self.at() + at, problem }),
            }
        }
    }

    /// Carries a number, `true`, `false` or `null` over.
    #[inline(always)]
    pub fn scalar(&mut self) -> Scanned {
        match scalar(self.rest) {
            Ok(len) => {
                self.out[..len].copy_from_slice(&self.rest[..len]);
                self.advance(len);
                Ok(())
            }
            Err(Broken { at, problem }) => Err(Broken { at: self.at() + at, problem }),
        }
    }
}

/// What is behind the white space that a text begins with.
#[inline(never)]
fn behind_space(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\n' | b'\r' | b'\t', rest @ ..] = text {
        text = rest;
        // Pretty-printed payloads are a fifth indentation.
        while let Some(bytes) = text.first_chunk::<WIDTH>() {
            let stops = Lanes::new(*bytes).not_space();
            text = &text[(stops | 1 << WIDTH).trailing_zeros() as usize..];
            if stops != 0 {
                break;
            }
        }
    }
    text
}

/// The length of the escape or plain byte that a text begins with, inside a string.
#[inline(never)]
fn character(text: &[u8]) -> Scanned<usize> {
    let bad = |at: usize, problem| Err(Broken { at, problem });
    match text {
        [b'\\', b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => Ok(2),
        [b'\\', b'u', a, b, c, d, ..] => {
            let hex = [a, b, c, d].into_iter().all(u8::is_ascii_hexdigit);
            if hex { Ok(6) } else { bad(0, Problem::BadEscape) }
        }
        // That the text ends is what is wrong, not how the escape began.
        [b'\\', b'u', digits @ ..] if digits.iter().all(u8::is_ascii_hexdigit) => {
            bad(text.len(), Problem::OpenString)
        }
        [] | [b'\\'] => bad(text.len(), Problem::OpenString),
        [b'\\', ..] => bad(0, Problem::BadEscape),
        [0..0x20, ..] => bad(0, Problem::ControlCharacter),
        _ => Ok(1),
    }
}

/// The length of the number or word that a text begins with.
#[inline(never)]
fn scalar(text: &[u8]) -> Scanned<usize> {
    match text.first() {
        Some(b'-' | b'0'..=b'9') => number(text),
        Some(b't') => word(text, b"true"),
        Some(b'f') => word(text, b"false"),
        Some(b'n') => word(text, b"null"),
        _ => Err(Broken { at: 0, problem: Problem::NoValue }),
    }
}

fn number(text: &[u8]) -> Scanned<usize> {
    let byte = |at: usize| text.get(at).copied().unwrap_or(0);
    let digits = |from: usize| from + text.iter().skip(from).take_while(|b| b.is_ascii_digit()).count();
    let bad = |at: usize| Err(Broken { at: at.min(text.len()), problem: Problem::BadNumber });
    let whole = usize::from(byte(0) == b'-');
    let mut end = digits(whole);
    if end == whole {
        return bad(end);
    }
    if byte(whole) == b'0' && end > whole + 1 {
        return bad(whole + 1);
    }
    if byte(end) == b'.' {
        let fraction = end + 1;
        end = digits(fraction);
        if end == fraction {
            return bad(end);
        }
    }
    if matches!(byte(end), b'e' | b'E') {
        let exponent = end + 1 + usize::from(matches!(byte(end + 1), b'+' | b'-'));
        end = digits(exponent);
        if end == exponent {
            return bad(end);
        }
    }
    Ok(end)
}

fn word(text: &[u8], word: &[u8]) -> Scanned<usize> {
    if text.starts_with(word) {
        return Ok(word.len());
    }
    // A word that is cut off is wrong where the text ends.
    let at = if word.starts_with(text) { text.len() } else { 0 };
    Err(Broken { at, problem: Problem::NoValue })
}
