//! tar, read from its beginning to its end, one member after the other.

use std::borrow::Cow;
use std::io::{self, BufReader, Read};

use ::tar::{EntryType, Header};

use crate::input::archive::{Member, MemberKind, member_path};
use crate::input::damage::{Damage, Format};

/// Everything in a tar is padded to blocks of this size.
pub const BLOCK: usize = 512;

/// Bytes of the name that a header starts with, and of the mode after it.
const NAME_BYTES: usize = 100;
const MODE_BYTES: usize = 8;

/// GNU tar's own types: the name of the tar, a directory with a list of its files, and the rest of a file that begins in
/// the volume before.
const VOLUME_LABEL: u8 = b'V';
const LISTED_DIRECTORY: u8 = b'D';
const CONTINUED_FILE: u8 = b'M';

const SPARSE: MemberKind = MemberKind::Unreadable("it is a sparse file: unpack the tar first");
const HARD_LINK: MemberKind = MemberKind::Unreadable("it is a hard link to another member");
const CONTINUED: MemberKind =
    MemberKind::Unreadable("its beginning is in another volume: join the volumes first");

/// Bytes of a long name or a set of PAX records.
const MAX_EXTENSION: u64 = 1 << 20;

const BROKEN: Damage = Damage::Broken(Format::Tar);
const CUT_OFF: Damage = Damage::CutOff(Format::Tar);

/// Whether a source starts with a tar's header. Its checksum tells, so the name may look like anything, even JSON.
pub fn is_tar(head: &[u8]) -> bool {
    head.first_chunk().is_some_and(has_checksum)
}

/// Whether this may turn out to be a tar when more of it arrives: it starts with a name, padded with zeros, then octal
/// digits. Complete records must not wait for that. These end with a line feed or, before the zeros, with a bracket.
pub fn may_be_tar(head: &[u8]) -> bool {
    let (name, rest) = head.split_at(head.len().min(NAME_BYTES));
    let is_padded = name.contains(&0);
    let name = name.split(|byte| *byte == 0).next().unwrap_or(name);
    let is_record = !is_padded && matches!(name.trim_ascii_end(), [.., b'}' | b']']);
    let is_mode = |byte: &u8| matches!(byte, b'0'..=b'7' | b' ' | 0);
    head.len() < BLOCK
        && !is_record
        && !name.iter().any(u8::is_ascii_control)
        && rest.iter().take(MODE_BYTES).all(is_mode)
}

/// A tar that is open. Reading from it reads the member that was found last.
pub struct Tar<R> {
    source: BufReader<R>,
    /// Bytes of the member that are left to read, and of the padding after it.
    left: u64,
    padding: u64,
    /// Whether a block of zeros was the last thing read.
    has_ended: bool,
}

/// The extension headers of the next member.
#[derive(Default)]
struct Extension {
    path: Option<Vec<u8>>,
    size: Option<u64>,
    is_pax: bool,
    is_sparse: bool,
}

impl<R: Read> Tar<R> {
    /// Reads a tar from its beginning.
    pub fn new(source: R) -> Tar<R> {
        let source = BufReader::with_capacity(64 << 10, source);
        Tar { source, left: 0, padding: 0, has_ended: false }
    }

    /// The next member; what was not read of the one before is skipped.
    ///
    /// If another tar follows, as when `cat` joins them, its members come next. Anything else after the end is passed
    /// over.
    pub fn next_member(&mut self) -> io::Result<Option<Member>> {
        let mut extension = Extension::default();
        let mut is_extended = false;
        loop {
            self.skip()?;
            let block = self.block()?;
            if block.len() == BLOCK && is_zero(&block) && !is_extended {
                self.has_ended = true;
                continue;
            }
            if !is_tar(&block) {
                if self.has_ended {
                    // Compressed data may be damaged here, and what writes to a pipe must not fail.
                    io::copy(&mut self.source, &mut io::sink())?;
                    return Ok(None);
                }
                return Err(if block.len() < BLOCK { CUT_OFF } else { BROKEN }.into());
            }
            self.has_ended = false;
            let header = Header::from_byte_slice(&block);
            // GNU tar leaves the size of a label blank.
            let is_blank = is_zero(&header.as_old().size);
            let stored = if is_blank { 0 } else { header.entry_size().map_err(|_| BROKEN)? };
            match header.entry_type() {
                EntryType::GNULongName => {
                    let mut name = self.extension(stored)?;
                    name.truncate(name.iter().position(|byte| *byte == 0).unwrap_or(name.len()));
                    extension.path = Some(name);
                }
                EntryType::XHeader => extension.add_pax(&self.extension(stored)?).ok_or(BROKEN)?,
                EntryType::GNULongLink | EntryType::XGlobalHeader => self.set_size(stored),
                kind if kind.as_byte() == VOLUME_LABEL => {
                    self.set_size(stored);
                    is_extended = false;
                    continue;
                }
                kind => return self.member(header, kind, stored, extension).map(Some),
            }
            is_extended = true;
        }
    }

    fn member(
        &mut self,
        header: &Header,
        entry: EntryType,
        stored: u64,
        extension: Extension,
    ) -> io::Result<Member> {
        let path = extension.path.map_or_else(|| header.path_bytes(), Cow::Owned);
        let size = extension.size.unwrap_or(stored);
        let kind = match entry {
            _ if extension.is_sparse => SPARSE,
            EntryType::GNUSparse => SPARSE,
            EntryType::Directory => MemberKind::Directory,
            EntryType::Symlink => MemberKind::Link,
            // POSIX allows a hard link to have its content with it.
            EntryType::Link if !extension.is_pax || size == 0 => HARD_LINK,
            EntryType::Char | EntryType::Block | EntryType::Fifo => MemberKind::Special,
            other => match other.as_byte() {
                LISTED_DIRECTORY => MemberKind::Directory,
                CONTINUED_FILE => CONTINUED,
                // Other vendor types.
                b'A'..=b'Z' => MemberKind::Special,
                // This is how v7 marks a directory.
                _ if path.ends_with(b"/") => MemberKind::Directory,
                _ => MemberKind::File,
            },
        };
        if entry == EntryType::GNUSparse {
            self.skip_sparse_map(header)?;
        }
        // Old headers give a link the size of the file that it leads to.
        let is_link = matches!(entry, EntryType::Symlink | EntryType::Link);
        self.set_size(if is_link && !extension.is_pax { 0 } else { size });
        Ok(Member { path: member_path(&path), kind })
    }

    /// Skips the blocks that continue the map of a sparse file.
    fn skip_sparse_map(&mut self, header: &Header) -> io::Result<()> {
        let mut goes_on = header.as_gnu().is_some_and(::tar::GnuHeader::is_extended);
        while goes_on {
            // 21 parts of 24 bytes come before the flag.
            goes_on = self.block()?.first_chunk::<BLOCK>().ok_or(CUT_OFF)?[504] == 1;
        }
        Ok(())
    }

    fn set_size(&mut self, size: u64) {
        self.left = size;
        self.padding = size.wrapping_neg() % BLOCK as u64;
    }

    /// The content of a header that only describes the next member.
    fn extension(&mut self, size: u64) -> io::Result<Vec<u8>> {
        if size > MAX_EXTENSION {
            return Err(BROKEN.into());
        }
        self.set_size(size);
        let mut text = Vec::new();
        self.read_to_end(&mut text)?;
        Ok(text)
    }

    /// Skips to the next header.
    fn skip(&mut self) -> io::Result<()> {
        let len = self.left.checked_add(self.padding).ok_or(BROKEN)?;
        let skipped = io::copy(&mut self.source.by_ref().take(len), &mut io::sink())?;
        self.set_size(0);
        if skipped == len { Ok(()) } else { Err(CUT_OFF.into()) }
    }

    /// The next block, or what there is of it.
    fn block(&mut self) -> io::Result<Vec<u8>> {
        let mut block = Vec::with_capacity(BLOCK);
        self.source.by_ref().take(BLOCK as u64).read_to_end(&mut block)?;
        Ok(block)
    }
}

impl<R: Read> Read for Tar<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let room = usize::try_from(self.left).map_or(buffer.len(), |left| left.min(buffer.len()));
        if room == 0 {
            return Ok(0);
        }
        match self.source.read(&mut buffer[..room])? {
            0 => Err(CUT_OFF.into()),
            len => {
                self.left -= len as u64;
                Ok(len)
            }
        }
    }
}

impl Extension {
    /// Adds PAX records: `LENGTH KEY=VALUE` and a line feed. A value may contain line feeds too.
    fn add_pax(&mut self, mut records: &[u8]) -> Option<()> {
        self.is_pax = true;
        while !records.is_empty() {
            let space = records.iter().position(|byte| *byte == b' ')?;
            let len: usize = str::from_utf8(&records[..space]).ok()?.parse().ok()?;
            let record = records.get(space + 1..len)?.strip_suffix(b"\n")?;
            records = &records[len..];
            let equals = record.iter().position(|byte| *byte == b'=')?;
            let (key, value) = (&record[..equals], &record[equals + 1..]);
            match key {
                b"path" if !self.is_sparse => self.path = Some(value.to_vec()),
                b"size" => self.size = Some(str::from_utf8(value).ok()?.parse().ok()?),
                _ if key.starts_with(b"GNU.sparse.") => {
                    self.is_sparse = true;
                    if key == b"GNU.sparse.name" {
                        self.path = Some(value.to_vec());
                    }
                }
                _ => {}
            }
        }
        Some(())
    }
}

fn is_zero(block: &[u8]) -> bool {
    block.iter().all(|byte| *byte == 0)
}

/// Whether a header's checksum is right. Some old programs summed signed bytes.
fn has_checksum(block: &[u8; BLOCK]) -> bool {
    let Ok(said) = Header::from_byte_slice(block).cksum() else { return false };
    let counted = || block[..148].iter().chain(&[b' '; 8]).chain(&block[156..]);
    let unsigned: u32 = counted().map(|byte| u32::from(*byte)).sum();
    let signed: i32 = counted().map(|byte| i32::from(byte.cast_signed())).sum();
    said == unsigned || i64::from(said) == i64::from(signed)
}
