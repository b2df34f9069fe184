//! Targets of outputs: paths and open streams.

use std::io;
use std::iter;
use std::path::{Path, PathBuf};

use crate::sys::stream::StreamNumber;
use crate::term::sanitize::path_text;

/// The target of an output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Stream(StreamNumber),
    Path(PathBuf),
}

impl Target {
    pub const STDOUT: Target = Target::Stream(StreamNumber::STDOUT);

    /// The target that a path stands for: `-`, `/dev/stdout` and the like are streams, and so are links to them.
    pub fn of(path: &Path) -> Target {
        let stream = links(path).take(MAX_LINKS).find_map(|path| StreamNumber::of(&path));
        stream.map_or_else(|| Target::Path(path.to_owned()), Target::Stream)
    }

    /// The name that messages give it.
    pub fn name(&self) -> String {
        match self {
            Target::Stream(StreamNumber::STDOUT) => "standard output".into(),
            Target::Stream(number) => number.to_string(),
            Target::Path(path) => path_text(path),
        }
    }
}

/// The path that a link leads to, even if nothing is there yet: the target is written, not the link.
///
/// # Errors
/// When there are too many links.
pub fn resolve_symlinks(path: &Path) -> io::Result<PathBuf> {
    let mut paths = links(path);
    let last = paths.by_ref().take(MAX_LINKS).last();
    match (last, paths.next()) {
        (Some(path), None) => Ok(path),
        _ => Err(io::Error::other("too many levels of symbolic links")),
    }
}

/// As many links as Linux follows.
const MAX_LINKS: usize = 40;

/// A path, and the paths that it leads to through links.
fn links(path: &Path) -> impl Iterator<Item = PathBuf> {
    iter::successors(Some(path.to_owned()), |path| {
        let link = path.read_link().ok()?;
        Some(path.parent().unwrap_or(Path::new("")).join(link))
    })
}
