//! One pass over a record: checks every byte of its JSON, drops the white space, and notes where the
//! values that the mapping reads came to stand.

use crate::fields::{Fields, Span};
use crate::nesting::Nesting;
use crate::shape::{List, PAYLOAD, Shape};
pub use crate::tape::{Broken, Problem};
use crate::tape::{Scanned, Tape};
use crate::text;

/// The deepest nesting that is read; the payload's own object is the first level.
pub const MAX_DEPTH: usize = 512;

/// Scans the JSON value that a text begins with, white space before it allowed, and gives the index
/// behind it. `fields` then holds what `shape` asks for; when the value is no object, only the root.
///
/// The text must be UTF-8 for the result to be: bytes above 0x7f are carried as they are.
///
/// # Errors
/// When the value is not JSON, or nested deeper than [`MAX_DEPTH`].
pub fn scan(text: &[u8], shape: &Shape, fields: &mut Fields) -> Result<usize, Broken> {
    fields.reset(shape, text.len() + Tape::SLACK);
    let mut compact = std::mem::take(&mut fields.compact);
    let mut tape = Tape::new(text, &mut compact);
    tape.space();
    let mut scanner = Scanner { depth: 0, shape, fields };
    let result = scanner.node(tape, PAYLOAD).map(|tape| (tape.at(), tape.len()));
    fields.compact = compact;
    let (at, end) = result?;
    fields.spans[PAYLOAD] = Span { start: 0, end };
    Ok(at)
}

struct Scanner<'a> {
    depth: usize,
    shape: &'a Shape,
    fields: &'a mut Fields,
}

impl Scanner<'_> {
    #[inline(always)]
    fn enter(&mut self, tape: &Tape) -> Scanned {
        if self.depth == MAX_DEPTH {
            return Err(tape.broken(Problem::TooDeep));
        }
        self.depth += 1;
        Ok(())
    }

    /// A value that the shape has a node for.
    fn node<'t>(&mut self, mut tape: Tape<'t>, node: usize) -> Scanned<Tape<'t>> {
        match tape.peek() {
            b'"' => {
                tape.string(Problem::NoValue)?;
                Ok(tape)
            }
            b'{' if self.shape.has_keys(node) => self.object(tape, node),
            b'[' => match self.shape.list(node) {
                Some(list) => self.list(tape, list),
                None => self.value(tape),
            },
            _ => self.value(tape),
        }
    }

    /// An object some of whose keys are read.
    fn object<'t>(&mut self, tape: Tape<'t>, node: usize) -> Scanned<Tape<'t>> {
        let mut tape = tape.local();
        self.enter(&tape)?;
        tape.take(b'{');
        tape.space();
        if tape.peek() != b'}' {
            loop {
                let from = tape.at();
                let escaped = tape.string(Problem::NoKey)?;
                let name = tape.text(from + 1, tape.at() - 1);
                let child =
                    if escaped { self.escaped_child(node, name) } else { self.shape.child(node, name) };
                tape.colon()?;
                let start = tape.len();
                if let Some(child) = child {
                    self.forget(child);
                }
                match child {
                    _ if tape.peek() == b'"' => {
                        tape.string(Problem::NoValue)?;
                    }
                    Some(child) => tape = self.node(tape, child)?.local(),
                    None => tape = self.value(tape)?.local(),
                }
                if let Some(child) = child {
                    self.fields.spans[child] = Span { start, end: tape.len() };
                }
                tape.space();
                match tape.peek() {
                    b',' => {
                        tape.separator(b',');
                    }
                    b'}' => break,
                    _ => return Err(tape.broken(Problem::OpenObject)),
                }
            }
        }
        tape.take(b'}');
        self.depth -= 1;
        Ok(tape)
    }

    /// A key may be written with escapes and is still that key.
    #[cold]
    fn escaped_child(&self, node: usize, name: &[u8]) -> Option<usize> {
        let name = text::decode(std::str::from_utf8(name).ok()?);
        self.shape.child(node, name.as_bytes())
    }

    /// A repeated key takes back what was found beneath its first value.
    #[inline(always)]
    fn forget(&mut self, node: usize) {
        if !self.shape.is_leaf(node) {
            let beneath = node..self.shape.end(node);
            self.fields.spans[beneath].fill(Span::default());
            if let Some(list) = self.shape.list(node) {
                self.fields.lists[list.index].clear();
            }
        }
    }

    /// An array whose elements are read: a row of spans for each.
    fn list<'t>(&mut self, mut tape: Tape<'t>, list: List) -> Scanned<Tape<'t>> {
        self.enter(&tape)?;
        tape.take(b'[');
        tape.space();
        if tape.peek() != b']' {
            loop {
                let start = tape.len();
                self.forget(list.element);
                tape = self.node(tape, list.element)?;
                self.fields.spans[list.element] = Span { start, end: tape.len() };
                let row = &self.fields.spans[list.element..list.element + list.width];
                self.fields.lists[list.index].extend_from_slice(row);
                tape.space();
                match tape.peek() {
                    b',' => {
                        tape.separator(b',');
                    }
                    b']' => break,
                    _ => return Err(tape.broken(Problem::OpenArray)),
                }
            }
        }
        tape.take(b']');
        self.depth -= 1;
        Ok(tape)
    }

    /// Any value, without recursion: a payload chooses its depth, not our stack.
    fn value<'t>(&mut self, tape: Tape<'t>) -> Scanned<Tape<'t>> {
        let mut tape = tape.local();
        let mut depth = self.depth;
        let mut nesting = Nesting::new();
        let mut in_object = false;
        loop {
            match tape.peek() {
                b'"' => {
                    tape.string(Problem::NoValue)?;
                }
                open @ (b'{' | b'[') => {
                    if depth == MAX_DEPTH {
                        return Err(tape.broken(Problem::TooDeep));
                    }
                    depth += 1;
                    in_object = open == b'{';
                    nesting.set(depth, in_object);
                    tape.take(open);
                    tape.space();
                    match (tape.peek(), in_object) {
                        (b'}', true) | (b']', false) => {}
                        (_, true) => {
                            key(&mut tape)?;
                            continue;
                        }
                        (_, false) => continue,
                    }
                }
                _ => tape.scalar()?,
            }
            loop {
                if depth == self.depth {
                    return Ok(tape);
                }
                tape.space();
                match (tape.peek(), in_object) {
                    (b',', true) => {
                        tape.separator(b',');
                        key(&mut tape)?;
                        break;
                    }
                    (b',', false) => {
                        tape.separator(b',');
                        break;
                    }
                    (close @ b'}', true) | (close @ b']', false) => {
                        tape.take(close);
                        depth -= 1;
                        in_object = nesting.is_object(depth);
                    }
                    (_, true) => return Err(tape.broken(Problem::OpenObject)),
                    (_, false) => return Err(tape.broken(Problem::OpenArray)),
                }
            }
        }
    }
}

#[inline(always)]
fn key(tape: &mut Tape) -> Scanned {
    tape.string(Problem::NoKey)?;
    tape.colon()
}
