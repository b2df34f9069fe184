//! The sources that the command line names: standard input, files, and the files of directories.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// The endings of files that are read in a directory, each also with one of [`COMPRESSED`].
const ENDINGS: [&str; 4] = ["json", "ndjson", "jsonl", "form"];
/// The endings of compressed files.
const COMPRESSED: [&str; 2] = ["gz", "zst"];
/// The ending that a part of a Hadoop or Spark job's output has when it is text and has one.
const PART_ENDING: &str = "txt";

/// Where payloads come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The file, or `None` for standard input.
    pub path: Option<PathBuf>,
    /// The path that its output has in `--output-dir`, with its own ending.
    pub relative: PathBuf,
}

impl Source {
    /// Standard input.
    pub fn stdin() -> Source {
        Source { path: None, relative: "stdin".into() }
    }

    /// The name that messages and rejects give it.
    pub fn name(&self) -> String {
        self.path.as_ref().map_or("-".into(), |path| path.to_string_lossy().into_owned())
    }

    /// Opens it for reading.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn open(&self) -> io::Result<File> {
        match &self.path {
            // A FIFO that nobody writes to must not keep us from hearing a signal.
            Some(path) => {
                let flags = rustix::fs::OFlags::NONBLOCK.bits();
                fs::OpenOptions::new().read(true).custom_flags(flags as i32).open(path)
            }
            None => Ok(File::from(rustix::io::dup(rustix::stdio::stdin())?)),
        }
    }

    /// Which file it is, if it is one.
    pub fn identity(&self) -> Option<Identity> {
        match &self.path {
            Some(path) => Identity::of(path),
            None => Identity::of_open(&self.open().ok()?),
        }
    }

    /// The path of its output in `--output-dir`, with `.ndjson` for its endings.
    pub fn output(&self) -> PathBuf {
        let mut path = self.relative.clone();
        if has_ending(&path, &COMPRESSED) {
            path.set_extension("");
        }
        if has_ending(&path, &ENDINGS) || is_part(&path) && has_ending(&path, &[PART_ENDING]) {
            path.set_extension("");
        }
        let mut name = path.into_os_string();
        name.push(".ndjson");
        name.into()
    }
}

/// Which file something is, whatever it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    device: u64,
    inode: u64,
}

impl Identity {
    /// The identity of a regular file or directory at a path, links followed; `None` when nothing or
    /// something else is there.
    pub fn of(path: &Path) -> Option<Identity> {
        Identity::from(&fs::metadata(path).ok()?)
    }

    /// The identity of an open file.
    pub fn of_open(file: &File) -> Option<Identity> {
        Identity::from(&file.metadata().ok()?)
    }

    fn from(metadata: &fs::Metadata) -> Option<Identity> {
        let known = metadata.is_file() || metadata.is_dir();
        known.then(|| Identity { device: metadata.dev(), inode: metadata.ino() })
    }
}

/// All sources of a run, in their order.
#[derive(Debug, Default)]
pub struct Sources {
    /// What will be read.
    pub list: Vec<Source>,
    /// How many files in directories are not of a kind that is read.
    pub skipped: u64,
    /// How many sources were left out since, having their output already.
    pub done: u64,
    /// Directories that could not be listed, and why.
    pub unread: Vec<(String, io::Error)>,
}

impl Sources {
    /// Finds the files that the arguments stand for; those of directories by their endings and sorted.
    /// `own` are files and directories that this run writes, and so does not read.
    pub fn find(inputs: &[PathBuf], own: &[Identity]) -> Sources {
        let mut sources = Sources::default();
        if inputs.is_empty() {
            sources.list.push(Source::stdin());
        }
        for input in inputs {
            if input.as_os_str() == "-" {
                sources.list.push(Source::stdin());
            } else if input.is_dir() {
                sources.walk(input, own);
            } else {
                let relative = input.file_name().map_or_else(|| input.clone(), PathBuf::from);
                sources.list.push(Source { path: Some(input.clone()), relative });
            }
        }
        sources
    }

    /// Whether there is nothing to read, and never was.
    pub fn are_none(&self) -> bool {
        self.list.is_empty() && self.done == 0 && self.unread.is_empty()
    }

    /// Leaves out what is done already.
    pub fn leave_out(&mut self, is_done: impl Fn(&Source) -> bool) {
        let found = self.list.len();
        self.list.retain(|source| !is_done(source));
        self.done += (found - self.list.len()) as u64;
    }

    /// How many bytes there are to read; unknown when a source is no regular file.
    pub fn bytes(&self) -> Option<u64> {
        let size = |source: &Source| fs::metadata(source.path.as_ref()?).ok().filter(fs::Metadata::is_file);
        self.list.iter().map(|source| size(source).map(|metadata| metadata.len())).sum()
    }

    fn walk(&mut self, root: &Path, own: &[Identity]) {
        let is_own = |path: &Path| !own.is_empty() && Identity::of(path).is_some_and(|id| own.contains(&id));
        let entries =
            WalkDir::new(root).sort_by(|a, b| place(a.file_name()).cmp(&place(b.file_name()))).into_iter();
        // A directory of our own is not entered; one file of our own is skipped like any other.
        for entry in entries
            .filter_entry(|entry| entry.depth() == 0 || !entry.file_type().is_dir() || !is_own(entry.path()))
        {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) => {
                    let relative = entry.path().strip_prefix(root).unwrap_or(entry.path()).to_owned();
                    if entry.file_type().is_file() && is_read(&relative) && !is_own(entry.path()) {
                        self.list.push(Source { path: Some(entry.into_path()), relative });
                    } else {
                        self.skipped += 1;
                    }
                }
                Err(error) => {
                    let name = error.path().unwrap_or(root).to_string_lossy().into_owned();
                    self.unread.push((name, error.into()));
                }
            }
        }
    }
}

/// Whether a file in a directory is read, by its path beneath it.
fn is_read(path: &Path) -> bool {
    let stem = path.with_extension("");
    let path = if has_ending(path, &COMPRESSED) { &stem } else { path };
    let is_text_part = || path.extension().is_none() || has_ending(path, &[PART_ENDING]);
    (has_ending(path, &ENDINGS) || is_part(path) && is_text_part()) && !is_unfinished(path)
}

/// Whether a file has the name of a part of a Hadoop or Spark job's output: `part-00000`,
/// `part-r-00000.gz`, `part-00000-UUID-c000.txt`.
fn is_part(path: &Path) -> bool {
    path.file_name().is_some_and(|name| part(name).is_some())
}

/// Whether a file is what a job that is at work, or died, has written of its output.
fn is_unfinished(path: &Path) -> bool {
    let is_staging = |name: &[u8]| name == b"_temporary" || name.starts_with(b".spark-staging");
    path.parent().is_some_and(|parent| parent.iter().any(|name| is_staging(name.as_bytes())))
}

/// What the files of a directory are sorted by. The numbers of parts have five digits, and more from
/// the hundred thousandth on, which comes behind the others.
fn place(name: &OsStr) -> (&[u8], usize, &[u8]) {
    part(name).map_or((name.as_bytes(), 0, b""), |(before, digits)| (before, digits, name.as_bytes()))
}

/// What stands before the number of a part, and how many digits it has.
fn part(name: &OsStr) -> Option<(&[u8], usize)> {
    let name = name.as_bytes();
    let before =
        ["part-m-", "part-r-", "part-"].into_iter().find(|before| name.starts_with(before.as_bytes()))?;
    let (before, number) = name.split_at(before.len());
    let digits = number.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (digits >= 5).then_some((before, digits))
}

fn has_ending(path: &Path, endings: &[&str]) -> bool {
    path.extension().is_some_and(|ending| endings.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_is_named_after_its_input() {
        for (input, output) in [
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
            let source = Source { path: None, relative: input.into() };
            assert_eq!(source.output(), PathBuf::from(output));
        }
    }

    #[test]
    fn files_in_a_directory_are_chosen_by_their_ending() {
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
            ("part-00000.bz2", false),
            (".part-00000.crc", false),
            ("part-0000", false),
            ("part-one.txt", false),
            ("_SUCCESS", false),
            ("_temporary/0/part-00000", false),
            ("a/_temporary/0/part-00000-f00d-c000.json", false),
            (".spark-staging-f00d/year=2019/part-00000-f00d-c000.json", false),
        ] {
            assert_eq!(is_read(Path::new(name)), read, "{name}");
        }
    }
}
