//! What the names of files say: which are read in a directory, in which order, and what their outputs are called.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// The extensions of files that are read in a directory, each also with one of [`COMPRESSED`] after it.
const EXTENSIONS: [&str; 4] = ["json", "ndjson", "jsonl", "form"];
/// The extensions of compressed files.
const COMPRESSED: [&str; 4] = ["gz", "zst", "bz2", "xz"];
/// The extensions of archives; `tar` also with one of [`COMPRESSED`] after it.
const ARCHIVES: [&str; 6] = ["tar", "zip", "tgz", "tbz2", "txz", "tzst"];
/// The extension of the text parts that Hadoop and Spark write, if they have one.
const PART_EXTENSION: &str = "txt";

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
        self.reads_member(path) || is_archive(path) && !is_unfinished(path) && !is_apple_double(path)
    }

    /// Whether a member of an archive is read, by its path in it. Archives in archives are not.
    pub fn reads_member(&self, path: &Path) -> bool {
        let stem = path.with_extension("");
        let plain = if has_extension(path, &COMPRESSED) { &stem } else { path };
        let is_text_part = || plain.extension().is_none() || has_extension(plain, &[PART_EXTENSION]);
        let usual = has_extension(plain, &EXTENSIONS) || is_part(plain) && is_text_part();
        (usual || self.names(path) || self.names(plain)) && !is_unfinished(path) && !is_apple_double(path)
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

/// What files without an extension are counted under.
pub const WITHOUT_EXTENSION: &str = "without extension";

/// What a file that is not read is counted under: its extension, if it has one.
pub fn counted_as(path: &Path) -> String {
    match path.extension() {
        _ if is_unfinished(path) => "unfinished part".into(),
        _ if is_apple_double(path) => "AppleDouble file".into(),
        Some(extension) => format!(".{}", extension.to_string_lossy().to_lowercase()),
        None => WITHOUT_EXTENSION.into(),
    }
}

/// The path of an input's output, with `.ndjson` in place of its extensions.
pub fn output(input: &Path) -> PathBuf {
    let mut path = input.to_owned();
    if has_extension(&path, &COMPRESSED) {
        path.set_extension("");
    }
    if has_extension(&path, &EXTENSIONS) || is_part(&path) && has_extension(&path, &[PART_EXTENSION]) {
        path.set_extension("");
    }
    let mut name = path.into_os_string();
    name.push(".ndjson");
    name.into()
}

/// The path of an archive without the extensions that make it one.
pub fn without_archive_extension(path: &Path) -> PathBuf {
    let plain = if has_extension(path, &COMPRESSED) { path.with_extension("") } else { path.to_owned() };
    if has_extension(&plain, &ARCHIVES) { plain.with_extension("") } else { plain }
}

fn is_archive(path: &Path) -> bool {
    let stem = path.with_extension("");
    has_extension(path, &ARCHIVES) || has_extension(path, &COMPRESSED) && has_extension(&stem, &["tar"])
}

/// Whether a file is an AppleDouble file, in which macOS keeps another file's metadata, as in archives.
fn is_apple_double(path: &Path) -> bool {
    let starts = |start: &str| {
        path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(start.as_bytes()))
    };
    starts("._") || path.iter().any(|name| name == "__MACOSX")
}

/// Whether a file has the name of a part of a Hadoop or Spark job's output: `part-00000`, `part-r-00000.gz`,
/// `part-00000-UUID-c000.txt`.
fn is_part(path: &Path) -> bool {
    path.file_name().is_some_and(|name| part(name).is_some())
}

/// Whether a file is the unfinished output of a job that is still running, or died.
fn is_unfinished(path: &Path) -> bool {
    let is_staging = |name: &[u8]| name == b"_temporary" || name.starts_with(b".spark-staging");
    path.parent().is_some_and(|parent| parent.iter().any(|name| is_staging(name.as_encoded_bytes())))
}

/// What the files of a directory are sorted by. The numbers of parts have five digits, or more from 100000 on,
/// which come after the others.
pub fn sort_key(name: &OsStr) -> (&[u8], usize, &[u8]) {
    let bytes = name.as_encoded_bytes();
    part(name).map_or((bytes, 0, b""), |(before, digits)| (before, digits, bytes))
}

/// The text before a part's number, and how many digits the number has.
fn part(name: &OsStr) -> Option<(&[u8], usize)> {
    let name = name.as_encoded_bytes();
    let before =
        ["part-m-", "part-r-", "part-"].into_iter().find(|before| name.starts_with(before.as_bytes()))?;
    let (before, number) = name.split_at(before.len());
    let digits = number.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (digits >= 5).then_some((before, digits))
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().is_some_and(|own| extensions.iter().any(|known| own.eq_ignore_ascii_case(known)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_is_named_after_its_input() {
        for (input, expected) in [
            ("a.json", "a.ndjson"),
            ("2019/a.b.jsonl.gz", "2019/a.b.ndjson"),
            ("a.form.zst", "a.ndjson"),
            ("a.txt", "a.txt.ndjson"),
            ("chats", "chats.ndjson"),
            ("a.gz", "a.ndjson"),
            ("A.JSON", "A.ndjson"),
            ("part-00000", "part-00000.ndjson"),
            ("part-00000.gz", "part-00000.ndjson"),
            ("part-00000-f00d-c000.txt.gz", "part-00000-f00d-c000.ndjson"),
            ("part-one.txt", "part-one.txt.ndjson"),
        ] {
            assert_eq!(output(Path::new(input)), PathBuf::from(expected));
        }
    }

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
    fn members_are_in_a_directory_called_as_their_archive() {
        for (path, directory) in [
            ("2019/a.tar", "2019/a"),
            ("a.b.tar.gz", "a.b"),
            ("a.TGZ", "a"),
            ("a.zip", "a"),
            ("a.dat", "a.dat"),
            ("a.gz", "a"),
            ("a", "a"),
        ] {
            assert_eq!(without_archive_extension(Path::new(path)), PathBuf::from(directory));
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
