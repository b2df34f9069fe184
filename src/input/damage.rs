//! Damage to compressed data and archives, as opposed to failures of the system.

use std::error::Error;
use std::io;

/// A format that compresses or packs files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::Display)]
#[strum(serialize_all = "lowercase")]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::Display)]
pub enum Damage {
    #[strum(to_string = "the {0} data is cut off")]
    CutOff(Format),
    #[strum(to_string = "the {0} data is damaged")]
    Broken(Format),
    #[strum(to_string = "something else follows the {0} data")]
    Foreign(Format),
    #[strum(to_string = "the {0} data takes more memory to decompress than is allowed")]
    Memory(Format),
    #[strum(to_string = "it is encrypted")]
    Encrypted,
    /// A compression method, by its number in the zip format.
    #[strum(to_string = "zip method {0} is not supported")]
    Method(u16),
    #[strum(to_string = "it overlaps another member of the zip")]
    Overlap,
}

impl Damage {
    /// The damage that an error is about; `None` for a system error.
    pub fn of(error: &io::Error) -> Option<Damage> {
        error.get_ref()?.downcast_ref::<Damage>().copied()
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
