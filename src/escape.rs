//! Escapes in JSON strings: whether they are any.

/// Whether what begins a text makes an escape of the backslash before it.
#[inline]
pub fn completes(text: &[u8]) -> bool {
    match text {
        [b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => true,
        [b'u', a, b, c, d, ..] => {
            [a, b, c, d].into_iter().fold(true, |all, digit| all & HEX[usize::from(*digit)])
        }
        _ => false,
    }
}

/// Whether a text that begins with a backslash ends before it is clear that this is no escape.
pub fn is_cut(text: &[u8]) -> bool {
    match text {
        [b'\\'] => true,
        [b'\\', b'u', digits @ ..] => digits.len() < 4 && digits.iter().all(u8::is_ascii_hexdigit),
        _ => false,
    }
}

/// Which bytes are hexadecimal digits.
const HEX: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = (byte as u8).is_ascii_hexdigit();
        byte += 1;
    }
    table
};
