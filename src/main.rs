//! `olark2rudder`: parses the command line, runs, and turns the outcome into an exit code.

#![forbid(unsafe_code)]

mod cli;

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use olark2rudder::output::target::Failed;
use olark2rudder::run::{Refused, run};
use olark2rudder::visible::visible;

/// The exit code for wrong usage, and for what is refused before anything is written.
const USAGE: u8 = 2;
/// The exit code for an output that is not complete.
const OUTPUT: u8 = 3;
/// The exit code of a program whose reader is gone: 128 and SIGPIPE.
const CLOSED_PIPE: u8 = 141;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    if cli.inputs.is_empty() && std::io::stdin().is_terminal() {
        eprint!("{}", cli::Cli::command().render_help());
        return USAGE.into();
    }
    match run(cli.options()) {
        Ok(exit) => exit.code().into(),
        Err(error) => {
            let code = match error.downcast_ref::<Failed>() {
                Some(failed) if failed.is_closed_pipe() => return CLOSED_PIPE.into(),
                Some(_) => OUTPUT,
                None if error.is::<Refused>() => USAGE,
                None => OUTPUT,
            };
            eprintln!("olark2rudder: {}", visible(&format!("{error:#}")));
            code.into()
        }
    }
}
