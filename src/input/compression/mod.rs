//! Compressed data: recognized here by its first bytes, decompressed by [`decoder`].

mod codec;
pub mod decoder;
mod zstd;

use crate::input::damage::{Damage, Format};

/// The result of one call of a codec.
struct DecodeStep {
    /// Bytes of input consumed.
    read: usize,
    /// Bytes of output produced.
    written: usize,
    progress: Result<Progress, Damage>,
}

/// Progress of a codec in a member.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    Inside,
    AtEnd,
}

/// A verdict on the first bytes of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Head {
    Compressed(Format),
    /// More bytes are needed to tell.
    Short,
    /// Not compressed in a supported format.
    Plain,
}

/// The first bytes of compressed data. For formats that no text begins like, the first bytes are enough.
const KNOWN: [(&[Class], Format); 5] = [
    (&[Class::Is(0x1f), Class::Is(0x8b)], Format::Gzip),
    (&[Class::Is(0x28), Class::Is(0xb5), Class::Is(0x2f), Class::Is(0xfd)], Format::Zstd),
    (&[Class::Between(0x50, 0x5f), Class::Is(0x2a), Class::Is(0x4d), Class::Is(0x18)], Format::Zstd),
    (
        &[Class::Is(b'B'), Class::Is(b'Z'), Class::Is(b'h'), Class::Between(b'1', b'9'), Class::Bzip2],
        Format::Bzip2,
    ),
    (&[Class::Is(0xfd), Class::Is(b'7'), Class::Is(b'z'), Class::Is(b'X'), Class::Is(b'Z')], Format::Xz),
];

/// Looks for compressed data.
pub fn recognize(head: &[u8]) -> Head {
    let mut found = Head::Plain;
    for (magic, format) in KNOWN {
        if magic.iter().zip(head).all(|(class, byte)| class.holds(*byte)) {
            if head.len() >= magic.len() {
                return Head::Compressed(format);
            }
            found = Head::Short;
        }
    }
    found
}

/// Whether data of a format may begin with a byte.
fn may_begin_with(format: Format, byte: u8) -> bool {
    KNOWN.iter().any(|(magic, known)| *known == format && magic[0].holds(byte))
}

/// A set of byte values.
#[derive(Clone, Copy)]
enum Class {
    Is(u8),
    Between(u8, u8),
    /// The first byte of a bzip2 block, or of the end marker when there is no block.
    Bzip2,
}

impl Class {
    fn holds(self, byte: u8) -> bool {
        match self {
            Class::Is(value) => byte == value,
            Class::Between(first, last) => (first..=last).contains(&byte),
            Class::Bzip2 => byte == 0x31 || byte == 0x17,
        }
    }
}
