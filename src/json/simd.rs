//! Sixteen bytes at a time: the one place that knows the vector crate.

use wide::{i8x16, u8x16};

/// How many bytes a step looks at.
pub const WIDTH: usize = 16;

/// Sixteen bytes of a text.
#[derive(Clone, Copy)]
pub struct Vector(u8x16);

impl Vector {
    /// These sixteen bytes.
    #[inline(always)]
    pub fn new(bytes: [u8; WIDTH]) -> Vector {
        Vector(u8x16::new(bytes))
    }

    /// A bit for each byte that is not a space, and so ends a run of indentation.
    #[inline(always)]
    pub fn not_space(self) -> u32 {
        !self.0.simd_eq(u8x16::splat(b' ')).to_bitmask() & 0xffff
    }
}

/// How many bytes [`Marks`] are of.
pub const BLOCK: usize = 64;

/// A bit for each quote and control character, and one for each backslash: what ends a plain run inside a
/// string.
#[inline(always)]
pub fn strings_end(bytes: &[u8; BLOCK]) -> (u64, u64) {
    // With these bits turned, quotes and control characters are the least of signed numbers, -128 to -96.
    // Add 95, and nothing else is negative.
    const TURN: u8 = 0x82;
    let found = |bytes: &[u8; WIDTH]| {
        let turned = i8x16::new(bytes.map(|byte| (byte ^ TURN).cast_signed()));
        let backslashes = turned.simd_eq(i8x16::splat((b'\\' ^ TURN).cast_signed()));
        (u64::from(turned.saturating_add(i8x16::splat(95)).to_bitmask()), backslashes)
    };
    // Written out, since a loop of four is not unrolled.
    let [a, b, c, d] = bytes.as_chunks::<WIDTH>().0 else { return (0, 0) };
    let (a, b, c, d) = (found(a), found(b), found(c), found(d));
    let strings_end = a.0 | b.0 << 16 | c.0 << 32 | d.0 << 48;
    if (a.1 | b.1 | c.1 | d.1).to_bitmask() == 0 {
        return (strings_end, 0);
    }
    let bits = |found: i8x16| u64::from(found.to_bitmask());
    (strings_end, bits(a.1) | bits(b.1) << 16 | bits(c.1) << 32 | bits(d.1) << 48)
}

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
    /// `%` and `d`, with which form bodies begin, and `$` and `e`.
    pub form_starts: u64,
}

impl Marks {
    /// The marks of these bytes.
    #[inline(always)]
    pub fn of(bytes: &[u8; BLOCK]) -> Marks {
        let mut marks = Marks::default();
        for (index, bytes) in bytes.as_chunks::<WIDTH>().0.iter().enumerate() {
            let bytes = u8x16::new(*bytes);
            let bits = |found: u8x16| u64::from(found.to_bitmask()) << (index * WIDTH);
            marks.quotes |= bits(bytes.simd_eq(u8x16::splat(b'"')));
            marks.backslashes |= bits(bytes.simd_eq(u8x16::splat(b'\\')));
            marks.line_feeds |= bits(bytes.simd_eq(u8x16::splat(b'\n')));
            // With this bit set a bracket is a brace: two searches, not four.
            let folded = bytes | u8x16::splat(0x20);
            marks.brackets |= bits(folded.simd_eq(u8x16::splat(b'{')) | folded.simd_eq(u8x16::splat(b'}')));
            // With these bits set the four are one: one search, not two.
            marks.form_starts |= bits((bytes | u8x16::splat(0x41)).simd_eq(u8x16::splat(b'e')));
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
            let bytes = Vector::new([byte; WIDTH]);
            assert_eq!(bytes.not_space(), if byte == b' ' { 0 } else { 0xffff });
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
                    form_starts: bit(b"%d$e".contains(&byte)),
                };
                assert_eq!(Marks::of(&bytes), expected);
                let stop = bit(byte < b' ' || byte == b'"');
                assert_eq!(strings_end(&bytes), (stop, bit(byte == b'\\')));
            }
        }
    }
}
