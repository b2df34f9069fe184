//! Opens sources: files, and the members of archives in the order of the archive.

use std::io::{self, Read};
use std::iter;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use crate::input::archive::tar::Tar;
use crate::input::archive::zip::{self, ZipMember};
use crate::input::archive::{Member, MemberKind, safe_path};
use crate::input::content::{Start, holds_payload, search_start};
use crate::input::file::ReadContext;
use crate::input::file_name;
use crate::input::selection::Selection;
use crate::input::source::{Contents, Source};
use crate::input::stream::{BoxedRead, Content, Stream};
use crate::sys::file::FileKind;

/// A source and its bytes.
pub type Opened = (Arc<Source>, Result<Stream, NotOpened>);

/// Sources, each of which is opened when its turn comes.
pub type OpenedSources = Box<dyn Iterator<Item = Opened> + Send>;

/// The reason why a source is not opened.
#[derive(Debug)]
pub enum NotOpened {
    /// It cannot be read, or its output cannot be written; the run goes on.
    Unread(io::Error),
    /// The run ends.
    Refused(OutputConflict),
}

/// An output that must not be written.
#[derive(Debug)]
pub struct OutputConflict {
    pub output: PathBuf,
    pub reason: String,
}

impl From<io::Error> for NotOpened {
    fn from(error: io::Error) -> NotOpened {
        NotOpened::Unread(error)
    }
}

/// Decides about members that were unknown when the run began.
pub type MemberPolicy = Arc<Mutex<dyn FnMut(&Arc<Source>) -> Result<Admission, NotOpened> + Send>>;

/// A decision about a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    Read,
    /// Its output already exists.
    Skip,
}

/// Opens sources when their turn comes.
#[derive(Clone)]
pub struct Opener {
    /// Which members are read.
    pub selection: Selection,
    pub context: ReadContext,
    pub policy: MemberPolicy,
}

impl Opener {
    /// Opens a source that is to be read. Of an archive, these are its members, then the archive itself if it is
    /// damaged.
    pub fn open(&self, source: Arc<Source>) -> OpenedSources {
        if !is_wanted(&source, &self.context, &self.selection) {
            return Box::new(iter::empty());
        }
        let opened = self.opened(&source);
        opened.unwrap_or_else(|error| Box::new(iter::once((source, Err(error.into())))))
    }

    fn opened(&self, source: &Arc<Source>) -> io::Result<OpenedSources> {
        Ok(match source.open(&self.context)? {
            Content::Stream(stream) => Box::new(iter::once((Arc::clone(source), Ok(stream)))),
            Content::Tar(tar) => {
                let tar = Some(Arc::new(Mutex::new(*tar)));
                Box::new(TarMembers { source: Arc::clone(source), tar, opener: self.clone() })
            }
            Content::Zip(bytes_read) => {
                self.context.take_back(bytes_read);
                let (members, error) = zip_members(source, &self.selection)?;
                let failed = error.map(|error| (Arc::clone(source), Err(error.into())));
                let opener = self.clone();
                let members = members.into_iter().filter_map(move |member| opener.open_member(member));
                Box::new(members.chain(failed))
            }
        })
    }

    /// Opens a member of a zip, if it is to be read.
    fn open_member(&self, member: Arc<Source>) -> Option<Opened> {
        if !is_wanted(&member, &self.context, &self.selection) {
            return None;
        }
        let stream = self.admit(&member)?.and_then(|()| Ok(member.open_member(&self.context)?));
        Some((member, stream))
    }

    /// Asks the policy about a member; `None` if it is skipped.
    fn admit(&self, member: &Arc<Source>) -> Option<Result<(), NotOpened>> {
        let mut policy = self.policy.lock().unwrap();
        match policy(member) {
            Ok(Admission::Read) => Some(Ok(())),
            Ok(Admission::Skip) => {
                self.selection.skips.skip(1);
                None
            }
            Err(reason) => Some(Err(reason)),
        }
    }
}

/// Whether a source is read, if its content decides; otherwise it is counted.
pub fn is_wanted(source: &Arc<Source>, context: &ReadContext, selection: &Selection) -> bool {
    let is_wanted = source.contents != Contents::Unknown || holds_payload(source, context);
    if !is_wanted {
        selection.skips.leave_out(file_name::kind(&source.relative), || source.name());
    }
    is_wanted
}

/// The members of a zip that are read unless their content shows otherwise, and the error of what comes before it.
pub fn zip_members(
    archive: &Arc<Source>,
    selection: &Selection,
) -> io::Result<(Vec<Arc<Source>>, Option<io::Error>)> {
    let file = archive.open_file()?;
    let FileKind::Regular(_) = FileKind::of_open(&file)? else {
        return Err(io::Error::other("a zip cannot be read from a pipe: save it to a file first"));
    };
    let members = zip::members(file)?;
    let sources = members
        .list
        .into_iter()
        .filter_map(|(member, content)| select(archive, &member, Some(content), selection));
    Ok((sources.map(Arc::new).collect(), members.error))
}

/// The source that a member is; `None` for those that their name excludes, which are counted unless they are
/// directories.
fn select(
    archive: &Arc<Source>,
    member: &Member,
    zip: Option<ZipMember>,
    selection: &Selection,
) -> Option<Source> {
    let path = safe_path(&member.path).unwrap_or_else(|| member.path.clone());
    let contents = selection.contents(&path);
    let is_archive = file_name::is_archive(&path);
    let source = Source::member(archive, path, zip);
    let kind = match (member.kind, contents) {
        (MemberKind::Directory, _) => return None,
        (MemberKind::Link, _) => file_name::LINK.into(),
        (MemberKind::Special, _) => file_name::SPECIAL.into(),
        (_, None) => file_name::kind(&member.path),
        (_, Some(_)) if is_archive => {
            let reason = "an archive inside an archive: unpack it first";
            let kind = file_name::kind(&member.path);
            selection.skips.leave_out_unsearched(kind, &source.name(), reason);
            return None;
        }
        (_, Some(contents)) => return Some(Source { contents, ..source }),
    };
    selection.skips.leave_out(kind, || source.name());
    None
}

/// The members of a tar, each of which has to be read before the next is known.
struct TarMembers {
    source: Arc<Source>,
    /// `None` after damage.
    tar: Option<SharedTar>,
    opener: Opener,
}

type SharedTar = Arc<Mutex<Tar<BoxedRead>>>;

impl Iterator for TarMembers {
    type Item = Opened;

    fn next(&mut self) -> Option<Opened> {
        loop {
            let tar = Arc::clone(self.tar.as_ref()?);
            let next = tar.lock().unwrap().next_member().transpose()?;
            let opened = match next {
                Ok(member) => self.open(&member, MemberRead(tar)),
                Err(error) => {
                    self.tar = None;
                    Some((Arc::clone(&self.source), Err(error.into())))
                }
            };
            if opened.is_some() {
                return opened;
            }
        }
    }
}

impl TarMembers {
    fn open(&self, member: &Member, content: MemberRead) -> Option<Opened> {
        let selection = &self.opener.selection;
        let source = Arc::new(select(&self.source, member, None, selection)?);
        if let MemberKind::Unreadable(reason) = member.kind {
            return Some((source, Err(io::Error::other(reason).into())));
        }
        let mut stream = Stream::new(content, source.waiting());
        let is_known = source.contents != Contents::Unknown;
        let kind = || file_name::kind(&source.relative);
        match if is_known { Start::Payload } else { search_start(&mut stream) } {
            Start::Payload => {
                let admitted = self.opener.admit(&source)?;
                return Some((source, admitted.map(|()| stream)));
            }
            Start::NoPayload => selection.skips.leave_out(kind(), || source.name()),
            Start::LongText => {
                let option = file_name::option(&source.relative);
                let reason = format!("no payload in its first MiB; {option} reads it");
                selection.skips.leave_out_unsearched(kind(), &source.name(), &reason);
            }
        }
        None
    }
}

/// The content of the member of a tar whose turn it is.
struct MemberRead(SharedTar);

impl Read for MemberRead {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.lock().unwrap().read(buffer)
    }
}
