//! What options take: names of a choice, and numbers of bytes.

use clap::ValueEnum;
use olark2rudder::output::batch::MAX_BODY;

/// What `--input-format` takes.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum InputFormat {
    /// Found from the content
    Auto,
    /// Objects or arrays of objects, in any layout
    Json,
    /// One object on each line
    Ndjson,
    /// Form bodies, as Olark posts them
    Form,
    /// Rows of cells, separated by commas or semicolons
    Csv,
    /// Rows of cells, separated by tabs
    Tsv,
}

/// What `--mapping` takes.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum MappingName {
    /// The documentation's worked example, completed by its table
    Standard,
    /// The same with every row of the documented table
    Full,
    /// What RudderStack's own transformer emits for a live webhook
    Live,
}

/// What `--events` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EventName {
    /// A track event for each conversation
    Conversation,
    /// A group event for each of its groups
    Group,
    /// An identify event for each visitor with traits
    Identify,
    /// Live-chat events: a track event for each message, and for the start and end of a chat
    Chat,
    /// All of these
    All,
}

/// What `--message-id` takes.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum MessageIds {
    /// The same for the same event of the same conversation
    Stable,
    /// New for each event
    Random,
}

/// What `--format` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// One event per line
    Ndjson,
    /// One array
    Json,
    /// One request body for /v1/batch per line
    Batch,
}

/// What `--color` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// A number of bytes, plain or with k, M or G for a power of 1024.
pub fn bytes(text: &str) -> Result<usize, String> {
    let (digits, factor) = match text.char_indices().last() {
        Some((at, 'k' | 'K')) => (&text[..at], 1 << 10),
        Some((at, 'M')) => (&text[..at], 1 << 20),
        Some((at, 'G')) => (&text[..at], 1 << 30),
        _ => (text, 1_usize),
    };
    let number: usize = digits.parse().map_err(|_| "expected a number of bytes such as 4096000 or 16M")?;
    number
        .checked_mul(factor)
        .filter(|bytes| *bytes > 0)
        .ok_or_else(|| "expected a number of bytes above 0".into())
}

/// The size of a request body: at most what the gateway accepts.
pub fn body_bytes(text: &str) -> Result<usize, String> {
    let bytes = bytes(text)?;
    match bytes > MAX_BODY {
        true => Err(format!("RudderStack's gateway takes at most {MAX_BODY}")),
        false => Ok(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_bytes_may_have_a_letter() {
        for (text, expected) in [
            ("1", Some(1)),
            ("2k", Some(2 << 10)),
            ("2K", Some(2 << 10)),
            ("3M", Some(3 << 20)),
            ("1G", Some(1 << 30)),
            ("0", None),
            ("", None),
            ("M", None),
            ("1m", None),
            ("-1", None),
            ("99999999999G", None),
        ] {
            assert_eq!(bytes(text).ok(), expected, "{text}");
        }
        assert_eq!((body_bytes("4096000").ok(), body_bytes("4096001").ok()), (Some(4_096_000), None));
    }
}
