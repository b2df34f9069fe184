//! Damage to compressed data and archives, as opposed to failures of the system.

use std::error::Error;
use std::fmt;
use std::io;

/// A format that compresses or packs files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Gzip,
    Zstd,
    Bzip2,
    Xz,
    Tar,
    Zip,
    /// One member of a zip.
    Deflate,
}

/// A reason why data cannot be decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Damage {
    /// It ends too early.
    CutOff(Format),
    /// It cannot be decoded.
    Broken(Format),
    /// Something else follows it.
    Foreign(Format),
    /// Decoding it takes more memory than is allowed.
    Memory(Format),
    /// A password is needed.
    Encrypted,
    /// An unsupported compression method, by its number in the zip format.
    Method(u16),
    /// Two members of a zip share bytes.
    Overlap,
}

impl Damage {
    /// The damage that an error is about; `None` for a system error.
    pub fn of(error: &io::Error) -> Option<Damage> {
        error.get_ref()?.downcast_ref::<Damage>().copied()
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Format::Gzip => "gzip",
            Format::Zstd => "zstd",
            Format::Bzip2 => "bzip2",
            Format::Xz => "xz",
            Format::Tar => "tar",
            Format::Zip => "zip",
            Format::Deflate => "deflate",
        })
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Damage::CutOff(format) => write!(f, "the {format} data is cut off"),
            Damage::Broken(format) => write!(f, "the {format} data is damaged"),
            Damage::Foreign(format) => write!(f, "something else follows the {format} data"),
            Damage::Memory(format) => {
                write!(f, "the {format} data takes more memory to decompress than is allowed")
            }
            Damage::Encrypted => f.write_str("it is encrypted"),
            Damage::Method(number) => write!(f, "zip method {number} is not supported"),
            Damage::Overlap => f.write_str("it overlaps another member of the zip"),
        }
    }
}

impl Error for Damage {}

impl From<Damage> for io::Error {
    fn from(damage: Damage) -> io::Error {
        let kind = match damage {
            Damage::CutOff(_) => io::ErrorKind::UnexpectedEof,
            Damage::Encrypted | Damage::Method(_) | Damage::Memory(_) => io::ErrorKind::Unsupported,
            Damage::Broken(_) | Damage::Foreign(_) | Damage::Overlap => io::ErrorKind::InvalidData,
        };
        io::Error::new(kind, damage)
    }
}
