//! What is printed in place of a run: the mapping, completions, the manual page.

use std::io::Write;

use clap::CommandFactory;
use clap_mangen::Man;
use olark2rudder::convert::options::Use;
use olark2rudder::explain::list_mapping;

use super::{Cli, EXAMPLES};

impl Cli {
    /// What is printed in place of a run, if anything is.
    pub fn print(&self) -> Option<Vec<u8>> {
        let mut text = Vec::new();
        if self.list_mapping {
            text = list_mapping(&self.mapping_options(Use::Any)).into_bytes();
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
