//! The members of archives as sources of their own, in the order of the archive.

use std::io::{self, Read};
use std::iter;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use crate::input::archive::refusal::Refusal;
use crate::input::archive::tar::Tar;
use crate::input::archive::zip::Zip;
use crate::input::archive::{Kind, Member, safe_path};
use crate::input::file_name::{Selection, counted_as};
use crate::input::meter::Meter;
use crate::input::not_read::NotRead;
use crate::input::source::{Found, Source};
use crate::input::stream::{Archive, BoxedRead, Nesting, Stream, Waiting};
use crate::sys::file_kind::FileKind;
use crate::sys::lock::lock;

/// A source and its bytes.
pub type Opened = (Arc<Source>, io::Result<Stream>);

/// Sources, each of which is opened when its turn comes.
pub type Sources = Box<dyn Iterator<Item = Opened> + Send>;

/// What to do with a member that was unknown when the run began.
pub enum Verdict {
    /// It is read.
    Read,
    /// Its output already exists.
    Skip,
    /// Its output must not be written.
    Refuse(Refusal),
}

/// Decides what to do with members.
pub type Judge = Arc<Mutex<dyn FnMut(&Arc<Source>) -> Verdict + Send>>;

/// Opens archives.
#[derive(Clone)]
pub struct Opener {
    /// Which members are read.
    pub selection: Selection,
    /// Counts the others.
    pub not_read: NotRead,
    /// Counts what is read.
    pub meter: Meter,
    /// Decides what to do with members.
    pub judge: Judge,
}

impl Opener {
    /// The members of an archive that are read, then the archive itself if it is damaged.
    pub fn open(&self, source: Arc<Source>, archive: Archive, waiting: Waiting) -> Sources {
        match archive {
            Archive::Tar(tar) => {
                let tar = Some(Arc::new(Mutex::new(*tar)));
                Box::new(TarMembers { source, tar, waiting, opener: self.clone() })
            }
            Archive::Zip(bytes_read) => {
                self.meter.take_back(bytes_read);
                match zip_members(&source, &self.selection, &self.not_read) {
                    Ok(members) => {
                        let opener = self.clone();
                        let open = move |member: Source| {
                            opener.judge(Arc::new(member), |source| source.open(&opener.meter))
                        };
                        Box::new(members.into_iter().filter_map(open))
                    }
                    Err(error) => Box::new(iter::once((source, Err(error)))),
                }
            }
        }
    }

    /// Opens a member, if it is to be read.
    fn judge(&self, source: Arc<Source>, open: impl FnOnce(&Source) -> io::Result<Stream>) -> Option<Opened> {
        let verdict = lock(&self.judge)(&source);
        let stream = match verdict {
            Verdict::Read => open(&source),
            Verdict::Refuse(refusal) => Err(refusal.into()),
            Verdict::Skip => {
                self.not_read.skip(1);
                return None;
            }
        };
        Some((source, stream))
    }
}

/// The members of a zip that are read.
///
/// # Errors
/// When it is not a regular file, the system cannot read it, or it is damaged.
pub fn zip_members(
    archive: &Arc<Source>,
    selection: &Selection,
    not_read: &NotRead,
) -> io::Result<Vec<Source>> {
    let file = archive.open_file()?;
    if FileKind::of_open(&file)? != FileKind::Regular {
        return Err(io::Error::other("a zip cannot be read from a pipe: save it to a file first"));
    }
    let members = Zip::new(file)?.members()?.into_iter();
    let sources = members.filter_map(|(member, content)| {
        let path = choose(&member, selection, not_read)?;
        Some(Source::member(archive, path, Found::InZip(content)))
    });
    Ok(sources.collect())
}

/// The path of a member to read; `None` for others, which are counted unless they are directories.
fn choose(member: &Member, selection: &Selection, not_read: &NotRead) -> Option<PathBuf> {
    let kind = match member.kind {
        Kind::Directory => return None,
        Kind::File => match safe_path(&member.path) {
            Some(path) if selection.reads_member(&path) => return Some(path),
            Some(path) => counted_as(&path),
            None => "unsafe path".into(),
        },
        Kind::Sparse => "sparse file".into(),
        Kind::Link => "link".into(),
        Kind::Special => "special file".into(),
    };
    not_read.leave_out(kind);
    None
}

/// The members of a tar, each of which has to be read before the next is known.
struct TarMembers {
    source: Arc<Source>,
    /// The tar, until its end.
    tar: Option<SharedTar>,
    waiting: Waiting,
    opener: Opener,
}

type SharedTar = Arc<Mutex<Tar<BoxedRead>>>;

impl Iterator for TarMembers {
    type Item = Opened;

    fn next(&mut self) -> Option<Opened> {
        loop {
            let tar = self.tar.as_ref()?;
            let next = lock(tar).next_member();
            let member = match next {
                Ok(Some(member)) => member,
                Ok(None) => {
                    self.tar = None;
                    return None;
                }
                Err(error) => {
                    self.tar = None;
                    return Some((Arc::clone(&self.source), Err(error)));
                }
            };
            let Opener { selection, not_read, .. } = &self.opener;
            let Some(path) = choose(&member, selection, not_read) else { continue };
            let source = Arc::new(Source::member(&self.source, path, Found::InTurn));
            let open = |_: &Source| Ok(Stream::new(Content(Arc::clone(tar)), self.waiting, Nesting::Member));
            if let Some(opened) = self.opener.judge(source, open) {
                return Some(opened);
            }
        }
    }
}

/// The content of the member of a tar whose turn it is.
struct Content(SharedTar);

impl Read for Content {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        lock(&self.0).read(buffer)
    }
}
