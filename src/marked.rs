//! A text that was looked through once, many bytes at a time, for where its strings can end.

use crate::escape;
use crate::lanes::{BLOCK, stops};

/// A text, and a bit for each of its bytes that ends a string, or may not be in one.
#[derive(Clone, Copy, Debug)]
pub struct Marked<'t> {
    text: &'t [u8],
    stops: &'t [u64],
}

impl<'t> Marked<'t> {
    /// Looks through a text; the buffer is for what is found.
    pub fn new(text: &'t [u8], buffer: &'t mut Vec<u64>) -> Marked<'t> {
        buffer.clear();
        let (blocks, rest) = text.as_chunks::<BLOCK>();
        // Before this index all belongs to an escape.
        let mut behind = 0;
        let mut mark = |at: usize, block: &[u8; BLOCK]| {
            let (found, backslashes) = stops(block);
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
        Marked { text, stops: buffer }
    }

    /// The text.
    #[inline(always)]
    pub fn text(self) -> &'t [u8] {
        self.text
    }

    /// A bit for each quote, control character, and backslash that begins no escape, but for quotes that are
    /// escaped. The text's first byte is the lowest bit of the first word. Behind its end there may be more.
    #[inline(always)]
    pub fn stops(self) -> &'t [u64] {
        self.stops
    }

    /// The text as if it ended at an index.
    pub fn until(self, end: usize) -> Marked<'t> {
        Marked { text: &self.text[..end], ..self }
    }
}

/// The stops of a block that are not part of an escape; with a backslash in the block, or an escape that
/// reaches into it.
#[inline(never)]
fn unescaped(text: &[u8], start: usize, mut stops: u64, backslashes: u64, behind: &mut usize) -> u64 {
    // What an escape reaches over holds no stop but a quote or another backslash, right behind the first.
    let taken = u64::from(*behind > start);
    let mut rest = backslashes & !taken;
    stops &= !taken;
    *behind = 0;
    while rest != 0 {
        let bit = rest & rest.wrapping_neg();
        let at = start + rest.trailing_zeros() as usize;
        rest ^= bit;
        if escape::begins(&text[at..]) {
            let both = bit | bit << 1;
            (stops, rest) = (stops & !both, rest & !both);
            *behind = at + 2;
        }
    }
    stops
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same, one byte after the other.
    fn expected(text: &[u8]) -> Vec<usize> {
        let mut stops = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let escape = escape::begins(&text[at..]);
            if !escape && matches!(text[at], b'"' | b'\\' | 0..0x20) {
                stops.push(at);
            }
            at += if escape { 2 } else { 1 };
        }
        stops
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
                let marked = Marked::new(text.as_bytes(), &mut buffer);
                let stop = |at: &usize| marked.stops()[at / BLOCK] >> (at % BLOCK) & 1 == 1;
                let found: Vec<_> = (0..text.len()).filter(stop).collect();
                assert_eq!(found, expected(text.as_bytes()), "{text}");
            }
        }
    }
}
