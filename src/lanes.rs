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

    /// The bytes of a text from an index on. Past the text's end they are zero, which no search here
    /// but that for control characters takes for something.
    #[inline(always)]
    pub fn load(text: &[u8], at: usize) -> (Lanes, [u8; WIDTH]) {
        let bytes = match text.get(at..at + WIDTH) {
            Some(bytes) => bytes.try_into().unwrap_or_default(),
            None => tail(text, at),
        };
        (Lanes::new(bytes), bytes)
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

    /// A bit for each quote and each bracket of either kind.
    #[inline(always)]
    pub fn brackets(self) -> u32 {
        // Setting this bit makes `[` of `{` and `]` of `}`'s lower halves one: two searches, not four.
        let folded = self.0 | u8x16::splat(0x20);
        let open = folded.simd_eq(u8x16::splat(b'{'));
        let close = folded.simd_eq(u8x16::splat(b'}'));
        let quotes = self.0.simd_eq(u8x16::splat(b'"'));
        (open | close | quotes).to_bitmask()
    }
}

/// The last bytes of a text, filled up with zeros.
#[cold]
fn tail(text: &[u8], at: usize) -> [u8; WIDTH] {
    let mut bytes = [0; WIDTH];
    let rest = text.get(at..).unwrap_or_default();
    bytes[..rest.len()].copy_from_slice(rest);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_search_finds_its_bytes_and_no_others() {
        for byte in 0..=255u8 {
            let (lanes, _) = Lanes::load(&[byte; WIDTH], 0);
            let all = |yes: bool| if yes { 0xffff } else { 0 };
            assert_eq!(lanes.string_stops(), (all(byte == b'"'), all(byte < 0x20 || byte == b'\\')));
            assert_eq!(lanes.not_space(), all(byte != b' '));
            assert_eq!(lanes.brackets(), all(b"\"{}[]".contains(&byte)));
        }
    }

    #[test]
    fn past_the_end_there_are_zeros() {
        let (_, bytes) = Lanes::load(b"abc", 1);
        assert_eq!(&bytes[..3], b"bc\0");
    }
}
