//! A source of payloads: standard input, a file, or a member of an archive.

use std::fs::{self, File};
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};
use std::time::SystemTime;

use crate::input::archive::zip::ZipMember;
use crate::input::file::{InputFile, ReadContext, Waiting};
use crate::input::file_name;
use crate::input::stream::{Nesting, Stream};
use crate::sys::file::{self, FileKind, Identity};
use crate::sys::stream;
use crate::term::sanitize::path_text;

/// A source of payloads.
#[derive(Clone, Debug)]
pub struct Source {
    pub origin: Origin,
    /// The path of its output in `--output-dir`, but with the input's extension.
    pub relative: PathBuf,
    pub contents: Contents,
    /// The number of bytes to read, if it is a regular file or in one.
    pub bytes: Option<u64>,
    pub member_root: MemberRoot,
}

/// Contents of a source, as far as they are known before it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contents {
    /// Payloads, unless it turns out to be an archive.
    Payloads,
    /// Its content decides whether it is read.
    Unknown,
    /// Members, which have their own outputs instead.
    Members,
}

/// The place that a source is read from.
#[derive(Clone, Debug)]
pub enum Origin {
    Stdin,
    File(PathBuf),
    /// A member of an archive, with its path in it.
    Member(Arc<Source>, PathBuf, MemberAccess),
}

/// Access to a member of an archive.
#[derive(Clone, Debug)]
pub enum MemberAccess {
    /// In its turn, while a tar is read.
    InTurn,
    /// By itself, in a zip.
    Direct(ZipMember),
}

/// The directory that the outputs of an archive's members are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberRoot {
    /// The output directory, as for a directory that is named.
    OutputDirectory,
    /// One named after the archive, without its extensions.
    OwnDirectory,
}

impl Source {
    pub fn stdin() -> Source {
        Source::new(Origin::Stdin, "stdin".into(), MemberRoot::OutputDirectory)
    }

    pub fn file(path: PathBuf, relative: PathBuf, member_root: MemberRoot) -> Source {
        Source::new(Origin::File(path), relative, member_root)
    }

    /// A member of an archive, by its path there.
    pub fn member(archive: &Arc<Source>, path: PathBuf, access: MemberAccess) -> Source {
        let relative = match archive.member_root {
            MemberRoot::OutputDirectory => path.clone(),
            MemberRoot::OwnDirectory => file_name::without_archive_extension(&archive.relative).join(&path),
        };
        let origin = Origin::Member(Arc::clone(archive), path, access);
        Source::new(origin, relative, MemberRoot::OutputDirectory)
    }

    fn new(origin: Origin, relative: PathBuf, member_root: MemberRoot) -> Source {
        let kind = match &origin {
            Origin::File(path) => FileKind::of(path),
            Origin::Stdin => stream::stdin().and_then(|file| FileKind::of_open(&file)),
            Origin::Member(.., MemberAccess::Direct(member)) => Ok(FileKind::Regular(member.stored_bytes())),
            Origin::Member(archive, ..) => Ok(archive.bytes.map_or(FileKind::Other, FileKind::Regular)),
        };
        let bytes = if let Ok(FileKind::Regular(bytes)) = kind { Some(bytes) } else { None };
        Source { origin, relative, contents: Contents::Payloads, bytes, member_root }
    }

    /// The name that messages and rejects give it.
    pub fn name(&self) -> String {
        match &self.origin {
            Origin::Stdin => "-".into(),
            Origin::File(path) => path_text(path),
            // An archive writes its paths in one way, whatever separates names on this system.
            Origin::Member(archive, path, _) => {
                let names: Vec<_> = path.iter().map(|name| path_text(name.as_ref())).collect();
                format!("{}:{}", archive.name(), names.join("/"))
            }
        }
    }

    pub fn is_member(&self) -> bool {
        matches!(self.origin, Origin::Member(..))
    }

    /// Whether it is a terminal.
    pub fn is_terminal(&self) -> bool {
        // Asked for each reject, and the answer takes a system call.
        static STDIN: LazyLock<bool> = LazyLock::new(|| io::stdin().is_terminal());
        matches!(self.origin, Origin::Stdin) && *STDIN
    }

    /// Opens it for reading.
    pub fn open(&self, context: &ReadContext, nesting: Nesting) -> io::Result<Stream> {
        if let Origin::Member(.., MemberAccess::Direct(member)) = &self.origin {
            return Ok(Stream::new(member.open(context)?, Waiting::Never, Nesting::Member));
        }
        let file = InputFile::new(self.open_file()?, context)?;
        let waiting = file.waiting();
        Ok(Stream::new(file, waiting, nesting))
    }

    /// Opens the file that it is, or is in.
    pub fn open_file(&self) -> io::Result<File> {
        match &self.origin {
            Origin::File(path) => file::open(path),
            Origin::Stdin => stream::stdin(),
            Origin::Member(archive, ..) => archive.open_file(),
        }
    }

    /// The file that it is, or is in.
    pub fn identity(&self) -> Option<Identity> {
        match &self.origin {
            Origin::File(path) => Identity::of(path),
            Origin::Stdin => Identity::of_open(&self.open_file().ok()?),
            Origin::Member(archive, ..) => archive.identity(),
        }
    }

    /// The time of the last change of the file that it is, or is in.
    pub fn modified(&self) -> Option<SystemTime> {
        self.bytes?;
        let metadata = match &self.origin {
            Origin::File(path) => fs::metadata(path),
            Origin::Stdin => stream::stdin().and_then(|file| file.metadata()),
            Origin::Member(archive, ..) => return archive.modified(),
        };
        metadata.ok()?.modified().ok()
    }

    /// The path of its output in `--output-dir`.
    pub fn output(&self) -> PathBuf {
        file_name::output(&self.relative)
    }
}
