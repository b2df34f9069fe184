//! The message for a command line that cannot be parsed, with our options for those of other tools.

use clap::Parser;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use olark2rudder::term::sanitize::{path_text, sanitize};
use olark2rudder::term::width::cut;

use super::args::Cli;

/// Options of other tools, and ours.
const ROWS: &[(&[&str], &str)] = &[
    (&["--dry-run", "--validate", "--lint"], "--check converts and reports, but writes no events"),
    (
        &["--input", "-i", "--file", "--stdin"],
        "name files and directories without an option; - is standard input",
    ),
    (&["--recursive", "-r", "-R"], "directories are always read with all that is in them"),
    (&["--include", "--glob", "--extension"], "--ext reads files with one more extension"),
    (&["--exclude", "--ignore"], "name the files to convert, or list them in --files-from"),
    (&["--out", "--output-file", "--outfile"], "--output FILE or -o FILE writes to a file"),
    (&["--to", "--output-format"], "--format says how events are put together"),
    (&["--from", "--input-type"], "--input-format says what the input holds, if it is not recognized"),
    (&["--json", "--ndjson", "--jsonl"], "--format ndjson writes one event a line, --format json one array"),
    (&["--csv", "--tsv", "--delimiter"], "tables and their separators are recognized, or see --input-format"),
    (&["--batch", "--batch-size"], "--format batch writes request bodies, of at most --batch-bytes each"),
    (&["--indent", "--prettify"], "--pretty indents the events"),
    (&["--threads", "--parallel", "--workers", "-P"], "--jobs N or -j N sets the number of threads"),
    (&["--limit", "--head", "-n"], "there is no limit; cut the output with head -n"),
    (&["--since", "--until", "--filter"], "there is no choice of payloads; filter the events with jq"),
    (&["--compress", "--gzip", "--zstd"], "the output is not compressed; pipe it through gzip or zstd"),
    (&["--encoding", "--charset"], "the input must be UTF-8 or UTF-16; convert it with iconv"),
    (&["--debug", "--trace"], "--explain shows what became of each field"),
    (&["--silent", "--no-progress"], "--quiet or -q prints only fatal errors and inputs that cannot be read"),
    (&["--no-color", "--no-colour"], "--color never leaves colours out"),
    (&["--force", "--replace"], "--overwrite replaces outputs that exist"),
    (&["--resume", "--continue"], "--skip-existing skips inputs whose output exists"),
    (&["--strict", "--stop-on-error"], "--fail-fast stops at the first reject"),
    (&["--url", "--write-key", "--send"], "nothing is sent; --format batch writes bodies to post with curl"),
];

/// The columns of a bad argument that are shown.
const MAX_ARGUMENT: usize = 100;
const MAX_LINE: usize = 4 * MAX_ARGUMENT;

/// clap's message, safe to show.
pub fn message(error: clap::Error) -> String {
    // clap repeats arguments as they are, so it parses a version of them that is safe to show.
    let shown = std::env::args_os().map(|arg| cut(&sanitize(&path_text(arg.as_ref())), MAX_ARGUMENT));
    let mut error = Cli::try_parse_from(shown).err().unwrap_or(error);
    error.remove(ContextKind::Usage);
    suggest(&mut error);
    let text = error.render().to_string();
    let is_short = error.kind() == ErrorKind::ArgumentConflict;
    let lines = text.trim_end().lines().take(if is_short { 1 } else { usize::MAX });
    lines.map(|line| cut(&sanitize(line), MAX_LINE) + "\n").collect()
}

/// Adds what to use instead to an error about an unknown option.
fn suggest(error: &mut clap::Error) {
    if error.kind() != ErrorKind::UnknownArgument {
        return;
    }
    let Some(ContextValue::String(name)) = error.get(ContextKind::InvalidArg) else { return };
    let row = ROWS.iter().find(|(names, _)| names.contains(&name.as_str()));
    // clap's tip to pass the option as a value: hardly ever meant.
    error.remove(ContextKind::Suggested);
    if let Some((_, tip)) = row {
        error.remove(ContextKind::SuggestedArg);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![StyledStr::from(*tip)]));
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    /// The names of our own options.
    fn ours() -> Vec<String> {
        let mut command = Cli::command();
        command.build();
        let longs = command.get_arguments().filter_map(|it| Some(format!("--{}", it.get_long()?)));
        let shorts = command.get_arguments().filter_map(|it| Some(format!("-{}", it.get_short()?)));
        longs.chain(shorts).collect()
    }

    fn message_for(argument: &str) -> String {
        let mut error = Cli::try_parse_from(["olark2rudder", argument]).unwrap_err();
        suggest(&mut error);
        error.render().to_string()
    }

    #[test]
    fn an_option_of_another_tool_gets_ours_whether_with_a_value_or_not() {
        for (names, tip) in ROWS {
            for name in *names {
                for argument in [name.to_string(), format!("{name}=4")] {
                    assert!(message_for(&argument).contains(tip), "{}", message_for(&argument));
                }
                assert!(!ours().contains(&name.to_string()), "{name}");
            }
        }
    }

    #[test]
    fn an_unknown_option_gets_the_nearest_of_ours_or_none() {
        assert!(message_for("--formatt").contains("'--format'"), "{}", message_for("--formatt"));
        assert!(!message_for("--xyzzy").contains("tip"), "{}", message_for("--xyzzy"));
    }

    #[test]
    fn a_suggestion_names_only_options_that_there_are() {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
        for (_, tip) in ROWS {
            for word in tip.split(|c| !is_name(c)).filter(|word| word.starts_with("--")) {
                assert!(ours().iter().any(|our| our == word), "{word}");
            }
        }
    }
}
