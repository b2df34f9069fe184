//! A source of payloads: standard input, a file, or a member of an archive.

use std::fs::{self, File};
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};
use std::time::SystemTime;

use crate::input::archive::zip::ZipMember;
use crate::input::file::InputFile;
use crate::input::file_name;
use crate::input::meter::Meter;
use crate::input::stream::{Nesting, Stream, Waiting};
use crate::sys::file_kind::FileKind;
use crate::sys::same_file::Identity;
use crate::sys::to_read;
use crate::term::sanitize::path_text;

/// Where payloads come from.
#[derive(Clone, Debug)]
pub struct Source {
    /// Where it is.
    pub origin: Origin,
    /// The path of its output in `--output-dir`, but with the input's extension.
    pub relative: PathBuf,
    /// What it holds, as far as that is known before it is read.
    pub holds: Holds,
    /// Where its members' paths start if it is an archive.
    pub members: Members,
}

/// What a source holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// Payloads, unless it turns out to be an archive.
    Payloads,
    /// Members, which have their own outputs instead.
    Members,
}

/// Where a source is.
#[derive(Clone, Debug)]
pub enum Origin {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
    /// A member of an archive: the archive, the path in it, and how it is found.
    Member(Arc<Source>, PathBuf, Found),
}

/// How a member of an archive is found.
#[derive(Clone, Debug)]
pub enum Found {
    /// In its turn, while a tar is read.
    InTurn,
    /// By itself, in a zip.
    InZip(ZipMember),
}

/// Where the output paths of an archive's members start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Members {
    /// In the output directory, as for a directory that is named.
    AtRoot,
    /// In a directory named after the archive, without its extensions.
    InOwnDirectory,
}

impl Source {
    /// Standard input.
    pub fn stdin() -> Source {
        Source {
            origin: Origin::Stdin,
            relative: "stdin".into(),
            holds: Holds::Payloads,
            members: Members::AtRoot,
        }
    }

    /// A file.
    pub fn file(path: PathBuf, relative: PathBuf, members: Members) -> Source {
        Source { origin: Origin::File(path), relative, holds: Holds::Payloads, members }
    }

    /// A member of an archive, by a safe path.
    pub fn member(archive: &Arc<Source>, path: PathBuf, found: Found) -> Source {
        let relative = match archive.members {
            Members::AtRoot => path.clone(),
            Members::InOwnDirectory => file_name::without_archive_extension(&archive.relative).join(&path),
        };
        let origin = Origin::Member(Arc::clone(archive), path, found);
        Source { origin, relative, holds: Holds::Payloads, members: Members::AtRoot }
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

    /// Whether somebody types it.
    pub fn is_terminal(&self) -> bool {
        // Asked for each reject, and the answer takes a system call.
        static STDIN: LazyLock<bool> = LazyLock::new(|| io::stdin().is_terminal());
        matches!(self.origin, Origin::Stdin) && *STDIN
    }

    /// Opens it for reading.
    ///
    /// # Errors
    /// When the system refuses, or it is a member of a zip that cannot be read.
    pub fn open(&self, meter: &Meter) -> io::Result<Stream> {
        if let Origin::Member(.., Found::InZip(member)) = &self.origin {
            return Ok(Stream::new(member.open(meter)?, Waiting::Never, Nesting::Member));
        }
        let file = InputFile::new(self.open_file()?, meter)?;
        let waiting = file.waiting();
        Ok(Stream::new(file, waiting, Nesting::Outermost))
    }

    /// Opens the file that it is, or is in.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn open_file(&self) -> io::Result<File> {
        match &self.origin {
            Origin::File(path) => to_read::open(path),
            Origin::Stdin => to_read::stdin(),
            Origin::Member(archive, ..) => archive.open_file(),
        }
    }

    /// Which file it is, or is in.
    pub fn identity(&self) -> Option<Identity> {
        match &self.origin {
            Origin::File(path) => Identity::of(path),
            Origin::Stdin => Identity::of_open(&self.open_file().ok()?),
            Origin::Member(archive, ..) => archive.identity(),
        }
    }

    /// When it was last changed, if it is a file, or the archive that it is in.
    pub fn modified(&self) -> Option<SystemTime> {
        self.metadata()?.modified().ok()
    }

    /// How many bytes there are to read, if it is a file.
    pub fn bytes(&self) -> Option<u64> {
        match &self.origin {
            Origin::Member(.., Found::InZip(member)) => Some(member.stored_bytes()),
            _ => Some(self.metadata()?.len()),
        }
    }

    fn metadata(&self) -> Option<fs::Metadata> {
        match &self.origin {
            Origin::File(path) => fs::metadata(path).ok().filter(fs::Metadata::is_file),
            Origin::Stdin => {
                let file = self.open_file().ok()?;
                let is_file = FileKind::of_open(&file).ok()? == FileKind::Regular;
                is_file.then(|| file.metadata().ok())?
            }
            Origin::Member(archive, ..) => archive.metadata(),
        }
    }

    /// The path of its output in `--output-dir`.
    pub fn output(&self) -> PathBuf {
        file_name::output(&self.relative)
    }
}
