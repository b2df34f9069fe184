//! Archives: files within a file.

pub mod tar;
pub mod zip;

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use crate::sys::names;

/// A member of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its path, as the archive has it.
    pub path: PathBuf,
    pub kind: MemberKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberKind {
    File,
    Directory,
    /// A symbolic link.
    Link,
    /// A device, FIFO or something else without content.
    Special,
    /// A file that is not read, whatever its name, for this reason.
    Unreadable(&'static str),
}

/// A path from an archive. Where a name has to be Unicode, what is not is replaced: the member is read all the
/// same, and two that would then have one output are refused.
fn member_path(bytes: &[u8]) -> PathBuf {
    names::path(bytes).unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned().into())
}

/// A member's path, safe to use inside a directory; `None` when it leads out of the directory or nowhere.
pub fn safe_path(path: &Path) -> Option<PathBuf> {
    let mut safe = PathBuf::new();
    for component in path.components() {
        match component {
            Component::Normal(name) if !is_drive(name) => safe.push(name),
            Component::RootDir | Component::CurDir => {}
            Component::Normal(_) | Component::ParentDir | Component::Prefix(_) => return None,
        }
    }
    (!safe.as_os_str().is_empty() && !safe.as_os_str().as_encoded_bytes().contains(&0)).then_some(safe)
}

fn is_drive(name: &OsStr) -> bool {
    matches!(name.as_encoded_bytes(), [letter, b':'] if letter.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_members_path_stays_beneath_the_directory_that_it_is_put_in() {
        for (path, safe) in [
            ("a/b.json", Some("a/b.json")),
            ("./a//b.json", Some("a/b.json")),
            ("/etc/a.json", Some("etc/a.json")),
            ("//a", Some("a")),
            ("...", Some("...")),
            ("a..b/c", Some("a..b/c")),
            ("../a", None),
            ("a/../b", None),
            ("a/..", None),
            ("C:/a", None),
            ("/", None),
            (".", None),
            ("", None),
            ("a\0b", None),
        ] {
            assert_eq!(safe_path(Path::new(path)), safe.map(PathBuf::from), "{path}");
        }
        let bytes = member_path(b"x\xff.json");
        assert_eq!(safe_path(&bytes), Some(bytes));
    }
}
