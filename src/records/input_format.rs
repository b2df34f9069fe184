//! `--input-format`.

/// The values of `--input-format`; their comments are its help.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum InputFormat {
    /// Found from the content
    #[default]
    Auto,
    /// Objects or arrays of objects, in any layout
    Json,
    /// One object on each line
    #[value(alias = "jsonl")]
    Ndjson,
    /// Form bodies, as Olark posts them
    Form,
    /// Rows of cells, separated by commas or semicolons
    Csv,
    /// Rows of cells, separated by tabs
    Tsv,
    /// Lines with payloads in them; other lines are passed over
    Log,
    /// Statements of an SQL dump
    Sql,
    /// One column of PostgreSQL's COPY, or of MySQL's batch output
    Copy,
}
