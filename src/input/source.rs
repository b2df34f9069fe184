//! A source of payloads: standard input or a file.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::time::SystemTime;

use crate::input::file_name;
use crate::sys::identity::Identity;
use crate::term::sanitize::path_text;

/// Where payloads come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Where it is.
    pub origin: Origin,
    /// The path that its output has in `--output-dir`, but with the ending of the input.
    pub relative: PathBuf,
}

/// Where a source is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
}

impl Source {
    /// Standard input.
    pub fn stdin() -> Source {
        Source { origin: Origin::Stdin, relative: "stdin".into() }
    }

    /// The name that messages and rejects give it.
    pub fn name(&self) -> String {
        match &self.origin {
            Origin::Stdin => "-".into(),
            Origin::File(path) => path_text(path),
        }
    }

    /// Opens it for reading.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn open(&self) -> io::Result<File> {
        match &self.origin {
            // A FIFO that nobody writes to must not keep us from hearing a signal.
            Origin::File(path) => {
                let flags = rustix::fs::OFlags::NONBLOCK.bits();
                fs::OpenOptions::new().read(true).custom_flags(flags as i32).open(path)
            }
            Origin::Stdin => Ok(File::from(rustix::io::dup(rustix::stdio::stdin())?)),
        }
    }

    /// Which file it is.
    pub fn identity(&self) -> Option<Identity> {
        match &self.origin {
            Origin::File(path) => Identity::of(path),
            Origin::Stdin => Identity::of_open(&self.open().ok()?),
        }
    }

    /// When it was last changed, if it is a file.
    pub fn modified(&self) -> Option<SystemTime> {
        self.metadata()?.modified().ok()
    }

    /// How many bytes it has, if it is a file.
    pub fn bytes(&self) -> Option<u64> {
        Some(self.metadata()?.len())
    }

    fn metadata(&self) -> Option<fs::Metadata> {
        let metadata = match &self.origin {
            Origin::File(path) => fs::metadata(path),
            Origin::Stdin => self.open().and_then(|file| file.metadata()),
        };
        metadata.ok().filter(fs::Metadata::is_file)
    }

    /// The path of its output in `--output-dir`.
    pub fn output(&self) -> PathBuf {
        file_name::output(&self.relative)
    }
}
