//! What the flags mean for the run.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use super::Cli;
use super::values::{EventName, InputFormat, MappingName, MessageIds, OutputFormat, When};
use olark2rudder::convert::mapping::{Event, Mapping};
use olark2rudder::convert::options::{Events, MappingOptions, MessageId, Timestamp, Use, UserId};
use olark2rudder::error::UsageError;
use olark2rudder::explain::Explainer;
use olark2rudder::input::file_list::{self, Separator};
use olark2rudder::input::selection::Selection;
use olark2rudder::input::walk::Base;
use olark2rudder::options::{Existing, OnReject, Options, Output};
use olark2rudder::output::destination::Target;
use olark2rudder::output::pretty::{self, Style};
use olark2rudder::output::{FormatName, batch};
use olark2rudder::records::split::Layout;
use olark2rudder::report::{EmptySource, Verbosity};
use olark2rudder::sys::stream;
use olark2rudder::term::color::Color;
use uuid::Uuid;

impl Cli {
    /// What the flags mean for the run.
    ///
    /// # Errors
    /// When some of them exclude each other.
    pub fn settle(self) -> Result<Options, UsageError> {
        let output = self.output();
        let terminal = output == Output::One(Target::STDOUT) && std::io::stdout().is_terminal();
        let color = self.color.color(terminal);
        if self.format == OutputFormat::Batch && (self.pretty || self.color == When::Always) {
            let message =
                "--format batch writes request bodies, so it does not go with --pretty or --color always";
            return Err(UsageError::new(message));
        }
        if self.output_dir.is_some() && self.color == When::Always {
            let message = "--output-dir writes files, so it does not go with --color always";
            return Err(UsageError::new(message));
        }
        let style = self.style(terminal, color);
        let format = match self.format {
            OutputFormat::Ndjson => FormatName::Ndjson,
            OutputFormat::Json => FormatName::Json,
            OutputFormat::Batch => FormatName::Batch(self.batch_bytes),
        };
        let events_for = match format {
            FormatName::Batch(max_body) => Use::Batch { max_event: batch::max_event(max_body) },
            _ => Use::Any,
        };
        let mapping = self.mapping_options(events_for);
        check_events(&mapping)?;
        let verbosity = match (self.quiet, self.verbose, self.explain) {
            (true, ..) => Verbosity::Quiet,
            // Rejects are explained on the output already.
            (_, _, true) => Verbosity::Totals,
            (_, true, _) => Verbosity::Verbose,
            _ => Verbosity::Normal,
        };
        let (inputs, line) = one_line(self.inputs()?, self.explain)?;
        let is_looked_at = self.explain || self.check || matches!(&inputs[..], [input] if !input.is_dir());
        Ok(Options {
            inputs,
            line,
            empty: if is_looked_at { EmptySource::Said } else { EmptySource::Warned },
            selection: Selection::with(&self.ext),
            base: self.base.map_or(Base::Named, Base::Directory),
            layout: match self.input_format {
                InputFormat::Auto => Layout::Auto,
                InputFormat::Json => Layout::Json,
                InputFormat::Ndjson => Layout::Ndjson,
                InputFormat::Form => Layout::Form,
                InputFormat::Csv => Layout::Csv,
                InputFormat::Tsv => Layout::Tsv,
            },
            at: self.at,
            max_record: self.max_record,
            mapping,
            output,
            format,
            style,
            rejects: self.rejects.as_deref().map(Target::of),
            on_reject: if self.fail_fast { OnReject::Stop } else { OnReject::GoOn },
            summary: self.summary.as_deref().map(Target::of),
            verbosity,
            explain: self.explain.then(|| Explainer { width: width(), color }),
            jobs: self.jobs.map(usize::from),
        })
    }

    /// The mapping options that the flags set.
    pub fn mapping_options(&self, events_for: Use) -> MappingOptions {
        MappingOptions {
            mapping: self.mapping.into(),
            events: Events(self.events.iter().flat_map(|name| name.events()).copied().collect()),
            user_id: UserId(self.user_id.clone()),
            timestamp: if self.timestamp { Timestamp::LatestItem } else { Timestamp::None },
            extra_rows: self.map.clone(),
            message_id: match self.message_id {
                MessageIds::Stable => MessageId::Stable,
                MessageIds::Random => MessageId::Random(Uuid::new_v4),
            },
            events_for,
        }
    }

    fn output(&self) -> Output {
        match (&self.output, &self.output_dir) {
            _ if self.check => Output::Nowhere,
            (Some(path), _) => Output::One(Target::of(path)),
            (None, None) => Output::One(Target::STDOUT),
            (None, Some(directory)) => {
                let existing = match (self.skip_existing, self.overwrite) {
                    (true, _) => Existing::SkipIfNewer,
                    (_, true) => Existing::Overwrite,
                    _ => Existing::Refuse,
                };
                Output::Directory(directory.clone(), existing)
            }
        }
    }

    fn style(&self, terminal: bool, color: Color) -> Option<Style> {
        let is_lines = self.explain || self.format == OutputFormat::Batch;
        let layout = if self.pretty || terminal { pretty::Layout::Indented } else { pretty::Layout::Compact };
        let is_plain = !terminal && layout == pretty::Layout::Compact && color == Color::Never;
        (!is_lines && !is_plain).then_some(Style { layout, color, width: None })
    }

    /// The inputs that are named or listed; standard input when there are none.
    fn inputs(&self) -> Result<Vec<PathBuf>, UsageError> {
        let mut inputs = self.inputs.clone();
        let is_stdin = |path: &PathBuf| path.as_os_str() == "-";
        if self.files_from.as_ref().is_some_and(is_stdin) && inputs.iter().any(is_stdin) {
            let message = "standard input is the list of --files-from, so it cannot be an input too";
            return Err(UsageError::new(message));
        }
        if let Some(list) = &self.files_from {
            let separator = if self.null { Separator::Nul } else { Separator::LineFeed };
            let listed = file_list::read(list, separator);
            inputs.extend(listed.map_err(|error| UsageError::new(error.to_string()))?);
        } else if inputs.is_empty() {
            inputs.push("-".into());
        }
        Ok(inputs)
    }
}

/// The inputs without the line that one of them names: `--explain FILE:45`. What exists under such a name is a file.
fn one_line(inputs: Vec<PathBuf>, explain: bool) -> Result<(Vec<PathBuf>, Option<u64>), UsageError> {
    let line = |input: &PathBuf| -> Option<(PathBuf, u64)> {
        let (file, line) = input.to_str()?.rsplit_once(':')?;
        let line = line.parse().ok().filter(|line| *line > 0)?;
        let is_file = |path: &str| path == "-" || Path::new(path).exists();
        (explain && !input.exists() && is_file(file)).then(|| (file.into(), line))
    };
    let Some((file, line)) = inputs.iter().find_map(line) else { return Ok((inputs, None)) };
    if inputs.len() > 1 || file.is_dir() {
        return Err(UsageError::new("FILE:LINE shows one record of one file, and is the only input"));
    }
    Ok((vec![file], Some(line)))
}

impl When {
    fn color(self, terminal: bool) -> Color {
        let unset = |name| std::env::var_os(name).is_none_or(|value| value.is_empty());
        let is_wanted = || unset("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        match self {
            When::Always => Color::Always,
            When::Auto if terminal && is_wanted() && stream::shows_colors() => Color::Always,
            When::Auto | When::Never => Color::Never,
        }
    }
}

impl EventName {
    fn events(self) -> &'static [Event] {
        match self {
            EventName::Conversation => &[Event::Track],
            EventName::Group => &[Event::Group],
            EventName::Identify => &[Event::Identify],
            EventName::Chat => &[Event::Chat],
            EventName::All => &Event::ALL,
        }
    }
}

/// Checks that the mapping has the selected events, and that each `--map` is for a selected event.
fn check_events(options: &MappingOptions) -> Result<(), UsageError> {
    let own = [Event::Identify, Event::Chat].into_iter().find(|event| options.events.has(*event));
    if let Some(event) = own.filter(|_| options.mapping == Mapping::Live) {
        return Err(UsageError::new(format!(
            "--mapping live has no {} events: it gives what RudderStack's own source does",
            event.option()
        )));
    }
    match options.extra_rows.iter().find(|row| !options.events.has(row.event)) {
        Some(row) => Err(UsageError::new(format!(
            "--map {row} is for {} events, which --events leaves out",
            row.event.option()
        ))),
        None => Ok(()),
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

/// The width of standard output: the terminal's, or 80 columns if that is unknown or tiny.
fn width() -> usize {
    let size = terminal_size::terminal_size_of(std::io::stdout());
    size.map(|(columns, _)| usize::from(columns.0)).filter(|columns| *columns >= 40).unwrap_or(80)
}
