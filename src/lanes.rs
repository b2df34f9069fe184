//! Sixteen bytes at a time: the one place that knows the vector crate.

use wide::u8x16;

/// How many bytes a step looks at.
pub const WIDTH: usize = 16;

/// Sixteen bytes of a text.
#[derive(Clone, Copy)]
pub struct Lanes(u8x16);

impl Lanes {
    /// These sixteen bytes.
    #[inline(always)]
    pub fn new(bytes: [u8; WIDTH]) -> Lanes {
        Lanes(u8x16::new(bytes))
    }

    /// A bit for each quote, and one for each other byte that ends a plain run inside a string: a
    /// backslash or a control character.
    #[inline(always)]
    pub fn string_stops(self) -> (u32, u32) {
        let quotes = self.0.simd_eq(u8x16::splat(b'"'));
        let escapes = self.0.simd_eq(u8x16::splat(b'\\'));
        let controls = self.0.min(u8x16::splat(0x1f)).simd_eq(self.0);
        (quotes.to_bitmask(), (escapes | controls).to_bitmask())
    }

    /// A bit for each byte that is not a space, and so ends a run of indentation.
    #[inline(always)]
    pub fn not_space(self) -> u32 {
        !self.0.simd_eq(u8x16::splat(b' ')).to_bitmask() & 0xffff
    }
}

/// How many bytes [`Marks`] are of.
pub const BLOCK: usize = 64;

/// What stands where in sixty-four bytes: a bit for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Double quotes.
    pub quotes: u64,
    /// Backslashes.
    pub backslashes: u64,
    /// Line feeds.
    pub line_feeds: u64,
    /// Brackets and braces, opening and closing.
    pub brackets: u64,
}

impl Marks {
    /// The marks of these bytes.
    #[inline(always)]
    pub fn of(bytes: &[u8; BLOCK]) -> Marks {
        let mut marks = Marks::default();
        for (index, bytes) in bytes.as_chunks::<WIDTH>().0.iter().enumerate() {
            let lanes = u8x16::new(*bytes);
            let bits = |found: u8x16| u64::from(found.to_bitmask()) << (index * WIDTH);
            marks.quotes |= bits(lanes.simd_eq(u8x16::splat(b'"')));
            marks.backslashes |= bits(lanes.simd_eq(u8x16::splat(b'\\')));
            marks.line_feeds |= bits(lanes.simd_eq(u8x16::splat(b'\n')));
            // With this bit set a bracket is a brace: two searches, not four.
            let folded = lanes | u8x16::splat(0x20);
            marks.brackets |= bits(folded.simd_eq(u8x16::splat(b'{')) | folded.simd_eq(u8x16::splat(b'}')));
        }
        marks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_search_finds_its_bytes_and_no_others() {
        for byte in 0..=255u8 {
            let lanes = Lanes::new([byte; WIDTH]);
            let all = |yes: bool| if yes { 0xffff } else { 0 };
            assert_eq!(lanes.string_stops(), (all(byte == b'"'), all(byte < 0x20 || byte == b'\\')));
            assert_eq!(lanes.not_space(), all(byte != b' '));
        }
    }

    #[test]
    fn each_byte_is_marked_in_its_place() {
        for at in 0..BLOCK {
            for byte in 0..=255u8 {
                let mut bytes = [b'x'; BLOCK];
                bytes[at] = byte;
                let bit = |yes: bool| if yes { 1 << at } else { 0 };
                let expected = Marks {
                    quotes: bit(byte == b'"'),
                    backslashes: bit(byte == b'\\'),
                    line_feeds: bit(byte == b'\n'),
                    brackets: bit(b"{}[]".contains(&byte)),
                };
                assert_eq!(Marks::of(&bytes), expected);
            }
        }
    }
}
