//! The places where strings of a text can end, found once for all of it, many bytes at a time.

use crate::json::scan::Escapes;
use crate::json::simd::{BLOCK, find, string_ends};
use crate::json::strings::is_escape;

/// A text with its string index.
#[derive(Clone, Copy, Debug)]
pub struct IndexedText<'t> {
    text: &'t [u8],
    /// A bit for each byte that ends a string or may not be in one: quotes that are not escaped, control characters,
    /// and backslashes that begin no escape. The text's first byte is the lowest bit of the first word.
    ends: &'t [u64],
}

impl<'t> IndexedText<'t> {
    /// Indexes a text; the buffer is for the index.
    pub fn new(text: &'t [u8], buffer: &'t mut Vec<u64>) -> IndexedText<'t> {
        buffer.clear();
        let (blocks, rest) = text.as_chunks::<BLOCK>();
        let mut escapes = Escapes::default();
        let mut ends = |at: usize, block: &[u8; BLOCK]| {
            let (found, backslashes) = string_ends(block);
            if backslashes == 0 && !escapes.is_open() {
                found
            } else {
                unescaped(text, at, block, (found, backslashes), &mut escapes)
            }
        };
        buffer.extend(blocks.iter().enumerate().map(|(index, block)| ends(index * BLOCK, block)));
        if !rest.is_empty() {
            let mut block = [0; BLOCK];
            block[..rest.len()].copy_from_slice(rest);
            buffer.push(ends(text.len() - rest.len(), &block));
        }
        // One word more, so that there is always a next one.
        buffer.push(0);
        IndexedText { text, ends: buffer }
    }

    #[inline(always)]
    pub fn text(self) -> &'t [u8] {
        self.text
    }

    /// The text as if it ended at an index.
    pub fn until(self, end: usize) -> IndexedText<'t> {
        IndexedText { text: &self.text[..end], ..self }
    }

    /// The distance from a byte to the next end of a string; 64 if it is further away.
    #[inline(always)]
    pub fn near(self, from: usize) -> usize {
        self.block(from).unwrap_or(0).trailing_zeros() as usize
    }

    /// The next end of a string; beyond any text when there is none.
    #[inline(always)]
    pub fn string_end(self, from: usize) -> usize {
        match self.block(from) {
            None => usize::MAX,
            Some(0) => self.far(from / BLOCK + 1),
            Some(block) => from + block.trailing_zeros() as usize,
        }
    }

    /// The bits of the 64 bytes from an index on, without a branch on where in a block that is.
    #[inline(always)]
    fn block(self, from: usize) -> Option<u64> {
        let at = from / BLOCK;
        let &[low, high] = self.ends.get(at..at + 2)?.first_chunk()?;
        Some(((u128::from(high) << 64 | u128::from(low)) >> (from % BLOCK)) as u64)
    }

    #[inline(never)]
    fn far(self, from: usize) -> usize {
        let found = self.ends.iter().enumerate().skip(from).find(|(_, word)| **word != 0);
        found.map_or(usize::MAX, |(at, word)| at * BLOCK + word.trailing_zeros() as usize)
    }
}

/// The string ends of a block with escapes in it: without quotes that are escaped, and with the backslashes that begin
/// no escape.
#[inline(never)]
fn unescaped(
    text: &[u8],
    start: usize,
    block: &[u8; BLOCK],
    (ends, backslashes): (u64, u64),
    escapes: &mut Escapes,
) -> u64 {
    let escaped = escapes.escaped(backslashes, BLOCK);
    let quotes = find(block, b'"');
    // The last byte may be a backslash, and what follows it is not in this block.
    let last = u64::from(escapes.is_open()) << (BLOCK - 1);
    let mut others = (escaped & !quotes & !backslashes) >> 1 | last;
    let mut ends = ends & !(escaped & quotes);
    while others != 0 {
        let bit = others & others.wrapping_neg();
        if !is_escape(&text[start + others.trailing_zeros() as usize..]) {
            ends |= bit;
        }
        others ^= bit;
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same, one byte after the other.
    fn expected(text: &[u8]) -> Vec<usize> {
        let mut ends = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let escape = text[at] == b'\\' && is_escape(&text[at..]);
            if !escape && matches!(text[at], b'"' | b'\\' | 0..0x20) {
                ends.push(at);
            }
            at += if escape { 2 } else { 1 };
        }
        ends
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
                let next = |from| Some(indexed.string_end(from)).filter(|at| *at < text.len());
                let found: Vec<_> = std::iter::successors(next(0), |at| next(at + 1)).collect();
                assert_eq!(found, expected(text.as_bytes()), "{text}");
                for from in 0..text.len() {
                    let near = next(from).map_or(BLOCK, |at| (at - from).min(BLOCK));
                    assert_eq!(indexed.near(from).min(text.len() - from), near.min(text.len() - from));
                }
            }
        }
    }
}
