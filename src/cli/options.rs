//! From the command line to [`Options`].

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clap::ColorChoice;
use olark2rudder::convert::mapping::{EVENT_SETS, EventSet, Mapping};
use olark2rudder::convert::options::{MappingOptions, Starts, Timestamp};
use olark2rudder::error::RunError;
use olark2rudder::explain::page::Explainer;
use olark2rudder::input::file_list::{FileList, Separator};
use olark2rudder::input::selection::{Selection, SkipCounts};
use olark2rudder::input::source::is_stdin;
use olark2rudder::options::{
    EmptySource, Hints, NoEvents, OnReject, Options, Output, Verbosity, WorkerOptions,
};
use olark2rudder::output::destination::{Existing, Target};
use olark2rudder::output::format::{self, FormatName, FormatOptions};
use olark2rudder::output::pretty::{Layout, Style};
use olark2rudder::sys::stream;
use olark2rudder::term::Color;

use super::args::Cli;

/// The options of a run.
///
/// # Errors
/// When some of them exclude each other.
pub fn into_options(cli: Cli) -> Result<Options, RunError> {
    let output = output(&cli);
    let terminal = matches!(output, Output::One(Target::STDOUT, _)) && std::io::stdout().is_terminal();
    let color = color(cli.color, terminal);
    check_format(&cli)?;
    let max_body = cli.batch_bytes.unwrap_or(format::MAX_BODY);
    let max_batch_event = (cli.format == FormatName::Batch).then(|| format::max_event(max_body));
    let mapping = MappingOptions { max_batch_event, ..mapping_options(&cli) };
    check_events(&mapping)?;
    let file_list = file_list(&cli)?;
    let (inputs, line) = one_line(inputs(&cli), &cli)?;
    let is_single = file_list.is_none() && matches!(&inputs[..], [input] if !input.is_dir());
    let is_inspected = cli.explain || cli.check || is_single;
    let verbosity = verbosity(&cli);
    let skips =
        if verbosity == Verbosity::Verbose { SkipCounts::naming_all() } else { SkipCounts::default() };
    Ok(Options {
        inputs,
        file_list,
        empty: if is_inspected { EmptySource::Print } else { EmptySource::Warn },
        selection: Selection::new(&cli.ext, skips),
        verbosity,
        format: FormatOptions { name: cli.format, style: style(&cli, terminal, color), max_body },
        base: cli.base,
        input_format: cli.input_format,
        max_record: cli.max_record,
        mapping,
        output,
        rejects: cli.rejects.as_deref().map(Target::of),
        summary: cli.summary.as_deref().map(Target::of),
        jobs: cli.jobs.map(usize::from),
        worker: WorkerOptions {
            at: cli.at,
            on_reject: if cli.fail_fast { OnReject::Stop } else { OnReject::GoOn },
            hints: if cli.rejects.is_some() || cli.explain { Hints::All } else { Hints::Shown },
            explain: cli.explain.then(|| Explainer { width: width(), color }),
            line,
        },
    })
}

pub fn mapping_options(cli: &Cli) -> MappingOptions {
    MappingOptions {
        mapping: cli.mapping,
        events: cli.events.iter().copied().flatten().copied().collect(),
        user_ids: cli.user_id.clone(),
        timestamp: if cli.timestamp { Timestamp::LatestItem } else { Timestamp::None },
        extra_rows: cli.map.clone(),
        message_id: cli.message_id,
        starts: if cli.skip_starts { Starts::Skip } else { Starts::Convert },
        max_batch_event: None,
    }
}

fn output(cli: &Cli) -> Output {
    if cli.check {
        return Output::Nowhere;
    }
    let Some(directory) = &cli.output_dir else {
        let no_events = if cli.overwrite { NoEvents::Replace } else { NoEvents::Keep };
        return Output::One(cli.output.as_deref().map_or(Target::STDOUT, Target::of), no_events);
    };
    let existing = match (cli.skip_existing, cli.overwrite) {
        (true, _) => Existing::SkipIfNewer,
        (_, true) => Existing::Overwrite,
        _ => Existing::Refuse,
    };
    Output::Directory(directory.clone(), existing)
}

fn verbosity(cli: &Cli) -> Verbosity {
    match (cli.quiet, cli.verbose, cli.explain) {
        (true, ..) => Verbosity::Quiet,
        // Rejects are explained on the output already.
        (_, _, true) => Verbosity::Totals,
        (_, true, _) => Verbosity::Verbose,
        _ => Verbosity::Normal,
    }
}

/// The inputs that are named; standard input if there are none, nor a list of them.
fn inputs(cli: &Cli) -> Vec<PathBuf> {
    let is_stdin = cli.inputs.is_empty() && cli.files_from.is_none();
    if is_stdin { vec!["-".into()] } else { cli.inputs.clone() }
}

fn file_list(cli: &Cli) -> Result<Option<FileList>, RunError> {
    let Some(path) = cli.files_from.clone() else { return Ok(None) };
    if is_stdin(&path) && cli.inputs.iter().any(is_stdin) {
        return usage_error("standard input cannot be an input and the list of --files-from");
    }
    let separator = if cli.null { Separator::Nul } else { Separator::LineFeed };
    Ok(Some(FileList { path, separator }))
}

/// Takes the line from an input such as `FILE:45`. A file of that name comes first.
fn one_line(inputs: Vec<PathBuf>, cli: &Cli) -> Result<(Vec<PathBuf>, Option<u64>), RunError> {
    let line = |input: &PathBuf| -> Option<(PathBuf, u64)> {
        let (file, line) = input.to_str()?.rsplit_once(':')?;
        let line = line.parse().ok().filter(|line| *line > 0)?;
        let is_file = is_stdin(file) || Path::new(file).exists();
        (cli.explain && !input.exists() && is_file).then(|| (file.into(), line))
    };
    let Some((file, line)) = inputs.iter().find_map(line) else { return Ok((inputs, None)) };
    if inputs.len() > 1 || cli.files_from.is_some() || file.is_dir() {
        return usage_error("FILE:LINE must be the only input");
    }
    Ok((vec![file], Some(line)))
}

fn style(cli: &Cli, terminal: bool, color: Color) -> Option<Style> {
    let is_lines = cli.explain || cli.format == FormatName::Batch;
    let layout = if cli.pretty || terminal { Layout::Indented } else { Layout::Compact };
    let is_plain = layout == Layout::Compact && color == Color::Never;
    (!is_lines && !is_plain).then_some(Style { layout, color })
}

fn color(choice: ColorChoice, terminal: bool) -> Color {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let is_wanted = || !is_set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
    match choice {
        ColorChoice::Always => Color::Always,
        ColorChoice::Auto if terminal && is_wanted() && stream::shows_colors() => Color::Always,
        ColorChoice::Auto | ColorChoice::Never => Color::Never,
    }
}

/// The width of standard output: the terminal's, or 80 columns if that is unknown or tiny.
fn width() -> usize {
    let size = terminal_size::terminal_size_of(std::io::stdout());
    size.map(|(columns, _)| usize::from(columns.0)).filter(|columns| *columns >= 40).unwrap_or(80)
}

fn check_format(cli: &Cli) -> Result<(), RunError> {
    if cli.batch_bytes.is_some() && cli.format != FormatName::Batch {
        return usage_error("--batch-bytes needs --format batch");
    }
    if cli.format == FormatName::Batch && (cli.pretty || cli.color == ColorChoice::Always) {
        return usage_error("--format batch cannot be used with --pretty or --color always");
    }
    if cli.output_dir.is_some() && cli.color == ColorChoice::Always {
        return usage_error("--output-dir cannot be used with --color always");
    }
    Ok(())
}

/// Checks that the mapping has the selected events, and that each `--map` is for a selected event.
fn check_events(options: &MappingOptions) -> Result<(), RunError> {
    let is_wanted = |set: &&EventSet| set.events.iter().all(|event| options.events.contains(event));
    let own = EVENT_SETS.iter().filter(|set| matches!(set.name, "identify" | "chat")).find(is_wanted);
    if let Some(set) = own.filter(|_| options.mapping == Mapping::Live) {
        return usage_error(format!(
            "--mapping live has no {} events, only those of RudderStack's own source",
            set.name
        ));
    }
    if let Some(row) = options.extra_rows.iter().find(|row| !options.events.contains(&row.events[0])) {
        let event = row.set_name();
        return usage_error(format!("--map {row} is for {event} events: add them with --events"));
    }
    Ok(())
}

fn usage_error<T>(message: impl Into<String>) -> Result<T, RunError> {
    Err(RunError::Usage(message.into()))
}
