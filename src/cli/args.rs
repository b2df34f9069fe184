//! Every option and its help.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{ColorChoice, Parser, ValueEnum, ValueHint};
use clap_complete::Shell;
use olark2rudder::convert::mapping::{Event, Mapping};
use olark2rudder::convert::options::{Events, ExtraRow, FieldPath, MessageId};
use olark2rudder::output::FormatName;
use olark2rudder::payloads::at_path::At;
use olark2rudder::records::input_format::InputFormat;

use super::bytes::{body_bytes, bytes};
use super::help;

/// Options that do nothing for a mapping that is listed.
const OF_A_RUN: [&str; 15] = [
    "inputs",
    "input_format",
    "at",
    "max_record",
    "ext",
    "files_from",
    "output",
    "output_dir",
    "format",
    "pretty",
    "jobs",
    "rejects",
    "fail_fast",
    "summary",
    "explain",
];

/// Convert Olark live-chat transcripts into RudderStack events
///
/// Reads what Olark's webhook posts, from files, directories or standard input: JSON objects in any layout,
/// arrays of them, NDJSON or form bodies, also inside other JSON, log lines, CSV and TSV; compressed with gzip,
/// zstd, bzip2 or xz; in a tar or zip. The content decides how it is read. Writes the events that RudderStack's own Olark source would make of it.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, after_long_help = help::after_help(), override_usage = help::USAGE)]
pub struct Cli {
    /// Files and directories; `-` or none is standard input
    ///
    /// With --explain, FILE:45 is the record at line 45 of a file.
    ///
    /// In directories, files ending in .json, .ndjson, .jsonl and .form are read, each also with .gz, .zst, .bz2
    /// or .xz, the parts that Hadoop and Spark write (part-00000), and the members of .tar, .tar.gz (and so on),
    /// .tgz and .zip files. Directories are read in sorted order, archives in their own. Files that are named are read
    /// whatever they are called. Symbolic links, and archives inside archives, are skipped.
    ///
    /// In a line of a log, the text before the first {" or data= is ignored. So is the text after the payload that
    /// begins there, unless it has a brace or a quote with a colon: that may be more of the payload, so the line is
    /// rejected.
    #[arg(value_name = "INPUT", value_hint = ValueHint::AnyPath)]
    pub inputs: Vec<PathBuf>,

    /// What the input holds
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t, help_heading = "Input")]
    pub input_format: InputFormat,

    /// Where the payloads are in each record
    ///
    /// Keys joined by dots, and [] for each element of an array: body, hits.hits[]._source. Strings on the way are
    /// decoded. With . only the record itself is looked at. By default a record that is no payload is searched,
    /// 16 levels deep, through strings that hold JSON, a form body or base64 of these. --summary and --explain say
    /// where payloads were found.
    #[arg(long, value_name = "PATH", value_parser = At::parse, help_heading = "Input")]
    pub at: Option<At>,

    /// Largest record, in bytes (k, M, G)
    ///
    /// A record of this size takes each thread four to five times as much memory. Records that are nested deeper
    /// than 512 levels are rejected, too.
    #[arg(long, value_name = "BYTES", value_parser = bytes, default_value = "16M", hide_short_help = true, help_heading = "Input")]
    pub max_record: usize,

    /// Read all files with this extension in directories (repeatable)
    ///
    /// '' means files without an extension, '*' all files. Where neither this nor a usual extension decides, the
    /// content does: a file is read if `visitor` with a quote after it is in it. Members of a tar are searched up to
    /// their first MiB. What is left out is counted by extension when the run is done; --verbose names it.
    #[arg(long, value_name = "EXT", hide_short_help = true, help_heading = "Input")]
    pub ext: Vec<OsString>,

    /// Read the inputs that a file lists, one per line
    ///
    /// `-` is standard input.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Input")]
    pub files_from: Option<PathBuf>,

    /// The list of --files-from is separated by NUL, as find -print0 writes it
    #[arg(short = '0', long, requires = "files_from", hide_short_help = true, help_heading = "Input")]
    pub null: bool,

    /// Which mapping to follow
    ///
    /// RudderStack documents its Olark mapping twice, as a table and as an example, which disagree.
    #[arg(long, value_enum, default_value_t, help_heading = "Mapping")]
    pub mapping: Mapping,

    /// Date events by their conversation
    ///
    /// Adds the time of the conversation's latest item, as a backfill needs: without it RudderStack dates an event
    /// by its arrival.
    #[arg(long, help_heading = "Mapping")]
    pub timestamp: bool,

    /// Events to make of a conversation
    #[arg(
        long,
        value_name = "LIST",
        value_parser = event_names(),
        value_delimiter = ',',
        default_value = "conversation,group",
        help_heading = "Mapping"
    )]
    pub events: Vec<Events>,

    /// Fields that say who the user is
    ///
    /// The first that is a string or number and not blank is the userId of every event:
    /// visitor.customFields.customerId,visitor.emailAddress,visitor.id
    #[arg(
        long,
        value_name = "PATH[,PATH…]",
        value_delimiter = ',',
        default_value = "visitor.id",
        help_heading = "Mapping"
    )]
    pub user_id: Vec<FieldPath>,

    /// Carry one more field (repeatable)
    ///
    /// SOURCE is a field of the payload, TARGET a property in properties, traits or context of the conversation's
    /// event, or of each event that EVENT names (group, identify or chat):
    /// visitor.customFields=context.traits.customFields, group:id=context.conversationId. What no payload has is a
    /// warning.
    #[arg(long, value_name = "[EVENT:]SOURCE=TARGET", help_heading = "Mapping")]
    pub map: Vec<ExtraRow>,

    /// Skip Olark's extra posts at the start of chats
    ///
    /// Olark posts some chats twice, at their start (with the eventType start) and when they end. Without this option
    /// such a chat counts twice.
    #[arg(long, help_heading = "Mapping")]
    pub skip_starts: bool,

    /// Where messageIds come from
    #[arg(
        long,
        value_enum,
        default_value_t,
        value_name = "KIND",
        hide_short_help = true,
        help_heading = "Mapping"
    )]
    pub message_id: MessageId,

    /// Write to a file, put in place when complete
    ///
    /// A file that exists is replaced and keeps its mode, but one with something in it is not replaced by nothing. A
    /// stream (/dev/stdout, /dev/fd/3, a FIFO) is written in
    /// place. All inputs and outputs must be different files, whatever name or link they are reached by.
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, group = "file", help_heading = "Output")]
    pub output: Option<PathBuf>,

    /// Write one file for each input file
    ///
    /// At the same place in DIR, with .ndjson in place of its extensions; standard input gives stdin.ndjson. Members
    /// of an archive get the outputs that the unpacked files would get. Files that exist are not replaced without
    /// --overwrite. If that concerns a member of a tar, which is only known when the tar is read, the run ends there.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, group = "file", help_heading = "Output")]
    pub output_dir: Option<PathBuf>,

    /// Where the paths in --output-dir start
    ///
    /// By default in the directory that was named. With --base archive, runs over archive/2019 and archive/2021
    /// write to 2019 and 2021.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, requires = "output_dir", hide_short_help = true, help_heading = "Output")]
    pub base: Option<PathBuf>,

    /// Skip inputs whose output exists and is at least as new
    ///
    /// To go on with an interrupted run: in --output-dir, files are put in place when complete.
    #[arg(long, requires = "output_dir", conflicts_with = "overwrite", help_heading = "Output")]
    pub skip_existing: bool,

    /// Replace outputs that exist in --output-dir, or FILE by nothing
    #[arg(long, requires = "file", help_heading = "Output")]
    pub overwrite: bool,

    /// How events are put together
    #[arg(long, value_enum, default_value_t, help_heading = "Output")]
    pub format: FormatName,

    /// Largest request body of --format batch, in bytes [default: 4096000]
    ///
    /// RudderStack's gateway takes no more than 4,096,000.
    #[arg(long, value_name = "BYTES", value_parser = body_bytes, hide_short_help = true, help_heading = "Output")]
    pub batch_bytes: Option<usize>,

    /// Indent, as on a terminal
    #[arg(long, conflicts_with = "output_dir", help_heading = "Output")]
    pub pretty: bool,

    /// When to colour
    ///
    /// auto: on a terminal, unless NO_COLOR is set.
    #[arg(
        long,
        value_name = "WHEN",
        value_enum,
        default_value_t,
        hide_short_help = true,
        help_heading = "Output"
    )]
    pub color: ColorChoice,

    /// Number of threads [default: cores]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), help_heading = "Output")]
    pub jobs: Option<u16>,

    /// Keep rejected records as JSON lines
    ///
    /// Each with source, line, offset (in bytes, where the record begins), code, reason and payload (payload_base64
    /// where it is not UTF-8; bytes, its length, where it was too large to keep). For a payload inside a record,
    /// payload is its own text and at its path. Such a file can be read again: mend the payloads in it first. `-` is standard output. Only its owner can read the file. It is
    /// put in place when the run is done; with --output-dir it grows as the files do, and --skip-existing adds to it.
    ///
    /// The brackets of a bad record show where it ends. If they do not match, it ends before the next line that
    /// begins with { (in an array, indented like its own) or with a form body. Between records that are lines, each
    /// line is a record.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Errors")]
    pub rejects: Option<PathBuf>,

    /// Stop at the first reject
    ///
    /// From then on no file of events is put in place.
    #[arg(long, help_heading = "Errors")]
    pub fail_fast: bool,

    /// Write the totals as JSON
    ///
    /// One object: payloads, converted, rejected, events (by type: track, group, identify), rejects and warnings (by
    /// code), found (by path), files, skipped_files, skipped_lines, skipped_starts, left_out (by extension), unread_inputs, bytes_in,
    /// bytes_out and seconds. `-` is standard output.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Errors")]
    pub summary: Option<PathBuf>,

    /// Print only fatal errors and inputs that cannot be read
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Errors")]
    pub quiet: bool,

    /// List warnings too
    ///
    /// They do not change the exit code: a group without an id, no readable time, an item that is no message (with
    /// live-chat events), no kind, an event over 32 KB (RudderStack's documented limit), an extra post at the start
    /// of a chat (so the chat is counted twice), a --map that no payload has, an empty input.
    #[arg(short, long, help_heading = "Errors")]
    pub verbose: bool,

    /// Show what became of each field, and why
    #[arg(long, conflicts_with_all = ["output_dir", "format", "pretty", "batch_bytes"], help_heading = "Debugging")]
    pub explain: bool,

    /// Convert and report, but write no events
    ///
    /// Silent if all is well; --summary - gives the counts.
    #[arg(long, conflicts_with_all = ["output", "output_dir", "explain", "pretty", "list_mapping"], help_heading = "Debugging")]
    pub check: bool,

    /// List what goes where in the chosen mapping, with the fields of --map
    #[arg(long, conflicts_with_all = OF_A_RUN, help_heading = "Debugging")]
    pub list_mapping: bool,

    /// Print completions for a shell
    #[arg(
        long,
        value_name = "SHELL",
        value_enum,
        exclusive = true,
        hide_short_help = true,
        help_heading = "Debugging"
    )]
    pub completions: Option<Shell>,

    /// Print the manual page
    #[arg(long, exclusive = true, hide_short_help = true, help_heading = "Debugging")]
    pub man: bool,
}

/// The names that `--events` takes: those of the events, and `all`.
fn event_names() -> impl TypedValueParser<Value = Events> {
    let names = Event::value_variants().iter().filter_map(Event::to_possible_value);
    let names = names.chain([PossibleValue::new("all").help("All of these")]);
    PossibleValuesParser::new(names)
        .map(|name| Event::from_str(&name, false).map_or_else(|_| Events::all(), |event| Events(vec![event])))
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
