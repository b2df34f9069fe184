//! The command line: every flag and its help.

mod print;
mod settle;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Parser, ValueEnum, ValueHint};
use clap_complete::Shell;
use olark2rudder::convert::options::{ExtraRow, FieldPath};
use olark2rudder::input::unwrap::At;
use olark2rudder::output::batch::MAX_BODY;

/// What `--version` says: the package's version, and the commit where it was built from a checkout.
const VERSION: &str = env!("OLARK2RUDDER_VERSION");

/// What `--help` says behind the options.
const EXAMPLES: &str = "\
Examples:
  A pipe:          tail -f chats.ndjson | olark2rudder | my-loader
  An archive:      olark2rudder --timestamp --output-dir events archive/
  To send:         olark2rudder --timestamp --format batch -o bodies.ndjson archive/
  One payload:     olark2rudder --explain payload.json

Exit codes:
  0    everything was converted
  1    done, but something was rejected or could not be read, or there was nothing to read
  2    wrong usage, or refused before anything was written
  3    an output failed, so it is not complete
  130  interrupted (143 when terminated, 129 when the terminal was closed)
  141  nobody reads the output any more";

/// Convert Olark live-chat transcripts into RudderStack events
///
/// Reads what Olark's webhook posts, from files, directories or standard input: JSON objects however laid out,
/// arrays of them, NDJSON or form bodies; compressed with gzip, zstd, bzip2 or xz; in a tar or zip. The content
/// decides how it is read. Writes the events that RudderStack's own Olark source would make of it.
#[derive(Debug, Parser)]
#[command(version = VERSION, max_term_width = 100, after_long_help = EXAMPLES)]
pub struct Cli {
    /// Files and directories; `-` or none is standard input
    ///
    /// In directories, files ending in .json, .ndjson, .jsonl and .form are read, each also with .gz, .zst, .bz2
    /// or .xz, the parts that Hadoop and Spark write (part-00000), and the members of .tar, .tar.gz (and so on),
    /// .tgz and .zip files, in sorted order. Files that are named are read whatever they are called.
    #[arg(value_name = "INPUT", value_hint = ValueHint::AnyPath)]
    pub inputs: Vec<PathBuf>,

    /// What the input holds
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = InputFormat::Auto, help_heading = "Input")]
    pub input_format: InputFormat,

    /// Where in each record payloads are
    ///
    /// Keys joined by dots, and [] for each element of an array: body, hits.hits[]._source. Strings on the way are
    /// decoded. With . only the record itself is looked at. By default a record that is no payload is searched.
    #[arg(long, value_name = "PATH", value_parser = At::parse, help_heading = "Input")]
    pub at: Option<At>,

    /// Largest record, in bytes (k, M, G)
    #[arg(long, value_name = "BYTES", value_parser = bytes, default_value = "16M", help_heading = "Input")]
    pub max_record: usize,

    /// Also read files with this extension in directories (repeatable)
    #[arg(long, value_name = "EXT", help_heading = "Input")]
    pub ext: Vec<OsString>,

    /// Read the inputs that a file lists, one a line; `-` is standard input
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Input")]
    pub files_from: Option<PathBuf>,

    /// The list of --files-from is separated by NUL, as find -print0 writes it
    #[arg(short = '0', long, requires = "files_from", help_heading = "Input")]
    pub null: bool,

    /// Which mapping to follow
    ///
    /// RudderStack documents its Olark mapping twice, as a table and as an example, which disagree.
    #[arg(long, value_enum, default_value_t = MappingName::Standard, help_heading = "Mapping")]
    pub mapping: MappingName,

    /// Date events by their conversation
    ///
    /// Adds the time of the conversation's latest item, as a backfill needs: without it RudderStack dates an event
    /// by its arrival.
    #[arg(long, help_heading = "Mapping")]
    pub timestamp: bool,

    /// Which events to make of a conversation, separated by commas
    #[arg(
        long,
        value_name = "LIST",
        value_enum,
        value_delimiter = ',',
        default_value = "conversation,group",
        help_heading = "Mapping"
    )]
    pub events: Vec<EventName>,

    /// Which field says who the user is: the first that can, separated by commas
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
    /// visitor.customFields=context.traits.customFields, group:id=context.conversationId
    #[arg(long, value_name = "[EVENT:]SOURCE=TARGET", help_heading = "Mapping")]
    pub map: Vec<ExtraRow>,

    /// Where messageIds come from
    #[arg(long, value_enum, default_value_t = MessageIds::Stable, value_name = "KIND", help_heading = "Mapping")]
    pub message_id: MessageIds,

    /// Write to a file, put in place when complete
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Output")]
    pub output: Option<PathBuf>,

    /// Write one file for each input file
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, conflicts_with = "output", help_heading = "Output")]
    pub output_dir: Option<PathBuf>,

    /// Where the paths in --output-dir start
    ///
    /// By default in the directory that was named. With --base archive, runs over archive/2019 and archive/2021
    /// write to 2019 and 2021.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, requires = "output_dir", help_heading = "Output")]
    pub base: Option<PathBuf>,

    /// Skip inputs whose output exists and is at least as new
    ///
    /// To go on with an interrupted run: in --output-dir, files are put in place when complete.
    #[arg(long, requires = "output_dir", conflicts_with = "overwrite", help_heading = "Output")]
    pub skip_existing: bool,

    /// Replace outputs that exist in --output-dir
    #[arg(long, requires = "output_dir", help_heading = "Output")]
    pub overwrite: bool,

    /// How to put events together
    #[arg(long, value_enum, default_value_t = OutputFormat::Ndjson, help_heading = "Output")]
    pub format: OutputFormat,

    /// Largest request body, in bytes
    #[arg(long, value_name = "BYTES", value_parser = body_bytes, default_value = "4096000", help_heading = "Output")]
    pub batch_bytes: usize,

    /// Indent, as on a terminal
    #[arg(long, conflicts_with = "output_dir", help_heading = "Output")]
    pub pretty: bool,

    /// When to colour
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = When::Auto, help_heading = "Output")]
    pub color: When,

    /// Number of threads [default: cores]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), help_heading = "Output")]
    pub jobs: Option<u16>,

    /// Keep rejected records as JSON lines
    ///
    /// Each with source, line, offset, code, reason and payload. Readable for the owner only.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Errors")]
    pub rejects: Option<PathBuf>,

    /// Stop at the first reject
    #[arg(long, help_heading = "Errors")]
    pub fail_fast: bool,

    /// Write the totals as JSON
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Errors")]
    pub summary: Option<PathBuf>,

    /// Say nothing but fatal errors and inputs that cannot be read
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Errors")]
    pub quiet: bool,

    /// List warnings too
    #[arg(short, long, help_heading = "Errors")]
    pub verbose: bool,

    /// Show what became of each field, and why
    #[arg(long, conflicts_with_all = ["output_dir", "format", "pretty"], help_heading = "Debugging")]
    pub explain: bool,

    /// Convert and report, but write no events
    #[arg(long, conflicts_with_all = ["output", "output_dir", "explain"], help_heading = "Debugging")]
    pub check: bool,

    /// List what goes where in the chosen mapping
    #[arg(long, help_heading = "Debugging")]
    pub list_mapping: bool,

    /// Print completions for a shell
    #[arg(long, value_name = "SHELL", value_enum, help_heading = "Debugging")]
    pub completions: Option<Shell>,

    /// Print the manual page
    #[arg(long, help_heading = "Debugging")]
    pub man: bool,
}

/// What `--input-format` takes.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum InputFormat {
    /// Found from the content
    Auto,
    /// Objects or arrays of objects, however laid out
    Json,
    /// One object on each line
    Ndjson,
    /// Form bodies, as Olark posts them
    Form,
    /// Rows of cells, separated by commas or semicolons
    Csv,
    /// Rows of cells, separated by tabs
    Tsv,
}

/// What `--mapping` takes.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum MappingName {
    /// The documentation's worked example, completed by its table
    Standard,
    /// The same with every row of the documented table
    Full,
    /// What RudderStack's own transformer emits for a live webhook
    Live,
}

/// What `--events` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EventName {
    /// A track event for each conversation
    Conversation,
    /// A group event for each of its groups
    Group,
    /// An identify event for each visitor with traits
    Identify,
    /// Live-chat events: a track event for each message, and for where a chat starts and ends
    Chat,
    /// All of these
    All,
}

/// What `--message-id` takes.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum MessageIds {
    /// The same for the same event of the same conversation
    Stable,
    /// New for each event
    Random,
}

/// What `--format` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// One event a line
    Ndjson,
    /// One array
    Json,
    /// One request body for /v1/batch a line
    Batch,
}

/// What `--color` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Cli {
    /// Whether nothing is to be read but what is typed, and nothing is to be printed either.
    pub fn lacks_input(&self) -> bool {
        let prints = self.list_mapping || self.completions.is_some() || self.man;
        self.inputs.is_empty() && self.files_from.is_none() && !prints
    }
}

/// A number of bytes, in full or with one of the letters for powers of 1024.
fn bytes(text: &str) -> Result<usize, String> {
    let (digits, factor) = match text.char_indices().last() {
        Some((at, 'k' | 'K')) => (&text[..at], 1 << 10),
        Some((at, 'M')) => (&text[..at], 1 << 20),
        Some((at, 'G')) => (&text[..at], 1 << 30),
        _ => (text, 1_usize),
    };
    let number: usize = digits.parse().map_err(|_| "expected a number of bytes such as 4096000 or 16M")?;
    number
        .checked_mul(factor)
        .filter(|bytes| *bytes > 0)
        .ok_or_else(|| "expected a number of bytes above 0".into())
}

/// The size of a request body: what the gateway takes at most.
fn body_bytes(text: &str) -> Result<usize, String> {
    let bytes = bytes(text)?;
    match bytes > MAX_BODY {
        true => Err(format!("RudderStack's gateway takes at most {MAX_BODY}")),
        false => Ok(bytes),
    }
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
    fn a_number_of_bytes_may_have_a_letter() {
        for (text, expected) in [
            ("1", Some(1)),
            ("2k", Some(2 << 10)),
            ("2K", Some(2 << 10)),
            ("3M", Some(3 << 20)),
            ("1G", Some(1 << 30)),
            ("0", None),
            ("", None),
            ("M", None),
            ("1m", None),
            ("-1", None),
            ("99999999999G", None),
        ] {
            assert_eq!(bytes(text).ok(), expected, "{text}");
        }
        assert_eq!((body_bytes("4096000").ok(), body_bytes("4096001").ok()), (Some(4_096_000), None));
    }
}
