//! The message for a command line that cannot be parsed.

use clap::Parser;
use clap::error::{ContextKind, ErrorKind};
use olark2rudder::term::sanitize::{path_text, sanitize};
use olark2rudder::term::width::cut;

use super::args::Cli;
use super::suggestions;

/// The columns of a bad argument that are shown.
const MAX_ARGUMENT: usize = 100;
const MAX_LINE: usize = 4 * MAX_ARGUMENT;

/// clap's message, safe to show.
pub fn message(error: clap::Error) -> String {
    // clap repeats arguments as they are, so it parses a version of them that is safe to show.
    let shown = std::env::args_os().map(|arg| cut(&sanitize(&path_text(arg.as_ref())), MAX_ARGUMENT));
    let mut error = Cli::try_parse_from(shown).err().unwrap_or(error);
    error.remove(ContextKind::Usage);
    suggestions::add(&mut error);
    let text = error.render().to_string();
    let is_short = error.kind() == ErrorKind::ArgumentConflict;
    let lines = text.trim_end().lines().take(if is_short { 1 } else { usize::MAX });
    lines.map(|line| cut(&sanitize(line), MAX_LINE) + "\n").collect()
}
