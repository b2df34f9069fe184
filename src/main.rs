//! `olark2rudder`: parses the command line, runs, and turns the outcome into an exit code.

#![forbid(unsafe_code)]

mod cli;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use olark2rudder::output::file::{OutputError, OutputFile};
use olark2rudder::run::{Exit, UsageError, run};
use olark2rudder::term::sanitize::visible;

/// The exit code for wrong usage, and for what is refused before anything is written.
const USAGE: u8 = 2;
/// The exit code for an output that is not complete.
const OUTPUT: u8 = 3;
/// The exit code of a program whose reader is gone: 128 and SIGPIPE.
const CLOSED_PIPE: u8 = 141;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    if let Some(text) = cli.print() {
        return ended(
            OutputFile::stdout().and_then(|mut stdout| stdout.write(&text)).map(|()| 0).map_err(Into::into),
        );
    }
    if cli.inputs.is_empty() && std::io::stdin().is_terminal() {
        let _ = write!(std::io::stderr(), "{}", cli::Cli::command().render_help());
        return USAGE.into();
    }
    ended(run(cli.options()).map(Exit::code))
}

/// The exit code of an outcome; an error is told on standard error.
fn ended(outcome: anyhow::Result<u8>) -> ExitCode {
    let error = match outcome {
        Ok(code) => return code.into(),
        Err(error) => error,
    };
    let code = match error.downcast_ref::<OutputError>() {
        Some(failed) if failed.is_closed_pipe() => return CLOSED_PIPE.into(),
        None if error.is::<UsageError>() => USAGE,
        _ => OUTPUT,
    };
    // That nobody reads standard error is no reason to panic.
    let line = format!("olark2rudder: {}\n", visible(&format!("{error:#}")));
    let _ = std::io::stderr().write_all(line.as_bytes());
    code.into()
}
