//! Which files of a directory or archive are read, and counts of the others.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use crate::input::file_name;
use crate::input::source::Contents;

/// Kinds of files beyond this many are counted as [`OTHER`].
const MAX_KINDS: usize = 100;
const OTHER: &str = "other";
/// Files beyond this many are counted, but not named.
const MAX_NAMES: usize = 10_000;

/// Which files of a directory are read.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Extensions besides the usual ones, in lower case: `txt`, `log.1`, nothing, `*`.
    extensions: Vec<Vec<u8>>,
    pub skips: SkipCounts,
}

impl Selection {
    /// The usual files, and those with one of these extensions.
    pub fn new(extensions: &[OsString], skips: SkipCounts) -> Selection {
        let without_dot = |extension: &OsString| {
            let extension = extension.as_encoded_bytes().to_ascii_lowercase();
            extension.strip_prefix(b".").map(<[u8]>::to_vec).unwrap_or(extension)
        };
        Selection { extensions: extensions.iter().map(without_dot).collect(), skips }
    }

    /// The contents of a file, by its path in the directory; `None` if it is left out.
    pub fn contents(&self, path: &Path) -> Option<Contents> {
        let plain = file_name::without_compression(path);
        let is_chosen = || {
            file_name::holds_payloads(&plain)
                || file_name::is_archive(path)
                || self.names(path)
                || self.names(&plain)
        };
        match file_name::reserved(path) {
            Some(_) => None,
            None if is_chosen() => Some(Contents::Payloads),
            None => Some(Contents::Unknown),
        }
    }

    fn names(&self, path: &Path) -> bool {
        let name = path.file_name().unwrap_or_default().as_encoded_bytes().to_ascii_lowercase();
        self.extensions.iter().any(|extension| match extension.as_slice() {
            b"*" => true,
            b"" => path.extension().is_none(),
            extension => {
                let before = name.strip_suffix(extension);
                before.is_some_and(|before| before.len() > 1 && before.ends_with(b"."))
            }
        })
    }
}

/// Counts of what is not read: files of other kinds, and sources whose output already exists. Clones share the
/// counts, since members of archives are found while others are converted.
#[derive(Clone, Debug, Default)]
pub struct SkipCounts(Arc<Mutex<Counts>>);

#[derive(Debug, Default)]
struct Counts {
    left_out: BTreeMap<String, u64>,
    skipped: u64,
    names_all: bool,
    names: Vec<String>,
    more_names: u64,
}

impl SkipCounts {
    /// Counts that keep the name of each file that is left out.
    pub fn naming_all() -> SkipCounts {
        SkipCounts(Arc::new(Mutex::new(Counts { names_all: true, ..Counts::default() })))
    }

    /// Counts a file that is left out, under its extension or kind.
    pub fn leave_out(&self, kind: String, name: impl FnOnce() -> String) {
        let name = self.counts().names_all.then(name);
        self.add(kind, name);
    }

    /// Counts a file that is left out though it may hold payloads, and keeps its name with the reason.
    pub fn leave_out_unsearched(&self, kind: String, name: &str, reason: &str) {
        self.add(kind, Some(format!("{name}: {reason}")));
    }

    fn add(&self, kind: String, name: Option<String>) {
        let mut counts = self.counts();
        let is_known = counts.left_out.len() < MAX_KINDS || counts.left_out.contains_key(&kind);
        *counts.left_out.entry(if is_known { kind } else { OTHER.into() }).or_default() += 1;
        match name {
            Some(name) if counts.names.len() < MAX_NAMES => counts.names.push(name),
            Some(_) => counts.more_names += 1,
            None => {}
        }
    }

    /// Counts sources that are skipped because their output exists.
    pub fn skip(&self, count: u64) {
        self.counts().skipped += count;
    }

    /// Files that are left out, by extension or kind.
    pub fn left_out(&self) -> BTreeMap<String, u64> {
        self.counts().left_out.clone()
    }

    /// Names of files that are left out, and how many more there are.
    pub fn take_names(&self) -> (Vec<String>, u64) {
        let mut counts = self.counts();
        (std::mem::take(&mut counts.names), std::mem::take(&mut counts.more_names))
    }

    /// Sources that are skipped.
    pub fn skipped(&self) -> u64 {
        self.counts().skipped
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_in_a_directory_are_chosen_by_their_extension() {
        for (name, read) in [
            ("a.json", true),
            ("a.ndjson.gz", true),
            ("a.jsonl.zst", true),
            ("a.form", true),
            ("a.gz", false),
            ("a.txt", false),
            ("json", false),
            (".json", false),
            ("a.json.bak", false),
            ("part-00000", true),
            ("part-m-00000.gz", true),
            ("part-00000-f00d-c000.txt.zst", true),
            ("part-00000-f00d-c000.json", true),
            ("2019/part-100000", true),
            ("part-00000-f00d-c000.snappy.parquet", false),
            ("part-00000-f00d-c000.csv.gz", false),
            ("part-00000.bz2", true),
            ("part-00000.lzo", false),
            ("a.json.xz", true),
            ("a.JSON.BZ2", true),
            ("a.tar", true),
            ("a.tar.gz", true),
            ("a.b.TAR.xz", true),
            ("a.tgz", true),
            ("a.tzst", true),
            ("a.zip", true),
            ("a.zip.gz", false),
            ("a.tar.lz", false),
            ("tar", false),
            (".tar", false),
            ("._a.json", false),
            ("._a.tgz", false),
            ("2019/._a.json", false),
            ("__MACOSX/2019/a.json", false),
            ("_temporary/0/a.tar", false),
            (".part-00000.crc", false),
            ("part-0000", false),
            ("part-one.txt", false),
            ("_SUCCESS", false),
            ("_temporary/0/part-00000", false),
            ("a/_temporary/0/part-00000-f00d-c000.json", false),
            (".spark-staging-f00d/year=2019/part-00000-f00d-c000.json", false),
        ] {
            let contents = Selection::default().contents(Path::new(name));
            assert_eq!(contents == Some(Contents::Payloads), read, "{name}");
        }
    }

    #[test]
    fn content_decides_where_the_name_does_not() {
        for (name, contents) in [
            ("a.json.bz2", Some(Contents::Payloads)),
            ("a.txt", Some(Contents::Unknown)),
            ("a", Some(Contents::Unknown)),
            ("._a", None),
            ("__MACOSX/a.tar", None),
        ] {
            assert_eq!(Selection::default().contents(Path::new(name)), contents, "{name}");
        }
    }

    #[test]
    fn more_extensions_can_be_named() {
        let selection = Selection::new(&["txt".into(), ".Log".into(), "log.1".into()], SkipCounts::default());
        for (name, read) in [
            ("a.txt", true),
            ("a.TXT.gz", true),
            ("a.log", true),
            ("a.log.1", true),
            ("a.json", true),
            ("txt", false),
            (".txt", false),
            ("a.txt.bak", false),
            ("_temporary/a.txt", false),
        ] {
            assert_eq!(selection.contents(Path::new(name)) == Some(Contents::Payloads), read, "{name}");
        }
        let without = Selection::new(&["".into()], SkipCounts::default());
        let all = Selection::new(&["*".into()], SkipCounts::default());
        for (name, is_without) in
            [("a", true), (".a", true), ("a.gz", true), ("a.b", false), ("a.b.gz", false)]
        {
            assert_eq!(without.contents(Path::new(name)) == Some(Contents::Payloads), is_without, "{name}");
            assert_eq!(all.contents(Path::new(name)), Some(Contents::Payloads), "{name}");
        }
    }
}
