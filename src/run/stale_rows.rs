//! Finds the rows of an earlier run's `--rejects` whose inputs are converted again.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::input::source::{Contents, Origin, Source};
use crate::output::destination::Existing;
use crate::report::rejects_file::source_of;
use crate::run::output_directory::PlannedOutput;

/// The inputs that are converted again.
pub struct StaleRows<'a> {
    /// By their names.
    sources: HashMap<String, &'a Arc<Source>>,
    directory: &'a Path,
    existing: Existing,
}

impl<'a> StaleRows<'a> {
    /// The rows about these sources and their members, whose outputs are in a directory.
    pub fn new(sources: &'a [Arc<Source>], directory: &'a Path, existing: Existing) -> StaleRows<'a> {
        let sources = sources.iter().map(|source| (source.name(), source)).collect();
        StaleRows { sources, directory, existing }
    }

    /// Whether a row is about one of them.
    pub fn contains(&self, row: &[u8]) -> bool {
        let Some(source) = source_of(row) else { return false };
        self.sources.contains_key(&source) || self.is_member(&source)
    }

    /// Whether this is a member of an archive that is read again, and is not skipped itself.
    fn is_member(&self, source: &str) -> bool {
        let colons = source.match_indices(':').map(|(at, _)| at);
        let archive = |at: usize| Some((self.sources.get(&source[..at])?, &source[at + 1..]));
        colons.filter_map(archive).any(|(archive, path)| {
            let member = Source::member(archive, PathBuf::from(path), None);
            let is_done = || {
                let output = PlannedOutput::new(self.directory.join(member.output()));
                output.is_ok_and(|output| output.is_newer_than(&member))
            };
            may_be_archive(archive) && (self.existing != Existing::SkipIfNewer || !is_done())
        })
    }
}

/// Whether a source has members that are not among the sources. Only a regular file is known to have none.
fn may_be_archive(source: &Source) -> bool {
    source.contents == Contents::Members
        || match source.origin {
            Origin::Stdin => true,
            Origin::File(_) => source.bytes.is_none(),
            Origin::Member(..) => false,
        }
}
