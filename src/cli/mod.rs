//! The command line: every flag and its help.

mod options;

use std::io::Write;
use std::path::PathBuf;

use clap::{CommandFactory, Parser, ValueEnum, ValueHint};
use clap_complete::Shell;
use clap_mangen::Man;
use olark2rudder::convert::options::ExtraRow;
use olark2rudder::explain::list_mapping;

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
  1    done, but something was rejected or could not be read
  2    wrong usage, or refused before anything was written
  3    an output failed, so it is not complete
  130  interrupted (143 when terminated)
  141  nobody reads the output any more";

/// Convert Olark live-chat transcripts into RudderStack events
///
/// Reads what Olark's webhook posts, from files, directories or standard input: JSON objects however
/// laid out, arrays of them, NDJSON, form bodies, gzip or zstd, all found from the content. Writes the
/// events that RudderStack's own Olark source would make of them.
#[derive(Debug, Parser)]
#[command(version = VERSION, max_term_width = 100, after_long_help = EXAMPLES)]
pub struct Cli {
    /// Files and directories; `-` or none is standard input
    ///
    /// In directories, files ending in .json, .ndjson, .jsonl and .form are read, each also with .gz or
    /// .zst, and the parts that Hadoop and Spark write (part-00000), in sorted order. Files that are named
    /// are read whatever they are called.
    #[arg(value_name = "INPUT", value_hint = ValueHint::AnyPath)]
    pub inputs: Vec<PathBuf>,

    /// What the input holds
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = InputFormat::Auto, help_heading = "Input")]
    pub input_format: InputFormat,

    /// Largest record, in bytes (k, M, G)
    #[arg(long, value_name = "BYTES", value_parser = bytes, default_value = "16M", help_heading = "Input")]
    pub max_record: usize,

    /// Which mapping to follow
    ///
    /// RudderStack documents its Olark mapping twice, as a table and as an example, which disagree.
    #[arg(long, value_enum, default_value_t = MappingName::Standard, help_heading = "Mapping")]
    pub mapping: MappingName,

    /// Date events by their conversation
    ///
    /// Adds the time of the conversation's latest item, as a backfill needs: without it RudderStack dates
    /// an event by its arrival.
    #[arg(long, help_heading = "Mapping")]
    pub timestamp: bool,

    /// Carry one more field (repeatable)
    ///
    /// SOURCE is a field of the payload, TARGET a property of the track event below properties, traits or
    /// context: visitor.customFields=context.traits.customFields
    #[arg(long, value_name = "SOURCE=TARGET", help_heading = "Mapping")]
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

    /// Leave out inputs that have their file
    ///
    /// To go on with an interrupted run: with --output-dir, files are put in place when complete.
    #[arg(long, requires = "output_dir", help_heading = "Output")]
    pub skip_existing: bool,

    /// How to put events together
    #[arg(long, value_enum, default_value_t = OutputFormat::Ndjson, help_heading = "Output")]
    pub format: OutputFormat,

    /// Largest request body, in bytes
    #[arg(long, value_name = "BYTES", value_parser = bytes, default_value = "4096000", help_heading = "Output")]
    pub batch_bytes: usize,

    /// Indent, as on a terminal
    #[arg(long, help_heading = "Output")]
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

    /// Write the counts as JSON
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Errors")]
    pub summary: Option<PathBuf>,

    /// Say nothing but fatal errors
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
    /// What is to be printed in place of a run, if anything is.
    pub fn print(&self) -> Option<Vec<u8>> {
        let mut text = Vec::new();
        if self.list_mapping {
            text = list_mapping(self.mapping.into()).into_bytes();
        } else if let Some(shell) = self.completions {
            clap_complete::generate(shell, &mut Cli::command(), "olark2rudder", &mut text);
        } else if self.man {
            // A buffer takes all that is written to it.
            let _ = manual(&mut text);
        }
        (!text.is_empty()).then_some(text)
    }
}

/// The manual page, the same for every commit of a version.
fn manual(to: &mut Vec<u8>) -> std::io::Result<()> {
    let page = Man::new(Cli::command().version(env!("CARGO_PKG_VERSION")));
    page.render_title(to)?;
    page.render_name_section(to)?;
    page.render_synopsis_section(to)?;
    page.render_description_section(to)?;
    page.render_options_section(to)?;
    // Lines as they stand, not filled as text is.
    writeln!(to, ".SH EXAMPLES AND EXIT CODES\n.nf")?;
    writeln!(to, "{}\n.fi", EXAMPLES.replace('\\', "\\e").replace('-', "\\-"))?;
    page.render_version_section(to)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
