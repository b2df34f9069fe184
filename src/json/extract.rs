//! One pass over a record: checks every byte of its JSON, drops the white space from what is carried over,
//! and notes where the values that the mapping reads came to stand.

use crate::json::cursor::Tape;
use crate::json::error::{Broken, Problem, Scanned};
use crate::json::extracted::{Fields, Span};
use crate::json::path_tree::{List, PAYLOAD, Shape};
use crate::json::string_index::Marked;

/// The deepest nesting that is read; the payload's own object is the first level.
pub const MAX_DEPTH: usize = 512;

/// Scans the JSON value that a text begins with, white space before it allowed, and gives the index
/// behind it. `fields` then holds what `shape` asks for; when the value is no object, only the root.
/// `compact` says to drop the white space everywhere.
///
/// The text must be UTF-8 for the result to be: bytes above 0x7f are carried as they are.
///
/// # Errors
/// When the value is not JSON, or nested deeper than [`MAX_DEPTH`].
pub fn scan(
    marked: Marked,
    from: usize,
    shape: &Shape,
    compact: bool,
    fields: &mut Fields,
) -> Result<usize, Broken> {
    fields.reset(shape, marked.text().len() - from + Tape::SLACK);
    let mut room = std::mem::take(&mut fields.compact);
    let mut tape = Tape::new(marked, from, &mut room);
    tape.space(true);
    let mut scanner = Scanner { depth: 0, shape, fields, compact };
    let result = scanner.node(tape, PAYLOAD).map(|tape| (tape.at(), tape.finish()));
    fields.compact = room;
    let (at, end) = result?;
    fields.spans[PAYLOAD] = Span { start: 0, end };
    Ok(at)
}

struct Scanner<'a> {
    depth: usize,
    shape: &'a Shape,
    fields: &'a mut Fields,
    /// Whether what is read is to be compact as a whole, not only its values.
    compact: bool,
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
    fn node<'t>(&mut self, tape: Tape<'t>, node: usize) -> Scanned<Tape<'t>> {
        let outer = self.compact;
        self.compact |= self.shape.is_whole(node);
        let result = match (tape.peek(), self.shape.list(node)) {
            (b'{', _) if !self.shape.has_keys(node) => self.value(tape),
            (b'{', _) if self.compact => self.object::<true>(tape, node),
            (b'{', _) => self.object::<false>(tape, node),
            (b'[', Some(list)) => self.list(tape, list),
            _ => self.value(tape),
        };
        self.compact = outer;
        result
    }

    /// An object some of whose keys are read, to be compact itself or not.
    #[inline(never)]
    fn object<'t, const COMPACT: bool>(&mut self, tape: Tape<'t>, node: usize) -> Scanned<Tape<'t>> {
        let mut tape = tape.local();
        let keys = self.shape.keys(node);
        self.enter(&tape)?;
        tape.bracket();
        tape.space(COMPACT);
        if tape.peek() != b'}' {
            loop {
                if !COMPACT && let Some((key, span, more)) = tape.member() {
                    if let Some(node) = keys.find(key) {
                        self.forget(node);
                        self.fields.spans[node] = span;
                    }
                    if more {
                        continue;
                    }
                } else {
                    let found = keys.find(tape.key(COMPACT)?);
                    let start = tape.len();
                    if let Some(node) = found {
                        self.forget(node);
                    }
                    match (tape.peek(), found) {
                        (b'"', _) => tape.string(Problem::NoValue)?,
                        _ if self.depth < MAX_DEPTH && tape.empty() => {}
                        // In a leaf, as in what is not read, nothing is looked for.
                        (b'{' | b'[', Some(node)) if !self.shape.is_leaf(node) => {
                            tape = self.node(tape, node)?.local();
                        }
                        (b'{' | b'[', _) => tape = self.value(tape)?.local(),
                        _ => tape.scalar()?,
                    }
                    if let Some(node) = found {
                        self.fields.spans[node] = Span { start, end: tape.len() };
                    }
                }
                if !tape.comma(COMPACT) {
                    match tape.peek() {
                        b'}' => break,
                        _ => return Err(tape.broken(Problem::OpenObject)),
                    }
                }
            }
        }
        tape.bracket();
        self.depth -= 1;
        Ok(tape)
    }

    /// A repeated key takes back what was found beneath its first value; so does each element of a list.
    #[inline(always)]
    fn forget(&mut self, node: usize) {
        if self.fields.spans[node].end != 0 {
            self.forget_beneath(node);
        }
    }

    #[inline(never)]
    fn forget_beneath(&mut self, node: usize) {
        let beneath = node..self.shape.end(node);
        self.fields.spans[beneath].fill(Span::default());
        if let Some(list) = self.shape.list(node) {
            self.fields.lists[list.index].clear();
        }
    }

    /// An array whose elements are read: a row of spans for each.
    fn list<'t>(&mut self, mut tape: Tape<'t>, list: List) -> Scanned<Tape<'t>> {
        let compact = self.compact;
        self.enter(&tape)?;
        tape.bracket();
        tape.space(compact);
        if tape.peek() != b']' {
            loop {
                let start = tape.len();
                self.forget(list.element);
                tape = self.node(tape, list.element)?;
                self.fields.spans[list.element] = Span { start, end: tape.len() };
                let row = &self.fields.spans[list.element..list.element + list.width];
                self.fields.lists[list.index].extend_from_slice(row);
                if !tape.comma(compact) {
                    match tape.peek() {
                        b']' => break,
                        _ => return Err(tape.broken(Problem::OpenArray)),
                    }
                }
            }
        }
        tape.bracket();
        self.depth -= 1;
        Ok(tape)
    }

    /// Any value, without recursion: a payload chooses its depth, not our stack.
    fn value<'t>(&mut self, tape: Tape<'t>) -> Scanned<Tape<'t>> {
        let mut tape = tape.local();
        let mut depth = self.depth;
        // What this value itself is in is another's concern.
        self.fields.nesting.set(depth, true);
        let mut in_object = false;
        'next: loop {
            if in_object {
                tape.members(!self.fields.nesting.is_object(depth - 1))?;
            }
            match tape.peek() {
                b'"' => tape.string(Problem::NoValue)?,
                open @ (b'{' | b'[') => {
                    if depth == MAX_DEPTH {
                        return Err(tape.broken(Problem::TooDeep));
                    }
                    depth += 1;
                    in_object = open == b'{';
                    self.fields.nesting.set(depth, in_object);
                    tape.bracket();
                    tape.space(true);
                    if !matches!((tape.peek(), in_object), (b'}', true) | (b']', false)) {
                        continue;
                    }
                }
                _ => tape.scalar()?,
            }
            loop {
                if depth == self.depth {
                    return Ok(tape);
                }
                if tape.comma(true) {
                    continue 'next;
                }
                match (tape.peek(), in_object) {
                    (b'}', true) | (b']', false) => {
                        tape.bracket();
                        depth -= 1;
                        in_object = self.fields.nesting.is_object(depth);
                    }
                    (_, true) => return Err(tape.broken(Problem::OpenObject)),
                    (_, false) => return Err(tape.broken(Problem::OpenArray)),
                }
            }
        }
    }
}
