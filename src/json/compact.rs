//! Walking through a compact JSON text that was checked already: tokens, members, elements.

/// The length of the token that a text begins with: a bracket, a comma, a colon, or a whole literal.
pub fn token(text: &[u8]) -> usize {
    match text.first() {
        Some(b'"') => {
            let mut at = 1;
            while let Some(found) = memchr::memchr2(b'"', b'\\', text.get(at..).unwrap_or_default()) {
                at += found;
                if text[at] == b'"' {
                    return at + 1;
                }
                at += 2;
            }
            text.len()
        }
        Some(b'{' | b'}' | b'[' | b']' | b',' | b':') => 1,
        _ => text.iter().position(|b| b",:]}".contains(b)).unwrap_or(text.len()),
    }
}

/// The length of the value that a text begins with.
fn value(text: &[u8]) -> usize {
    let mut at = 0;
    let mut depth = 0_usize;
    loop {
        match text.get(at) {
            Some(b'{' | b'[') => depth += 1,
            Some(b'}' | b']') => depth = depth.saturating_sub(1),
            Some(_) => {}
            None => return at,
        }
        at += token(&text[at..]);
        if depth == 0 {
            return at;
        }
    }
}

/// The members of an object, each key with its quotes; nothing for any other value.
pub fn members(object: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = inside(object, b'{');
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (key, behind) = rest.split_at(token(rest));
        let behind = behind.get(1..)?;
        let (value, behind) = behind.split_at(value(behind));
        rest = behind.get(1..).unwrap_or_default();
        Some((key, value))
    })
}

/// The elements of an array; nothing for any other value.
pub fn elements(array: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = inside(array, b'[');
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (value, behind) = rest.split_at(value(rest));
        rest = behind.get(1..).unwrap_or_default();
        Some(value)
    })
}

fn inside(text: &[u8], open: u8) -> &[u8] {
    match text {
        [first, inside @ .., _] if *first == open => inside,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_and_elements_come_in_their_order() {
        let object = br#"{"a":[1,{"b":"},\""}],"c":{},"d":-1.5e3,"e":"x"}"#;
        let text = |(key, value): (&[u8], &[u8])| [key, b" ", value].concat();
        let found: Vec<_> = members(object).map(text).collect();
        assert_eq!(found, [&br#""a" [1,{"b":"},\""}]"#[..], br#""c" {}"#, br#""d" -1.5e3"#, br#""e" "x""#]);
        let found: Vec<_> = elements(br#"[[],{"a":[1]},null,"]"]"#).collect();
        assert_eq!(found, [&b"[]"[..], br#"{"a":[1]}"#, b"null", br#""]""#]);
        assert_eq!(members(b"{}").count() + elements(b"[]").count() + members(b"3").count(), 0);
    }
}
