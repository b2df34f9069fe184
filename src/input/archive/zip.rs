//! zip. Its directory is at its end, so each member can be opened by itself.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;

use flate2::Crc;
use rawzip::{
    CompressionMethod, ErrorKind, FileReader, MAX_CENTRAL_DIRECTORY_RECORD_SIZE, RangeReader, ZipArchive,
    ZipArchiveEntryWayfinder,
};

use crate::input::archive::{Member, MemberKind, member_path};
use crate::input::compression::decoder::Decoder;
use crate::input::damage::{Damage, Format};
use crate::input::file::{CountedRead, ReadContext};

/// Whether the first bytes are those of a zip, even one without members.
pub fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// Whether something may turn out to be a zip when more of it arrives.
pub fn may_be_zip(head: &[u8]) -> bool {
    head.len() < 4 && (b"PK\x03\x04".starts_with(head) || b"PK\x05\x06".starts_with(head))
}

/// A zip that is open.
#[derive(Clone)]
pub struct Zip {
    archive: Arc<ZipArchive<Arc<FileReader>>>,
}

impl fmt::Debug for Zip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Zip")
    }
}

/// The content of a member, and where it is. It can be opened by itself, on any thread.
#[derive(Clone, Debug)]
pub struct ZipMember {
    zip: Zip,
    size: u64,
    place: ZipArchiveEntryWayfinder,
    start: u64,
    crc: u32,
    method: Result<CompressionMethod, Damage>,
}

impl Zip {
    /// Opens a zip by its directory, which is at its end.
    ///
    /// # Errors
    /// When the system cannot read it, or there is no directory.
    pub fn new(file: File) -> io::Result<Zip> {
        let len = file.metadata()?.len();
        let reader = Arc::new(FileReader::from(file));
        let mut buffer = vec![0; rawzip::RECOMMENDED_BUFFER_SIZE];
        let found = rawzip::ZipLocator::new().locate_in_reader(reader, &mut buffer, len);
        let archive = found.map_err(|(_, error)| match error.kind() {
            ErrorKind::MissingEndOfCentralDirectory => Damage::CutOff(Format::Zip).into(),
            _ => damage(error),
        })?;
        Ok(Zip { archive: Arc::new(archive) })
    }

    /// Its members in the order of its directory.
    ///
    /// # Errors
    /// When the system cannot read the directory, or it is damaged.
    pub fn members(&self) -> io::Result<Vec<(Member, ZipMember)>> {
        let mut buffer = vec![0; MAX_CENTRAL_DIRECTORY_RECORD_SIZE];
        let mut entries = self.archive.entries(&mut buffer);
        let mut members = Vec::new();
        while let Some(entry) = entries.next_entry().map_err(damage)? {
            let path = member_path(entry.file_path().as_bytes());
            // What `zip -` packs from a pipe says that it is a FIFO, and has content all the same.
            let kind = match entry.mode().value() & 0o170_000 {
                _ if entry.is_dir() => MemberKind::Directory,
                0o040_000 => MemberKind::Directory,
                0o120_000 => MemberKind::Link,
                _ => MemberKind::File,
            };
            let is_encrypted = entry.flags().is_encrypted() || entry.compression_method().as_u16() == 99;
            let size = entry.uncompressed_size_hint();
            let content = ZipMember {
                zip: self.clone(),
                size,
                place: entry.wayfinder(),
                start: entry.local_header_offset(),
                crc: entry.crc32(),
                method: if is_encrypted { Err(Damage::Encrypted) } else { Ok(entry.compression_method()) },
            };
            members.push((Member { path, kind }, content));
        }
        if members.len() as u64 != self.archive.entries_hint() {
            return Err(Damage::Broken(Format::Zip).into());
        }
        refuse_overlaps(&mut members);
        Ok(members)
    }
}

impl ZipMember {
    /// Its compressed size in bytes.
    pub fn stored_bytes(&self) -> u64 {
        self.place.compressed_size_hint()
    }

    /// Opens it.
    ///
    /// # Errors
    /// When the system cannot read it, or it is not where the directory says, is encrypted, or has an
    /// unsupported compression method.
    pub fn open(&self, meter: &ReadContext) -> io::Result<Box<dyn Read + Send>> {
        let method = self.method?;
        let archive = &self.zip.archive;
        let (start, end) = archive.get_entry(self.place).map_err(damage)?.compressed_data_range();
        let stored = CountedRead::new(RangeReader::new(Arc::clone(archive.get_ref()), start..end), meter);
        let content: Box<dyn Read + Send> = match method {
            CompressionMethod::STORE => Box::new(stored),
            CompressionMethod::DEFLATE => Box::new(Decoder::new(Format::Deflate, stored)?),
            CompressionMethod::BZIP2 => Box::new(Decoder::new(Format::Bzip2, stored)?),
            CompressionMethod::ZSTD => Box::new(Decoder::new(Format::Zstd, stored)?),
            CompressionMethod::XZ => Box::new(Decoder::new(Format::Xz, stored)?),
            other => return Err(Damage::Method(other.as_u16()).into()),
        };
        Ok(Box::new(Checked { content, left: self.size, crc: Crc::new(), said: self.crc }))
    }
}

/// Members that share bytes could make a small zip endless work.
fn refuse_overlaps(members: &mut [(Member, ZipMember)]) {
    let mut order: Vec<usize> = (0..members.len()).collect();
    order.sort_by_key(|index| members[*index].1.start);
    let mut end = 0;
    for index in order {
        let member = &mut members[index].1;
        if member.start < end {
            member.method = Err(Damage::Overlap);
        }
        // At least 30 bytes come before the content.
        end = end.max(member.start.saturating_add(30).saturating_add(member.place.compressed_size_hint()));
    }
}

/// The content of a member, whose length and checksum are checked at its end.
struct Checked {
    content: Box<dyn Read + Send>,
    left: u64,
    crc: Crc,
    said: u32,
}

impl Read for Checked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.content.read(buffer)?;
        self.crc.update(&buffer[..len]);
        let left = self.left.checked_sub(len as u64).ok_or(Damage::Broken(Format::Zip))?;
        if len == 0 && !buffer.is_empty() {
            if left > 0 {
                return Err(Damage::CutOff(Format::Zip).into());
            }
            if self.crc.sum() != self.said {
                return Err(Damage::Broken(Format::Zip).into());
            }
        }
        self.left = left;
        Ok(len)
    }
}

fn damage(error: rawzip::Error) -> io::Error {
    match error.kind() {
        ErrorKind::IO(inner) if inner.kind() == io::ErrorKind::UnexpectedEof => {
            Damage::CutOff(Format::Zip).into()
        }
        ErrorKind::IO(inner) => match inner.raw_os_error() {
            Some(code) => io::Error::from_raw_os_error(code),
            None => inner.kind().into(),
        },
        ErrorKind::Eof => Damage::CutOff(Format::Zip).into(),
        _ => Damage::Broken(Format::Zip).into(),
    }
}
