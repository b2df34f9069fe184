//! Text that is not UTF-8, recognized by its byte order mark. UTF-16 is decoded; UTF-32 is so rare that it is only named.

use std::io::{self, Cursor, Read};

/// Bytes that are decoded at a time.
const PIECE_BYTES: usize = 32 << 10;

/// The name of UTF-32, which is not read, in the byte order that a source's first bytes show.
pub fn utf_32(text: &[u8]) -> Option<&'static str> {
    match text {
        [0xff, 0xfe, 0, 0, ..] => Some("UTF-32LE"),
        [0, 0, 0xfe, 0xff, ..] => Some("UTF-32BE"),
        _ => None,
    }
}

/// Reads a code unit of UTF-16 in one byte order.
pub type ReadUnit = fn([u8; 2]) -> u16;

/// The byte order of UTF-16 that a byte order mark shows.
pub fn utf_16(head: &[u8]) -> Option<ReadUnit> {
    match head {
        _ if utf_32(head).is_some() => None,
        [0xff, 0xfe, ..] => Some(u16::from_le_bytes),
        [0xfe, 0xff, ..] => Some(u16::from_be_bytes),
        _ => None,
    }
}

/// Whether more bytes are needed to tell. UTF-32 begins like UTF-16.
pub fn is_unclear(head: &[u8]) -> bool {
    matches!(head, [0xfe] | [0xff] | [0xff, 0xfe] | [0xff, 0xfe, 0])
}

/// Decodes UTF-16. An unpaired surrogate or half a unit becomes bytes that are not UTF-8 either, so that the record it
/// is in is rejected; U+FFFD could as well be a character of the text.
pub struct Utf16<R> {
    source: R,
    read_unit: ReadUnit,
    /// Bytes that were read, of which the first `len` are not decoded yet.
    bytes: Vec<u8>,
    len: usize,
    text: Cursor<Vec<u8>>,
    has_ended: bool,
}

impl<R: Read> Utf16<R> {
    /// Decodes what comes after the byte order mark.
    pub fn new(read_unit: ReadUnit, source: R) -> Utf16<R> {
        Utf16 {
            source,
            read_unit,
            bytes: vec![0; PIECE_BYTES],
            len: 0,
            text: Cursor::default(),
            has_ended: false,
        }
    }

    /// Reads and decodes the next bytes, except for an incomplete character at their end.
    fn decode(&mut self) -> io::Result<()> {
        let read = self.source.read(&mut self.bytes[self.len..])?;
        self.has_ended = read == 0;
        let len = self.len + read;
        let (units, odd) = self.bytes[..len].as_chunks();
        let unit = |bytes: &[u8; 2]| (self.read_unit)(*bytes);
        let is_cut = units.last().is_some_and(|last| matches!(unit(last), 0xd800..0xdc00)) && !self.has_ended;
        let units = &units[..units.len() - usize::from(is_cut)];
        let mut text = std::mem::take(&mut self.text).into_inner();
        text.clear();
        for character in char::decode_utf16(units.iter().map(unit)) {
            match character {
                Ok(character) => text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
                Err(error) => text.extend_from_slice(&surrogate_bytes(error.unpaired_surrogate())),
            }
        }
        if self.has_ended && !odd.is_empty() {
            text.push(0x80);
        }
        self.text = Cursor::new(text);
        let decoded = 2 * units.len();
        self.bytes.copy_within(decoded..len, 0);
        self.len = len - decoded;
        Ok(())
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let len = self.text.read(buffer)?;
            if len > 0 || buffer.is_empty() || self.has_ended {
                return Ok(len);
            }
            self.decode()?;
        }
    }
}

/// A surrogate as UTF-8 would have it if it were a character.
fn surrogate_bytes(unit: u16) -> [u8; 3] {
    [0xed, 0x80 | (unit >> 6 & 0x3f) as u8, 0x80 | (unit & 0x3f) as u8]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte at a time.
    struct Bytewise<'b>(&'b [u8]);

    impl Read for Bytewise<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0.read(&mut buffer[..1])
        }
    }

    fn decode(source: impl Read, read_unit: ReadUnit) -> Vec<u8> {
        let mut text = Vec::new();
        Utf16::new(read_unit, source).read_to_end(&mut text).unwrap();
        text
    }

    #[test]
    fn text_is_the_same_in_either_order_and_however_it_arrives() {
        let long = "aé€😀\u{fffd}\0".repeat(PIECE_BYTES / 3);
        for text in ["", "a", "😀", "é\u{10ffff}", &long] {
            let bytes = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<_>>();
            for (order, bytes) in [
                (u16::from_le_bytes as ReadUnit, bytes(u16::to_le_bytes)),
                (u16::from_be_bytes as ReadUnit, bytes(u16::to_be_bytes)),
            ] {
                assert!(decode(&*bytes, order) == text.as_bytes());
                assert!(decode(Bytewise(&bytes), order) == text.as_bytes());
            }
        }
    }

    #[test]
    fn damage_becomes_bytes_that_are_not_utf_8() {
        for (units, text) in [
            (&[0x61, 0xd800, 0x62][..], &b"a\xed\xa0\x80b"[..]),
            (&[0xdfff, 0xd83d, 0xde00], b"\xed\xbf\xbf\xf0\x9f\x98\x80"),
            (&[0xd83d, 0xd83d, 0xde00], b"\xed\xa0\xbd\xf0\x9f\x98\x80"),
            (&[0x61, 0xdbff], b"a\xed\xaf\xbf"),
        ] {
            let mut bytes: Vec<u8> = units.iter().copied().flat_map(u16::to_be_bytes).collect();
            assert_eq!(decode(Bytewise(&bytes), u16::from_be_bytes as ReadUnit), text);
            bytes.push(0x61);
            let text = [text, b"\x80"].concat();
            assert_eq!(decode(&*bytes, u16::from_be_bytes as ReadUnit), text);
            assert!(std::str::from_utf8(&text).is_err());
        }
    }
}
