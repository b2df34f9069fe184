//! What is printed instead of a run: the mapping, completions, the manual page.

use std::io::Write;

use clap::{ArgAction, CommandFactory};
use clap_mangen::Man;
use olark2rudder::convert::options::Use;
use olark2rudder::explain::list_mapping;

use super::Cli;
use super::help::after_help;

impl Cli {
    /// What is printed in place of a run, if anything is.
    pub fn print(&self) -> Option<Vec<u8>> {
        let mut text = Vec::new();
        if self.list_mapping {
            text = list_mapping(&self.mapping_options(Use::Any)).into_bytes();
        } else if let Some(shell) = self.completions {
            clap_complete::generate(shell, &mut Cli::command(), "olark2rudder", &mut text);
        } else if self.man {
            // Writing to a buffer cannot fail.
            let _ = manual(&mut text);
        }
        (!text.is_empty()).then_some(text)
    }
}

fn manual(to: &mut Vec<u8>) -> std::io::Result<()> {
    let page = Man::new(Cli::command());
    page.render_title(to)?;
    page.render_name_section(to)?;
    synopsis(to)?;
    page.render_description_section(to)?;
    page.render_options_section(to)?;
    // Keep line breaks as they are.
    writeln!(to, ".SH EXAMPLES, REJECT CODES AND EXIT CODES\n.nf")?;
    writeln!(to, "{}\n.fi", after_help().replace('\\', "\\e").replace('-', "\\-"))?;
    page.render_version_section(to)
}

/// Each option with what it takes, which clap_mangen leaves out.
fn synopsis(to: &mut Vec<u8>) -> std::io::Result<()> {
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
