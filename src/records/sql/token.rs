//! The tokens of SQL.

use crate::records::layout::{End, Text};
use crate::records::record::Literal;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Other,
    Comment,
    /// A name in back-quotes.
    BackQuoted,
    Word,
    /// The start of a literal: its apostrophe is the last byte.
    Literal(Literal),
    Hex,
    Semicolon,
}

/// The token that a text starts with, and its length; `None` if it does not end in the text.
pub(super) fn token(text: &[u8], is_last: bool) -> Option<(Token, usize)> {
    let until = |token: Token, from: usize, needle: &[u8]| {
        let found = memchr::memmem::find(text.get(from..).unwrap_or_default(), needle);
        let len = found.map(|at| from + at + needle.len()).or(is_last.then_some(text.len()))?;
        Some((token, len))
    };
    match text {
        [b';', ..] => Some((Token::Semicolon, 1)),
        [b'\'', ..] => Some((Token::Literal(Literal::Plain), 1)),
        [b'e' | b'E' | b'x' | b'X' | b'0' | b'-' | b'/'] if !is_last => None,
        [b'e' | b'E', b'\'', ..] => Some((Token::Literal(Literal::Escaped), 2)),
        [b'x' | b'X', b'\'', ..] => Some((Token::Literal(Literal::Hex), 2)),
        [b'-', b'-', ..] | [b'#', ..] => until(Token::Comment, 1, b"\n"),
        // psql's commands.
        [b'\\', ..] => until(Token::Other, 1, b"\n"),
        [b'/', b'*', ..] => until(Token::Comment, 2, b"*/"),
        [b'"', ..] => until(Token::Other, 1, b"\""),
        [b'`', ..] => until(Token::BackQuoted, 1, b"`"),
        [b'$', rest @ ..] => {
            // PostgreSQL's `$tag$…$tag$`.
            let is_tag = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
            let len = 1 + rest.iter().take_while(is_tag).count();
            match text.get(len) {
                Some(b'$') => until(Token::Other, len + 1, &text[..=len]),
                None if !is_last => None,
                _ => Some((Token::Other, 1)),
            }
        }
        [first, ..] if first.is_ascii_alphanumeric() || *first == b'_' => {
            let is_word = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$');
            let len = text.iter().take_while(is_word).count();
            let token = if text.starts_with(b"0x") { Token::Hex } else { Token::Word };
            (len < text.len() || is_last).then_some((token, len))
        }
        _ => {
            let is_plain = |byte: &&u8| b" \t\r\n,()=.".contains(byte);
            Some((Token::Other, text.iter().take_while(is_plain).count().max(1)))
        }
    }
}

/// The end of a literal that was looked at up to an index, its opening apostrophe included. After [`End::Beyond`], it
/// goes on with what follows.
pub(super) fn literal_end(text: Text, from: usize, kind: Literal) -> End {
    let bytes = text.bytes;
    let mut at = from;
    while let Some(rest) = bytes.get(at..) {
        let found = match kind {
            Literal::Escaped => memchr::memchr2(b'\'', b'\\', rest),
            Literal::Plain | Literal::Hex => memchr::memchr(b'\'', rest),
        };
        at += found.unwrap_or(rest.len());
        let next = bytes.get(at + 1);
        // What the last byte of a text means may depend on the next.
        if found.is_none() || next.is_none() && !text.is_last() {
            break;
        }
        if bytes[at] == b'\'' && next != Some(&b'\'') {
            return End::At(at + 1);
        }
        at += 2;
    }
    End::beyond(at, text)
}
