//! What the flags mean for the run.

use std::io::IsTerminal;

use super::{Cli, InputFormat, MappingName, MessageIds, OutputFormat, When};
use olark2rudder::convert::mapping::Mapping;
use olark2rudder::convert::options::MappingOptions;
use olark2rudder::explain::Explainer;
use olark2rudder::input::split::Layout;
use olark2rudder::output::format::Format;
use olark2rudder::output::pretty::Style;
use olark2rudder::report::Verbosity;
use olark2rudder::run::{Options, Output};
use uuid::Uuid;

impl Cli {
    /// What the flags mean for the run.
    pub fn options(self) -> Options {
        let format = match self.format {
            OutputFormat::Ndjson => Format::Ndjson,
            OutputFormat::Json => Format::Json,
            OutputFormat::Batch => Format::Batch(self.batch_bytes),
        };
        let layout = match self.input_format {
            InputFormat::Auto => Layout::Auto,
            InputFormat::Json => Layout::Json,
            InputFormat::Ndjson => Layout::Ndjson,
            InputFormat::Form => Layout::Form,
        };
        let output = match (self.output, self.output_dir) {
            _ if self.check => Output::Nowhere,
            (Some(path), _) if path.as_os_str() != "-" => Output::File(path),
            (None, Some(directory)) => Output::Directory(directory, self.skip_existing),
            _ => Output::Stdout,
        };
        let terminal = output == Output::Stdout && std::io::stdout().is_terminal();
        // A request body is one line, whoever reads it.
        let indent = (self.pretty || terminal) && self.format != OutputFormat::Batch;
        let color = self.color.is_on(terminal);
        let style =
            (!self.explain && (terminal || indent || color)).then_some(Style { indent, color, width: None });
        let explain = self.explain.then(|| Explainer { width: width(), color });
        let volume = match (self.quiet, self.verbose) {
            (true, _) => Verbosity::Quiet,
            (_, true) => Verbosity::Verbose,
            _ => Verbosity::Normal,
        };
        let fresh_id = match self.message_id {
            MessageIds::Stable => None,
            MessageIds::Random => Some(Uuid::new_v4 as fn() -> Uuid),
        };
        Options {
            inputs: self.inputs,
            layout,
            max_record: self.max_record,
            choices: MappingOptions {
                mapping: self.mapping.into(),
                timestamp: self.timestamp,
                extras: self.map,
                fresh_id,
                max_event: format.max_event(),
            },
            output,
            format,
            style,
            rejects: self.rejects,
            fail_fast: self.fail_fast,
            summary: self.summary,
            volume,
            explain,
            jobs: self.jobs.map(usize::from),
        }
    }
}

impl When {
    fn is_on(self, terminal: bool) -> bool {
        match self {
            When::Always => true,
            When::Never => false,
            When::Auto => {
                let unset = |name| std::env::var_os(name).is_none_or(|value| value.is_empty());
                terminal && unset("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
            }
        }
    }
}

impl From<MappingName> for Mapping {
    fn from(name: MappingName) -> Mapping {
        match name {
            MappingName::Standard => Mapping::Standard,
            MappingName::Full => Mapping::Full,
            MappingName::Live => Mapping::Live,
        }
    }
}

/// The columns that there are on standard output: a terminal's own, else what fits everywhere.
fn width() -> usize {
    let size = rustix::termios::tcgetwinsize(rustix::stdio::stdout());
    size.ok().map(|size| usize::from(size.ws_col)).filter(|columns| *columns >= 40).unwrap_or(80)
}
