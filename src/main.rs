//! `olark2rudder`: parses the command line, runs, and turns the result into an exit code.

#![forbid(unsafe_code)]

mod cli;

use std::io::{IsTerminal, Write};

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use olark2rudder::error::RunError;
use olark2rudder::exit_code::ExitCode;
use olark2rudder::output::destination::{Destination, Target};
use olark2rudder::run::run;
use olark2rudder::sys::access::Access;
use olark2rudder::sys::stream::END_OF_INPUT;
use olark2rudder::sys::stream::is_closed_pipe;
use olark2rudder::sys::temporary::TemporaryFiles;
use olark2rudder::term::sanitize::{path_text, sanitize};
use olark2rudder::term::width::cut;

use crate::cli::{Cli, foreign_option};

/// How much of a bad argument is shown.
const MOST_COLUMNS: usize = 100;

fn main() -> std::process::ExitCode {
    let code = match Cli::try_parse() {
        Err(error) => usage(&error),
        Ok(cli) => match cli.print() {
            Some(text) => exit_code(print(&text)),
            None if cli.lacks_input() && !cli.is_for_pasting() && std::io::stdin().is_terminal() => {
                let _ = write!(std::io::stderr(), "{}", Cli::command().render_help());
                ExitCode::Usage
            }
            None => {
                if cli.is_for_pasting() && cli.reads_stdin() && std::io::stdin().is_terminal() {
                    let text = format!(
                        "olark2rudder: paste a payload, end with {END_OF_INPUT} on a line of its own\n"
                    );
                    let _ = std::io::stderr().write_all(text.as_bytes());
                }
                exit_code(cli.settle().map_err(RunError::from).and_then(run))
            }
        },
    };
    code.into()
}

/// Writes what is printed instead of a run.
fn print(text: &[u8]) -> Result<ExitCode, RunError> {
    Destination::open(&Target::STDOUT, Access::Shared, &TemporaryFiles::default())?.write(text)?;
    Ok(ExitCode::Success)
}

/// Shows what clap returns: help, the version, or a usage error.
fn usage(error: &clap::Error) -> ExitCode {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return match error.print() {
            Ok(()) => ExitCode::Success,
            Err(error) if is_closed_pipe(&error) => ExitCode::ClosedPipe,
            Err(_) => ExitCode::OutputFailed,
        };
    }
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    // clap repeats arguments as they are, so it parses a version of them that is safe to show.
    let shown = std::env::args_os().map(|arg| cut(&sanitize(&path_text(arg.as_ref())), MOST_COLUMNS));
    let text = Cli::try_parse_from(shown).err().as_ref().unwrap_or(error).render().to_string();
    let text = match (foreign_option::answer(error, &arguments), error.kind()) {
        (Some(answer), _) => format!("error: {answer}"),
        (None, ErrorKind::ArgumentConflict) => text.lines().next().unwrap_or_default().to_owned(),
        // Hardly anybody wants an option's name as a value.
        (None, _) => text.split("  tip: to pass ").next().unwrap_or_default().trim_end().to_owned(),
    };
    let lines: Vec<_> = text.lines().map(|line| cut(&sanitize(line), 4 * MOST_COLUMNS)).collect();
    let _ = std::io::stderr().write_all(format!("{}\n", lines.join("\n")).as_bytes());
    ExitCode::Usage
}

/// The exit code of a result; an error is printed on standard error.
fn exit_code(result: Result<ExitCode, RunError>) -> ExitCode {
    let error = match result {
        Ok(code) => return code,
        Err(error) => error,
    };
    let code = error.exit_code();
    if code != ExitCode::ClosedPipe {
        // Ignore write errors: standard error may be closed.
        let line = format!("olark2rudder: {}\n", sanitize(&error.to_string()));
        let _ = std::io::stderr().write_all(line.as_bytes());
    }
    code
}
