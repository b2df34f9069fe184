//! The meaning of file names: what a file holds, its place in a directory's order, and the name of its output.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// The extensions of files that are read in a directory, each also with one of [`COMPRESSED`] after it.
const EXTENSIONS: [&str; 4] = ["json", "ndjson", "jsonl", "form"];
/// The extensions of compressed files.
const COMPRESSED: [&str; 4] = ["gz", "zst", "bz2", "xz"];
/// The extensions of archives; `tar` also with one of [`COMPRESSED`] after it.
const ARCHIVES: [&str; 6] = ["tar", "zip", "tgz", "tbz2", "txz", "tzst"];
/// The extension of the text parts that Hadoop and Spark write, if they have one.
const PART_EXTENSION: &str = "txt";

/// The kinds of files without an extension, and of what is no file.
pub const WITHOUT_EXTENSION: &str = "without extension";

pub const LINK: &str = "link";
pub const SPECIAL: &str = "special file";

/// Whether a file holds payloads, by its name without the extension of its compression.
pub fn holds_payloads(path: &Path) -> bool {
    let is_text_part = || path.extension().is_none() || has_extension(path, &[PART_EXTENSION]);
    has_extension(path, &EXTENSIONS) || is_part(path) && is_text_part()
}

/// Whether a file is an archive that is read.
pub fn is_archive(path: &Path) -> bool {
    has_extension(path, &ARCHIVES) || has_extension(&without_compression(path), &["tar"])
}

/// The kind of a file that never holds payloads, whatever its extension.
pub fn reserved(path: &Path) -> Option<&'static str> {
    // A job that is still running, or died, leaves unfinished parts here.
    let is_staging = |name: &[u8]| name == b"_temporary" || name.starts_with(b".spark-staging");
    if path.parent().is_some_and(|parent| parent.iter().any(|name| is_staging(name.as_encoded_bytes()))) {
        return Some("unfinished part");
    }
    // macOS keeps another file's metadata here, as in archives.
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    let is_apple_double = name.starts_with(b"._") || path.iter().any(|name| name == "__MACOSX");
    is_apple_double.then_some("AppleDouble file")
}

/// The kind under which a file that is not read is counted: its extension, if it has one.
pub fn kind(path: &Path) -> String {
    match (reserved(path), path.extension()) {
        (Some(kind), _) => kind.into(),
        (None, Some(extension)) => format!(".{}", extension.to_string_lossy().to_lowercase()),
        (None, None) => WITHOUT_EXTENSION.into(),
    }
}

/// The option that reads all files with a file's extension.
pub fn option(path: &Path) -> String {
    let plain = without_compression(path);
    let extension = plain.extension().map_or("''", |extension| extension.to_str().unwrap_or("'*'"));
    let is_word = extension.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    format!("--ext {}", if is_word || extension == "''" { extension } else { "'*'" })
}

/// The path of an input's output, with `.ndjson` in place of its extensions.
pub fn output(input: &Path) -> PathBuf {
    let mut path = without_compression(input).into_owned();
    if has_extension(&path, &EXTENSIONS) || is_part(&path) && has_extension(&path, &[PART_EXTENSION]) {
        path.set_extension("");
    }
    let mut name = path.into_os_string();
    name.push(".ndjson");
    name.into()
}

/// The path of a file without the extension of its compression.
pub fn without_compression(path: &Path) -> Cow<'_, Path> {
    if has_extension(path, &COMPRESSED) { path.with_extension("").into() } else { path.into() }
}

/// The path of an archive without the extensions that make it one.
pub fn without_archive_extension(path: &Path) -> PathBuf {
    let plain = without_compression(path);
    if has_extension(&plain, &ARCHIVES) { plain.with_extension("") } else { plain.into_owned() }
}

/// Whether a file has the name of a part of a Hadoop or Spark job's output: `part-00000`, `part-r-00000.gz`,
/// `part-00000-UUID-c000.txt`.
fn is_part(path: &Path) -> bool {
    path.file_name().is_some_and(|name| part(name).is_some())
}

/// The order of the files of a directory. The numbers of parts have five digits, or more from 100000 on, which come
/// after the others.
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
}
