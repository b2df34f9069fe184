//! Values of JSON that is known to be valid: their types, members and elements, each read only once.

use crate::json::scan::{is_space, string_end, token_len};
use crate::json::strings::is_named;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    Object,
    Array,
    String,
    Number,
    Boolean,
    Null,
}

impl ValueKind {
    /// The type of the value that a text begins with; what is no JSON counts as `null`.
    pub fn of(value: &[u8]) -> ValueKind {
        match value.first() {
            Some(b'{') => ValueKind::Object,
            Some(b'[') => ValueKind::Array,
            Some(b'"') => ValueKind::String,
            Some(b't' | b'f') => ValueKind::Boolean,
            Some(b'-' | b'0'..=b'9') => ValueKind::Number,
            _ => ValueKind::Null,
        }
    }

    /// Whether such a value can be an id.
    pub fn can_be_id(self) -> bool {
        matches!(self, ValueKind::String | ValueKind::Number)
    }

    /// The type as JSON calls it.
    pub fn name(self) -> &'static str {
        let name = self.with_article();
        name.split_once(' ').map_or(name, |(_, name)| name)
    }

    /// Its name as it stands in a sentence.
    pub fn with_article(self) -> &'static str {
        match self {
            ValueKind::Object => "an object",
            ValueKind::Array => "an array",
            ValueKind::String => "a string",
            ValueKind::Number => "a number",
            ValueKind::Boolean => "a boolean",
            ValueKind::Null => "null",
        }
    }
}

/// A walk through a JSON text. In text that is not JSON it stops somewhere, but does no harm.
#[derive(Clone, Copy)]
pub struct Walk<'a> {
    text: &'a [u8],
    pub(super) at: usize,
}

impl<'a> Walk<'a> {
    pub fn new(text: &'a [u8], at: usize) -> Self {
        Walk { text, at }
    }

    /// The next byte that is not white space.
    pub fn peek(&mut self) -> Option<u8> {
        loop {
            match *self.text.get(self.at)? {
                byte if is_space(byte) => self.at += 1,
                byte => return Some(byte),
            }
        }
    }

    /// Goes past a byte, and the white space before it, if it comes next.
    pub fn eat(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// Goes past a string, and gives what is between its quotes.
    pub fn string(&mut self) -> Option<&'a [u8]> {
        self.eat(b'"')?;
        let start = self.at;
        self.at = string_end(self.text, start);
        self.text.get(start..self.at - 1)
    }

    /// Goes past the next member of an object, and the bracket or comma before it.
    pub fn member(&mut self) -> Option<Member> {
        if let b'{' | b',' = self.peek()? {
            self.at += 1;
        }
        let key = self.string()?;
        let end = self.at - 1;
        let key = Span { start: end - key.len(), end };
        self.eat(b':')?;
        Some(Member { key, value: self.value()? })
    }

    pub fn value(&mut self) -> Option<Span> {
        let first = self.peek()?;
        let start = self.at;
        self.at = match first {
            b'{' | b'[' => bracket_end(self.text, start),
            b',' | b'}' | b']' | b':' => return None,
            _ => start + token_len(&self.text[start..]),
        };
        Some(Span { start, end: self.at })
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub fn of(self, text: &[u8]) -> &[u8] {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// The text between the quotes of its key.
    pub key: Span,
    pub value: Span,
}

/// The members of an object, each key between its quotes; nothing for any other value.
pub fn members(object: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let object = if object.first() == Some(&b'{') { object } else { &[] };
    let mut walk = Walk::new(object, 0);
    std::iter::from_fn(move || walk.member()).map(|member| (member.key.of(object), member.value.of(object)))
}

/// The last value of a key in an object.
pub fn last_member<'o>(object: &'o [u8], key: &str) -> Option<&'o [u8]> {
    members(object).filter(|(raw, _)| is_named(raw, key.as_bytes())).map(|(_, value)| value).last()
}

/// The elements of an array; nothing for any other value.
pub fn elements(array: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut walk = Walk::new(array, 0);
    std::iter::from_fn(move || {
        walk.eat(if walk.at == 0 { b'[' } else { b',' })?;
        Some(walk.value()?.of(array))
    })
}

/// The end of the value that a text begins with.
pub fn value_end(text: &[u8]) -> usize {
    Walk::new(text, 0).value().map_or(text.len(), |span| span.end)
}

/// The index after the bracket that closes the one at an index.
fn bracket_end(text: &[u8], mut at: usize) -> usize {
    let mut depth = 0_usize;
    while let Some(byte) = text.get(at) {
        at += 1;
        match byte {
            b'"' => at = string_end(text, at),
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_byte_tells_the_type() {
        for (value, expected) in [
            ("{}", "an object"),
            ("[1]", "an array"),
            ("\"a\"", "a string"),
            ("-1", "a number"),
            ("0.5", "a number"),
            ("true", "a boolean"),
            ("false", "a boolean"),
            ("null", "null"),
        ] {
            let kind = ValueKind::of(value.as_bytes());
            assert_eq!(kind.with_article(), expected, "{value}");
            assert!(expected.ends_with(kind.name()) && !kind.name().contains(' '), "{value}");
        }
    }

    fn members(text: &str) -> Vec<(&str, &str)> {
        let utf8 = |part| std::str::from_utf8(part).unwrap();
        super::members(text.as_bytes()).map(|(key, value)| (utf8(key), utf8(value))).collect()
    }

    fn elements(text: &str) -> Vec<&str> {
        super::elements(text.as_bytes()).map(|element| std::str::from_utf8(element).unwrap()).collect()
    }

    #[test]
    fn members_are_read_in_order_with_their_text() {
        let text = r#"{ "a" : {"}":["]"]} ,"b\"":"\\","":-1.0e5 , "a":null,"long":"0123456789 0123456789 0123456789\"}"}"#;
        let expected = [
            ("a", r#"{"}":["]"]}"#),
            (r#"b\""#, r#""\\""#),
            ("", "-1.0e5"),
            ("a", "null"),
            ("long", r#""0123456789 0123456789 0123456789\"}""#),
        ];
        assert_eq!(members(text), expected);
        assert_eq!(members("{}"), []);
        assert_eq!(members(" { \n } "), []);
    }

    #[test]
    fn elements_are_read_in_order_with_their_text() {
        assert_eq!(
            elements(r#"[1, "a]" ,[[]],{"a":[]},true]"#),
            ["1", r#""a]""#, "[[]]", r#"{"a":[]}"#, "true"]
        );
        assert!(elements("[]").is_empty());
        assert!(elements("[ ]").is_empty());
    }

    #[test]
    fn text_that_is_not_json_comes_to_an_end() {
        let text = r#"{"a":[{"b":"\"c}"},1 2],"d" "e":}]"#.as_bytes();
        for start in 0..text.len() {
            for end in start..=text.len() {
                let part = &text[start..end];
                let mut walk = Walk::new(part, 0);
                let members = std::iter::from_fn(|| walk.member()).count();
                assert!(members + super::elements(part).count() <= part.len());
                let _ = Walk::new(part, 0).string();
            }
        }
    }
}
