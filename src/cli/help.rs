//! The text of `--help` and of the manual page around the options.

use olark2rudder::convert::reason::Code;
use olark2rudder::explain::inputs::inputs;
use strum::{EnumMessage, VariantArray};

pub const USAGE: &str = "\
olark2rudder [OPTIONS] [INPUT]...
       olark2rudder --explain [OPTIONS] [INPUT | FILE:LINE]...
       olark2rudder --list-mapping [MAPPING OPTIONS]";

const EXAMPLES: &str = "\
Examples:
  tail -f chats.ndjson | olark2rudder | my-loader
  olark2rudder --timestamp --output-dir events archive/
  olark2rudder --timestamp --format batch -o bodies.ndjson archive/
  olark2rudder --explain payload.json";

const EXIT_CODES: &str = "\
Exit codes:
  0    everything was converted
  1    something was rejected or couldn't be read, there was nothing to read, or -o kept its file
  2    wrong usage, or refused before anything was written
  3    an output failed and is incomplete
  130  interrupted (143: terminated, 129: terminal closed)
  141  the output pipe was closed";

pub fn after_help() -> String {
    let codes = Code::VARIANTS
        .iter()
        .map(|code| format!("  {:20} {}\n", code.name(), code.get_documentation().unwrap_or_default()));
    let codes: String = codes.collect();
    format!(
        "{EXAMPLES}\n\nWhat it reads:\n{}\nReject codes, as --rejects and --summary name them (the first ten of each are reported):\n{codes}\n{EXIT_CODES}",
        inputs(90)
    )
}
