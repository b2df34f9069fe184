//! tar, read from its beginning to its end, one member after the other.

use std::borrow::Cow;
use std::io::{self, BufReader, Read};

use ::tar::{EntryType, Header};

use crate::input::archive::{Member, MemberKind, member_path};
use crate::input::damage::{Damage, Format};

/// Everything in a tar is padded to blocks of this size.
pub const BLOCK: usize = 512;

/// How long the name at the beginning of a header is.
const NAME_BYTES: usize = 100;
/// How long the mode after it is.
const MODE_BYTES: usize = 8;

/// The longest name or set of PAX records that is accepted.
const MAX_EXTENSION: u64 = 1 << 20;

const BROKEN: Damage = Damage::Broken(Format::Tar);
const CUT_OFF: Damage = Damage::CutOff(Format::Tar);

/// Whether the first block of something is a header.
pub fn is_tar(head: &[u8]) -> bool {
    may_begin_tar(head) && head.first_chunk().is_some_and(|block| !is_zero(block) && has_checksum(block))
}

/// Whether this may turn out to be a tar when more of it arrives. Complete records must not wait for that.
pub fn may_be_tar(head: &[u8]) -> bool {
    head.len() < BLOCK && may_begin_tar(head)
}

/// Whether this begins like a header: with a name, padded with zeros, then octal digits. Lines have a line feed,
/// and hardly any name begins like JSON.
fn may_begin_tar(head: &[u8]) -> bool {
    let (name, rest) = head.split_at(head.len().min(NAME_BYTES));
    let name = name.split(|byte| *byte == 0).next().unwrap_or(name);
    let text = name.strip_prefix(b"\xef\xbb\xbf").unwrap_or(name).trim_ascii_start();
    let is_json = matches!(text, [b'{' | b'[', b'{' | b'[' | b'"' | b' ' | b'}' | b']', ..]);
    let is_mode = |byte: &u8| matches!(byte, b'0'..=b'7' | b' ' | 0);
    !is_json && !name.iter().any(u8::is_ascii_control) && rest.iter().take(MODE_BYTES).all(is_mode)
}

/// A tar that is open. Reading from it reads the member that was found last.
pub struct Tar<R> {
    source: BufReader<R>,
    /// How many bytes of the member are left to read.
    left: u64,
    /// How much padding there is after it.
    padding: u64,
    /// Whether a block of zeros was the last thing read.
    ended: bool,
}

/// What extension headers say about the next member.
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
        Tar { source, left: 0, padding: 0, ended: false }
    }

    /// The next member; what was not read of the one before is skipped.
    ///
    /// If another tar follows, as when `cat` joins them, its members come next.
    ///
    /// # Errors
    /// When the system cannot read further, or the tar is damaged or has no end.
    pub fn next_member(&mut self) -> io::Result<Option<Member>> {
        let mut extension = Extension::default();
        let mut is_first = true;
        loop {
            self.skip()?;
            let mut block = [0; BLOCK];
            match self.fill(&mut block)? {
                0 if self.ended && is_first => return Ok(None),
                BLOCK => {}
                // After a block of zeros, the rest of the tar's padding may be missing.
                len if self.ended && is_first && is_zero(&block[..len]) => return Ok(None),
                _ => return Err(CUT_OFF.into()),
            }
            if is_zero(&block) && is_first {
                self.ended = true;
                continue;
            }
            if !has_checksum(&block) {
                let damage = if self.ended { Damage::Foreign(Format::Tar) } else { BROKEN };
                return Err(damage.into());
            }
            self.ended = false;
            let header = Header::from_byte_slice(&block);
            let stored = header.entry_size().map_err(|_| BROKEN)?;
            match header.entry_type() {
                EntryType::GNULongName => {
                    let mut name = self.extension(stored)?;
                    name.truncate(name.iter().position(|byte| *byte == 0).unwrap_or(name.len()));
                    extension.path = Some(name);
                }
                EntryType::XHeader => extension.add_pax(&self.extension(stored)?).ok_or(BROKEN)?,
                EntryType::GNULongLink | EntryType::XGlobalHeader => self.set_size(stored),
                kind => return self.member(header, kind, stored, extension).map(Some),
            }
            is_first = false;
        }
    }

    fn member(
        &mut self,
        header: &Header,
        kind: EntryType,
        stored: u64,
        extension: Extension,
    ) -> io::Result<Member> {
        let path = extension.path.map_or_else(|| header.path_bytes(), Cow::Owned);
        let is_file = !path.ends_with(b"/");
        let kind = match kind {
            _ if extension.is_sparse => MemberKind::Sparse,
            EntryType::GNUSparse => MemberKind::Sparse,
            EntryType::Directory => MemberKind::Directory,
            EntryType::Link | EntryType::Symlink => MemberKind::Link,
            EntryType::Char | EntryType::Block | EntryType::Fifo => MemberKind::Special,
            // Vendor types: volume labels, parts of files, lists of directories.
            other if other.as_byte().is_ascii_uppercase() => MemberKind::Special,
            _ if is_file => MemberKind::File,
            // This is how v7 marks a directory.
            _ => MemberKind::Directory,
        };
        if header.entry_type() == EntryType::GNUSparse {
            self.skip_sparse_map(header)?;
        }
        // Old headers give a link the size of the file that it leads to.
        let has_content = kind != MemberKind::Link || extension.is_pax;
        self.set_size(if has_content { extension.size.unwrap_or(stored) } else { 0 });
        Ok(Member { path: member_path(&path), kind })
    }

    /// Skips the blocks that continue the map of a sparse file.
    fn skip_sparse_map(&mut self, header: &Header) -> io::Result<()> {
        let mut goes_on = header.as_gnu().is_some_and(::tar::GnuHeader::is_extended);
        while goes_on {
            let mut block = [0; BLOCK];
            if self.fill(&mut block)? < BLOCK {
                return Err(CUT_OFF.into());
            }
            // 21 parts of 24 bytes come before the flag.
            goes_on = block[504] == 1;
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
        (self.left, self.padding) = (0, 0);
        if skipped == len { Ok(()) } else { Err(CUT_OFF.into()) }
    }

    /// Fills a block with what there is left to read.
    fn fill(&mut self, block: &mut [u8]) -> io::Result<usize> {
        let mut len = 0;
        while len < block.len() {
            match self.source.read(&mut block[len..]) {
                Ok(0) => break,
                Ok(more) => len += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(len)
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
