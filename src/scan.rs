//! One pass over a record: checks every byte of its JSON, drops the white space, and notes where the
//! values that the mapping reads came to stand.

use crate::fields::{Fields, Span};
use crate::lanes::{Lanes, WIDTH};
use crate::nesting::Nesting;
use crate::shape::{List, PAYLOAD, Shape};
use crate::text;

/// The deepest nesting that is read; the payload's own object is the first level.
pub const MAX_DEPTH: usize = 512;

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
    /// Something else stands where this must stand.
    Expected(&'static str),
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
            Problem::Expected(what) => format!("expected {what}"),
            Problem::ControlCharacter => "a control character or line break inside a string".into(),
            Problem::BadEscape => "a backslash that begins no valid escape".into(),
            Problem::TooDeep => format!("nested deeper than {MAX_DEPTH} levels"),
        }
    }
}

type Scanned<T = ()> = Result<T, Broken>;

/// Scans the JSON value that a text begins with, white space before it allowed, and gives the index
/// behind it. `fields` then holds what `shape` asks for; when the value is no object, only the root.
///
/// The text must be UTF-8 for the result to be: bytes above 0x7f are carried as they are.
pub fn scan(text: &[u8], shape: &Shape, fields: &mut Fields) -> Scanned<usize> {
    // What is written is never longer than what is read, but a step may write a whole vector.
    fields.reset(shape, text.len() + 2 * WIDTH);
    let mut compact = std::mem::take(&mut fields.compact);
    let mut scanner = Scanner { text, at: 0, out: &mut compact, len: 0, depth: 0, shape, fields };
    scanner.skip_space();
    let start = scanner.len;
    let result = scanner.node(PAYLOAD);
    let (at, len) = (scanner.at, scanner.len);
    // The root starts at index 0, so its end is what tells that it is there.
    fields.spans[PAYLOAD] = Span { start, end: len };
    fields.compact = compact;
    result.map(|()| at)
}

struct Scanner<'a> {
    text: &'a [u8],
    at: usize,
    out: &'a mut [u8],
    len: usize,
    depth: usize,
    shape: &'a Shape,
    fields: &'a mut Fields,
}

impl Scanner<'_> {
    /// The byte at hand; past the end a zero, which is no part of any JSON.
    #[inline(always)]
    fn peek(&self) -> u8 {
        self.text.get(self.at).copied().unwrap_or(0)
    }

    #[inline(always)]
    fn put(&mut self, byte: u8) {
        self.out[self.len] = byte;
        self.len += 1;
    }

    /// Carries the byte at hand over.
    #[inline(always)]
    fn take(&mut self, byte: u8) {
        self.put(byte);
        self.at += 1;
    }

    #[cold]
    fn broken(&self, problem: Problem) -> Broken {
        Broken { at: self.at.min(self.text.len()), problem }
    }

    #[cold]
    fn expected<T>(&self, what: &'static str) -> Scanned<T> {
        Err(self.broken(Problem::Expected(what)))
    }

    #[inline(always)]
    fn skip_space(&mut self) {
        if self.peek() <= b' ' {
            self.skip_spaces();
        }
    }

    #[inline]
    fn skip_spaces(&mut self) {
        loop {
            match self.peek() {
                b' ' => {
                    self.at += 1;
                    if self.peek() > b' ' {
                        return;
                    }
                }
                b'\n' | b'\r' | b'\t' => self.at += 1,
                _ => return,
            }
            // Pretty-printed payloads are a fifth indentation.
            loop {
                let stops = Lanes::load(self.text, self.at).0.not_space();
                self.at += (stops | 1 << WIDTH).trailing_zeros() as usize;
                if stops != 0 {
                    break;
                }
            }
        }
    }

    #[inline(always)]
    fn enter(&mut self) -> Scanned {
        if self.depth == MAX_DEPTH {
            return Err(self.broken(Problem::TooDeep));
        }
        self.depth += 1;
        Ok(())
    }

    /// A value that the shape has a node for.
    fn node(&mut self, node: usize) -> Scanned {
        match (self.peek(), self.shape.list(node)) {
            (b'{', _) if self.shape.has_keys(node) => self.object(node),
            (b'[', Some(list)) => self.list(list),
            _ => self.value(),
        }
    }

    /// An object some of whose keys are read.
    fn object(&mut self, node: usize) -> Scanned {
        self.enter()?;
        self.take(b'{');
        self.skip_space();
        if self.peek() != b'}' {
            loop {
                let from = self.at;
                self.string("a key in double quotes")?;
                let name = &self.text[from + 1..self.at - 1];
                let child = match memchr::memchr(b'\\', name) {
                    None => self.shape.child(node, name),
                    Some(_) => self.escaped_child(node, name),
                };
                self.colon()?;
                match child {
                    Some(child) => self.member(child)?,
                    None => self.value()?,
                }
                self.skip_space();
                match self.peek() {
                    b',' => {
                        self.take(b',');
                        self.skip_space();
                    }
                    b'}' => break,
                    _ => return self.expected("a comma or }"),
                }
            }
        }
        self.take(b'}');
        self.depth -= 1;
        Ok(())
    }

    /// A key may be written with escapes and is still that key.
    #[cold]
    fn escaped_child(&self, node: usize, name: &[u8]) -> Option<usize> {
        let name = text::decode(std::str::from_utf8(name).ok()?);
        self.shape.child(node, name.as_bytes())
    }

    fn member(&mut self, node: usize) -> Scanned {
        // A repeated key takes back what was found beneath its first value.
        let beneath = node..self.shape.end(node);
        self.fields.spans[beneath].fill(Span::default());
        if let Some(list) = self.shape.list(node) {
            self.fields.lists[list.index].clear();
        }
        let start = self.len;
        self.node(node)?;
        self.fields.spans[node] = Span { start, end: self.len };
        Ok(())
    }

    /// An array whose elements are read: a row of spans for each.
    fn list(&mut self, list: List) -> Scanned {
        self.enter()?;
        self.take(b'[');
        self.skip_space();
        if self.peek() != b']' {
            loop {
                self.member(list.element)?;
                let row = &self.fields.spans[list.element..list.element + list.width];
                self.fields.lists[list.index].extend_from_slice(row);
                self.skip_space();
                match self.peek() {
                    b',' => {
                        self.take(b',');
                        self.skip_space();
                    }
                    b']' => break,
                    _ => return self.expected("a comma or ]"),
                }
            }
        }
        self.take(b']');
        self.depth -= 1;
        Ok(())
    }

    #[inline(always)]
    fn colon(&mut self) -> Scanned {
        self.skip_space();
        if self.peek() != b':' {
            return self.expected("a colon");
        }
        self.take(b':');
        self.skip_space();
        Ok(())
    }

    #[inline(always)]
    fn value(&mut self) -> Scanned {
        if self.peek() == b'"' { self.string("") } else { self.other_value() }
    }

    /// Any value, without recursion: a payload chooses its depth, not our stack.
    fn other_value(&mut self) -> Scanned {
        let base = self.depth;
        let mut objects = Nesting::new();
        let mut in_object = false;
        loop {
            match self.peek() {
                b'"' => self.string("")?,
                open @ (b'{' | b'[') => {
                    self.enter()?;
                    objects.set(self.depth, open == b'{');
                    in_object = open == b'{';
                    self.take(open);
                    self.skip_space();
                    match (self.peek(), in_object) {
                        (b'}', true) | (b']', false) => {}
                        (_, true) => {
                            self.key()?;
                            continue;
                        }
                        (_, false) => continue,
                    }
                }
                b'-' | b'0'..=b'9' => self.number()?,
                b't' => self.literal(b"true")?,
                b'f' => self.literal(b"false")?,
                b'n' => self.literal(b"null")?,
                _ => return self.expected("a value"),
            }
            loop {
                if self.depth == base {
                    return Ok(());
                }
                self.skip_space();
                match (self.peek(), in_object) {
                    (b',', true) => {
                        self.take(b',');
                        self.skip_space();
                        self.key()?;
                        break;
                    }
                    (b',', false) => {
                        self.take(b',');
                        self.skip_space();
                        break;
                    }
                    (close @ b'}', true) | (close @ b']', false) => {
                        self.take(close);
                        self.depth -= 1;
                        in_object = objects.is_object(self.depth);
                    }
                    (_, true) => return self.expected("a comma or }"),
                    (_, false) => return self.expected("a comma or ]"),
                }
            }
        }
    }

    #[inline(always)]
    fn key(&mut self) -> Scanned {
        self.string("a key in double quotes")?;
        self.colon()
    }

    #[inline(always)]
    fn string(&mut self, expected: &'static str) -> Scanned {
        if self.peek() != b'"' {
            return self.expected(expected);
        }
        let (mut at, mut len) = (self.at, self.len);
        // The opening quote goes along with the first vector, and is not looked at.
        let mut seen = 1;
        loop {
            let (lanes, bytes) = Lanes::load(self.text, at);
            self.out[len..len + WIDTH].copy_from_slice(&bytes);
            let stops = lanes.string_stops() & (!0 << seen);
            if stops == 0 {
                (at, len, seen) = (at + WIDTH, len + WIDTH, 0);
                continue;
            }
            let run = stops.trailing_zeros() as usize;
            (at, len, seen) = (at + run, len + run, 0);
            if bytes[run] == b'"' {
                (self.at, self.len) = (at + 1, len + 1);
                return Ok(());
            }
            self.at = at;
            let escape = self.escape()?;
            self.out[len..len + escape].copy_from_slice(&self.text[at..at + escape]);
            (at, len) = (at + escape, len + escape);
        }
    }

    /// The length of the escape at hand.
    fn escape(&mut self) -> Scanned<usize> {
        if self.at >= self.text.len() {
            return self.expected("a closing quote");
        }
        if self.text[self.at] != b'\\' {
            return Err(self.broken(Problem::ControlCharacter));
        }
        match self.text.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(2),
            Some(b'u') => match self.text.get(self.at + 2..self.at + 6) {
                Some(digits) if digits.iter().all(u8::is_ascii_hexdigit) => Ok(6),
                None => self.cut_off(),
                Some(_) => Err(self.broken(Problem::BadEscape)),
            },
            None => self.cut_off(),
            Some(_) => Err(self.broken(Problem::BadEscape)),
        }
    }

    /// The text ends inside a token: that it ends is what is wrong, not how the token began.
    #[cold]
    fn cut_off<T>(&mut self) -> Scanned<T> {
        self.at = self.text.len();
        self.expected("a closing quote")
    }

    fn number(&mut self) -> Scanned {
        let rest = &self.text[self.at..];
        let digits =
            |from: usize| rest[from.min(rest.len())..].iter().take_while(|b| b.is_ascii_digit()).count();
        let sign = usize::from(rest[0] == b'-');
        let mut end = sign + digits(sign);
        let whole = end - sign;
        let mut valid = whole == 1 || (whole > 1 && rest[sign] != b'0');
        if valid && rest.get(end) == Some(&b'.') {
            let fraction = digits(end + 1);
            end += 1 + fraction;
            valid = fraction > 0;
        }
        if valid && let Some(b'e' | b'E') = rest.get(end) {
            let sign = usize::from(matches!(rest.get(end + 1), Some(b'+' | b'-')));
            let exponent = digits(end + 1 + sign);
            end += 1 + sign + exponent;
            valid = exponent > 0;
        }
        if !valid {
            // `007` breaks at its second digit, `-` and `1.` behind their last character.
            self.at += if whole > 1 && rest[sign] == b'0' { sign + 1 } else { end };
            return self.expected("a number without leading zeros or missing digits");
        }
        self.out[self.len..self.len + end].copy_from_slice(&rest[..end]);
        (self.at, self.len) = (self.at + end, self.len + end);
        Ok(())
    }

    fn literal(&mut self, word: &'static [u8]) -> Scanned {
        let rest = &self.text[self.at..];
        if !rest.starts_with(word) {
            if word.starts_with(rest) {
                self.at = self.text.len();
            }
            return self.expected("a value");
        }
        self.out[self.len..self.len + word.len()].copy_from_slice(word);
        (self.at, self.len) = (self.at + word.len(), self.len + word.len());
        Ok(())
    }
}
