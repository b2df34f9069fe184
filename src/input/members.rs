//! Opens sources: files, and the members of archives in the order of the archive.

use std::error::Error;
use std::fmt;
use std::io::{self, Read};
use std::iter;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use crate::input::archive::tar::Tar;
use crate::input::archive::{Member, MemberKind, safe_path, zip};
use crate::input::content::{Start, holds_payload, search_start};
use crate::input::file::{ReadContext, Waiting};
use crate::input::file_name;
use crate::input::selection::{Choice, Selection, SkipCounts};
use crate::input::source::{Contents, MemberAccess, Source};
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
    /// Its output cannot be written, for this reason; the run goes on.
    Unread(String),
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

/// Opens sources when their turn comes.
#[derive(Clone)]
pub struct Opener {
    /// Which members are read.
    pub selection: Selection,
    /// Counts the others.
    pub skip_counts: SkipCounts,
    pub context: ReadContext,
    pub policy: MemberPolicy,
}

impl Opener {
    /// Opens a file; `None` if its content shows that it is not to be read.
    pub fn open(&self, source: Arc<Source>) -> Option<Opened> {
        is_wanted(&source, &self.context, &self.skip_counts).then(|| {
            let stream = source.open(&self.context, Nesting::Outermost);
            (source, stream)
        })
    }

    /// The members of an archive that are read, then the archive itself if it is damaged.
    pub fn open_archive(&self, source: Arc<Source>, archive: Archive, waiting: Waiting) -> OpenedSources {
        let opener = self.clone();
        match archive {
            Archive::Tar(tar) => {
                let tar = Some(Arc::new(Mutex::new(*tar)));
                Box::new(TarMembers { source, tar, waiting, opener })
            }
            Archive::Zip(bytes_read) => {
                self.context.take_back(bytes_read);
                match zip_members(&source, &self.selection, &self.skip_counts) {
                    Ok((members, error)) => {
                        let members = members.into_iter().map(Arc::new);
                        let members = members.filter_map(move |member| opener.open_member(member));
                        Box::new(members.chain(error.map(|error| (source, Err(error)))))
                    }
                    Err(error) => Box::new(iter::once((source, Err(error)))),
                }
            }
        }
    }

    /// Opens a member of a zip, if it is to be read.
    fn open_member(&self, member: Arc<Source>) -> Option<Opened> {
        if !is_wanted(&member, &self.context, &self.skip_counts) {
            return None;
        }
        let stream = self.admit(&member)?.and_then(|()| member.open(&self.context, Nesting::Member));
        Some((member, stream))
    }

    /// Asks the policy about a member; `None` if it is skipped.
    fn admit(&self, member: &Arc<Source>) -> Option<io::Result<()>> {
        let mut policy = self.policy.lock().unwrap();
        match policy(member) {
            MemberDecision::Read => Some(Ok(())),
            MemberDecision::Unread(reason) => Some(Err(io::Error::other(reason))),
            MemberDecision::Refuse(conflict) => Some(Err(conflict.into())),
            MemberDecision::Skip => {
                self.skip_counts.skip(1);
                None
            }
        }
    }
}

/// Whether a source is read, if its content decides; otherwise it is counted.
pub fn is_wanted(source: &Arc<Source>, context: &ReadContext, skip_counts: &SkipCounts) -> bool {
    let is_wanted = source.contents != Contents::Unknown || holds_payload(source, context);
    if !is_wanted {
        skip_counts.leave_out(file_name::kind(&source.relative), || source.name());
    }
    is_wanted
}

/// The members of a zip that are read unless their content shows otherwise, and the error of what comes before it.
pub fn zip_members(
    archive: &Arc<Source>,
    selection: &Selection,
    skip_counts: &SkipCounts,
) -> io::Result<(Vec<Source>, Option<io::Error>)> {
    let file = archive.open_file()?;
    let FileKind::Regular(_) = FileKind::of_open(&file)? else {
        return Err(io::Error::other("a zip cannot be read from a pipe: save it to a file first"));
    };
    let members = zip::members(file)?;
    let sources = members.list.into_iter().filter_map(|(member, content)| {
        select(archive, &member, MemberAccess::Direct(content), selection, skip_counts)
    });
    Ok((sources.collect(), members.error))
}

/// The source that a member is; `None` for those that their name excludes, which are counted unless they are
/// directories.
fn select(
    archive: &Arc<Source>,
    member: &Member,
    access: MemberAccess,
    selection: &Selection,
    skip_counts: &SkipCounts,
) -> Option<Source> {
    let path = safe_path(&member.path).unwrap_or_else(|| member.path.clone());
    let choice = selection.choose_member(&path);
    let extension = file_name::kind(&path);
    let source = Source::member(archive, path, access);
    let kind = match (member.kind, choice) {
        (MemberKind::Directory, _) => return None,
        (MemberKind::Link, _) => "link".into(),
        (MemberKind::Special, _) => "special file".into(),
        (_, Choice::Read) => return Some(source),
        (_, Choice::Search) => return Some(Source { contents: Contents::Unknown, ..source }),
        (_, Choice::LeaveOut) => extension,
        (_, Choice::Nested) => {
            let reason = "an archive inside an archive: unpack it first";
            skip_counts.leave_out_unsearched(extension, &source.name(), reason);
            return None;
        }
    };
    skip_counts.leave_out(kind, || source.name());
    None
}

/// The members of a tar, each of which has to be read before the next is known.
struct TarMembers {
    source: Arc<Source>,
    /// `None` after its end.
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
            let stream = Stream::new(Content(Arc::clone(tar)), self.waiting, Nesting::Member);
            if let Some(opened) = self.open(&member, stream) {
                return Some(opened);
            }
        }
    }
}

impl TarMembers {
    fn open(&self, member: &Member, mut stream: Stream) -> Option<Opened> {
        let Opener { selection, skip_counts, .. } = &self.opener;
        let source = select(&self.source, member, MemberAccess::InTurn, selection, skip_counts)?;
        let source = Arc::new(source);
        if let Some(reason) = unreadable(member.kind) {
            return Some((source, Err(io::Error::other(reason))));
        }
        let start = match source.contents {
            Contents::Unknown => search_start(&mut stream),
            _ => Start::Payload,
        };
        let kind = || file_name::kind(&source.relative);
        match start {
            Start::Payload => {
                let admitted = self.opener.admit(&source)?;
                return Some((source, admitted.map(|()| stream)));
            }
            Start::NoPayload => skip_counts.leave_out(kind(), || source.name()),
            Start::LongText => {
                let option = file_name::option(&source.relative);
                let reason = format!("no payload in its first MiB; {option} reads it");
                skip_counts.leave_out_unsearched(kind(), &source.name(), &reason);
            }
        }
        None
    }
}

/// The reason why a member of a tar cannot be read, whatever its name.
fn unreadable(kind: MemberKind) -> Option<&'static str> {
    match kind {
        MemberKind::HardLink => Some("it is a hard link to another member"),
        MemberKind::Sparse => Some("it is a sparse file: unpack the tar first"),
        MemberKind::Continued => Some("its beginning is in another volume: join the volumes first"),
        MemberKind::File | MemberKind::Directory | MemberKind::Link | MemberKind::Special => None,
    }
}

/// The content of the member of a tar whose turn it is.
struct Content(SharedTar);

impl Read for Content {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.lock().unwrap().read(buffer)
    }
}
