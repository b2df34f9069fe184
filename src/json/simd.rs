//! Looks at many bytes at once. The only file that uses the `wide` crate.

use wide::{i8x16, u8x16};

pub const VECTOR: usize = 16;

/// The bytes that a bit mask covers: the first byte is the lowest bit.
pub const BLOCK: usize = 64;

/// A bit for each byte of a vector that equals `byte`.
#[inline(always)]
pub fn equal(bytes: &[u8; VECTOR], byte: u8) -> u32 {
    u8x16::new(*bytes).simd_eq(u8x16::splat(byte)).to_bitmask()
}

/// A bit for each byte of a block that equals `byte`.
#[inline(always)]
pub fn find(block: &[u8; BLOCK], byte: u8) -> u64 {
    bits(vectors(block).map(|bytes| bytes.simd_eq(u8x16::splat(byte))))
}

/// A bit for each quote and control character, and one for each backslash: what ends a plain run in a string.
#[inline(always)]
pub fn string_ends(block: &[u8; BLOCK]) -> (u64, u64) {
    // With these bits flipped, quotes and control characters are the smallest signed numbers, -128 to -96. After
    // adding 95, nothing else is negative.
    const TURN: u8 = 0x82;
    let find = |bytes: &[u8; VECTOR]| {
        let turned = i8x16::new(bytes.map(|byte| (byte ^ TURN).cast_signed()));
        let backslashes = turned.simd_eq(i8x16::splat((b'\\' ^ TURN).cast_signed()));
        (u64::from(turned.saturating_add(i8x16::splat(95)).to_bitmask()), backslashes)
    };
    // Written out, since the compiler does not unroll a loop of four.
    let [a, b, c, d] = block.as_chunks::<VECTOR>().0 else { return (0, 0) };
    let (a, b, c, d) = (find(a), find(b), find(c), find(d));
    let ends = a.0 | b.0 << 16 | c.0 << 32 | d.0 << 48;
    if (a.1 | b.1 | c.1 | d.1).to_bitmask() == 0 {
        return (ends, 0);
    }
    let bits = |found: i8x16| u64::from(found.to_bitmask());
    (ends, bits(a.1) | bits(b.1) << 16 | bits(c.1) << 32 | bits(d.1) << 48)
}

/// The structure of a block: a bit mask for each kind of byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Structure {
    pub quotes: u64,
    pub backslashes: u64,
    pub line_feeds: u64,
    /// Brackets and braces, opening and closing.
    pub brackets: u64,
}

impl Structure {
    #[inline(always)]
    pub fn of(block: &[u8; BLOCK]) -> Structure {
        let brackets = vectors(block).map(|bytes| {
            // With this bit set a bracket is a brace: two searches, not four.
            let folded = bytes | u8x16::splat(0x20);
            folded.simd_eq(u8x16::splat(b'{')) | folded.simd_eq(u8x16::splat(b'}'))
        });
        Structure {
            quotes: find(block, b'"'),
            backslashes: find(block, b'\\'),
            line_feeds: find(block, b'\n'),
            brackets: bits(brackets),
        }
    }

    /// A bit for each line feed that no space follows in the same block.
    #[inline(always)]
    pub fn unindented_lines(self, block: &[u8; BLOCK]) -> u64 {
        match self.line_feeds {
            0 => 0,
            line_feeds => line_feeds & !(find(block, b' ') >> 1),
        }
    }
}

#[inline(always)]
fn vectors(block: &[u8; BLOCK]) -> [u8x16; 4] {
    let [a, b, c, d] = block.as_chunks::<VECTOR>().0 else { return [u8x16::ZERO; 4] };
    [a, b, c, d].map(|bytes| u8x16::new(*bytes))
}

#[inline(always)]
fn bits(found: [u8x16; 4]) -> u64 {
    let [a, b, c, d] = found.map(|found| u64::from(found.to_bitmask()));
    a | b << 16 | c << 32 | d << 48
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_is_found_in_its_place() {
        for at in 0..BLOCK {
            for byte in 0..=255u8 {
                let mut block = [b'x'; BLOCK];
                block[at] = byte;
                let bit = |yes: bool| if yes { 1 << at } else { 0 };
                let expected = Structure {
                    quotes: bit(byte == b'"'),
                    backslashes: bit(byte == b'\\'),
                    line_feeds: bit(byte == b'\n'),
                    brackets: bit(b"{}[]".contains(&byte)),
                };
                assert_eq!(Structure::of(&block), expected);
                assert_eq!(find(&block, b'\\'), bit(byte == b'\\'));
                assert_eq!(string_ends(&block), (bit(byte < b' ' || byte == b'"'), bit(byte == b'\\')));
            }
        }
        assert_eq!(equal(b" \t  x           ", b' '), 0b1111_1111_1110_1101);
    }

    #[test]
    fn a_line_is_indented_if_a_space_follows_in_its_block() {
        for at in 0..BLOCK {
            for (next, is_indented) in [(b' ', true), (b'd', false), (b'\n', false)] {
                let mut block = [b' '; BLOCK];
                block[at] = b'\n';
                if let Some(after) = block.get_mut(at + 1) {
                    *after = next;
                }
                let unindented = Structure::of(&block).unindented_lines(&block);
                // What follows the last byte is not known.
                assert_eq!(unindented & 1 << at == 0, is_indented && at + 1 < BLOCK, "{at} {next}");
            }
        }
    }
}
