//! Which files of a directory or archive are read, and counts of the others.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use crate::input::file_name;

/// Kinds of files beyond this many are counted as [`OTHER`].
const MAX_KINDS: usize = 100;
const OTHER: &str = "other";
/// Files beyond this many are counted, but not named.
const MAX_NAMES: usize = 10_000;

/// Which files of a directory are read.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Extensions besides the usual ones, as `--ext` gives them: `txt`, `log.1`, nothing, `*`.
    extensions: Vec<OsString>,
}

/// A decision about a file by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    Read,
    /// Its content decides.
    Search,
    LeaveOut,
    /// An archive in an archive.
    Nested,
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

    /// The choice for a file, by its path in the directory.
    pub fn choose(&self, path: &Path) -> Choice {
        let plain = file_name::without_compression(path);
        if file_name::reserved(path).is_some() {
            Choice::LeaveOut
        } else if file_name::holds_payloads(&plain)
            || file_name::is_archive(path)
            || self.names(path)
            || self.names(&plain)
        {
            Choice::Read
        } else {
            Choice::Search
        }
    }

    /// The choice for a member of an archive, by its path in it.
    pub fn choose_member(&self, path: &Path) -> Choice {
        match self.choose(path) {
            Choice::Read if file_name::is_archive(path) => Choice::Nested,
            choice => choice,
        }
    }

    fn names(&self, path: &Path) -> bool {
        let name = path.file_name().unwrap_or_default().as_encoded_bytes().to_ascii_lowercase();
        self.extensions.iter().any(|extension| {
            match extension.as_encoded_bytes().to_ascii_lowercase().as_slice() {
                b"*" => true,
                b"" => path.extension().is_none(),
                extension => {
                    let before = name.strip_suffix(extension);
                    before.is_some_and(|before| before.len() > 1 && before.ends_with(b"."))
                }
            }
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
        let mut counts = self.counts();
        counts.add(kind);
        if counts.names_all {
            counts.name(name());
        }
    }

    /// Counts a file that is left out though it may hold payloads, and keeps its name with the reason.
    pub fn leave_out_unsearched(&self, kind: String, name: &str, reason: &str) {
        let mut counts = self.counts();
        counts.add(kind);
        counts.name(format!("{name}: {reason}"));
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

impl Counts {
    fn add(&mut self, kind: String) {
        let is_known = self.left_out.len() < MAX_KINDS || self.left_out.contains_key(&kind);
        *self.left_out.entry(if is_known { kind } else { OTHER.into() }).or_default() += 1;
    }

    fn name(&mut self, name: String) {
        if self.names.len() < MAX_NAMES {
            self.names.push(name);
        } else {
            self.more_names += 1;
        }
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
            assert_eq!(Selection::default().choose(Path::new(name)) == Choice::Read, read, "{name}");
        }
    }

    #[test]
    fn what_its_name_does_not_decide_its_content_does() {
        use Choice::*;
        for (name, in_directory, in_archive) in [
            ("a.json", Read, Read),
            ("a.json.bz2", Read, Read),
            ("a.tar", Read, Nested),
            ("a.tgz", Read, Nested),
            ("a.zip", Read, Nested),
            ("a.txt", Search, Search),
            ("a", Search, Search),
            ("._a", LeaveOut, LeaveOut),
            ("__MACOSX/a.tar", LeaveOut, LeaveOut),
        ] {
            let selection = Selection::default();
            assert_eq!(selection.choose(Path::new(name)), in_directory, "{name}");
            assert_eq!(selection.choose_member(Path::new(name)), in_archive, "{name}");
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
            assert_eq!(selection.choose(Path::new(name)) == Choice::Read, read, "{name}");
        }
        let without = Selection::with(&["".into()]);
        let all = Selection::with(&["*".into()]);
        for (name, is_without) in
            [("a", true), (".a", true), ("a.gz", true), ("a.b", false), ("a.b.gz", false)]
        {
            assert_eq!(without.choose(Path::new(name)) == Choice::Read, is_without, "{name}");
            assert_eq!(all.choose(Path::new(name)), Choice::Read, "{name}");
        }
    }
}
