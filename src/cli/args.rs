//! Every option and its help.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{ColorChoice, Parser, ValueHint};
use clap_complete::Shell;
use olark2rudder::convert::mapping::{EVENT_SETS, Event, Mapping, Row};
use olark2rudder::convert::options::{MessageId, field_path};
use olark2rudder::output::format::FormatName;
use olark2rudder::payloads::path::At;
use olark2rudder::records::layout::InputFormat;

use super::bytes::{body_bytes, bytes};
use super::help;

/// Options that do nothing for a mapping that is listed.
const OF_A_RUN: &str = "inputs input_format at max_record ext files_from output output_dir format pretty jobs rejects \
    fail_fast summary explain";

/// Convert Olark chat transcripts into RudderStack events
///
/// Reads what Olark's webhook posts, by itself or inside stored requests, database dumps, logs and archives.
/// The content decides how an input is read, not its name. Writes the events that RudderStack's hosted Olark source
/// would make of it.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, after_long_help = help::after_help(), override_usage = help::USAGE)]
pub struct Cli {
    /// Files and directories; `-` or nothing for standard input
    ///
    /// With --explain, FILE:45 is the record on line 45 of a file.
    ///
    /// A file named here is read whatever its name. A directory is read recursively, in sorted order: files ending in
    /// .json, .ndjson, .jsonl or .form, also compressed; the parts that Hadoop and Spark write (part-00000); tar and
    /// zip archives; and any other file that seems to have a payload in it. Symbolic links and archives inside archives
    /// are skipped.
    #[arg(value_name = "INPUT", value_hint = ValueHint::AnyPath)]
    pub inputs: Vec<PathBuf>,

    /// Layout of the input
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t, help_heading = "Input")]
    pub input_format: InputFormat,

    /// Look for payloads only at this path of each record
    ///
    /// Keys are joined by dots, and [] is each element of an array: body, hits.hits[]._source. Strings on the way are
    /// decoded. A single dot is the record itself. Without this option, a record that isn't a payload is searched 16
    /// levels deep. --explain and --summary say where payloads were found.
    #[arg(long, value_name = "PATH", value_parser = At::parse, help_heading = "Input")]
    pub at: Option<At>,

    /// Reject records over this size, in bytes (k, M, G)
    ///
    /// To convert a record, a thread needs four to five times its size in memory. Records nested deeper than 512
    /// levels are always rejected.
    #[arg(long, value_name = "BYTES", value_parser = bytes, default_value = "16M", hide_short_help = true, help_heading = "Input")]
    pub max_record: usize,

    /// In directories, read all files with this extension (repeatable)
    ///
    /// '' is for files without an extension, '*' for all files. Any other file is read if it has `visitor`
    /// with a quote after it (inside a tar, in its first MiB). The summary counts the files left out by
    /// extension, and --verbose names them.
    #[arg(long, value_name = "EXT", hide_short_help = true, help_heading = "Input")]
    pub ext: Vec<OsString>,

    /// Read the inputs listed in a file, one per line
    ///
    /// `-` is standard input.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Input")]
    pub files_from: Option<PathBuf>,

    /// Split the list of --files-from at NUL, as find -print0 writes it
    #[arg(short = '0', long, requires = "files_from", hide_short_help = true, help_heading = "Input")]
    pub null: bool,

    /// Mapping to follow
    ///
    /// RudderStack documents its Olark mapping twice, as a table and as an example, and they disagree.
    #[arg(long, value_enum, default_value_t, help_heading = "Mapping")]
    pub mapping: Mapping,

    /// Give each event the time of its chat
    ///
    /// Adds the time of the conversation's latest item. Without it, RudderStack dates events by their arrival, so use
    /// it for a backfill.
    #[arg(long, help_heading = "Mapping")]
    pub timestamp: bool,

    /// Events to write for each conversation
    #[arg(
        long,
        value_name = "LIST",
        value_parser = event_names(),
        value_delimiter = ',',
        default_value = "conversation,group",
        help_heading = "Mapping"
    )]
    pub events: Vec<&'static [Event]>,

    /// Fields to take the user id from
    ///
    /// The first that has a value (a number, or a string that isn't blank) becomes the userId of every event:
    /// visitor.customFields.customerId,visitor.emailAddress,visitor.id
    #[arg(
        long,
        value_name = "PATH[,PATH…]",
        value_parser = field_path,
        value_delimiter = ',',
        default_value = "visitor.id",
        help_heading = "Mapping"
    )]
    pub user_id: Vec<String>,

    /// Copy one more field (repeatable)
    ///
    /// SOURCE is a field of the payload, TARGET a place in properties, traits or context of the conversation's event:
    /// visitor.customFields=context.traits.customFields. With group:, identify: or chat: in front, the field goes to
    /// these events: group:id=context.conversationId. You are warned if no payload has the field.
    #[arg(long, value_name = "[EVENT:]SOURCE=TARGET", help_heading = "Mapping")]
    pub map: Vec<Row>,

    /// Skip Olark's extra posts at the start of chats
    ///
    /// Olark posts some chats twice: when they start (with the eventType start) and when they end. Without this option,
    /// such a chat counts twice.
    #[arg(long, help_heading = "Mapping")]
    pub skip_starts: bool,

    /// Kind of messageId
    #[arg(
        long,
        value_enum,
        default_value_t,
        value_name = "KIND",
        hide_short_help = true,
        help_heading = "Mapping"
    )]
    pub message_id: MessageId,

    /// Write events to a file
    ///
    /// The file is written under a temporary name and renamed when it is complete. An existing file is replaced and
    /// keeps its mode, unless there are no events to write. A stream (/dev/stdout, /dev/fd/3, a FIFO) is written
    /// directly. Inputs and outputs must all be different files.
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, group = "file", help_heading = "Output")]
    pub output: Option<PathBuf>,

    /// Write one output file for each input file
    ///
    /// The output has the same path below DIR, with the extension .ndjson. Members of an archive get the outputs that
    /// the unpacked files would get; standard input becomes stdin.ndjson. If an output exists, nothing is converted
    /// without --skip-existing or --overwrite. (The members of a tar aren't known in advance, so the run stops
    /// at the first that has one.)
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, group = "file", help_heading = "Output")]
    pub output_dir: Option<PathBuf>,

    /// Directory that paths in --output-dir are relative to
    ///
    /// By default, the directory given as INPUT. With --base archive, runs over archive/2019 and archive/2021 write to
    /// 2019/ and 2021/.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, requires = "output_dir", hide_short_help = true, help_heading = "Output")]
    pub base: Option<PathBuf>,

    /// Skip inputs whose output exists and isn't older
    ///
    /// Use it to continue an interrupted run, or to convert what is new every night.
    #[arg(long, requires = "output_dir", conflicts_with = "overwrite", help_heading = "Output")]
    pub skip_existing: bool,

    /// Replace existing outputs (with -o, even if there are no events)
    #[arg(long, requires = "file", help_heading = "Output")]
    pub overwrite: bool,

    /// Output format
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub format: FormatName,

    /// Largest request body of --format batch, in bytes [default: 4096000]
    ///
    /// The default is the most that RudderStack's gateway accepts.
    #[arg(long, value_name = "BYTES", value_parser = body_bytes, hide_short_help = true, help_heading = "Output")]
    pub batch_bytes: Option<usize>,

    /// Indent events (default on a terminal)
    #[arg(long, conflicts_with = "output_dir", help_heading = "Output")]
    pub pretty: bool,

    /// When to use colors
    ///
    /// auto: on a terminal, unless NO_COLOR is set.
    #[arg(long, value_name = "WHEN", default_value_t, hide_short_help = true, help_heading = "Output")]
    pub color: ColorChoice,

    /// Number of threads [default: cores]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), help_heading = "Output")]
    pub jobs: Option<u16>,

    /// Keep rejected records in a file, as JSON lines
    ///
    /// Fix the payloads in the file, and convert it like any other. `-` is standard output.
    ///
    /// A row has source, line, offset (of the record's first byte), code, reason and payload, the record's text:
    /// payload_base64 if it isn't UTF-8, only its length in bytes if it was too large. For a payload inside a record,
    /// payload has only its own text, and at has its path. Only the owner can read the file. REJECTS in the manual page says
    /// where a record that is not JSON ends.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Errors")]
    pub rejects: Option<PathBuf>,

    /// Stop at the first reject
    ///
    /// The output file is not written, and outputs in --output-dir only up to the reject.
    #[arg(long, help_heading = "Errors")]
    pub fail_fast: bool,

    /// Write the totals to a file, as JSON
    ///
    /// One object: payloads, converted, rejected, events (by type), rejects and warnings (by code), found (by path),
    /// files, skipped_files, skipped_lines, skipped_starts, left_out (by extension), unread_inputs, bytes_in,
    /// bytes_out and seconds. `-` is standard output.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Errors")]
    pub summary: Option<PathBuf>,

    /// Print only fatal errors and inputs that can't be read
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Errors")]
    pub quiet: bool,

    /// Print warnings, too
    ///
    /// A warning doesn't change the exit code. There is one for a group without an id, a chat without a readable time
    /// or without a kind, an extra post at the start of a chat, an item that isn't a message (with --events chat), an
    /// event over 32 KB (RudderStack's documented limit), a payload that is in its record twice, doubled backslashes, a
    /// --map field that no payload has, and an empty input.
    #[arg(short, long, help_heading = "Errors")]
    pub verbose: bool,

    /// Explain each payload: what goes where, what doesn't, and why
    #[arg(long, conflicts_with_all = ["output_dir", "format", "pretty", "batch_bytes"], help_heading = "Debugging")]
    pub explain: bool,

    /// Convert and report, but write no events
    ///
    /// Prints nothing if all is well; --summary - prints the totals.
    #[arg(long, conflicts_with_all = ["output", "output_dir", "explain", "pretty", "list_mapping"], help_heading = "Debugging")]
    pub check: bool,

    /// Print the chosen mapping as a table, with the rows of --map
    #[arg(long, conflicts_with_all = OF_A_RUN.split(' '), help_heading = "Debugging")]
    pub list_mapping: bool,

    /// Print completions for a shell
    #[arg(long, value_name = "SHELL", exclusive = true, hide_short_help = true, help_heading = "Debugging")]
    pub completions: Option<Shell>,

    /// Print the manual page
    #[arg(long, exclusive = true, hide_short_help = true, help_heading = "Debugging")]
    pub man: bool,
}

/// The names that `--events` takes.
fn event_names() -> impl TypedValueParser<Value = &'static [Event]> {
    let names = EVENT_SETS.iter().map(|set| PossibleValue::new(set.name).help(set.help));
    PossibleValuesParser::new(names).map(|name| {
        let set = EVENT_SETS.iter().find(|set| set.name == name);
        set.map(|set| set.events).unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_short_help_fits_a_screen() {
        assert!(Cli::command().render_help().to_string().lines().count() <= 50);
    }
}
