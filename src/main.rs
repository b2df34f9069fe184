//! `olark2rudder`: parses the command line, runs, and turns the result into an exit code.

#![forbid(unsafe_code)]

mod cli;

use std::io::{IsTerminal, Write, stdin};

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use olark2rudder::error::RunError;
use olark2rudder::exit_code::ExitCode;
use olark2rudder::input::source::is_stdin;
use olark2rudder::output::destination::{Destination, Target};
use olark2rudder::run::run;
use olark2rudder::sys::file::Access;
use olark2rudder::sys::stream::{END_OF_INPUT, is_closed_pipe};
use olark2rudder::sys::temporary::TempFiles;
use olark2rudder::term::sanitize::sanitize;

use crate::cli::args::Cli;
use crate::cli::options::into_options;

fn main() -> std::process::ExitCode {
    let code = match Cli::try_parse() {
        Ok(cli) => start(cli).unwrap_or_else(|error| report(&error)),
        Err(error) => help_or_usage(error),
    };
    u8::from(code).into()
}

fn start(cli: Cli) -> Result<ExitCode, RunError> {
    if let Some(text) = cli::print::instead_of_run(&cli) {
        Destination::open(&Target::STDOUT, Access::Shared, &TempFiles::default())?.write(&text)?;
        return Ok(ExitCode::Success);
    }
    if cli.files_from.is_none() && cli.inputs.iter().all(is_stdin) && stdin().is_terminal() {
        if (cli.explain || cli.check) && !cli.quiet {
            eprint(&format!("olark2rudder: paste a payload, end with {END_OF_INPUT} on a line of its own\n"));
        } else if cli.inputs.is_empty() {
            eprint(&Cli::command().render_help().to_string());
            return Ok(ExitCode::Usage);
        }
    }
    run(into_options(cli)?)
}

fn help_or_usage(error: clap::Error) -> ExitCode {
    if !matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        eprint(&cli::error::message(error));
        return ExitCode::Usage;
    }
    match error.print() {
        Ok(()) => ExitCode::Success,
        Err(error) if is_closed_pipe(&error) => ExitCode::ClosedPipe,
        Err(_) => ExitCode::OutputFailed,
    }
}

/// Prints why the run failed; returns its exit code.
fn report(error: &RunError) -> ExitCode {
    let code = error.exit_code();
    if code != ExitCode::ClosedPipe {
        eprint(&format!("olark2rudder: {}\n", sanitize(&error.to_string())));
    }
    code
}

/// Prints on standard error, if that is open.
fn eprint(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}
