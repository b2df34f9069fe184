//! Numbers of bytes as options take them.

use olark2rudder::output::format::MAX_BODY;

/// A number of bytes, plain or with k, M or G for a power of 1024.
pub fn bytes(text: &str) -> Result<usize, String> {
    let (digits, factor) = match text.char_indices().last() {
        Some((at, 'k' | 'K')) => (&text[..at], 1 << 10),
        Some((at, 'M')) => (&text[..at], 1 << 20),
        Some((at, 'G')) => (&text[..at], 1 << 30),
        _ => (text, 1_usize),
    };
    let number: usize = digits.parse().map_err(|_| "expected a number of bytes such as 4096000 or 16M")?;
    let bytes = number.checked_mul(factor).filter(|bytes| *bytes > 0);
    bytes.ok_or_else(|| "expected a number of bytes above 0".into())
}

/// The size of a request body: at most what the gateway accepts.
pub fn body_bytes(text: &str) -> Result<usize, String> {
    let bytes = bytes(text)?;
    if bytes > MAX_BODY {
        return Err(format!("RudderStack's gateway takes at most {MAX_BODY}"));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_bytes_may_have_a_letter() {
        for (text, expected) in [
            ("1", Some(1)),
            ("2k", Some(2 << 10)),
            ("2K", Some(2 << 10)),
            ("3M", Some(3 << 20)),
            ("1G", Some(1 << 30)),
            ("0", None),
            ("", None),
            ("M", None),
            ("1m", None),
            ("-1", None),
            ("99999999999G", None),
        ] {
            assert_eq!(bytes(text).ok(), expected, "{text}");
        }
        assert_eq!(body_bytes("4096000").ok(), Some(4_096_000));
        assert_eq!(body_bytes("4096001").ok(), None);
    }
}
