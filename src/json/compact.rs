//! Walking through a compact JSON text that was checked already: tokens, members, elements.

use std::ops::Range;

use crate::json::string;

/// The length of the token that a text begins with: a bracket, a comma, a colon, or a whole literal.
pub fn token_len(text: &[u8]) -> usize {
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

/// The tokens of a text.
pub fn tokens(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (token, behind) = rest.split_at(token_len(rest));
        rest = behind;
        (!token.is_empty()).then_some(token)
    })
}

/// The length of the value that a text begins with.
pub fn value_len(text: &[u8]) -> usize {
    let mut at = 0;
    let mut depth = 0_usize;
    loop {
        match text.get(at) {
            Some(b'{' | b'[') => depth += 1,
            Some(b'}' | b']') => depth = depth.saturating_sub(1),
            Some(_) => {}
            None => return at,
        }
        at += token_len(&text[at..]);
        if depth == 0 {
            return at;
        }
    }
}

/// How far the members of an object were looked at.
pub struct MemberRanges {
    at: usize,
}

impl MemberRanges {
    /// The members of an object; of any other value none.
    pub fn new(object: &[u8]) -> MemberRanges {
        MemberRanges { at: if object.first() == Some(&b'{') { 1 } else { object.len() } }
    }

    /// Where the next member's key, quotes included, and value stand in the object.
    pub fn next(&mut self, object: &[u8]) -> Option<(Range<usize>, Range<usize>)> {
        let rest = object.get(self.at..).filter(|rest| rest.first() == Some(&b'"'))?;
        let key = self.at..self.at + token_len(rest);
        let value = key.end + 1..key.end + 1 + value_len(object.get(key.end + 1..)?);
        self.at = value.end + 1;
        Some((key, value))
    }
}

/// The members of an object, each key with its quotes; nothing for any other value.
pub fn members(object: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut ranges = MemberRanges::new(object);
    std::iter::from_fn(move || {
        let (key, value) = ranges.next(object)?;
        Some((&object[key], &object[value]))
    })
}

/// The elements of an array; nothing for any other value.
pub fn elements(array: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = match array {
        [b'[', inside @ .., _] => inside,
        _ => &[],
    };
    std::iter::from_fn(move || {
        let (value, behind) = rest.split_at(value_len(rest));
        rest = behind.get(1..).unwrap_or_default();
        (!value.is_empty()).then_some(value)
    })
}

/// The last value of a key in an object.
pub fn last_member<'o>(object: &'o [u8], key: &str) -> Option<&'o [u8]> {
    let is_key = |name: &[u8]| string::inner(name).is_some_and(|name| string::decode(name) == key);
    members(object).filter(|(name, _)| is_key(name)).map(|(_, value)| value).last()
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
