//! Escapes in JSON strings: which backslashes begin one, and whether it is valid; and hexadecimal digits.

/// Whether a text, after a backslash, completes a valid escape.
#[inline]
pub fn completes(text: &[u8]) -> bool {
    match text {
        [b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => true,
        [b'u', a, b, c, d, ..] => {
            [a, b, c, d].into_iter().fold(0, |all, digit| all | HEX[usize::from(*digit)]) < 16
        }
        _ => false,
    }
}

/// Whether a text that begins with a backslash ends before it is clear whether this is an escape.
pub fn is_cut_off(text: &[u8]) -> bool {
    match text {
        [b'\\'] => true,
        [b'\\', b'u', digits @ ..] => digits.len() < 4 && digits.iter().all(u8::is_ascii_hexdigit),
        _ => false,
    }
}

/// The value of each hexadecimal digit, and 255 for any other byte.
pub const HEX: [u8; 256] = {
    let mut table = [255; 256];
    let mut digit = 0;
    while digit < 16 {
        table[b"0123456789abcdef"[digit as usize] as usize] = digit;
        table[b"0123456789ABCDEF"[digit as usize] as usize] = digit;
        digit += 1;
    }
    table
};

/// Which of these backslashes, a bit for each, escape the byte after them: of those in a row the first, the third and
/// so on.
#[inline(always)]
pub fn escaping(backslashes: u64) -> u64 {
    const ODD: u64 = 0xaaaa_aaaa_aaaa_aaaa;
    // The subtraction carries through each row of backslashes, and turns every other bit of it.
    let turned = ((backslashes << 1 | ODD).wrapping_sub(backslashes)) ^ ODD;
    turned & backslashes
}
