//! The members of archives as sources of their own, in the order of the archive.

use std::error::Error;
use std::fmt;
use std::io::{self, Read};
use std::iter;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use crate::input::archive::tar::Tar;
use crate::input::archive::zip::Zip;
use crate::input::archive::{Member, MemberKind, safe_path};
use crate::input::file::{ReadContext, Waiting};
use crate::input::file_name;
use crate::input::selection::{Selection, SkipCounts};
use crate::input::source::{MemberAccess, Source};
use crate::input::stream::{Archive, BoxedRead, Nesting, Stream};
use crate::sys::file::FileKind;
use crate::term::sanitize::path_text;

/// A source and its bytes.
pub type Opened = (Arc<Source>, io::Result<Stream>);

/// Sources, each of which is opened when its turn comes.
pub type OpenedSources = Box<dyn Iterator<Item = Opened> + Send>;

/// Decides about members that were unknown when the run began.
pub type MemberPolicy = Arc<Mutex<dyn FnMut(&Arc<Source>) -> MemberDecision + Send>>;

/// A decision about a member.
pub enum MemberDecision {
    Read,
    /// Its output already exists.
    Skip,
    Refuse(OutputConflict),
}

/// An output that must not be written, found only while an archive is read.
#[derive(Clone, Debug)]
pub struct OutputConflict {
    pub output: PathBuf,
    pub reason: String,
}

impl OutputConflict {
    /// The conflict that an error is about.
    pub fn of(error: &io::Error) -> Option<&OutputConflict> {
        error.get_ref()?.downcast_ref()
    }

    /// The output and the reason.
    pub fn message(&self) -> String {
        format!("{}: {}", path_text(&self.output), self.reason)
    }
}

impl fmt::Display for OutputConflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl Error for OutputConflict {}

impl From<OutputConflict> for io::Error {
    fn from(conflict: OutputConflict) -> io::Error {
        io::Error::other(conflict)
    }
}

/// Opens archives.
#[derive(Clone)]
pub struct ArchiveOpener {
    /// Which members are read.
    pub selection: Selection,
    /// Counts the others.
    pub skip_counts: SkipCounts,
    pub context: ReadContext,
    pub policy: MemberPolicy,
}

impl ArchiveOpener {
    /// The members of an archive that are read, then the archive itself if it is damaged.
    pub fn open(&self, source: Arc<Source>, archive: Archive, waiting: Waiting) -> OpenedSources {
        match archive {
            Archive::Tar(tar) => {
                let tar = Some(Arc::new(Mutex::new(*tar)));
                Box::new(TarMembers { source, tar, waiting, opener: self.clone() })
            }
            Archive::Zip(bytes_read) => {
                self.context.take_back(bytes_read);
                match zip_members(&source, &self.selection, &self.skip_counts) {
                    Ok(members) => {
                        let opener = self.clone();
                        let open = move |member: Source| {
                            opener.open_member(Arc::new(member), |source| source.open(&opener.context))
                        };
                        Box::new(members.into_iter().filter_map(open))
                    }
                    Err(error) => Box::new(iter::once((source, Err(error)))),
                }
            }
        }
    }

    /// Opens a member if the policy lets it be read.
    fn open_member(
        &self,
        source: Arc<Source>,
        open: impl FnOnce(&Source) -> io::Result<Stream>,
    ) -> Option<Opened> {
        let mut policy = self.policy.lock().unwrap();
        let decision = policy(&source);
        drop(policy);
        let stream = match decision {
            MemberDecision::Read => open(&source),
            MemberDecision::Refuse(conflict) => Err(conflict.into()),
            MemberDecision::Skip => {
                self.skip_counts.skip(1);
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
    skip_counts: &SkipCounts,
) -> io::Result<Vec<Source>> {
    let file = archive.open_file()?;
    if FileKind::of_open(&file)? != FileKind::Regular {
        return Err(io::Error::other("a zip cannot be read from a pipe: save it to a file first"));
    }
    let members = Zip::new(file)?.members()?.into_iter();
    let sources = members.filter_map(|(member, content)| {
        let path = select(&member, selection, skip_counts)?;
        Some(Source::member(archive, path, MemberAccess::Direct(content)))
    });
    Ok(sources.collect())
}

/// The path of a member to read; `None` for others, which are counted unless they are directories.
fn select(member: &Member, selection: &Selection, skip_counts: &SkipCounts) -> Option<PathBuf> {
    let kind = match member.kind {
        MemberKind::Directory => return None,
        MemberKind::File => match safe_path(&member.path) {
            Some(path) if selection.reads_member(&path) => return Some(path),
            Some(path) => file_name::kind(&path),
            None => "unsafe path".into(),
        },
        MemberKind::Sparse => "sparse file".into(),
        MemberKind::Link => "link".into(),
        MemberKind::Special => "special file".into(),
    };
    skip_counts.leave_out(kind);
    None
}

/// The members of a tar, each of which has to be read before the next is known.
struct TarMembers {
    source: Arc<Source>,
    /// `None` after its end.
    tar: Option<SharedTar>,
    waiting: Waiting,
    opener: ArchiveOpener,
}

type SharedTar = Arc<Mutex<Tar<BoxedRead>>>;

impl Iterator for TarMembers {
    type Item = Opened;

    fn next(&mut self) -> Option<Opened> {
        loop {
            let tar = self.tar.as_ref()?;
            let next = tar.lock().unwrap().next_member();
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
            let ArchiveOpener { selection, skip_counts, .. } = &self.opener;
            let Some(path) = select(&member, selection, skip_counts) else { continue };
            let source = Arc::new(Source::member(&self.source, path, MemberAccess::InTurn));
            let open = |_: &Source| Ok(Stream::new(Content(Arc::clone(tar)), self.waiting, Nesting::Member));
            if let Some(opened) = self.opener.open_member(source, open) {
                return Some(opened);
            }
        }
    }
}

/// The content of the member of a tar whose turn it is.
struct Content(SharedTar);

impl Read for Content {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.lock().unwrap().read(buffer)
    }
}
