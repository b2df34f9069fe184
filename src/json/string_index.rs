//! A text that was looked through once, many bytes at a time, for where its strings can end.

use crate::json::escape;
use crate::json::simd::{BLOCK, strings_end};

/// A text, and what was found in it.
#[derive(Clone, Copy, Debug)]
pub struct IndexedText<'t> {
    text: &'t [u8],
    strings_end: StringIndex<'t>,
}

/// A bit for each byte of a text that ends a string, or may not be in one: quotes, control characters, and
/// backslashes that begin no escape, but for quotes that are escaped. The text's first byte is the lowest bit
/// of the first word. Behind its end there may be more.
#[derive(Clone, Copy, Debug)]
pub struct StringIndex<'t>(&'t [u64]);

impl<'t> IndexedText<'t> {
    /// Looks through a text; the buffer is for what is found.
    pub fn new(text: &'t [u8], buffer: &'t mut Vec<u64>) -> IndexedText<'t> {
        buffer.clear();
        let (blocks, rest) = text.as_chunks::<BLOCK>();
        // Before this index all belongs to an escape.
        let mut behind = 0;
        let mut mark = |at: usize, block: &[u8; BLOCK]| {
            let (found, backslashes) = strings_end(block);
            match backslashes {
                0 if behind <= at => found,
                _ => unescaped(text, at, found, backslashes, &mut behind),
            }
        };
        buffer.extend(blocks.iter().enumerate().map(|(index, block)| mark(index * BLOCK, block)));
        if !rest.is_empty() {
            let mut block = [0; BLOCK];
            block[..rest.len()].copy_from_slice(rest);
            buffer.push(mark(text.len() - rest.len(), &block));
        }
        // One more, so that there is always a next one.
        buffer.push(0);
        IndexedText { text, strings_end: StringIndex(buffer) }
    }

    /// The text.
    #[inline(always)]
    pub fn text(self) -> &'t [u8] {
        self.text
    }

    /// Where its strings can end.
    #[inline(always)]
    pub fn strings_end(self) -> StringIndex<'t> {
        self.strings_end
    }

    /// The text as if it ended at an index.
    pub fn until(self, end: usize) -> IndexedText<'t> {
        IndexedText { text: &self.text[..end], ..self }
    }
}

impl StringIndex<'_> {
    /// How many bytes there are from an index to the next stop; 64 if it is not as near.
    #[inline(always)]
    pub fn near(self, from: usize) -> usize {
        self.block(from).unwrap_or(0).trailing_zeros() as usize
    }

    /// The index of the next stop; beyond any text when there is none.
    #[inline(always)]
    pub fn next(self, from: usize) -> usize {
        match self.block(from) {
            None => usize::MAX,
            Some(0) => self.far(from / BLOCK + 1),
            Some(block) => from + block.trailing_zeros() as usize,
        }
    }

    /// The bits of the bytes from an index on, wherever in a block it stands: the way is the same.
    #[inline(always)]
    fn block(self, from: usize) -> Option<u64> {
        let at = from / BLOCK;
        let &[low, high] = self.0.get(at..at + 2)?.first_chunk()?;
        Some(((u128::from(high) << 64 | u128::from(low)) >> (from % BLOCK)) as u64)
    }

    /// The same from a word on.
    #[inline(never)]
    fn far(self, from: usize) -> usize {
        let found = self.0.iter().enumerate().skip(from).find(|(_, word)| **word != 0);
        found.map_or(usize::MAX, |(at, word)| at * BLOCK + word.trailing_zeros() as usize)
    }
}

/// The strings_end of a block that are not part of an escape; with a backslash in the block, or an escape that
/// reaches into it.
#[inline(never)]
fn unescaped(text: &[u8], start: usize, strings_end: u64, backslashes: u64, behind: &mut usize) -> u64 {
    // What an escape reaches over holds no stop but a quote or another backslash, right behind the first.
    let taken = u64::from(*behind > start);
    let mut rest = backslashes & !taken;
    let mut strings_end = (strings_end | backslashes) & !taken;
    *behind = 0;
    while rest != 0 {
        let bit = rest & rest.wrapping_neg();
        let at = start + rest.trailing_zeros() as usize;
        rest ^= bit;
        if escape::completes(&text[at + 1..]) {
            let both = bit | bit << 1;
            (strings_end, rest) = (strings_end & !both, rest & !both);
            *behind = at + 2;
        }
    }
    strings_end
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same, one byte after the other.
    fn expected(text: &[u8]) -> Vec<usize> {
        let mut strings_end = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let escape = text[at] == b'\\' && escape::completes(&text[at + 1..]);
            if !escape && matches!(text[at], b'"' | b'\\' | 0..0x20) {
                strings_end.push(at);
            }
            at += if escape { 2 } else { 1 };
        }
        strings_end
    }

    #[test]
    fn escapes_are_told_from_stops_wherever_they_stand() {
        for part in [
            r#"""#,
            r#"\""#,
            r#"\\""#,
            r#"\\\""#,
            r#"\\\\\\\\""#,
            r#"\u00e9"\"#,
            r#"\u00e"\x\u"#,
            "\\\n\"\\",
            "\u{1f}\u{20}\u{7f}é\"",
        ] {
            for before in 0..2 * BLOCK {
                let text = format!("{}{part}{part}{}", "x".repeat(before), "y".repeat(before % 7));
                let mut buffer = Vec::new();
                let indexed = IndexedText::new(text.as_bytes(), &mut buffer);
                let next = |from| Some(indexed.strings_end().next(from)).filter(|at| *at < text.len());
                let found: Vec<_> = std::iter::successors(next(0), |at| next(at + 1)).collect();
                assert_eq!(found, expected(text.as_bytes()), "{text}");
                for from in 0..text.len() {
                    let near = next(from).map_or(BLOCK, |at| (at - from).min(BLOCK));
                    assert_eq!(
                        indexed.strings_end().near(from).min(text.len() - from),
                        near.min(text.len() - from)
                    );
                }
            }
        }
    }
}
