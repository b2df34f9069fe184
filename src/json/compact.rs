//! The tokens of a compact JSON text that was checked already.

use crate::json::string_end::string_end;

/// The length of the token that a text begins with: a bracket, a comma, a colon, or a whole literal.
pub fn token_len(text: &[u8]) -> usize {
    match text.first() {
        Some(b'"') => string_end(text, 1),
        Some(b'{' | b'}' | b'[' | b']' | b',' | b':') => 1,
        _ => text.iter().position(|b| b",:]}".contains(b)).unwrap_or(text.len()),
    }
}

/// The tokens of a text.
pub fn tokens(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (token, behind) = rest.split_at(token_len(rest));
        rest = behind;
        (!token.is_empty()).then_some(token)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_falls_apart_into_its_tokens() {
        let text = br#"{"a":[1,{"b":"},\""}],"d":-1.5e3,"e":null}"#;
        let found: Vec<_> = tokens(text).map(|token| std::str::from_utf8(token).unwrap()).collect();
        let expected = [
            "{",
            r#""a""#,
            ":",
            "[",
            "1",
            ",",
            "{",
            r#""b""#,
            ":",
            r#""},\"""#,
            "}",
            "]",
            ",",
            r#""d""#,
            ":",
            "-1.5e3",
            ",",
            r#""e""#,
            ":",
            "null",
            "}",
        ];
        assert_eq!(found, expected);
        assert_eq!(found.concat().as_bytes(), text);
    }
}
