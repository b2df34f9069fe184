//! Encodings that are refused by their name.

use crate::input::record::Kind;

/// The encoding that a byte order mark names, of those that are not read. A payload's first character
/// is an ASCII one, so a zero tells the mark from mere garbage.
pub fn marked(text: &[u8]) -> Option<&'static str> {
    match text {
        [0xff, 0xfe, 0, 0, ..] => Some("UTF-32LE"),
        [0, 0, 0xfe, 0xff, ..] => Some("UTF-32BE"),
        [0xff, 0xfe, _, 0, ..] => Some("UTF-16LE"),
        [0xfe, 0xff, 0, _, ..] => Some("UTF-16BE"),
        _ => None,
    }
}

/// What makes a record of a whole source in such an encoding, from its length.
pub fn record(name: &'static str) -> fn(u64) -> Kind {
    match name {
        "UTF-16LE" => |bytes| Kind::Encoding("UTF-16LE", bytes),
        "UTF-16BE" => |bytes| Kind::Encoding("UTF-16BE", bytes),
        "UTF-32LE" => |bytes| Kind::Encoding("UTF-32LE", bytes),
        _ => |bytes| Kind::Encoding("UTF-32BE", bytes),
    }
}
