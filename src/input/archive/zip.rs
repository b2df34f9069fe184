//! zip. Its directory is at its end, so each member can be opened by itself.

use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;

use flate2::CrcReader;
use rawzip::{
    CompressionMethod, ErrorKind, FileReader, MAX_CENTRAL_DIRECTORY_RECORD_SIZE, RangeReader, ReaderAt,
    ZipArchive, ZipArchiveEntryWayfinder, ZipLocator,
};

use crate::input::archive::{Member, MemberKind, member_path};
use crate::input::compression::Decoder;
use crate::input::damage::{Damage, Format};
use crate::input::file::{CountedRead, ReadContext};

/// Bytes of the record at the end of a zip, before its comment.
const END_RECORD: usize = 22;
/// The value of a field of that record that is elsewhere, since it needs 64 bits.
const ELSEWHERE: u32 = u32::MAX;

/// Whether the first bytes are those of a zip, even one without members.
pub fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// Whether something may turn out to be a zip when more of it arrives.
pub fn may_be_zip(head: &[u8]) -> bool {
    head.len() < 4 && (b"PK\x03\x04".starts_with(head) || b"PK\x05\x06".starts_with(head))
}

/// A file from an offset on: several zips may be joined in it, and offsets in each count from its own start.
#[derive(Clone, Debug)]
struct Part {
    file: Arc<FileReader>,
    start: u64,
}

impl ReaderAt for Part {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        self.file.read_at(buffer, self.start.saturating_add(offset))
    }
}

/// A member that can be opened by itself, on any thread.
#[derive(Clone, Debug)]
pub struct ZipMember {
    archive: Arc<ZipArchive<Part>>,
    place: ZipArchiveEntryWayfinder,
    /// The offset of its header in the file.
    start: u64,
    crc: u32,
    method: Result<CompressionMethod, Damage>,
}

/// The members of a file, in their order.
pub struct ZipMembers {
    pub list: Vec<(Member, ZipMember)>,
    /// Why the file cannot be read before the first of them.
    pub error: Option<io::Error>,
}

/// The members of a file that is a zip or, as `cat` joins them, several.
pub fn members(file: File) -> io::Result<ZipMembers> {
    let mut end = file.metadata()?.len();
    let file = Part { file: Arc::new(FileReader::from(file)), start: 0 };
    let mut zips = Vec::new();
    let mut error = None;
    while end > 0 || zips.is_empty() {
        match archive_ending_at(end, &file).and_then(|archive| Ok((list(&archive)?, archive))) {
            Ok((members, archive)) => {
                let directory = archive.get_ref().start.saturating_add(archive.directory_offset());
                let start = members.iter().map(|(_, member)| member.start).min().unwrap_or(directory);
                end = start.min(end.saturating_sub(1));
                zips.push(members);
            }
            Err(cause) if zips.is_empty() => return Err(cause),
            Err(_) => {
                error = Some(io::Error::other("an incomplete zip comes before the last one"));
                break;
            }
        }
    }
    let mut list: Vec<_> = zips.into_iter().rev().flatten().collect();
    refuse_overlaps(&mut list);
    Ok(ZipMembers { list, error })
}

/// Opens the last zip that ends at or before an offset.
fn archive_ending_at(end: u64, file: &Part) -> io::Result<ZipArchive<Part>> {
    let archive = locate(file.clone(), end)?;
    let mut record = [0; END_RECORD];
    let at = archive.eocd_offset();
    file.read_exact_at(&mut record, at)?;
    let field = |at: usize| u32::from_le_bytes([0, 1, 2, 3].map(|index| record[at + index]));
    let (size, offset) = (field(12), field(16));
    if size == ELSEWHERE || offset == ELSEWHERE {
        return Ok(archive);
    }
    match at.checked_sub(u64::from(size) + u64::from(offset)) {
        None | Some(0) => Ok(archive),
        Some(start) => locate(Part { start, ..file.clone() }, end - start),
    }
}

fn locate(part: Part, end: u64) -> io::Result<ZipArchive<Part>> {
    let mut buffer = vec![0; rawzip::RECOMMENDED_BUFFER_SIZE];
    let found = ZipLocator::new().locate_in_reader(part, &mut buffer, end);
    found.map_err(|(_, error)| match error.kind() {
        ErrorKind::MissingEndOfCentralDirectory => Damage::CutOff(Format::Zip).into(),
        _ => damage(error),
    })
}

/// The members of one zip in the order of its directory.
fn list(archive: &ZipArchive<Part>) -> io::Result<Vec<(Member, ZipMember)>> {
    let shared = Arc::new(archive.clone());
    let mut buffer = vec![0; MAX_CENTRAL_DIRECTORY_RECORD_SIZE];
    let mut entries = archive.entries(&mut buffer);
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
        let content = ZipMember {
            archive: Arc::clone(&shared),
            place: entry.wayfinder(),
            start: archive.get_ref().start.saturating_add(entry.local_header_offset()),
            crc: entry.crc32(),
            method: if is_encrypted { Err(Damage::Encrypted) } else { Ok(entry.compression_method()) },
        };
        members.push((Member { path, kind }, content));
    }
    if members.len() as u64 != archive.entries_hint() {
        return Err(Damage::Broken(Format::Zip).into());
    }
    Ok(members)
}

impl ZipMember {
    /// Its compressed size in bytes.
    pub fn stored_bytes(&self) -> u64 {
        self.place.compressed_size_hint()
    }

    pub fn open(&self, context: &ReadContext) -> io::Result<Box<dyn Read + Send>> {
        let method = self.method?;
        let (start, end) = self.archive.get_entry(self.place).map_err(damage)?.compressed_data_range();
        let read = RangeReader::new(self.archive.get_ref().clone(), start..end);
        let stored = CountedRead { read, context: context.clone() };
        let content: Box<dyn Read + Send> = match method {
            CompressionMethod::STORE => Box::new(stored),
            CompressionMethod::DEFLATE => Box::new(Decoder::new(Format::Deflate, stored)?),
            CompressionMethod::BZIP2 => Box::new(Decoder::new(Format::Bzip2, stored)?),
            CompressionMethod::ZSTD => Box::new(Decoder::new(Format::Zstd, stored)?),
            CompressionMethod::XZ => Box::new(Decoder::new(Format::Xz, stored)?),
            other => return Err(Damage::Method(other.as_u16()).into()),
        };
        let left = self.place.uncompressed_size_hint();
        Ok(Box::new(CheckedRead { content: CrcReader::new(content), left, expected: self.crc }))
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
struct CheckedRead {
    content: CrcReader<Box<dyn Read + Send>>,
    left: u64,
    expected: u32,
}

impl Read for CheckedRead {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = self.content.read(buffer)?;
        let left = self.left.checked_sub(len as u64).ok_or(Damage::Broken(Format::Zip))?;
        if len == 0 && !buffer.is_empty() {
            if left > 0 {
                return Err(Damage::CutOff(Format::Zip).into());
            }
            if self.content.crc().sum() != self.expected {
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
