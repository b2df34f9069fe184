//! Which files of a directory or archive are read, and counts of the others.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use crate::input::file_name;

/// Kinds of files beyond this many are counted as [`OTHER`].
const MAX_KINDS: usize = 100;
const OTHER: &str = "other";

/// Which files of a directory are read.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Extensions besides the usual ones, as `--ext` gives them: `txt`, `log.1`.
    extensions: Vec<OsString>,
}

impl Selection {
    /// The usual files, and those with one of these extensions.
    pub fn with(extensions: &[OsString]) -> Selection {
        let without_dot =
            |extension: &OsString| match extension.to_str().and_then(|text| text.strip_prefix('.')) {
                Some(text) => text.into(),
                None => extension.clone(),
            };
        Selection { extensions: extensions.iter().map(without_dot).collect() }
    }

    /// Whether a file is read, by its path in the directory.
    pub fn reads(&self, path: &Path) -> bool {
        self.reads_member(path) || file_name::is_archive(path) && file_name::reserved(path).is_none()
    }

    /// Whether a member of an archive is read, by its path in it. Archives in archives are not.
    pub fn reads_member(&self, path: &Path) -> bool {
        let plain = file_name::without_compression(path);
        let is_known = file_name::holds_payloads(&plain) || self.names(path) || self.names(&plain);
        is_known && file_name::reserved(path).is_none()
    }

    fn names(&self, path: &Path) -> bool {
        let name = path.file_name().unwrap_or_default().as_encoded_bytes().to_ascii_lowercase();
        self.extensions.iter().any(|extension| {
            let extension = extension.as_encoded_bytes().to_ascii_lowercase();
            let before = name.strip_suffix(extension.as_slice());
            before.is_some_and(|before| before.len() > 1 && before.ends_with(b"."))
        })
    }
}

/// Counts of what is not read: files of other kinds, and sources whose output already exists. Clones count together,
/// since members of archives turn up while others are converted.
#[derive(Clone, Debug, Default)]
pub struct SkipCounts(Arc<Mutex<Counts>>);

#[derive(Debug, Default)]
struct Counts {
    left_out: BTreeMap<String, u64>,
    skipped: u64,
}

impl SkipCounts {
    /// Counts a file that is left out, under its extension or kind.
    pub fn leave_out(&self, kind: String) {
        let left_out = &mut self.counts().left_out;
        let is_known = left_out.len() < MAX_KINDS || left_out.contains_key(&kind);
        *left_out.entry(if is_known { kind } else { OTHER.into() }).or_default() += 1;
    }

    /// Counts sources that are skipped because their output exists.
    pub fn skip(&self, count: u64) {
        self.counts().skipped += count;
    }

    /// Files that are left out, by extension or kind.
    pub fn left_out(&self) -> BTreeMap<String, u64> {
        self.counts().left_out.clone()
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
            assert_eq!(Selection::default().reads(Path::new(name)), read, "{name}");
        }
    }

    #[test]
    fn an_archive_in_an_archive_is_not_read() {
        for (name, read) in
            [("a.json", true), ("a.json.bz2", true), ("a.tar", false), ("a.tgz", false), ("a.zip", false)]
        {
            assert_eq!(Selection::default().reads_member(Path::new(name)), read, "{name}");
        }
    }

    #[test]
    fn more_extensions_can_be_named() {
        let selection = Selection::with(&["txt".into(), ".Log".into(), "log.1".into()]);
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
            assert_eq!(selection.reads(Path::new(name)), read, "{name}");
        }
    }
}
