//! Whether content may hold a payload: `visitor` with a quote after it is in it, however that quote is escaped.

use std::io::{self, Read};
use std::sync::Arc;

use memchr::memmem;

use crate::input::archive::{MemberKind, tar, zip};
use crate::input::file::ReadContext;
use crate::input::source::{Origin, Source};
use crate::input::stream::Stream;
use crate::payloads::visitor_key;

/// The key and its quote as databases dump binary columns.
const HEX_KEYS: [&str; 2] = ["76697369746f7222", "76697369746F7222"];

/// Bytes of the key and a quote with its backslashes, whose number doubles with each level of quoting.
const MAX_KEY: usize = b"visitor".len() + 64;

/// Bytes that are read at a time.
const PIECE: usize = 64 << 10;

/// Bytes of a member of a tar that are searched.
const MAX_START: usize = 1 << 20;

/// The result of the search of a stream's start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    Payload,
    NoPayload,
    /// Text without a payload, and more comes after it.
    LongText,
}

/// Searches a file, or a member of a zip. If it cannot be read, that is for its reader to report.
pub fn holds_payload(source: &Arc<Source>, context: &ReadContext) -> bool {
    search(source, &context.uncounted()).unwrap_or(true)
}

/// Searches the start of a member of a tar. It is read again afterwards.
pub fn search_start(stream: &mut Stream) -> Start {
    let mut text = Vec::new();
    let (start, error) = loop {
        let from = text.len().saturating_sub(MAX_KEY);
        let room = (MAX_START + 1 - text.len()).min(PIECE);
        let read = stream.by_ref().take(room as u64).read_to_end(&mut text);
        let is_long = text.len() > MAX_START;
        let has_key = has_key(&text[from..text.len().min(MAX_START)]);
        let start = match &read {
            _ if has_key && is_archive(&text) => Start::NoPayload,
            _ if has_key => Start::Payload,
            Err(_) => Start::Payload,
            Ok(len) if *len == 0 || is_long && text.contains(&0) => Start::NoPayload,
            Ok(_) if is_long => Start::LongText,
            Ok(_) => continue,
        };
        break (start, read.err());
    };
    stream.put_back(text, error);
    start
}

fn search(source: &Arc<Source>, context: &ReadContext) -> io::Result<bool> {
    let mut stream = source.open_member(context)?;
    let mut text = Vec::new();
    let mut read = |text: &mut Vec<u8>| stream.by_ref().take(PIECE as u64).read_to_end(text);
    let mut len = read(&mut text)?;
    match &source.origin {
        Origin::File(_) if zip::is_zip(&text) => return search_zip(source, context),
        Origin::Member(..) if is_archive(&text) => return Ok(false),
        _ => {}
    }
    while len > 0 {
        if has_key(&text) {
            return Ok(true);
        }
        text.drain(..text.len().saturating_sub(MAX_KEY));
        len = read(&mut text)?;
    }
    Ok(false)
}

fn search_zip(source: &Arc<Source>, context: &ReadContext) -> io::Result<bool> {
    let members = zip::members(source.open_file()?)?;
    for (member, content) in members.list {
        let member_source = Source::member(source, member.path, Some(content));
        if member.kind == MemberKind::File && search(&Arc::new(member_source), context)? {
            return Ok(true);
        }
    }
    members.error.map_or(Ok(false), Err)
}

fn is_archive(head: &[u8]) -> bool {
    zip::is_zip(head) || tar::is_tar(head)
}

fn has_key(text: &[u8]) -> bool {
    visitor_key::ends(text).next().is_some()
        || HEX_KEYS.iter().any(|key| memmem::find(text, key.as_bytes()).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_in_hexadecimal_digits_too() {
        for (text, found) in [
            (r#""visitor":"#, true),
            ("0x7B2276697369746F72223A", true),
            (r"\x7b2276697369746f72223a", true),
            ("0x76697369746F72", false),
        ] {
            assert_eq!(has_key(text.as_bytes()), found, "{text}");
        }
    }
}
