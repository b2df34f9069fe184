//! Prints the mapping, completions or the manual page instead of a run.

use std::io::{self, Write};

use clap::{ArgAction, CommandFactory};
use clap_mangen::Man;
use olark2rudder::explain::list_mapping;

use super::args::Cli;
use super::help::after_help;
use super::options::mapping_options;

/// The text, if the options ask for one.
pub fn instead_of_run(cli: &Cli) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    if cli.list_mapping {
        text = list_mapping(&mapping_options(cli)).into_bytes();
    } else if let Some(shell) = cli.completions {
        clap_complete::generate(shell, &mut Cli::command(), "olark2rudder", &mut text);
    } else if cli.man {
        // Writing to a vector cannot fail.
        let _ = manual(&mut text);
    }
    (!text.is_empty()).then_some(text)
}

fn manual(to: &mut Vec<u8>) -> io::Result<()> {
    let page = Man::new(Cli::command());
    page.render_title(to)?;
    page.render_name_section(to)?;
    synopsis(to)?;
    page.render_description_section(to)?;
    page.render_options_section(to)?;
    // `.nf` keeps line breaks.
    writeln!(to, ".SH EXAMPLES, INPUTS, REJECT CODES AND EXIT CODES\n.nf")?;
    writeln!(to, "{}\n.fi", after_help().replace('\\', "\\e").replace('-', "\\-"))?;
    to.write_all(include_bytes!("manual.roff"))?;
    page.render_version_section(to)
}

/// Each option with the names of its values, which clap_mangen leaves out.
fn synopsis(to: &mut Vec<u8>) -> io::Result<()> {
    write!(to, ".SH SYNOPSIS\n\\fBolark2rudder\\fR")?;
    for argument in Cli::command().get_arguments().filter(|argument| !argument.is_positional()) {
        let short = argument.get_short().map(|short| format!("\\fB-{short}\\fR|")).unwrap_or_default();
        let long = argument.get_long().unwrap_or_default();
        let action = argument.get_action();
        let value = argument.get_value_names().filter(|_| action.takes_values());
        let value = value.map(|names| format!(" \\fI{}\\fR", names.join(" "))).unwrap_or_default();
        let more = if matches!(action, ArgAction::Append) { "..." } else { "" };
        write!(to, " {}", format!("[{short}\\fB--{long}\\fR{value}]{more}").replace('-', "\\-"))?;
    }
    writeln!(to, " [\\fIINPUT\\fR]...")
}
