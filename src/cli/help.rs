//! The text of `--help` and of the manual page around the options.

use olark2rudder::convert::reason::Code;

pub const USAGE: &str = "\
olark2rudder [OPTIONS] [INPUT]...
       olark2rudder --explain [OPTIONS] [INPUT | FILE:LINE]...
       olark2rudder --list-mapping [MAPPING OPTIONS]";

const EXAMPLES: &str = "\
Examples:
  A pipe:          tail -f chats.ndjson | olark2rudder | my-loader
  An archive:      olark2rudder --timestamp --output-dir events archive/
  To send:         olark2rudder --timestamp --format batch -o bodies.ndjson archive/
  One payload:     olark2rudder --explain payload.json";

const EXIT_CODES: &str = "\
Exit codes:
  0    everything was converted
  1    done, but something was rejected or could not be read, or there was nothing to read
  2    wrong usage, or refused before anything was written
  3    an output failed, so it is not complete
  130  interrupted (143 when terminated, 129 when the terminal was closed)
  141  nobody reads the output any more";

pub fn after_help() -> String {
    let codes = Code::ALL.map(|code| format!("  {:20} {}\n", code.name(), code.meaning())).concat();
    format!(
        "{EXAMPLES}\n\nReject codes, as --rejects and --summary name them (the first ten of each are reported):\n{codes}\n{EXIT_CODES}"
    )
}
