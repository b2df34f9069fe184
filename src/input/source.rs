//! A source of payloads: standard input, a file, or a member of an archive.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use std::time::SystemTime;

use crate::input::archive::zip::ZipMember;
use crate::input::file::{InputFile, ReadContext, Waiting};
use crate::input::file_name;
use crate::input::stream::{Content, Stream};
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
    /// If it is an archive, the directory of its members' outputs in `--output-dir`.
    pub member_root: PathBuf,
}

/// Whether a path of the command line stands for standard input.
pub fn is_stdin(path: impl AsRef<OsStr>) -> bool {
    path.as_ref() == "-"
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
    /// A member of an archive, with its path in it. In a zip, it can be opened by itself.
    Member(Arc<Source>, PathBuf, Option<ZipMember>),
}

impl Source {
    pub fn stdin() -> Source {
        Source::new(Origin::Stdin, "stdin".into())
    }

    /// A file that is named. If it is an archive, its members' outputs are at the top of the output directory.
    pub fn file(path: &Path) -> Source {
        let relative = path.file_name().map_or_else(|| path.to_owned(), PathBuf::from);
        Source::new(Origin::File(path.to_owned()), relative)
    }

    /// A file in a directory, by its path there.
    pub fn file_below(path: PathBuf, relative: PathBuf) -> Source {
        let member_root = file_name::without_archive_extension(&relative);
        Source { member_root, ..Source::new(Origin::File(path), relative) }
    }

    /// A member of an archive, by its path there.
    pub fn member(archive: &Arc<Source>, path: PathBuf, zip: Option<ZipMember>) -> Source {
        let relative = archive.member_root.join(&path);
        Source::new(Origin::Member(Arc::clone(archive), path, zip), relative)
    }

    fn new(origin: Origin, relative: PathBuf) -> Source {
        let bytes = match &origin {
            Origin::File(path) => regular_bytes(FileKind::of(path)),
            Origin::Stdin => regular_bytes(stream::stdin().and_then(|file| FileKind::of_open(&file))),
            Origin::Member(.., Some(member)) => Some(member.stored_bytes()),
            Origin::Member(archive, ..) => archive.bytes,
        };
        Source { origin, relative, contents: Contents::Payloads, bytes, member_root: PathBuf::new() }
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
    pub fn open(&self, context: &ReadContext) -> io::Result<Content> {
        if self.is_member() {
            return self.open_member(context).map(Content::Stream);
        }
        Ok(Content::open(InputFile::new(self.open_file()?, context)?, self.waiting()))
    }

    /// Opens it for reading, even if it is an archive.
    pub fn open_member(&self, context: &ReadContext) -> io::Result<Stream> {
        Ok(match &self.origin {
            Origin::Member(.., Some(member)) => Stream::new(member.open(context)?, Waiting::Never),
            _ => Stream::new(InputFile::new(self.open_file()?, context)?, self.waiting()),
        })
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

    pub fn waiting(&self) -> Waiting {
        if self.bytes.is_some() { Waiting::Never } else { Waiting::Possible }
    }

    /// The path of its output in `--output-dir`.
    pub fn output(&self) -> PathBuf {
        file_name::output(&self.relative)
    }
}

fn regular_bytes(kind: io::Result<FileKind>) -> Option<u64> {
    if let Ok(FileKind::Regular(bytes)) = kind { Some(bytes) } else { None }
}
