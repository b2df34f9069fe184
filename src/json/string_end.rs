//! Where JSON strings end, many bytes at once: memchr is slow where quotes are dense, as in quoted JSON.

use crate::json::escape::escaping;
use crate::json::simd::{VECTOR, equal};

/// The index after the quote that ends a JSON string; the length of the text if there is none. `at` is within
/// the string.
pub fn string_end(text: &[u8], mut at: usize) -> usize {
    while let Some(chunk) = text.get(at..).and_then(|rest| rest.first_chunk::<VECTOR>()) {
        let [quotes, backslashes] = [b'"', b'\\'].map(|byte| u64::from(equal(chunk, byte)));
        let escaping = escaping(backslashes);
        let ends = quotes & !(escaping << 1);
        if ends != 0 {
            return at + ends.trailing_zeros() as usize + 1;
        }
        // What the last byte escapes is not looked at.
        at += VECTOR + (escaping >> (VECTOR - 1)) as usize;
    }
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_string_ends_at_the_quote_that_no_backslash_escapes(text in r##"[\\"#\]!a\u{80}\u{2222}]{0,80}"##) {
            let mut escaped = false;
            let mut quote = |byte: &u8| {
                let ends = *byte == b'"' && !escaped;
                escaped = *byte == b'\\' && !escaped;
                ends
            };
            let end = text.as_bytes().iter().position(&mut quote).map_or(text.len(), |at| at + 1);
            prop_assert_eq!(string_end(text.as_bytes(), 0), end);
        }
    }
}
