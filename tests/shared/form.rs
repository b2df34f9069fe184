//! Form bodies.

use std::io::Write;

/// A form body, every byte that may be encoded being so; a space becomes `space`.
pub fn form(json: &[u8], space: &str) -> Vec<u8> {
    let mut body = b"data=".to_vec();
    for byte in json {
        match byte {
            b' ' => body.extend_from_slice(space.as_bytes()),
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' => body.push(*byte),
            _ => write!(body, "%{byte:02X}").expect("a vector takes all that is written"),
        }
    }
    body
}
